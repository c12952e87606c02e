import type { ResourceSpec } from '../resource.ts'
import { type LimitRange, type ResourceQuota, limitRange, resourceQuota } from './quota.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

export const resourcequotas: ResourceSpec<ResourceQuota> = {
  group: '', version: 'v1', resource: 'resourcequotas', kind: 'ResourceQuota', namespaced: true,
  singular: 'resourcequota',
  shortNames: ['quota'],
  verbs: everyVerb,
  schema: resourceQuota,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
}

export const limitranges: ResourceSpec<LimitRange> = {
  group: '', version: 'v1', resource: 'limitranges', kind: 'LimitRange', namespaced: true,
  singular: 'limitrange',
  shortNames: ['limits'],
  verbs: everyVerb,
  schema: limitRange,
  nameRule: 'subdomain',
  createOnUpdate: true,
}

import type { ResourceSpec } from '../resource.ts'
import { type Service, service } from './service.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

export const services: ResourceSpec<Service> = {
  group: '', version: 'v1', resource: 'services', kind: 'Service', namespaced: true,
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  verbs: everyVerb,
  schema: service,
  subresources: [statusSubresource],
  nameRule: 'serviceLabel',
  createOnUpdate: true,
  deleteReturnsObject: true,
}

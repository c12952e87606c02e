import { ageColumn, createdColumn, nameColumn, textColumn } from '../cells.ts'
import { invalidAll } from '../causes.ts'
import { qualifiedNameFaults } from '../names.ts'
import { compareQuantities } from '../quantity.ts'
import type { ResourceSpec } from '../resource.ts'
import { type Cause, cause } from '../status.ts'
import {
  type LimitRange, type LimitRangeItem, type ResourceQuota, limitRange, resourceQuota,
} from './quota.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

function quotaCell({ status }: ResourceQuota, limits: boolean): string {
  return Object.entries(status?.hard ?? {})
    .filter(([name]) => name.startsWith('limits.') === limits)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, hard]) => `${name}: ${status?.used?.[name] ?? '0'}/${hard}`).join(', ')
}

function validateQuota({ spec = {} }: ResourceQuota): Cause[] {
  return Object.entries(spec.hard ?? {}).flatMap(([name, amount]) => [
    ...invalidAll(`spec.hard[${name}]`, name, qualifiedNameFaults(name)),
    ...(compareQuantities(amount, '0') < 0
      ? [cause.invalid(`spec.hard[${name}]`, amount, 'must be greater than or equal to 0')] : []),
  ])
}

/** Missing limits follow the maximum, missing requests the limit, else the minimum. */
function defaultLimits(item: LimitRangeItem): void {
  if (item.type !== 'Container') return
  item.default = { ...item.max, ...item.default }
  item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest }
}

export const resourcequotas: ResourceSpec<ResourceQuota> = {
  group: '', version: 'v1', resource: 'resourcequotas', kind: 'ResourceQuota', namespaced: true,
  singular: 'resourcequota',
  shortNames: ['quota'],
  verbs: everyVerb,
  schema: resourceQuota,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  prepareCreate(object) {
    object.status = {}
  },
  prepareUpdate(next, before) {
    next.status = structuredClone(before.status ?? {})
  },
  prepareStatusUpdate(next, before) {
    next.spec = structuredClone(before.spec ?? {})
  },
  validate: validateQuota,
  validateUpdate: validateQuota,
  columns: [
    nameColumn,
    textColumn('Request', 'Used and allowed requests and counts.', (o) => quotaCell(o, false)),
    textColumn('Limit', 'Used and allowed limits.', (o) => quotaCell(o, true)),
    ageColumn,
  ],
}

export const limitranges: ResourceSpec<LimitRange> = {
  group: '', version: 'v1', resource: 'limitranges', kind: 'LimitRange', namespaced: true,
  singular: 'limitrange',
  shortNames: ['limits'],
  verbs: everyVerb,
  schema: limitRange,
  nameRule: 'subdomain',
  createOnUpdate: true,
  defaults(object) {
    for (const item of object.spec?.limits ?? []) defaultLimits(item)
  },
  columns: [nameColumn, createdColumn],
}

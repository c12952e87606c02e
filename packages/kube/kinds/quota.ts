import {
  type Infer, always, field, list, map, message, oneOf, quantity, string,
} from '../schema.ts'
import { resourceQuotaScopeValues, scopeSelectorOperatorValues } from './core-enums.ts'
import { objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.core.v1.'

export const scopedResourceSelectorRequirement = message(
  `${pkg}ScopedResourceSelectorRequirement`, {
  scopeName: always(1, oneOf(...resourceQuotaScopeValues), {
    required: true, enum: resourceQuotaScopeValues,
  }),
  operator: always(2, oneOf(...scopeSelectorOperatorValues), {
    required: true, enum: scopeSelectorOperatorValues,
  }),
  values: field(3, list(string), { list: 'atomic' }),
})
export interface ScopedResourceSelectorRequirement
  extends Infer<typeof scopedResourceSelectorRequirement> {}

export const scopeSelector = message(`${pkg}ScopeSelector`, {
  matchExpressions: field(1, list(scopedResourceSelectorRequirement), { list: 'atomic' }),
}, { atomic: true })
export interface ScopeSelector extends Infer<typeof scopeSelector> {}

export const resourceQuotaSpec = message(`${pkg}ResourceQuotaSpec`, {
  hard: field(1, map(quantity), { doc: 'The limits.' }),
  scopes: field(2, list(oneOf(...resourceQuotaScopeValues)), {
    list: 'atomic', enum: resourceQuotaScopeValues,
  }),
  scopeSelector: field(3, scopeSelector, { pointer: true }),
})
export interface ResourceQuotaSpec extends Infer<typeof resourceQuotaSpec> {}

export const resourceQuotaStatus = message(`${pkg}ResourceQuotaStatus`, {
  hard: field(1, map(quantity)),
  used: field(2, map(quantity)),
})
export interface ResourceQuotaStatus extends Infer<typeof resourceQuotaStatus> {}

export const resourceQuota = message(`${pkg}ResourceQuota`, {
  metadata: field(1, objectMeta),
  spec: field(2, resourceQuotaSpec),
  status: field(3, resourceQuotaStatus),
}, { doc: 'Limits on what a namespace may use in sum.' })
export interface ResourceQuota extends Infer<typeof resourceQuota> {}

export const limitRangeItem = message(`${pkg}LimitRangeItem`, {
  type: always(1, string, { required: true }),
  max: field(2, map(quantity)),
  min: field(3, map(quantity)),
  default: field(4, map(quantity)),
  defaultRequest: field(5, map(quantity)),
  maxLimitRequestRatio: field(6, map(quantity)),
})
export interface LimitRangeItem extends Infer<typeof limitRangeItem> {}

export const limitRangeSpec = message(`${pkg}LimitRangeSpec`, {
  limits: always(1, list(limitRangeItem), {
    required: true, list: 'atomic',
    doc: 'The limits that apply.',
  }),
})
export interface LimitRangeSpec extends Infer<typeof limitRangeSpec> {}

export const limitRange = message(`${pkg}LimitRange`, {
  metadata: field(1, objectMeta),
  spec: field(2, limitRangeSpec),
}, { doc: 'Limits and defaults for single Pods, containers and claims.' })
export interface LimitRange extends Infer<typeof limitRange> {}

import {
  type Infer, always, field, int32, int64, intOrString, list, map, message, oneOf, time,
} from '../../schema.ts'
import { condition, labelSelector, objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.policy.v1.'

export const unhealthyPodEvictionPolicyTypeValues = ['AlwaysAllow', 'IfHealthyBudget'] as const

export const podDisruptionBudgetSpec = message(`${pkg}PodDisruptionBudgetSpec`, {
  minAvailable: field(1, intOrString, {
    pointer: true, doc: 'So many, or so many percent, must stay; not with maxUnavailable.',
  }),
  selector: field(2, labelSelector, {
    pointer: true, replace: true, doc: 'Which Pods it protects; `{}` means all of the namespace.',
  }),
  maxUnavailable: field(3, intOrString, {
    pointer: true, doc: 'So many, or so many percent, may be missing.',
  }),
  unhealthyPodEvictionPolicy: field(4, oneOf(...unhealthyPodEvictionPolicyTypeValues), {
    pointer: true, enum: unhealthyPodEvictionPolicyTypeValues,
    doc: 'When Pods that are not ready may be evicted.',
  }),
})
export interface PodDisruptionBudgetSpec extends Infer<typeof podDisruptionBudgetSpec> {}

export const podDisruptionBudgetStatus = message(`${pkg}PodDisruptionBudgetStatus`, {
  observedGeneration: field(1, int64),
  disruptedPods: field(2, map(time), { doc: 'Evicted Pods that are not gone yet, with the time.' }),
  disruptionsAllowed: always(3, int32, { doc: 'How many Pods may be evicted now.' }),
  currentHealthy: always(4, int32, { doc: 'How many Pods are healthy.' }),
  desiredHealthy: always(5, int32, { doc: 'How many must be.' }),
  expectedPods: always(6, int32, { doc: 'How many Pods the budget counts.' }),
  conditions: field(7, list(condition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface PodDisruptionBudgetStatus extends Infer<typeof podDisruptionBudgetStatus> {}

export const podDisruptionBudget = message(`${pkg}PodDisruptionBudget`, {
  metadata: field(1, objectMeta),
  spec: field(2, podDisruptionBudgetSpec),
  status: field(3, podDisruptionBudgetStatus),
}, { doc: 'How many Pods of a set may be evicted at a time.' })
export interface PodDisruptionBudget extends Infer<typeof podDisruptionBudget> {}

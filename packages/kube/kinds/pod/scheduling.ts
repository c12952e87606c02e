import {
  type Infer, always, field, int32, int64, list, message, oneOf, string,
} from '../../schema.ts'
import {
  nodeInclusionPolicyValues, taintEffectValues, tolerationOperatorValues,
  unsatisfiableConstraintActionValues,
} from '../core-enums.ts'
import { labelSelector } from '../meta.ts'
import { nodeSelector, nodeSelectorTerm } from '../selectors.ts'

const pkg = 'io.k8s.api.core.v1.'

export const preferredSchedulingTerm = message(`${pkg}PreferredSchedulingTerm`, {
  weight: always(1, int32, { required: true }),
  preference: always(2, nodeSelectorTerm, { required: true }),
})
export interface PreferredSchedulingTerm extends Infer<typeof preferredSchedulingTerm> {}

export const nodeAffinity = message(`${pkg}NodeAffinity`, {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, nodeSelector, { pointer: true }),
  preferredDuringSchedulingIgnoredDuringExecution: field(2, list(preferredSchedulingTerm), {
    list: 'atomic',
  }),
})
export interface NodeAffinity extends Infer<typeof nodeAffinity> {}

export const podAffinityTerm = message(`${pkg}PodAffinityTerm`, {
  labelSelector: field(1, labelSelector, { pointer: true }),
  namespaces: field(2, list(string), { list: 'atomic' }),
  topologyKey: always(3, string, { required: true }),
  namespaceSelector: field(4, labelSelector, { pointer: true }),
  matchLabelKeys: field(5, list(string), { list: 'atomic' }),
  mismatchLabelKeys: field(6, list(string), { list: 'atomic' }),
})
export interface PodAffinityTerm extends Infer<typeof podAffinityTerm> {}

export const weightedPodAffinityTerm = message(`${pkg}WeightedPodAffinityTerm`, {
  weight: always(1, int32, { required: true }),
  podAffinityTerm: always(2, podAffinityTerm, { required: true }),
})
export interface WeightedPodAffinityTerm extends Infer<typeof weightedPodAffinityTerm> {}

export const podAffinity = message(`${pkg}PodAffinity`, {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, list(podAffinityTerm), {
    list: 'atomic',
  }),
  preferredDuringSchedulingIgnoredDuringExecution: field(2, list(weightedPodAffinityTerm), {
    list: 'atomic',
  }),
})
export interface PodAffinity extends Infer<typeof podAffinity> {}

export const podAntiAffinity = message(`${pkg}PodAntiAffinity`, {
  requiredDuringSchedulingIgnoredDuringExecution: field(1, list(podAffinityTerm), {
    list: 'atomic',
  }),
  preferredDuringSchedulingIgnoredDuringExecution: field(2, list(weightedPodAffinityTerm), {
    list: 'atomic',
  }),
})
export interface PodAntiAffinity extends Infer<typeof podAntiAffinity> {}

export const affinity = message(`${pkg}Affinity`, {
  nodeAffinity: field(1, nodeAffinity, { pointer: true }),
  podAffinity: field(2, podAffinity, { pointer: true }),
  podAntiAffinity: field(3, podAntiAffinity, { pointer: true }),
})
export interface Affinity extends Infer<typeof affinity> {}

export const toleration = message(`${pkg}Toleration`, {
  key: field(1, string, { doc: 'Key of the taint; all keys when empty.' }),
  operator: field(2, oneOf(...tolerationOperatorValues), {
    enum: tolerationOperatorValues,
    doc: 'Equal compares the value, Exists does not.',
  }),
  value: field(3, string, { doc: 'Value of the taint, for the operator Equal.' }),
  effect: field(4, oneOf(...taintEffectValues), {
    enum: taintEffectValues,
    doc: 'Effect of the taint; all effects when empty.',
  }),
  tolerationSeconds: field(5, int64, {
    pointer: true,
    doc: 'How long a NoExecute taint is tolerated; for ever when unset.',
  }),
})
export interface Toleration extends Infer<typeof toleration> {}

export const topologySpreadConstraint = message(`${pkg}TopologySpreadConstraint`, {
  maxSkew: always(1, int32, { required: true, doc: 'By how many Pods two domains may differ.' }),
  topologyKey: always(2, string, {
    required: true, doc: 'Label of Nodes whose values are the domains.',
  }),
  whenUnsatisfiable: always(3, oneOf(...unsatisfiableConstraintActionValues), {
    required: true, enum: unsatisfiableConstraintActionValues,
    doc: 'DoNotSchedule, or ScheduleAnyway to take it as a wish.',
  }),
  labelSelector: field(4, labelSelector, { pointer: true, doc: 'Which Pods are counted.' }),
  minDomains: field(5, int32, { pointer: true, doc: 'Domains that there must be at least.' }),
  nodeAffinityPolicy: field(6, oneOf(...nodeInclusionPolicyValues), {
    pointer: true, enum: nodeInclusionPolicyValues,
    doc: 'Whether Nodes that the Pod does not want are counted.',
  }),
  nodeTaintsPolicy: field(7, oneOf(...nodeInclusionPolicyValues), {
    pointer: true, enum: nodeInclusionPolicyValues,
    doc: 'Whether Nodes that the Pod does not tolerate are counted.',
  }),
  matchLabelKeys: field(8, list(string), {
    list: 'atomic', doc: 'Labels of the Pod itself whose values must be equal too.',
  }),
})
export interface TopologySpreadConstraint extends Infer<typeof topologySpreadConstraint> {}

export const podSchedulingGate = message(`${pkg}PodSchedulingGate`, {
  name: always(1, string, { required: true, doc: 'Name of the gate; who set it takes it away.' }),
})
export interface PodSchedulingGate extends Infer<typeof podSchedulingGate> {}

export const podSchedulingGroup = message(`${pkg}PodSchedulingGroup`, {
  podGroupName: field(1, string, { pointer: true }),
}, { union: { fields: { podGroupName: 'PodGroupName' } } })
export interface PodSchedulingGroup extends Infer<typeof podSchedulingGroup> {}

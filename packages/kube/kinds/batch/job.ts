import {
  type Infer, always, bool, field, int32, int64, list, message, oneOf, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { podTemplateSpec } from '../pod/pod.ts'
import {
  completionModeValues, podFailurePolicyActionValues, podFailurePolicyOnExitCodesOperatorValues,
  podReplacementPolicyValues,
} from './enums.ts'

const pkg = 'io.k8s.api.batch.v1.'

export const podFailurePolicyOnExitCodesRequirement = message(
  `${pkg}PodFailurePolicyOnExitCodesRequirement`, {
    containerName: field(1, string, { pointer: true }),
    operator: always(2, oneOf(...podFailurePolicyOnExitCodesOperatorValues), {
      required: true, enum: podFailurePolicyOnExitCodesOperatorValues,
    }),
    values: always(3, list(int32), { required: true, list: 'set' }),
  },
)
export interface PodFailurePolicyOnExitCodesRequirement
  extends Infer<typeof podFailurePolicyOnExitCodesRequirement> {}

export const podFailurePolicyOnPodConditionsPattern = message(
  `${pkg}PodFailurePolicyOnPodConditionsPattern`, {
    type: always(1, string, { required: true }),
    status: always(2, string),
  },
)
export interface PodFailurePolicyOnPodConditionsPattern
  extends Infer<typeof podFailurePolicyOnPodConditionsPattern> {}

export const podFailurePolicyRule = message(`${pkg}PodFailurePolicyRule`, {
  action: always(1, oneOf(...podFailurePolicyActionValues), {
    required: true, enum: podFailurePolicyActionValues,
  }),
  onExitCodes: field(2, podFailurePolicyOnExitCodesRequirement, { pointer: true }),
  onPodConditions: field(3, list(podFailurePolicyOnPodConditionsPattern), { list: 'atomic' }),
})
export interface PodFailurePolicyRule extends Infer<typeof podFailurePolicyRule> {}

export const podFailurePolicy = message(`${pkg}PodFailurePolicy`, {
  rules: always(1, list(podFailurePolicyRule), { required: true, list: 'atomic' }),
})
export interface PodFailurePolicy extends Infer<typeof podFailurePolicy> {}

export const successPolicyRule = message(`${pkg}SuccessPolicyRule`, {
  succeededIndexes: field(1, string, { pointer: true }),
  succeededCount: field(2, int32, { pointer: true }),
})
export interface SuccessPolicyRule extends Infer<typeof successPolicyRule> {}

export const successPolicy = message(`${pkg}SuccessPolicy`, {
  rules: always(1, list(successPolicyRule), { required: true, list: 'atomic' }),
})
export interface SuccessPolicy extends Infer<typeof successPolicy> {}

export const jobSpec = message(`${pkg}JobSpec`, {
  parallelism: field(1, int32, { pointer: true, doc: 'How many Pods may run at a time.' }),
  completions: field(2, int32, { pointer: true, doc: 'How many Pods must succeed.' }),
  activeDeadlineSeconds: field(3, int64, { pointer: true, doc: 'How long it may take.' }),
  podFailurePolicy: field(11, podFailurePolicy, { pointer: true }),
  successPolicy: field(16, successPolicy, { pointer: true }),
  backoffLimit: field(7, int32, { pointer: true, doc: 'How many failures are too many.' }),
  backoffLimitPerIndex: field(12, int32, { pointer: true }),
  maxFailedIndexes: field(13, int32, { pointer: true }),
  selector: field(4, labelSelector, {
    pointer: true, doc: 'Which Pods belong to it; usually set by the server.',
  }),
  manualSelector: field(5, bool, {
    pointer: true, doc: 'The client chose selector and labels itself.',
  }),
  template: always(6, podTemplateSpec, { required: true, doc: 'What its Pods are made from.' }),
  ttlSecondsAfterFinished: field(8, int32, {
    pointer: true, doc: 'A finished Job is removed after so long.',
  }),
  completionMode: field(9, oneOf(...completionModeValues), {
    pointer: true, enum: completionModeValues, doc: 'Whether each Pod has an index of its own.',
  }),
  suspend: field(10, bool, { pointer: true, doc: 'No Pods are made while it is true.' }),
  podReplacementPolicy: field(14, oneOf(...podReplacementPolicyValues), {
    pointer: true, enum: podReplacementPolicyValues,
  }),
  managedBy: field(15, string, { pointer: true, doc: 'Who acts on the Job; immutable.' }),
})
export interface JobSpec extends Infer<typeof jobSpec> {}

export const jobCondition = message(`${pkg}JobCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastProbeTime: always(3, time),
  lastTransitionTime: always(4, time),
  reason: field(5, string),
  message: field(6, string),
})
export interface JobCondition extends Infer<typeof jobCondition> {}

export const uncountedTerminatedPods = message(`${pkg}UncountedTerminatedPods`, {
  succeeded: field(1, list(string), { list: 'set' }),
  failed: field(2, list(string), { list: 'set' }),
})
export interface UncountedTerminatedPods extends Infer<typeof uncountedTerminatedPods> {}

export const jobStatus = message(`${pkg}JobStatus`, {
  conditions: field(1, list(jobCondition), { list: 'atomic', merge: true, mergeKey: 'type' }),
  startTime: field(2, time, { pointer: true }),
  completionTime: field(3, time, { pointer: true }),
  active: field(4, int32, { doc: 'Pods that run or wait.' }),
  succeeded: field(5, int32, { doc: 'Pods that succeeded.' }),
  failed: field(6, int32, { doc: 'Pods that failed.' }),
  terminating: field(11, int32, { pointer: true }),
  completedIndexes: field(7, string),
  failedIndexes: field(10, string, { pointer: true }),
  uncountedTerminatedPods: field(8, uncountedTerminatedPods, { pointer: true }),
  ready: field(9, int32, { pointer: true, doc: 'Active Pods that are ready.' }),
})
export interface JobStatus extends Infer<typeof jobStatus> {}

export const job = message(`${pkg}Job`, {
  metadata: field(1, objectMeta),
  spec: field(2, jobSpec),
  status: field(3, jobStatus),
}, { doc: 'Runs Pods until enough of them succeed.' })
export interface Job extends Infer<typeof job> {}

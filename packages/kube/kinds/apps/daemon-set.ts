import {
  type Infer, always, field, int32, int64, intOrString, list, message, oneOf, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { podTemplateSpec } from '../pod/pod.ts'

const pkg = 'io.k8s.api.apps.v1.'

export const daemonSetStrategyTypes = ['OnDelete', 'RollingUpdate'] as const

export const rollingUpdateDaemonSet = message(`${pkg}RollingUpdateDaemonSet`, {
  maxUnavailable: field(1, intOrString, { pointer: true }),
  maxSurge: field(2, intOrString, { pointer: true }),
})
export const daemonSetUpdateStrategy = message(`${pkg}DaemonSetUpdateStrategy`, {
  type: field(1, oneOf(...daemonSetStrategyTypes), { enum: daemonSetStrategyTypes }),
  rollingUpdate: field(2, rollingUpdateDaemonSet, { pointer: true }),
})
export interface DaemonSetUpdateStrategy extends Infer<typeof daemonSetUpdateStrategy> {}

export const daemonSetSpec = message(`${pkg}DaemonSetSpec`, {
  selector: always(1, labelSelector, {
    pointer: true, required: true, doc: 'Which Pods belong to it; immutable.',
  }),
  template: always(2, podTemplateSpec, { required: true, doc: 'What its Pods are made from.' }),
  updateStrategy: field(3, daemonSetUpdateStrategy),
  minReadySeconds: field(4, int32),
  revisionHistoryLimit: field(6, int32, { pointer: true }),
})
export interface DaemonSetSpec extends Infer<typeof daemonSetSpec> {}

export const daemonSetCondition = message(`${pkg}DaemonSetCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastTransitionTime: always(3, time),
  reason: field(4, string),
  message: field(5, string),
})
export const daemonSetStatus = message(`${pkg}DaemonSetStatus`, {
  currentNumberScheduled: always(1, int32, { required: true }),
  numberMisscheduled: always(2, int32, { required: true }),
  desiredNumberScheduled: always(3, int32, { required: true }),
  numberReady: always(4, int32, { required: true }),
  observedGeneration: field(5, int64),
  updatedNumberScheduled: field(6, int32),
  numberAvailable: field(7, int32),
  numberUnavailable: field(8, int32),
  collisionCount: field(9, int32, { pointer: true }),
  conditions: field(10, list(daemonSetCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface DaemonSetStatus extends Infer<typeof daemonSetStatus> {}

export const daemonSet = message(`${pkg}DaemonSet`, {
  metadata: field(1, objectMeta),
  spec: field(2, daemonSetSpec),
  status: field(3, daemonSetStatus),
}, { doc: 'Keeps one Pod on every Node that fits.' })
export interface DaemonSet extends Infer<typeof daemonSet> {}

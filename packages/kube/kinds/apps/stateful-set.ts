import {
  type Infer, always, field, int32, int64, intOrString, list, message, oneOf, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { persistentVolumeClaim } from '../persistent-volume-claim.ts'
import { podTemplateSpec } from '../pod/pod.ts'

const pkg = 'io.k8s.api.apps.v1.'

export const podManagementPolicies = ['OrderedReady', 'Parallel'] as const
export const statefulSetStrategyTypes = ['OnDelete', 'RollingUpdate'] as const

export const rollingUpdateStatefulSetStrategy = message(`${pkg}RollingUpdateStatefulSetStrategy`, {
  partition: field(1, int32, { pointer: true }),
  maxUnavailable: field(2, intOrString, { pointer: true }),
})
export const statefulSetUpdateStrategy = message(`${pkg}StatefulSetUpdateStrategy`, {
  type: field(1, oneOf(...statefulSetStrategyTypes), { enum: statefulSetStrategyTypes }),
  rollingUpdate: field(2, rollingUpdateStatefulSetStrategy, { pointer: true }),
})
export interface StatefulSetUpdateStrategy extends Infer<typeof statefulSetUpdateStrategy> {}

export const statefulSetPersistentVolumeClaimRetentionPolicy = message(
  `${pkg}StatefulSetPersistentVolumeClaimRetentionPolicy`, {
    whenDeleted: field(1, string),
    whenScaled: field(2, string),
  },
)
export const statefulSetOrdinals = message(`${pkg}StatefulSetOrdinals`, {
  start: always(1, int32, { default: 0 }),
})

export const statefulSetSpec = message(`${pkg}StatefulSetSpec`, {
  replicas: field(1, int32, { pointer: true, doc: 'How many Pods are wanted; 1 when unset.' }),
  selector: always(2, labelSelector, {
    pointer: true, required: true, doc: 'Which Pods belong to it; immutable.',
  }),
  template: always(3, podTemplateSpec, { required: true, doc: 'What its Pods are made from.' }),
  volumeClaimTemplates: field(4, list(persistentVolumeClaim), { list: 'atomic' }),
  serviceName: always(5, string, {
    doc: 'The headless Service under which its Pods have stable names.',
  }),
  podManagementPolicy: field(6, oneOf(...podManagementPolicies), { enum: podManagementPolicies }),
  updateStrategy: field(7, statefulSetUpdateStrategy),
  revisionHistoryLimit: field(8, int32, { pointer: true }),
  minReadySeconds: field(9, int32),
  persistentVolumeClaimRetentionPolicy: field(
    10, statefulSetPersistentVolumeClaimRetentionPolicy, { pointer: true },
  ),
  ordinals: field(11, statefulSetOrdinals, { pointer: true }),
})
export interface StatefulSetSpec extends Infer<typeof statefulSetSpec> {}

export const statefulSetCondition = message(`${pkg}StatefulSetCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastTransitionTime: always(3, time),
  reason: field(4, string),
  message: field(5, string),
})
export const statefulSetStatus = message(`${pkg}StatefulSetStatus`, {
  observedGeneration: field(1, int64),
  replicas: always(2, int32, { required: true }),
  readyReplicas: field(3, int32),
  currentReplicas: field(4, int32),
  updatedReplicas: field(5, int32),
  currentRevision: field(6, string),
  updateRevision: field(7, string),
  collisionCount: field(9, int32, { pointer: true }),
  conditions: field(10, list(statefulSetCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
  availableReplicas: always(11, int32),
})
export interface StatefulSetStatus extends Infer<typeof statefulSetStatus> {}

export const statefulSet = message(`${pkg}StatefulSet`, {
  metadata: field(1, objectMeta),
  spec: field(2, statefulSetSpec),
  status: field(3, statefulSetStatus),
}, { doc: 'Keeps Pods with stable names, made and updated in order.' })
export interface StatefulSet extends Infer<typeof statefulSet> {}

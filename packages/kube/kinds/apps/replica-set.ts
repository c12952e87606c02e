import {
  type Infer, always, field, int32, int64, list, message, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { podTemplateSpec } from '../pod/pod.ts'

const pkg = 'io.k8s.api.apps.v1.'

export const replicaSetSpec = message(`${pkg}ReplicaSetSpec`, {
  replicas: field(1, int32, { pointer: true, doc: 'How many Pods are wanted; 1 when unset.' }),
  minReadySeconds: field(4, int32, { doc: 'Ready for so long counts as available.' }),
  selector: always(2, labelSelector, {
    pointer: true, required: true, doc: 'Which Pods belong to it; immutable.',
  }),
  template: field(3, podTemplateSpec, { doc: 'What its Pods are made from.' }),
})
export interface ReplicaSetSpec extends Infer<typeof replicaSetSpec> {}

export const replicaSetCondition = message(`${pkg}ReplicaSetCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastTransitionTime: always(3, time),
  reason: field(4, string),
  message: field(5, string),
})
export interface ReplicaSetCondition extends Infer<typeof replicaSetCondition> {}

export const replicaSetStatus = message(`${pkg}ReplicaSetStatus`, {
  replicas: always(1, int32, { required: true }),
  fullyLabeledReplicas: field(2, int32),
  readyReplicas: field(4, int32),
  availableReplicas: field(5, int32),
  terminatingReplicas: field(7, int32, { pointer: true }),
  observedGeneration: field(3, int64),
  conditions: field(6, list(replicaSetCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface ReplicaSetStatus extends Infer<typeof replicaSetStatus> {}

export const replicaSet = message(`${pkg}ReplicaSet`, {
  metadata: field(1, objectMeta),
  spec: field(2, replicaSetSpec),
  status: field(3, replicaSetStatus),
}, { doc: 'Keeps a number of Pods of one template.' })
export interface ReplicaSet extends Infer<typeof replicaSet> {}

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
  type: always(1, string, { required: true, doc: 'What the condition is about.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastTransitionTime: always(3, time, { doc: 'When the status changed last.' }),
  reason: field(4, string, { doc: 'Why, in one word for programs.' }),
  message: field(5, string, { doc: 'Why, in a sentence for people.' }),
})
export interface ReplicaSetCondition extends Infer<typeof replicaSetCondition> {}

export const replicaSetStatus = message(`${pkg}ReplicaSetStatus`, {
  replicas: always(1, int32, { required: true, doc: 'Pods there are.' }),
  fullyLabeledReplicas: field(2, int32, { doc: 'Pods with all labels of the template.' }),
  readyReplicas: field(4, int32, { doc: 'Pods that are ready.' }),
  availableReplicas: field(5, int32, { doc: 'Pods that have been ready for minReadySeconds.' }),
  terminatingReplicas: field(7, int32, { pointer: true, doc: 'Pods on their way out.' }),
  observedGeneration: field(3, int64, { doc: 'Generation that the controller has acted on.' }),
  conditions: field(6, list(replicaSetCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type', doc: 'What the controller says.',
  }),
})
export interface ReplicaSetStatus extends Infer<typeof replicaSetStatus> {}

export const replicaSet = message(`${pkg}ReplicaSet`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, replicaSetSpec, { doc: 'What is wanted.' }),
  status: field(3, replicaSetStatus, { doc: 'What was last seen of it.' }),
}, { doc: 'Keeps a number of Pods of one template.' })
export interface ReplicaSet extends Infer<typeof replicaSet> {}

import {
  type Infer, always, field, int32, int64, list, map, message, string, time,
} from '../schema.ts'
import { objectMeta } from './meta.ts'
import { podTemplateSpec } from './pod/pod.ts'

const pkg = 'io.k8s.api.core.v1.'

export const replicationControllerCondition = message(`${pkg}ReplicationControllerCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastTransitionTime: always(3, time),
  reason: field(4, string),
  message: field(5, string),
})
export interface ReplicationControllerCondition
  extends Infer<typeof replicationControllerCondition> {}

export const replicationControllerSpec = message(`${pkg}ReplicationControllerSpec`, {
  replicas: field(1, int32, { pointer: true, default: 1, doc: 'How many Pods are wanted.' }),
  minReadySeconds: field(4, int32, { default: 0 }),
  selector: field(2, map(string), { map: 'atomic', doc: 'Labels of its Pods.' }),
  template: field(3, podTemplateSpec, { pointer: true, doc: 'The Pod to make copies of.' }),
})
export interface ReplicationControllerSpec extends Infer<typeof replicationControllerSpec> {}

export const replicationControllerStatus = message(`${pkg}ReplicationControllerStatus`, {
  replicas: always(1, int32, { required: true }),
  fullyLabeledReplicas: field(2, int32),
  readyReplicas: field(4, int32),
  availableReplicas: field(5, int32),
  observedGeneration: field(3, int64),
  conditions: field(6, list(replicationControllerCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface ReplicationControllerStatus extends Infer<typeof replicationControllerStatus> {}

export const replicationController = message(`${pkg}ReplicationController`, {
  metadata: field(1, objectMeta),
  spec: field(2, replicationControllerSpec),
  status: field(3, replicationControllerStatus),
}, { doc: 'Keeps a number of Pods running; ReplicaSets replace it.' })
export interface ReplicationController extends Infer<typeof replicationController> {}

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
  partition: field(1, int32, {
    pointer: true, doc: 'Pods with lower numbers keep the old template.',
  }),
  maxUnavailable: field(2, intOrString, {
    pointer: true, doc: 'So many Pods, or so many percent, may be missing meanwhile.',
  }),
})
export const statefulSetUpdateStrategy = message(`${pkg}StatefulSetUpdateStrategy`, {
  type: field(1, oneOf(...statefulSetStrategyTypes), {
    enum: statefulSetStrategyTypes,
    doc: 'RollingUpdate, or OnDelete to wait until somebody deletes the Pods.',
  }),
  rollingUpdate: field(2, rollingUpdateStatefulSetStrategy, {
    pointer: true, doc: 'How a rolling update goes.',
  }),
})
export interface StatefulSetUpdateStrategy extends Infer<typeof statefulSetUpdateStrategy> {}

export const statefulSetPersistentVolumeClaimRetentionPolicy = message(
  `${pkg}StatefulSetPersistentVolumeClaimRetentionPolicy`, {
    whenDeleted: field(1, string, {
      doc: 'Retain or Delete the claims when the set is deleted.',
    }),
    whenScaled: field(2, string, {
      doc: 'Retain or Delete those of Pods that scaling down removes.',
    }),
  },
)
export const statefulSetOrdinals = message(`${pkg}StatefulSetOrdinals`, {
  start: always(1, int32, { default: 0, doc: 'Number of the first Pod.' }),
})

export const statefulSetSpec = message(`${pkg}StatefulSetSpec`, {
  replicas: field(1, int32, { pointer: true, doc: 'How many Pods are wanted; 1 when unset.' }),
  selector: always(2, labelSelector, {
    pointer: true, required: true, doc: 'Which Pods belong to it; immutable.',
  }),
  template: always(3, podTemplateSpec, { required: true, doc: 'What its Pods are made from.' }),
  volumeClaimTemplates: field(4, list(persistentVolumeClaim), {
    list: 'atomic', doc: 'A claim of each is made for every Pod, and kept when the Pod goes.',
  }),
  serviceName: always(5, string, {
    doc: 'The headless Service under which its Pods have stable names.',
  }),
  podManagementPolicy: field(6, oneOf(...podManagementPolicies), {
    enum: podManagementPolicies,
    doc: 'OrderedReady makes Pods one after another, Parallel all at once.',
  }),
  updateStrategy: field(7, statefulSetUpdateStrategy, {
    doc: 'How Pods of an old template are replaced.',
  }),
  revisionHistoryLimit: field(8, int32, {
    pointer: true, doc: 'Old revisions that are kept to go back to.',
  }),
  minReadySeconds: field(9, int32, {
    doc: 'Seconds that a Pod must be ready to count as available.',
  }),
  persistentVolumeClaimRetentionPolicy: field(10, statefulSetPersistentVolumeClaimRetentionPolicy, {
    pointer: true, doc: 'What becomes of the claims when Pods or the set go.',
  }),
  ordinals: field(11, statefulSetOrdinals, { pointer: true, doc: 'How the Pods are numbered.' }),
})
export interface StatefulSetSpec extends Infer<typeof statefulSetSpec> {}

export const statefulSetCondition = message(`${pkg}StatefulSetCondition`, {
  type: always(1, string, { required: true, doc: 'What the condition is about.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastTransitionTime: always(3, time, { doc: 'When the status changed last.' }),
  reason: field(4, string, { doc: 'Why, in one word for programs.' }),
  message: field(5, string, { doc: 'Why, in a sentence for people.' }),
})
export const statefulSetStatus = message(`${pkg}StatefulSetStatus`, {
  observedGeneration: field(1, int64, { doc: 'Generation that the controller has acted on.' }),
  replicas: always(2, int32, { required: true, doc: 'Pods there are.' }),
  readyReplicas: field(3, int32, { doc: 'Pods that are ready.' }),
  currentReplicas: field(4, int32, { doc: 'Pods of the current revision.' }),
  updatedReplicas: field(5, int32, { doc: 'Pods of the revision that is rolled out.' }),
  currentRevision: field(6, string, { doc: 'Revision of Pods that are not updated yet.' }),
  updateRevision: field(7, string, { doc: 'Revision that is rolled out.' }),
  collisionCount: field(9, int32, {
    pointer: true, doc: 'How often a name of a revision was taken.',
  }),
  conditions: field(10, list(statefulSetCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type', doc: 'What the controller says.',
  }),
  availableReplicas: always(11, int32, { doc: 'Pods that have been ready for minReadySeconds.' }),
})
export interface StatefulSetStatus extends Infer<typeof statefulSetStatus> {}

export const statefulSet = message(`${pkg}StatefulSet`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, statefulSetSpec, { doc: 'What is wanted.' }),
  status: field(3, statefulSetStatus, { doc: 'What was last seen of it.' }),
}, { doc: 'Keeps Pods with stable names, made and updated in order.' })
export interface StatefulSet extends Infer<typeof statefulSet> {}

import {
  type Infer, always, field, int32, int64, intOrString, list, message, oneOf, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { podTemplateSpec } from '../pod/pod.ts'

const pkg = 'io.k8s.api.apps.v1.'

export const daemonSetStrategyTypes = ['OnDelete', 'RollingUpdate'] as const

export const rollingUpdateDaemonSet = message(`${pkg}RollingUpdateDaemonSet`, {
  maxUnavailable: field(1, intOrString, {
    pointer: true, doc: 'So many Nodes, or so many percent, may be without a Pod meanwhile.',
  }),
  maxSurge: field(2, intOrString, {
    pointer: true, doc: 'So many Nodes, or so many percent, may have an old and a new Pod.',
  }),
})
export const daemonSetUpdateStrategy = message(`${pkg}DaemonSetUpdateStrategy`, {
  type: field(1, oneOf(...daemonSetStrategyTypes), {
    enum: daemonSetStrategyTypes,
    doc: 'RollingUpdate, or OnDelete to wait until somebody deletes the Pods.',
  }),
  rollingUpdate: field(2, rollingUpdateDaemonSet, {
    pointer: true, doc: 'How fast a rolling update goes.',
  }),
})
export interface DaemonSetUpdateStrategy extends Infer<typeof daemonSetUpdateStrategy> {}

export const daemonSetSpec = message(`${pkg}DaemonSetSpec`, {
  selector: always(1, labelSelector, {
    pointer: true, required: true, doc: 'Which Pods belong to it; immutable.',
  }),
  template: always(2, podTemplateSpec, { required: true, doc: 'What its Pods are made from.' }),
  updateStrategy: field(3, daemonSetUpdateStrategy, {
    doc: 'How Pods of an old template are replaced.',
  }),
  minReadySeconds: field(4, int32, {
    doc: 'Seconds that a Pod must be ready to count as available.',
  }),
  revisionHistoryLimit: field(6, int32, {
    pointer: true, doc: 'Old revisions that are kept to go back to.',
  }),
})
export interface DaemonSetSpec extends Infer<typeof daemonSetSpec> {}

export const daemonSetCondition = message(`${pkg}DaemonSetCondition`, {
  type: always(1, string, { required: true, doc: 'What the condition is about.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastTransitionTime: always(3, time, { doc: 'When the status changed last.' }),
  reason: field(4, string, { doc: 'Why, in one word for programs.' }),
  message: field(5, string, { doc: 'Why, in a sentence for people.' }),
})
export const daemonSetStatus = message(`${pkg}DaemonSetStatus`, {
  currentNumberScheduled: always(1, int32, {
    required: true, doc: 'Nodes that should have a Pod and do.',
  }),
  numberMisscheduled: always(2, int32, {
    required: true, doc: 'Nodes that have a Pod and should not.',
  }),
  desiredNumberScheduled: always(3, int32, {
    required: true, doc: 'Nodes that should have a Pod.',
  }),
  numberReady: always(4, int32, { required: true, doc: 'Nodes whose Pod is ready.' }),
  observedGeneration: field(5, int64, { doc: 'Generation that the controller has acted on.' }),
  updatedNumberScheduled: field(6, int32, { doc: 'Nodes whose Pod has the present template.' }),
  numberAvailable: field(7, int32, { doc: 'Nodes whose Pod has been ready for minReadySeconds.' }),
  numberUnavailable: field(8, int32, { doc: 'Nodes whose Pod is not available yet.' }),
  collisionCount: field(9, int32, {
    pointer: true, doc: 'How often a name of a revision was taken.',
  }),
  conditions: field(10, list(daemonSetCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type', doc: 'What the controller says.',
  }),
})
export interface DaemonSetStatus extends Infer<typeof daemonSetStatus> {}

export const daemonSet = message(`${pkg}DaemonSet`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, daemonSetSpec, { doc: 'What is wanted.' }),
  status: field(3, daemonSetStatus, { doc: 'What was last seen of it.' }),
}, { doc: 'Keeps one Pod on every Node that fits.' })
export interface DaemonSet extends Infer<typeof daemonSet> {}

import {
  type Infer, always, bool, field, int32, int64, intOrString, list, message, oneOf, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { podTemplateSpec } from '../pod/pod.ts'

const pkg = 'io.k8s.api.apps.v1.'

export const deploymentStrategyTypes = ['Recreate', 'RollingUpdate'] as const

export const rollingUpdateDeployment = message(`${pkg}RollingUpdateDeployment`, {
  maxUnavailable: field(1, intOrString, {
    pointer: true, doc: 'So many Pods, or so many percent, may be missing meanwhile.',
  }),
  maxSurge: field(2, intOrString, {
    pointer: true, doc: 'So many Pods, or so many percent, may be there beyond the wanted number.',
  }),
})
export interface RollingUpdateDeployment extends Infer<typeof rollingUpdateDeployment> {}

export const deploymentStrategy = message(`${pkg}DeploymentStrategy`, {
  type: field(1, oneOf(...deploymentStrategyTypes), {
    enum: deploymentStrategyTypes, doc: 'RollingUpdate, or Recreate to end all old Pods first.',
  }),
  rollingUpdate: field(2, rollingUpdateDeployment, {
    pointer: true, doc: 'How fast a rolling update goes.',
  }),
})
export interface DeploymentStrategy extends Infer<typeof deploymentStrategy> {}

export const deploymentSpec = message(`${pkg}DeploymentSpec`, {
  replicas: field(1, int32, { pointer: true, doc: 'How many Pods are wanted; 1 when unset.' }),
  selector: always(2, labelSelector, {
    pointer: true, required: true, doc: 'Which Pods belong to it; immutable.',
  }),
  template: always(3, podTemplateSpec, { required: true, doc: 'What its Pods are made from.' }),
  strategy: field(4, deploymentStrategy, {
    retainKeys: true, doc: 'How old Pods are replaced by new ones.',
  }),
  minReadySeconds: field(5, int32, { doc: 'Ready for so long counts as available.' }),
  revisionHistoryLimit: field(6, int32, { pointer: true, doc: 'Old ReplicaSets kept for undo.' }),
  paused: field(7, bool, { doc: 'Template changes wait while set.' }),
  progressDeadlineSeconds: field(9, int32, {
    pointer: true, doc: 'A rollout without progress for so long is reported as failed.',
  }),
})
export interface DeploymentSpec extends Infer<typeof deploymentSpec> {}

export const deploymentCondition = message(`${pkg}DeploymentCondition`, {
  type: always(1, string, { required: true, doc: 'What the condition is about.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastUpdateTime: always(6, time, { doc: 'When the condition was last looked at anew.' }),
  lastTransitionTime: always(7, time, { doc: 'When the status changed last.' }),
  reason: field(4, string, { doc: 'Why, in one word for programs.' }),
  message: field(5, string, { doc: 'Why, in a sentence for people.' }),
})
export interface DeploymentCondition extends Infer<typeof deploymentCondition> {}

export const deploymentStatus = message(`${pkg}DeploymentStatus`, {
  observedGeneration: field(1, int64, { doc: 'Generation that the controller has acted on.' }),
  replicas: field(2, int32, { doc: 'Pods there are, old and new.' }),
  updatedReplicas: field(3, int32, { doc: 'Pods of the present template.' }),
  readyReplicas: field(7, int32, { doc: 'Pods that are ready.' }),
  availableReplicas: field(4, int32, { doc: 'Pods that have been ready for minReadySeconds.' }),
  unavailableReplicas: field(5, int32, { doc: 'Pods that are still needed.' }),
  terminatingReplicas: field(9, int32, { pointer: true, doc: 'Pods on their way out.' }),
  conditions: field(6, list(deploymentCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type', doc: 'How the rollout goes.',
  }),
  collisionCount: field(8, int32, {
    pointer: true, doc: 'How often a name of a ReplicaSet was taken; makes the next name differ.',
  }),
})
export interface DeploymentStatus extends Infer<typeof deploymentStatus> {}

export const deployment = message(`${pkg}Deployment`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, deploymentSpec, { doc: 'What is wanted.' }),
  status: field(3, deploymentStatus, { doc: 'What was last seen of it.' }),
}, { doc: 'Keeps a number of equal Pods and replaces them step by step.' })
export interface Deployment extends Infer<typeof deployment> {}

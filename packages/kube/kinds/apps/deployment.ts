import {
  type Infer, always, bool, field, int32, int64, intOrString, list, message, oneOf, string, time,
} from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { podTemplateSpec } from '../pod/pod.ts'

const pkg = 'io.k8s.api.apps.v1.'

export const deploymentStrategyTypes = ['Recreate', 'RollingUpdate'] as const

export const rollingUpdateDeployment = message(`${pkg}RollingUpdateDeployment`, {
  maxUnavailable: field(1, intOrString, { pointer: true }),
  maxSurge: field(2, intOrString, { pointer: true }),
})
export interface RollingUpdateDeployment extends Infer<typeof rollingUpdateDeployment> {}

export const deploymentStrategy = message(`${pkg}DeploymentStrategy`, {
  type: field(1, oneOf(...deploymentStrategyTypes), { enum: deploymentStrategyTypes }),
  rollingUpdate: field(2, rollingUpdateDeployment, { pointer: true }),
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
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastUpdateTime: always(6, time),
  lastTransitionTime: always(7, time),
  reason: field(4, string),
  message: field(5, string),
})
export interface DeploymentCondition extends Infer<typeof deploymentCondition> {}

export const deploymentStatus = message(`${pkg}DeploymentStatus`, {
  observedGeneration: field(1, int64),
  replicas: field(2, int32),
  updatedReplicas: field(3, int32),
  readyReplicas: field(7, int32),
  availableReplicas: field(4, int32),
  unavailableReplicas: field(5, int32),
  terminatingReplicas: field(9, int32, { pointer: true }),
  conditions: field(6, list(deploymentCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
  collisionCount: field(8, int32, { pointer: true }),
})
export interface DeploymentStatus extends Infer<typeof deploymentStatus> {}

export const deployment = message(`${pkg}Deployment`, {
  metadata: field(1, objectMeta),
  spec: field(2, deploymentSpec),
  status: field(3, deploymentStatus),
}, { doc: 'Keeps a number of equal Pods and replaces them step by step.' })
export interface Deployment extends Infer<typeof deployment> {}

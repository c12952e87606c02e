import {
  type Infer, always, bool, field, int32, int64, list, map, message, oneOf, quantity, string,
  time,
} from '../schema.ts'
import { nodePhaseValues, taintEffectValues } from './core-enums.ts'
import { objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.core.v1.'

export const taint = message(`${pkg}Taint`, {
  key: always(1, string, { required: true, doc: 'Name of the taint.' }),
  value: field(2, string, { doc: 'Value that goes with the key.' }),
  effect: always(3, oneOf(...taintEffectValues), {
    required: true, enum: taintEffectValues,
    doc: 'What happens to Pods that do not tolerate it.',
  }),
  timeAdded: field(4, time, { pointer: true }),
}, { doc: 'Keeps Pods off a Node unless they tolerate it.' })
export interface Taint extends Infer<typeof taint> {}

export const configMapNodeConfigSource = message(`${pkg}ConfigMapNodeConfigSource`, {
  namespace: always(1, string, { required: true }),
  name: always(2, string, { required: true }),
  uid: field(3, string),
  resourceVersion: field(4, string),
  kubeletConfigKey: always(5, string, { required: true }),
})
export interface ConfigMapNodeConfigSource extends Infer<typeof configMapNodeConfigSource> {}

export const nodeConfigSource = message(`${pkg}NodeConfigSource`, {
  configMap: field(2, configMapNodeConfigSource, { pointer: true }),
})
export interface NodeConfigSource extends Infer<typeof nodeConfigSource> {}

export const nodeSpec = message(`${pkg}NodeSpec`, {
  podCIDR: field(1, string, {
    doc: 'Range of addresses for Pods of this Node; the first of podCIDRs.',
  }),
  podCIDRs: field(7, list(string), {
    list: 'set', merge: true,
    doc: 'Ranges for Pods of this Node, at most one a family.',
  }),
  providerID: field(3, string, { doc: 'Identity of the machine at its cloud provider.' }),
  unschedulable: field(4, bool, { doc: 'No new Pods are placed here; set by cordon.' }),
  taints: field(5, list(taint), {
    list: 'atomic',
    doc: 'Marks that keep Pods away unless they tolerate them.',
  }),
  configSource: field(6, nodeConfigSource, { pointer: true }),
  externalID: field(2, string),
})
export interface NodeSpec extends Infer<typeof nodeSpec> {}

export const nodeAddress = message(`${pkg}NodeAddress`, {
  type: always(1, string, { required: true }),
  address: always(2, string, { required: true }),
})
export interface NodeAddress extends Infer<typeof nodeAddress> {}

export const nodeCondition = message(`${pkg}NodeCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastHeartbeatTime: always(3, time),
  lastTransitionTime: always(4, time),
  reason: field(5, string),
  message: field(6, string),
})
export interface NodeCondition extends Infer<typeof nodeCondition> {}

export const daemonEndpoint = message(`${pkg}DaemonEndpoint`, {
  Port: always(1, int32, { required: true }),
})
export interface DaemonEndpoint extends Infer<typeof daemonEndpoint> {}

export const nodeDaemonEndpoints = message(`${pkg}NodeDaemonEndpoints`, {
  kubeletEndpoint: field(1, daemonEndpoint),
})
export interface NodeDaemonEndpoints extends Infer<typeof nodeDaemonEndpoints> {}

export const nodeSwapStatus = message(`${pkg}NodeSwapStatus`, {
  capacity: field(1, int64, { pointer: true }),
})
export interface NodeSwapStatus extends Infer<typeof nodeSwapStatus> {}

export const nodeSystemInfo = message(`${pkg}NodeSystemInfo`, {
  machineID: always(1, string, { required: true }),
  systemUUID: always(2, string, { required: true }),
  bootID: always(3, string, { required: true }),
  kernelVersion: always(4, string, { required: true }),
  osImage: always(5, string, { required: true }),
  containerRuntimeVersion: always(6, string, { required: true }),
  kubeletVersion: always(7, string, { required: true }),
  kubeProxyVersion: always(8, string, { required: true }),
  operatingSystem: always(9, string, { required: true }),
  architecture: always(10, string, { required: true }),
  swap: field(11, nodeSwapStatus, { pointer: true }),
})
export interface NodeSystemInfo extends Infer<typeof nodeSystemInfo> {}

export const containerImage = message(`${pkg}ContainerImage`, {
  names: always(1, list(string), { list: 'atomic' }),
  sizeBytes: field(2, int64),
})
export interface ContainerImage extends Infer<typeof containerImage> {}

export const attachedVolume = message(`${pkg}AttachedVolume`, {
  name: always(1, string, { required: true }),
  devicePath: always(2, string, { required: true }),
})
export interface AttachedVolume extends Infer<typeof attachedVolume> {}

export const nodeConfigStatus = message(`${pkg}NodeConfigStatus`, {
  assigned: field(1, nodeConfigSource, { pointer: true }),
  active: field(2, nodeConfigSource, { pointer: true }),
  lastKnownGood: field(3, nodeConfigSource, { pointer: true }),
  error: field(4, string),
})
export interface NodeConfigStatus extends Infer<typeof nodeConfigStatus> {}

export const nodeRuntimeHandlerFeatures = message(`${pkg}NodeRuntimeHandlerFeatures`, {
  recursiveReadOnlyMounts: field(1, bool, { pointer: true }),
  userNamespaces: field(2, bool, { pointer: true }),
})
export interface NodeRuntimeHandlerFeatures extends Infer<typeof nodeRuntimeHandlerFeatures> {}

export const nodeRuntimeHandler = message(`${pkg}NodeRuntimeHandler`, {
  name: always(1, string),
  features: field(2, nodeRuntimeHandlerFeatures, { pointer: true }),
})
export interface NodeRuntimeHandler extends Infer<typeof nodeRuntimeHandler> {}

export const nodeFeatures = message(`${pkg}NodeFeatures`, {
  supplementalGroupsPolicy: field(1, bool, { pointer: true }),
})
export interface NodeFeatures extends Infer<typeof nodeFeatures> {}

export const nodeStatus = message(`${pkg}NodeStatus`, {
  capacity: field(1, map(quantity), { doc: 'All resources of the machine.' }),
  allocatable: field(2, map(quantity), { doc: 'Resources that Pods may use in sum.' }),
  phase: field(3, oneOf(...nodePhaseValues), { enum: nodePhaseValues }),
  conditions: field(4, list(nodeCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
    doc: 'Current state of health, such as Ready.',
  }),
  addresses: field(5, list(nodeAddress), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
    doc: 'Addresses at which the machine is reached.',
  }),
  daemonEndpoints: field(6, nodeDaemonEndpoints),
  nodeInfo: field(7, nodeSystemInfo, { doc: 'Versions and identities of the machine.' }),
  images: field(8, list(containerImage), { list: 'atomic' }),
  volumesInUse: field(9, list(string), { list: 'atomic' }),
  volumesAttached: field(10, list(attachedVolume), { list: 'atomic' }),
  config: field(11, nodeConfigStatus, { pointer: true }),
  runtimeHandlers: field(12, list(nodeRuntimeHandler), { list: 'atomic' }),
  features: field(13, nodeFeatures, { pointer: true }),
  declaredFeatures: field(14, list(string), { list: 'atomic' }),
})
export interface NodeStatus extends Infer<typeof nodeStatus> {}

export const node = message(`${pkg}Node`, {
  metadata: field(1, objectMeta),
  spec: field(2, nodeSpec, { doc: 'What is wanted of the machine.' }),
  status: field(3, nodeStatus, { doc: 'What the machine reports about itself.' }),
}, { doc: 'A machine that runs Pods.' })
export interface Node extends Infer<typeof node> {}

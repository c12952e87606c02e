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
  timeAdded: field(4, time, { pointer: true, doc: 'When the taint was set.' }),
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
  configMap: field(2, configMapNodeConfigSource, { pointer: true, doc: 'Not used any more.' }),
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
  configSource: field(6, nodeConfigSource, { pointer: true, doc: 'Not used any more.' }),
  externalID: field(2, string, { doc: 'Not used any more.' }),
})
export interface NodeSpec extends Infer<typeof nodeSpec> {}

export const nodeAddress = message(`${pkg}NodeAddress`, {
  type: always(1, string, {
    required: true, doc: 'InternalIP, ExternalIP, Hostname and the like.',
  }),
  address: always(2, string, { required: true, doc: 'The address or name.' }),
})
export interface NodeAddress extends Infer<typeof nodeAddress> {}

export const nodeCondition = message(`${pkg}NodeCondition`, {
  type: always(1, string, { required: true, doc: 'What the condition is about.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastHeartbeatTime: always(3, time, { doc: 'When the kubelet said so last.' }),
  lastTransitionTime: always(4, time, { doc: 'When the status changed last.' }),
  reason: field(5, string, { doc: 'Why, in one word for programs.' }),
  message: field(6, string, { doc: 'Why, in a sentence for people.' }),
})
export interface NodeCondition extends Infer<typeof nodeCondition> {}

export const daemonEndpoint = message(`${pkg}DaemonEndpoint`, {
  Port: always(1, int32, { required: true, doc: 'Port number.' }),
})
export interface DaemonEndpoint extends Infer<typeof daemonEndpoint> {}

export const nodeDaemonEndpoints = message(`${pkg}NodeDaemonEndpoints`, {
  kubeletEndpoint: field(1, daemonEndpoint, { doc: 'Where the kubelet listens.' }),
})
export interface NodeDaemonEndpoints extends Infer<typeof nodeDaemonEndpoints> {}

export const nodeSwapStatus = message(`${pkg}NodeSwapStatus`, {
  capacity: field(1, int64, { pointer: true, doc: 'Bytes of swap.' }),
})
export interface NodeSwapStatus extends Infer<typeof nodeSwapStatus> {}

export const nodeSystemInfo = message(`${pkg}NodeSystemInfo`, {
  machineID: always(1, string, {
    required: true, doc: 'Identity of the machine, from its system.',
  }),
  systemUUID: always(2, string, {
    required: true, doc: 'Identity of the machine, from its firmware.',
  }),
  bootID: always(3, string, { required: true, doc: 'Changes with each boot.' }),
  kernelVersion: always(4, string, { required: true, doc: 'Version of the kernel.' }),
  osImage: always(5, string, { required: true, doc: 'Name of the operating system.' }),
  containerRuntimeVersion: always(6, string, {
    required: true, doc: 'Container runtime and its version.',
  }),
  kubeletVersion: always(7, string, { required: true, doc: 'Version of the kubelet.' }),
  kubeProxyVersion: always(8, string, { required: true, doc: 'Not filled in any more.' }),
  operatingSystem: always(9, string, { required: true, doc: 'linux or windows.' }),
  architecture: always(10, string, { required: true, doc: 'Architecture of the processor.' }),
  swap: field(11, nodeSwapStatus, { pointer: true, doc: 'Swap memory of the Node.' }),
})
export interface NodeSystemInfo extends Infer<typeof nodeSystemInfo> {}

export const containerImage = message(`${pkg}ContainerImage`, {
  names: always(1, list(string), { list: 'atomic', doc: 'Names the image goes by.' }),
  sizeBytes: field(2, int64, { doc: 'Size of the image.' }),
})
export interface ContainerImage extends Infer<typeof containerImage> {}

export const attachedVolume = message(`${pkg}AttachedVolume`, {
  name: always(1, string, { required: true, doc: 'Name of the volume.' }),
  devicePath: always(2, string, { required: true, doc: 'Device it is attached as.' }),
})
export interface AttachedVolume extends Infer<typeof attachedVolume> {}

export const nodeConfigStatus = message(`${pkg}NodeConfigStatus`, {
  assigned: field(1, nodeConfigSource, { pointer: true, doc: 'Not used any more.' }),
  active: field(2, nodeConfigSource, { pointer: true, doc: 'Not used any more.' }),
  lastKnownGood: field(3, nodeConfigSource, { pointer: true, doc: 'Not used any more.' }),
  error: field(4, string, { doc: 'Not used any more.' }),
})
export interface NodeConfigStatus extends Infer<typeof nodeConfigStatus> {}

export const nodeRuntimeHandlerFeatures = message(`${pkg}NodeRuntimeHandlerFeatures`, {
  recursiveReadOnlyMounts: field(1, bool, { pointer: true }),
  userNamespaces: field(2, bool, { pointer: true }),
})
export interface NodeRuntimeHandlerFeatures extends Infer<typeof nodeRuntimeHandlerFeatures> {}

export const nodeRuntimeHandler = message(`${pkg}NodeRuntimeHandler`, {
  name: always(1, string, { doc: 'Name of the handler; empty for the default one.' }),
  features: field(2, nodeRuntimeHandlerFeatures, { pointer: true, doc: 'What it is able to do.' }),
})
export interface NodeRuntimeHandler extends Infer<typeof nodeRuntimeHandler> {}

export const nodeFeatures = message(`${pkg}NodeFeatures`, {
  supplementalGroupsPolicy: field(1, bool, {
    pointer: true, doc: 'The runtime knows supplementalGroupsPolicy.',
  }),
})
export interface NodeFeatures extends Infer<typeof nodeFeatures> {}

export const nodeStatus = message(`${pkg}NodeStatus`, {
  capacity: field(1, map(quantity), { doc: 'All resources of the machine.' }),
  allocatable: field(2, map(quantity), { doc: 'Resources that Pods may use in sum.' }),
  phase: field(3, oneOf(...nodePhaseValues), { enum: nodePhaseValues, doc: 'Not used any more.' }),
  conditions: field(4, list(nodeCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
    doc: 'Current state of health, such as Ready.',
  }),
  addresses: field(5, list(nodeAddress), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
    doc: 'Addresses at which the machine is reached.',
  }),
  daemonEndpoints: field(6, nodeDaemonEndpoints, {
    doc: 'Ports of the programs that serve the Node.',
  }),
  nodeInfo: field(7, nodeSystemInfo, { doc: 'Versions and identities of the machine.' }),
  images: field(8, list(containerImage), {
    list: 'atomic', doc: 'Container images that the Node holds.',
  }),
  volumesInUse: field(9, list(string), {
    list: 'atomic', doc: 'Volumes that Pods of the Node use.',
  }),
  volumesAttached: field(10, list(attachedVolume), {
    list: 'atomic', doc: 'Volumes that are attached to the Node.',
  }),
  config: field(11, nodeConfigStatus, { pointer: true, doc: 'Not used any more.' }),
  runtimeHandlers: field(12, list(nodeRuntimeHandler), {
    list: 'atomic', doc: 'Handlers that the container runtime offers.',
  }),
  features: field(13, nodeFeatures, { pointer: true, doc: 'What the runtime is able to do.' }),
  declaredFeatures: field(14, list(string), {
    list: 'atomic', doc: 'Features that the kubelet says it has.',
  }),
})
export interface NodeStatus extends Infer<typeof nodeStatus> {}

export const node = message(`${pkg}Node`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, nodeSpec, { doc: 'What is wanted of the machine.' }),
  status: field(3, nodeStatus, { doc: 'What the machine reports about itself.' }),
}, { doc: 'A machine that runs Pods.' })
export interface Node extends Infer<typeof node> {}

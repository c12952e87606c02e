import {
  type Infer, always, bool, field, int32, int64, list, map, message, oneOf, quantity, string,
  time,
} from '../../schema.ts'
import { podPhaseValues, podQOSClassValues, signalValues } from '../core-enums.ts'
import { resourceRequirements } from './container.ts'

const pkg = 'io.k8s.api.core.v1.'

export const podCondition = message(`${pkg}PodCondition`, {
  type: always(1, string, { required: true, doc: 'Which step this tells of.' }),
  observedGeneration: field(7, int64, { doc: 'Generation of the Pod that was looked at.' }),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastProbeTime: always(3, time, { doc: 'When it was last looked at.' }),
  lastTransitionTime: always(4, time, { doc: 'When the status changed last.' }),
  reason: field(5, string, { doc: 'Why, in one word for programs.' }),
  message: field(6, string, { doc: 'Why, in a sentence for people.' }),
})
export interface PodCondition extends Infer<typeof podCondition> {}

export const hostIP = message(`${pkg}HostIP`, {
  ip: always(1, string, { required: true, doc: 'The address.' }),
})
export interface HostIP extends Infer<typeof hostIP> {}

export const podIP = message(`${pkg}PodIP`, {
  ip: always(1, string, { required: true, doc: 'The address.' }),
})
export interface PodIP extends Infer<typeof podIP> {}

export const containerStateWaiting = message(`${pkg}ContainerStateWaiting`, {
  reason: field(1, string, { doc: 'Why, in one word.' }),
  message: field(2, string, { doc: 'Why, in a sentence.' }),
})
export interface ContainerStateWaiting extends Infer<typeof containerStateWaiting> {}

export const containerStateRunning = message(`${pkg}ContainerStateRunning`, {
  startedAt: always(1, time, { doc: 'When it was started.' }),
})
export interface ContainerStateRunning extends Infer<typeof containerStateRunning> {}

export const containerStateTerminated = message(`${pkg}ContainerStateTerminated`, {
  exitCode: always(1, int32, { required: true, doc: 'Exit code of its process.' }),
  signal: field(2, int32, { doc: 'Signal that ended it.' }),
  reason: field(3, string, { doc: 'Why, in one word.' }),
  message: field(4, string, { doc: 'Why, in a sentence.' }),
  startedAt: always(5, time, { doc: 'When it was started.' }),
  finishedAt: always(6, time, { doc: 'When it ended.' }),
  containerID: field(7, string, { doc: 'Identity of the container.' }),
})
export interface ContainerStateTerminated extends Infer<typeof containerStateTerminated> {}

export const containerState = message(`${pkg}ContainerState`, {
  waiting: field(1, containerStateWaiting, { pointer: true, doc: 'It has not started yet.' }),
  running: field(2, containerStateRunning, { pointer: true, doc: 'It runs.' }),
  terminated: field(3, containerStateTerminated, { pointer: true, doc: 'It has ended.' }),
})
export interface ContainerState extends Infer<typeof containerState> {}

export const imageVolumeStatus = message(`${pkg}ImageVolumeStatus`, {
  imageRef: field(1, string, { required: true }),
})
export interface ImageVolumeStatus extends Infer<typeof imageVolumeStatus> {}

export const volumeStatus = message(`${pkg}VolumeStatus`, {
  image: field(1, imageVolumeStatus, { pointer: true }),
})
export interface VolumeStatus extends Infer<typeof volumeStatus> {}

export const volumeMountStatus = message(`${pkg}VolumeMountStatus`, {
  name: always(1, string, { required: true }),
  mountPath: always(2, string, { required: true }),
  readOnly: field(3, bool),
  recursiveReadOnly: field(4, string, { pointer: true }),
  volumeStatus: field(5, volumeStatus, { pointer: true }),
})
export interface VolumeMountStatus extends Infer<typeof volumeMountStatus> {}

export const linuxContainerUser = message(`${pkg}LinuxContainerUser`, {
  uid: always(1, int64, { required: true }),
  gid: always(2, int64, { required: true }),
  supplementalGroups: field(3, list(int64), { list: 'atomic' }),
})
export interface LinuxContainerUser extends Infer<typeof linuxContainerUser> {}

export const containerUser = message(`${pkg}ContainerUser`, {
  linux: field(1, linuxContainerUser, { pointer: true }),
})
export interface ContainerUser extends Infer<typeof containerUser> {}

export const resourceHealth = message(`${pkg}ResourceHealth`, {
  resourceID: always(1, string, { required: true }),
  health: field(2, string),
  message: field(6, string, { pointer: true }),
})
export interface ResourceHealth extends Infer<typeof resourceHealth> {}

export const resourceStatus = message(`${pkg}ResourceStatus`, {
  name: always(1, string, { required: true }),
  resources: field(2, list(resourceHealth), { list: 'map', keys: ['resourceID'] }),
})
export interface ResourceStatus extends Infer<typeof resourceStatus> {}

export const containerStatus = message(`${pkg}ContainerStatus`, {
  name: always(1, string, { required: true, doc: 'Name of the container.' }),
  state: field(2, containerState, { doc: 'What it does now.' }),
  lastState: field(3, containerState, { doc: 'How its last run ended.' }),
  ready: always(4, bool, { required: true, doc: 'It passes its readiness probe.' }),
  restartCount: always(5, int32, { required: true, doc: 'How often it was started again.' }),
  image: always(6, string, { required: true, doc: 'Image that it runs.' }),
  imageID: always(7, string, { required: true, doc: 'Identity of that image.' }),
  containerID: field(8, string, { doc: 'Identity of the container, with the runtime in front.' }),
  started: field(9, bool, { pointer: true, doc: 'It has passed its startup probe.' }),
  allocatedResources: field(10, map(quantity), {
    doc: 'Resources that the Node has set aside for it.',
  }),
  resources: field(11, resourceRequirements, { pointer: true, doc: 'Resources that it has.' }),
  volumeMounts: field(12, list(volumeMountStatus), {
    list: 'map', keys: ['mountPath'], merge: true, mergeKey: 'mountPath',
  }),
  user: field(13, containerUser, { pointer: true }),
  allocatedResourcesStatus: field(14, list(resourceStatus), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
  }),
  stopSignal: field(15, oneOf(...signalValues), { pointer: true, enum: signalValues }),
})
export interface ContainerStatus extends Infer<typeof containerStatus> {}

export const podResourceClaimStatus = message(`${pkg}PodResourceClaimStatus`, {
  name: always(1, string, { required: true }),
  resourceClaimName: field(2, string, { pointer: true }),
})
export interface PodResourceClaimStatus extends Infer<typeof podResourceClaimStatus> {}

export const containerExtendedResourceRequest = message(`${pkg}ContainerExtendedResourceRequest`, {
  containerName: always(1, string, { required: true }),
  resourceName: always(2, string, { required: true }),
  requestName: always(3, string, { required: true }),
})
export interface ContainerExtendedResourceRequest
  extends Infer<typeof containerExtendedResourceRequest> {}

export const podExtendedResourceClaimStatus = message(`${pkg}PodExtendedResourceClaimStatus`, {
  requestMappings: always(1, list(containerExtendedResourceRequest), {
    required: true, list: 'atomic',
  }),
  resourceClaimName: always(2, string, { required: true }),
})
export interface PodExtendedResourceClaimStatus
  extends Infer<typeof podExtendedResourceClaimStatus> {}

export const nodeAllocatableResourceClaimStatus = message(
  `${pkg}NodeAllocatableResourceClaimStatus`, {
  resourceClaimName: always(1, string, { required: true }),
  containers: field(2, list(string), { list: 'set' }),
  resources: always(3, map(quantity), { required: true }),
})
export interface NodeAllocatableResourceClaimStatus
  extends Infer<typeof nodeAllocatableResourceClaimStatus> {}

export const podStatus = message(`${pkg}PodStatus`, {
  observedGeneration: field(17, int64, {
    doc: 'Generation of the Pod that the kubelet has acted on.',
  }),
  phase: field(1, oneOf(...podPhaseValues), {
    enum: podPhaseValues,
    doc: 'Pending, Running, Succeeded, Failed or Unknown.',
  }),
  conditions: field(2, list(podCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
    doc: 'Steps the Pod has reached, such as PodScheduled and Ready.',
  }),
  message: field(3, string, { doc: 'Details for people about the current state.' }),
  reason: field(4, string, { doc: 'Why the Pod is in its state, in one word.' }),
  nominatedNodeName: field(11, string, { doc: 'Node that room is being made on.' }),
  hostIP: field(5, string, { doc: 'Address of the Node.' }),
  hostIPs: field(16, list(hostIP), {
    list: 'atomic', merge: true, mergeKey: 'ip',
    doc: 'Addresses of the Node, at most one a family.',
  }),
  podIP: field(6, string, { doc: 'Address of the Pod; the first of podIPs.' }),
  podIPs: field(12, list(podIP), {
    list: 'map', keys: ['ip'], merge: true, mergeKey: 'ip',
    doc: 'Addresses of the Pod, at most one a family.',
  }),
  startTime: field(7, time, { pointer: true, doc: 'When the Node began with the Pod.' }),
  initContainerStatuses: field(10, list(containerStatus), {
    list: 'atomic',
    doc: 'State of each init container.',
  }),
  containerStatuses: field(8, list(containerStatus), {
    list: 'atomic',
    doc: 'State of each container.',
  }),
  qosClass: field(9, oneOf(...podQOSClassValues), {
    enum: podQOSClassValues,
    doc: 'Who is stopped first when a Node runs out of resources.',
  }),
  ephemeralContainerStatuses: field(13, list(containerStatus), {
    list: 'atomic', doc: 'State of the ephemeral containers.',
  }),
  resize: field(14, string, { doc: 'Old word for how a resize goes; see the conditions.' }),
  resourceClaimStatuses: field(15, list(podResourceClaimStatus), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name', retainKeys: true,
    doc: 'Claims of devices that were made for the Pod.',
  }),
  extendedResourceClaimStatus: field(18, podExtendedResourceClaimStatus, { pointer: true }),
  allocatedResources: field(19, map(quantity), { doc: 'Resources that the Node has set aside.' }),
  resources: field(20, resourceRequirements, { pointer: true, doc: 'Resources that the Pod has.' }),
  nodeAllocatableResourceClaimStatuses: field(21, list(nodeAllocatableResourceClaimStatus), {
    list: 'atomic',
  }),
})
export interface PodStatus extends Infer<typeof podStatus> {}

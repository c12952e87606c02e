import {
  type Infer, always, bool, field, int32, int64, list, map, message, oneOf, quantity, string,
  time,
} from '../../schema.ts'
import { podPhaseValues, podQOSClassValues, signalValues } from '../core-enums.ts'
import { resourceRequirements } from './container.ts'

const pkg = 'io.k8s.api.core.v1.'

export const podCondition = message(`${pkg}PodCondition`, {
  type: always(1, string, { required: true, doc: 'Which step this tells of.' }),
  observedGeneration: field(7, int64),
  status: always(2, string, { required: true, doc: 'True, False or Unknown.' }),
  lastProbeTime: always(3, time),
  lastTransitionTime: always(4, time),
  reason: field(5, string),
  message: field(6, string),
})
export interface PodCondition extends Infer<typeof podCondition> {}

export const hostIP = message(`${pkg}HostIP`, {
  ip: always(1, string, { required: true }),
})
export interface HostIP extends Infer<typeof hostIP> {}

export const podIP = message(`${pkg}PodIP`, {
  ip: always(1, string, { required: true }),
})
export interface PodIP extends Infer<typeof podIP> {}

export const containerStateWaiting = message(`${pkg}ContainerStateWaiting`, {
  reason: field(1, string),
  message: field(2, string),
})
export interface ContainerStateWaiting extends Infer<typeof containerStateWaiting> {}

export const containerStateRunning = message(`${pkg}ContainerStateRunning`, {
  startedAt: always(1, time),
})
export interface ContainerStateRunning extends Infer<typeof containerStateRunning> {}

export const containerStateTerminated = message(`${pkg}ContainerStateTerminated`, {
  exitCode: always(1, int32, { required: true }),
  signal: field(2, int32),
  reason: field(3, string),
  message: field(4, string),
  startedAt: always(5, time),
  finishedAt: always(6, time),
  containerID: field(7, string),
})
export interface ContainerStateTerminated extends Infer<typeof containerStateTerminated> {}

export const containerState = message(`${pkg}ContainerState`, {
  waiting: field(1, containerStateWaiting, { pointer: true }),
  running: field(2, containerStateRunning, { pointer: true }),
  terminated: field(3, containerStateTerminated, { pointer: true }),
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
  name: always(1, string, { required: true }),
  state: field(2, containerState),
  lastState: field(3, containerState),
  ready: always(4, bool, { required: true }),
  restartCount: always(5, int32, { required: true }),
  image: always(6, string, { required: true }),
  imageID: always(7, string, { required: true }),
  containerID: field(8, string),
  started: field(9, bool, { pointer: true }),
  allocatedResources: field(10, map(quantity)),
  resources: field(11, resourceRequirements, { pointer: true }),
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
  observedGeneration: field(17, int64),
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
  nominatedNodeName: field(11, string),
  hostIP: field(5, string, { doc: 'Address of the Node.' }),
  hostIPs: field(16, list(hostIP), { list: 'atomic', merge: true, mergeKey: 'ip' }),
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
  ephemeralContainerStatuses: field(13, list(containerStatus), { list: 'atomic' }),
  resize: field(14, string),
  resourceClaimStatuses: field(15, list(podResourceClaimStatus), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name', retainKeys: true,
  }),
  extendedResourceClaimStatus: field(18, podExtendedResourceClaimStatus, { pointer: true }),
  allocatedResources: field(19, map(quantity)),
  resources: field(20, resourceRequirements, { pointer: true }),
  nodeAllocatableResourceClaimStatuses: field(21, list(nodeAllocatableResourceClaimStatus), {
    list: 'atomic',
  }),
})
export interface PodStatus extends Infer<typeof podStatus> {}

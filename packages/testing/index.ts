export {
  type ControlPlane, type ControlPlaneOptions, startControlPlane,
} from './start-control-plane.ts'
/** What calls of `ControlPlane.api` take and give: the table of resources, options, errors. */
export {
  type Api, type ItemRef, type JsonPatchOperation, type KubeObject, type ListOptions,
  type ObjectList, type Patch, type ResourceRef, type Selection, type Status, StatusError,
  type StatusReason, type Stored, type WatchEvent, type WatchOptions, type WriteOptions, resources,
} from '@slicewise/kube'
/** The kinds that tests of controllers and operators make and read most. */
export type {
  ConfigMap, DaemonSet, DeleteOptions, Deployment, Endpoint, EndpointPort, EndpointSlice, Endpoints,
  Event, Ingress, Lease, Namespace, Node, ObjectMeta, OwnerReference, Pod, ReplicaSet, Secret,
  Service, ServiceAccount, ServicePort, StatefulSet,
} from '@slicewise/kube'

import type {
  DaemonSet, Deployment, Endpoints, EndpointSlice, Namespace, Node, Pod, ReplicaSet, Service,
  StatefulSet, Stored,
} from '@slicewise/kube'

/** What could not be read, and why. Lack of rights is a fact to report, not a failure. */
export interface Unread {
  /** Such as `nodes` or `pods of other namespaces`. */
  readonly what: string
  readonly why: 'Forbidden' | 'NotServed' | 'Failed'
  /** The words of the server. */
  readonly message: string
}

/** Something that makes Pods from a template. */
export type Workload =
  | { readonly kind: 'Deployment'; readonly object: Stored<Deployment> }
  | { readonly kind: 'ReplicaSet'; readonly object: Stored<ReplicaSet> }
  | { readonly kind: 'StatefulSet'; readonly object: Stored<StatefulSet> }
  | { readonly kind: 'DaemonSet'; readonly object: Stored<DaemonSet> }

/**
 * What was read from a cluster, as plain data: all that the analysis knows. What is `undefined`
 * could not be read and stands in `unread`; an empty list was read and is empty.
 */
export interface World {
  /** When it was read, ms since the epoch. */
  readonly nowMs: number
  readonly namespaces: readonly Stored<Namespace>[]
  readonly services: readonly Stored<Service>[]
  readonly pods: readonly Stored<Pod>[] | undefined
  /** Every Node that a Pod of it names; undefined: nothing is known of Nodes. */
  readonly nodes: ReadonlyMap<string, Stored<Node>> | undefined
  readonly slices: readonly Stored<EndpointSlice>[] | undefined
  readonly endpoints: readonly Stored<Endpoints>[]
  readonly workloads: readonly Workload[]
  readonly unread: readonly Unread[]
}

/**
 * The Node of a Pod. Where Nodes could not be read, every named Node is taken to exist, with
 * nothing known about it.
 */
export function nodeOf(world: World, pod: Pod): Node | undefined {
  const name = pod.spec?.nodeName ?? ''
  if (world.nodes !== undefined) return world.nodes.get(name)
  return name === '' ? undefined : {}
}

import { type Revision, compareRevisions } from '@slicewise/base'
import {
  managedByController, managedByLabel, serviceNameLabel, whySelectsNothing, zoneOf,
} from '@slicewise/discovery'
import {
  type Change, type EndpointSlice, type Node, type Pod, type Service, type Stored, objectKey,
} from '@slicewise/kube'
import { SelectedPods } from '../services/selected-pods.ts'
import { type Memory, ServiceState, isSameService, newMemory } from './service-state.ts'
import { Topology } from './topology.ts'

type SlicesByName = Map<string, Stored<EndpointSlice>>

export interface SliceStateOptions {
  /** The slices of this Service may differ from what is wanted. */
  onDirty(key: string): void
}

/**
 * What the caches show, joined: which Pods are endpoints of which Service, and which slices hold
 * them. One change touches what it changes: a Pod its own Services and its own places in their
 * slices, a slice its own endpoints, a Node its own Pods; only a changed Service is built anew.
 *
 * Changes may come in any order across kinds. Until `start`, they are only collected.
 */
export class SliceState {
  readonly #options: SliceStateOptions
  readonly #pods = new SelectedPods<ServiceState>()
  readonly #services = new Map<string, Stored<Service>>()
  readonly #states = new Map<string, ServiceState>()
  readonly #nodes = new Map<string, Stored<Node>>()
  /** Keys of Pods, by the Node that they are bound to. */
  readonly #podsOnNode = new Map<string, Set<string>>()
  /** Slices of ours by Service key and name, also those of Services that are not there. */
  readonly #slices = new Map<string, SlicesByName>()
  readonly #slicesByUid = new Map<string, Stored<EndpointSlice>>()
  /** Per Service: changes of its slices up to here are older than a live read. */
  readonly #liveAt = new Map<string, Revision>()
  readonly topology = new Topology(this.#nodes)
  #started = false

  constructor(options: SliceStateOptions) {
    this.#options = options
  }

  /** Services whose slices are kept, in no promised order. */
  keys(): IterableIterator<string> {
    return this.#states.keys()
  }

  get(key: string): ServiceState | undefined {
    return this.#states.get(key)
  }

  /** Candidates compared and places judged so far: what changes have cost. */
  get work(): number {
    let judged = this.#pods.compared
    for (const { placements } of this.#states.values()) {
      for (const placement of placements) judged += placement.judged
    }
    return judged
  }

  /** Revision of an observed slice of ours. */
  revisionOf(uid: string): Revision | undefined {
    return this.#slicesByUid.get(uid)?.metadata.resourceVersion
  }

  /** Joins what was collected; every Service is dirty. Each Pod is matched once. */
  start(): void {
    this.#started = true
    for (const [key, service] of this.#services) this.#build(key, service, newMemory())
    this.#pods.start()
  }

  applyPod(change: Change<Pod>): void {
    const { namespace = '', name } = (change.after ?? change.before)?.metadata ?? { name: '' }
    const from = this.#pods.get(namespace, name)?.pod.spec?.nodeName
    this.#moveToNode(change.key, from, change.after?.spec?.nodeName)
    this.#pods.applyPod(change)
  }

  applyNode({ before, after }: Change<Node>): void {
    const name = (after ?? before)?.metadata.name ?? ''
    const known = this.#nodes.get(name)
    if (after === undefined) this.#nodes.delete(name)
    else this.#nodes.set(name, after)
    this.topology.applyNode(known, after)
    const same = (known === undefined) === (after === undefined) && zoneOf(known) === zoneOf(after)
    if (same || !this.#started) return
    for (const pod of this.#podsOnNode.get(name) ?? []) {
      const [namespace = '', podName = ''] = pod.split('/')
      this.#pods.retell(namespace, podName)
    }
  }

  applyService({ key, after }: Change<Service>): void {
    const known = this.#states.get(key)
    if (after === undefined) this.#services.delete(key)
    else this.#services.set(key, after)
    if (!this.#started) return
    if (after === undefined || whySelectsNothing(after) !== undefined) return this.#drop(key)
    if (known !== undefined && isSameService(known.service, after)) known.service = after
    else this.#renew(key, after, known)
    this.#options.onDirty(key)
  }

  /** Does not mark the Service dirty: the controller tells foreign writes from its own. */
  applySlice({ before, after, revision }: Change<EndpointSlice>): void {
    const from = ownerKey(before)
    const to = ownerKey(after)
    if (from !== undefined && before && from !== to && this.#isNews(from, revision)) {
      this.#hideSlice(from, before)
    }
    if (to !== undefined && after && this.#isNews(to, revision)) this.#showSlice(to, after)
  }

  /** Takes a live list of one Service's slices, and builds the Service anew from it. */
  adopt(key: string, slices: readonly Stored<EndpointSlice>[], revision: Revision): void {
    for (const slice of this.#slices.get(key)?.values() ?? []) {
      this.#slicesByUid.delete(slice.metadata.uid)
    }
    this.#slices.delete(key)
    for (const slice of slices) if (ownerKey(slice) === key) this.#keepSlice(key, slice)
    this.#liveAt.set(key, revision)
    this.rebuild(key)
  }

  /** Drops the derived state of a Service and derives it again from what was observed. */
  rebuild(key: string): void {
    const service = this.#services.get(key)
    if (service === undefined || whySelectsNothing(service) !== undefined) return this.#drop(key)
    this.#renew(key, service, this.#states.get(key))
  }

  #renew(key: string, service: Stored<Service>, known: ServiceState | undefined): void {
    const same = known?.service.metadata.uid === service.metadata.uid
    const memory = same && known ? known.memory : newMemory()
    this.#build(key, service, memory, known)
  }

  /** Makes the state of one Service. Triggers of Pods that it no longer selects are forgotten. */
  #build(
    key: string, service: Stored<Service>, memory: Memory, known?: ServiceState,
  ): void {
    if (whySelectsNothing(service) !== undefined) return this.#drop(key)
    let built = false
    const state = new ServiceState({
      key, service, memory,
      nodeOf: (node) => this.#nodes.get(node),
      onChange: () => { if (built) this.#options.onDirty(key) },
    })
    this.#states.set(key, state)
    for (const slice of this.#slices.get(key)?.values() ?? []) state.showSlice(slice)
    this.#pods.set(service, state)
    for (const name of known?.members ?? []) {
      if (!state.members.has(name)) memory.triggers.forget(name)
    }
    built = true
    this.#options.onDirty(key)
  }

  #drop(key: string): void {
    const state = this.#states.get(key)
    if (state === undefined) return
    this.#pods.delete(state.service)
    this.#states.delete(key)
    this.#options.onDirty(key)
  }

  #moveToNode(pod: string, from: string | undefined, to: string | undefined): void {
    if (from === to) return
    const left = from ? this.#podsOnNode.get(from) : undefined
    if (left?.delete(pod) && left.size === 0) this.#podsOnNode.delete(from ?? '')
    if (!to) return
    const joined = this.#podsOnNode.get(to)
    if (joined === undefined) this.#podsOnNode.set(to, new Set([pod]))
    else joined.add(pod)
  }

  #showSlice(key: string, slice: Stored<EndpointSlice>): void {
    this.#keepSlice(key, slice)
    this.#states.get(key)?.showSlice(slice)
  }

  #keepSlice(key: string, slice: Stored<EndpointSlice>): void {
    this.#slicesByUid.set(slice.metadata.uid, slice)
    const slices = this.#slices.get(key)
    if (slices === undefined) this.#slices.set(key, new Map([[slice.metadata.name, slice]]))
    else slices.set(slice.metadata.name, slice)
  }

  #hideSlice(key: string, slice: Stored<EndpointSlice>): void {
    const slices = this.#slices.get(key)
    const known = slices?.get(slice.metadata.name)
    if (slices === undefined || known?.metadata.uid !== slice.metadata.uid) return
    slices.delete(slice.metadata.name)
    if (slices.size === 0) this.#slices.delete(key)
    this.#slicesByUid.delete(slice.metadata.uid)
    this.#states.get(key)?.hideSlice(slice)
  }

  /** False for events that a live read of this Service's slices has overtaken. */
  #isNews(key: string, revision: Revision): boolean {
    const liveAt = this.#liveAt.get(key)
    if (liveAt === undefined) return true
    if (compareRevisions(revision, liveAt) <= 0) return false
    this.#liveAt.delete(key)
    return true
  }
}

/** The Service that a slice of this controller belongs to; undefined for slices of others. */
export function ownerKey(slice: Stored<EndpointSlice> | undefined): string | undefined {
  const labels = slice?.metadata.labels
  const name = labels?.[serviceNameLabel]
  if (!name || labels?.[managedByLabel] !== managedByController) return undefined
  return objectKey({ namespace: slice?.metadata.namespace ?? '', name })
}

import {
  type Family, type Labels, Placement, type PortGroup, TriggerTimes, type ZoneCounts, endpointOf,
  familiesOf, hintModeOf, portResolver, publishesNotReady, sliceLabels, whyUnfit,
} from '@slicewise/discovery'
import type { EndpointSlice, Node, Pod, Service, Stored } from '@slicewise/kube'
import type { Members, PodEntry } from '../services/selected-pods.ts'

/** What a Service keeps when its state is built anew: nothing of it can be read off objects. */
export interface Memory {
  readonly triggers: TriggerTimes
  /** Hints given by topology, by family; a family without them has none. */
  readonly given: Map<Family, ZoneCounts>
}

export const newMemory = (): Memory => ({ triggers: new TriggerTimes(), given: new Map() })

export type NodeOf = (name: string) => Stored<Node> | undefined

/**
 * Everything known about the slices of one Service: its Pods as endpoints, its slices as observed,
 * and what differs. Derived state only: it may be dropped and built again at any time.
 */
export class ServiceState implements Members {
  readonly key: string
  service: Stored<Service>
  readonly placements: readonly Placement[]
  readonly memory: Memory
  /** Slices of families that the Service does not have; they all go. */
  readonly #otherFamilies = new Map<string, Stored<EndpointSlice>>()
  /** Pods that are left out because their Node is unknown. */
  readonly missingNodes = new Set<string>()
  /** Names of the Pods that the selector selects. */
  readonly #members = new Set<string>()
  readonly #byFamily: ReadonlyMap<string, Placement>
  readonly #portsOf: (pod: Pod) => PortGroup
  readonly #nodeOf: NodeOf
  readonly #onChange: () => void

  constructor(options: {
    key: string; service: Stored<Service>; memory: Memory; nodeOf: NodeOf
    /** A Pod made its slices differ from what is wanted, or agree again. */
    onChange: () => void
  }) {
    const { service } = options
    this.key = options.key
    this.service = service
    this.memory = options.memory
    this.#nodeOf = options.nodeOf
    this.#onChange = options.onChange
    this.#portsOf = portResolver(service)
    const labels: Labels = sliceLabels(service)
    const { namespace = '', uid: ownerUid } = service.metadata
    const families: readonly Family[] = [...new Set(familiesOf(service))]
    const hintMode = hintModeOf(service)
    this.placements = families.map((family) =>
      new Placement({ family, namespace, ownerUid, labels, hintMode }))
    this.#byFamily = new Map(this.placements.map((one) => [one.family, one]))
  }

  get members(): ReadonlySet<string> {
    return this.#members
  }

  /** Whether its hints follow the capacity of zones. */
  get asksForTopology(): boolean {
    return this.placements[0]?.hints.mode.kind === 'auto'
  }

  get otherFamilies(): readonly Stored<EndpointSlice>[] {
    return [...this.#otherFamilies.values()]
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  }

  /** Takes the state of a Pod that the selector selects. */
  setPod(entry: PodEntry): void {
    this.#members.add(entry.name)
    this.memory.triggers.see(entry.name, entry.pod)
    const fit = whyUnfit(entry.pod) === undefined
    if (fit ? this.#want(entry) : this.#wantNothing(entry.name)) this.#onChange()
  }

  removePod({ name }: PodEntry): void {
    this.#members.delete(name)
    this.memory.triggers.forget(name)
    if (this.#wantNothing(name)) this.#onChange()
  }

  #want(entry: PodEntry): boolean {
    const { name, pod } = entry
    const node = this.#nodeOf(pod.spec?.nodeName ?? '')
    const skipped = node === undefined && !publishesNotReady(this.service)
    let changed = this.missingNodes.has(name) !== skipped
    if (skipped) this.missingNodes.add(name)
    else this.missingNodes.delete(name)
    const ports = this.#portsOf(pod)
    for (const placement of this.placements) {
      const { family } = placement
      const absent = skipped || entry.addresses[family].length === 0
      const endpoint = absent
        ? undefined : endpointOf(pod, this.service, family, entry.addresses, node)
      if (placement.want(name, { ports, endpoint })) changed = true
    }
    return changed
  }

  showSlice(slice: Stored<EndpointSlice>): void {
    // A slice on its way out serves nobody any more: its endpoints need another place.
    if (slice.metadata.deletionTimestamp) return this.hideSlice(slice)
    const placement = this.#byFamily.get(slice.addressType)
    if (placement === undefined) this.#otherFamilies.set(slice.metadata.name, slice)
    else placement.show(slice)
  }

  hideSlice(slice: Stored<EndpointSlice>): void {
    this.#otherFamilies.delete(slice.metadata.name)
    this.#byFamily.get(slice.addressType)?.hide(slice.metadata.name)
  }

  #wantNothing(pod: string): boolean {
    let changed = this.missingNodes.delete(pod)
    for (const placement of this.placements) {
      if (placement.want(pod, undefined)) changed = true
    }
    return changed
  }
}

/** Whether a new version of a Service asks for other slices. Its status and annotations do not. */
export function isSameService(a: Stored<Service>, b: Stored<Service>): boolean {
  return a.metadata.uid === b.metadata.uid
    && JSON.stringify(relevant(a)) === JSON.stringify(relevant(b))
}

function relevant(service: Stored<Service>): unknown {
  const { spec, metadata } = service
  return [
    sliceLabels(service), spec?.selector, spec?.ports, spec?.type, spec?.clusterIP,
    spec?.ipFamilies, hintModeOf(service), publishesNotReady(service),
    Boolean(metadata.deletionTimestamp),
  ]
}

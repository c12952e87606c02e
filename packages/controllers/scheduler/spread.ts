import type { Node, Stored } from '@slicewise/kube'
import { type Misfit, type PodFit, misfit, misfitText } from './fit.ts'

const zoneLabel = 'topology.kubernetes.io/zone'
/** Nodes that do not say how many Pods they take get the kubelet's default. */
const podsPerNodeDefault = 110

interface Place {
  node: Stored<Node>
  zone: string
  capacity: number
  /** Pods on the Node that are not finished. */
  pods: number
  /** Of these, how many of each group (Pods of one owner). */
  readonly groups: Map<string, number>
}

/** What has to be placed: where it fits and with whom it should not stand together. */
export interface Unplaced {
  readonly fit: PodFit
  /** Pods of one group are spread over zones, then over Nodes. */
  readonly group: string
}

export type Placed =
  | { readonly node: string }
  | { readonly node: undefined; readonly because: string }

/**
 * Counts Pods by Node and group and chooses the emptiest place: the zone with the fewest of the
 * group, then the Node with the fewest of the group, then with the fewest Pods, then by name.
 */
export class Spread {
  readonly #places = new Map<string, Place>()
  readonly #zones = new Map<string, Map<string, number>>()

  setNode(node: Stored<Node>): void {
    const name = node.metadata.name
    const zone = node.metadata.labels?.[zoneLabel] ?? ''
    const capacity = Number(node.status?.allocatable?.['pods'] ?? podsPerNodeDefault)
    const known = this.#places.get(name)
    if (known === undefined) {
      this.#places.set(name, { node, zone, capacity, pods: 0, groups: new Map() })
      return
    }
    if (known.zone !== zone) this.#moveZone(known, zone)
    known.node = node
    known.capacity = capacity
  }

  /** Pods of the Node are forgotten with it. */
  removeNode(name: string): void {
    const place = this.#places.get(name)
    if (place === undefined) return
    for (const [group, count] of place.groups) this.#countZone(place.zone, group, -count)
    this.#places.delete(name)
  }

  /** Notes that a Pod of `group` stands on a Node (+1) or left it (-1). */
  count(nodeName: string, group: string, by: 1 | -1): void {
    const place = this.#places.get(nodeName)
    if (place === undefined) return
    place.pods += by
    add(place.groups, group, by)
    this.#countZone(place.zone, group, by)
  }

  choose({ fit, group }: Unplaced): Placed {
    let best: Place | undefined
    const misfits = new Map<string, number>()
    for (const place of this.#places.values()) {
      const reason: Misfit | undefined = place.pods >= place.capacity
        ? { why: 'TooManyPods' }
        : misfit(fit, place.node)
      if (reason !== undefined) add(misfits, misfitText(reason), 1)
      else if (best === undefined || this.#isBetter(place, best, group)) best = place
    }
    if (best !== undefined) return { node: best.node.metadata.name }
    return { node: undefined, because: this.#summary(misfits) }
  }

  #isBetter(a: Place, b: Place, group: string): boolean {
    const zone = this.#inZone(a.zone, group) - this.#inZone(b.zone, group)
    if (zone !== 0 && a.zone !== b.zone) return zone < 0
    const same = (a.groups.get(group) ?? 0) - (b.groups.get(group) ?? 0)
    if (same !== 0) return same < 0
    if (a.pods !== b.pods) return a.pods < b.pods
    return a.node.metadata.name < b.node.metadata.name
  }

  #inZone(zone: string, group: string): number {
    return this.#zones.get(zone)?.get(group) ?? 0
  }

  #moveZone(place: Place, zone: string): void {
    for (const [group, count] of place.groups) {
      this.#countZone(place.zone, group, -count)
      this.#countZone(zone, group, count)
    }
    place.zone = zone
  }

  #countZone(zone: string, group: string, by: number): void {
    const groups = this.#zones.get(zone) ?? new Map<string, number>()
    this.#zones.set(zone, groups)
    add(groups, group, by)
  }

  #summary(misfits: ReadonlyMap<string, number>): string {
    const total = this.#places.size
    if (total === 0) return 'no nodes available to schedule pods'
    const parts = [...misfits].map(([text, count]) => `${count} ${text}`).sort()
    return `0/${total} nodes are available: ${parts.join(', ')}.`
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

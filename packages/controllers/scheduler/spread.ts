import type { Node, Stored } from '@slicewise/kube'
import { type Misfit, type PodFit, misfit, misfitText } from './fit.ts'

const zoneLabel = 'topology.kubernetes.io/zone'
/** Nodes that do not say how many Pods they take get the kubelet's default. */
const podsPerNodeDefault = 110

interface Zone {
  /** Pods that are not finished, by group. */
  readonly groups: Map<string, number>
  /** How many of the group that is being placed; set by each choice. */
  ofGroup: number
}

interface Place {
  node: Stored<Node>
  zone: Zone
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
  readonly #zones = new Map<string, Zone>()

  setNode(node: Stored<Node>): void {
    const name = node.metadata.name
    const zone = this.#zone(node.metadata.labels?.[zoneLabel] ?? '')
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
    for (const [group, count] of place.groups) add(place.zone.groups, group, -count)
    this.#places.delete(name)
  }

  /** Notes that a Pod of `group` stands on a Node (+1) or left it (-1); not for unknown Nodes. */
  count(nodeName: string, group: string, by: 1 | -1): void {
    const place = this.#places.get(nodeName)
    if (place === undefined) return
    place.pods += by
    add(place.groups, group, by)
    add(place.zone.groups, group, by)
  }

  choose({ fit, group }: Unplaced): Placed {
    for (const zone of this.#zones.values()) zone.ofGroup = zone.groups.get(group) ?? 0
    let best: Place | undefined
    for (const place of this.#places.values()) {
      if (place.pods >= place.capacity) continue
      if (best !== undefined && !isBetter(place, best, group)) continue
      if (misfit(fit, place.node) === undefined) best = place
    }
    if (best !== undefined) return { node: best.node.metadata.name }
    return { node: undefined, because: this.#summary(fit) }
  }

  #moveZone(place: Place, zone: Zone): void {
    for (const [group, count] of place.groups) {
      add(place.zone.groups, group, -count)
      add(zone.groups, group, count)
    }
    place.zone = zone
  }

  #zone(name: string): Zone {
    const known = this.#zones.get(name) ?? { groups: new Map(), ofGroup: 0 }
    this.#zones.set(name, known)
    return known
  }

  /** Why no place takes the Pod, in the words of kube-scheduler. */
  #summary(fit: PodFit): string {
    const total = this.#places.size
    if (total === 0) return 'no nodes available to schedule pods'
    const misfits = new Map<string, number>()
    for (const { pods, capacity, node } of this.#places.values()) {
      const reason: Misfit | undefined = pods >= capacity
        ? { why: 'TooManyPods' } : misfit(fit, node)
      if (reason !== undefined) add(misfits, misfitText(reason), 1)
    }
    const parts = [...misfits].map(([text, count]) => `${count} ${text}`).sort()
    return `0/${total} nodes are available: ${parts.join(', ')}.`
  }
}

function isBetter(a: Place, b: Place, group: string): boolean {
  if (a.zone.ofGroup !== b.zone.ofGroup) return a.zone.ofGroup < b.zone.ofGroup
  const same = (a.groups.get(group) ?? 0) - (b.groups.get(group) ?? 0)
  if (same !== 0) return same < 0
  if (a.pods !== b.pods) return a.pods < b.pods
  return a.node.metadata.name < b.node.metadata.name
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

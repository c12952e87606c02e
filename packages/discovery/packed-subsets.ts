import { SortedMap } from '@slicewise/base'
import type { EndpointsAddress, EndpointsPort, EndpointsSubset } from '@slicewise/kube'
import type { PortGroup } from './ports.ts'
import {
  addressKey, bySubset, endpointsPortKey, endpointsPorts, makeSubset, sortedPorts,
} from './subsets.ts'

/** What one Pod adds to the Endpoints of a Service. */
export interface Offer {
  readonly address: EndpointsAddress
  readonly ready: boolean
  /** All ports of the Pod; without any, the address stands in a subset without ports. */
  readonly ports: PortGroup
}

/** Pods that offer the same ports. */
interface Group {
  readonly ports: readonly EndpointsPort[]
  readonly ready: SortedMap<EndpointsAddress>
  readonly notReady: SortedMap<EndpointsAddress>
}

interface Held {
  readonly offer: Offer
  readonly at: string
}

/** Ports that exactly the same Pods offer. */
interface Shared {
  readonly ports: EndpointsPort[]
  readonly groups: readonly Group[]
}

export interface Packed {
  readonly subsets: EndpointsSubset[]
  /** There were more addresses than fit. */
  readonly truncated: boolean
}

/**
 * The subsets of one Service, kept sorted while Pods come and go: a change costs its own place in
 * one sorted list, and reading the subsets costs what is read. `subsets` equals `repackSubsets` of
 * one subset for each Pod and port. May be thrown away and filled again at any time.
 */
export class PackedSubsets {
  readonly #held = new Map<string, Held>()
  readonly #groups = new Map<string, Group>()

  /** Takes what a Pod offers now; `undefined` for nothing. Returns whether that is a change. */
  set(pod: string, offer: Offer | undefined): boolean {
    const before = this.#held.get(pod)
    if (offer === undefined) {
      if (before === undefined) return false
      this.#remove(pod, before)
      return true
    }
    if (before !== undefined) {
      if (sameOffer(before.offer, offer)) return false
      this.#remove(pod, before)
    }
    const at = `${addressKey(offer.address)}\0${pod}`
    this.#held.set(pod, { offer, at })
    const { ready, notReady } = this.#group(offer.ports)
    const list = offer.ready ? ready : notReady
    list.set(at, offer.address)
    return true
  }

  /** Pods that offer something. */
  get size(): number {
    return this.#held.size
  }

  /**
   * The subsets, of at most `max` addresses: ready ones go first, each subset keeps its share of
   * the beginning of its list, rounded up. An address under ports of two subsets counts twice.
   */
  subsets(max: number): Packed {
    const shared = this.#shared()
    const ready = sum(shared, (group) => group.ready.size)
    const notReady = sum(shared, (group) => group.notReady.size)
    const truncated = ready + notReady > max
    const readyShare = sharing(Math.min(ready, max), ready)
    const notReadyShare = sharing(Math.min(notReady, Math.max(0, max - ready)), notReady)
    const subsets = shared.map(({ ports, groups }) => makeSubset(
      first(groups.map((group) => group.ready), readyShare),
      first(groups.map((group) => group.notReady), notReadyShare),
      ports,
    ))
    // The API takes no subset without addresses; a cut may leave one.
    const filled = subsets.filter((one) => one.addresses ?? one.notReadyAddresses)
    return { subsets: filled, truncated }
  }

  /** In the order of the subsets. */
  #shared(): Shared[] {
    const groups = [...this.#groups.values()]
    if (groups.length === 1) {
      return groups.map((group) => ({ ports: sortedPorts(group.ports), groups }))
    }
    const offering = new Map<string, { port: EndpointsPort | undefined; by: number[] }>()
    for (const [index, { ports }] of groups.entries()) {
      for (const port of ports.length === 0 ? [undefined] : ports) {
        const key = port === undefined ? '' : endpointsPortKey(port)
        const known = offering.get(key)
        if (known === undefined) offering.set(key, { port, by: [index] })
        else known.by.push(index)
      }
    }
    const shared = new Map<string, Shared>()
    for (const { port, by } of offering.values()) {
      const text = by.join()
      const known = shared.get(text) ?? { ports: [], groups: by.map((at) => groups[at] as Group) }
      if (port !== undefined) known.ports.push(port)
      shared.set(text, known)
    }
    return [...shared.values()]
      .map((one) => ({ ...one, ports: sortedPorts(one.ports) })).sort(bySubset)
  }

  #group(ports: PortGroup): Group {
    const known = this.#groups.get(ports.key)
    if (known !== undefined) return known
    const unique = new Map(endpointsPorts(ports.ports)
      .map((port) => [endpointsPortKey(port), port] as const))
    const group: Group = {
      ports: [...unique.values()], ready: new SortedMap(), notReady: new SortedMap(),
    }
    this.#groups.set(ports.key, group)
    return group
  }

  #remove(pod: string, { offer, at }: Held): void {
    this.#held.delete(pod)
    const group = this.#group(offer.ports)
    const list = offer.ready ? group.ready : group.notReady
    list.delete(at)
    if (group.ready.size + group.notReady.size === 0) this.#groups.delete(offer.ports.key)
  }
}

const sum = (shared: readonly Shared[], size: (group: Group) => number): number =>
  shared.reduce((total, { groups }) =>
    groups.reduce((inner, group) => inner + size(group), total), 0)

/** Hands out `budget` places among `total`: shares by size, rounded up, until none is left. */
function sharing(budget: number, total: number): (size: number) => number {
  let left = budget
  return (size) => {
    if (budget >= total) return size
    const share = Math.min(size, left, Math.ceil((size / total) * budget))
    left -= share
    return share
  }
}

/** The first addresses of several sorted lists taken as one, as many as their share. */
function first(
  lists: readonly SortedMap<EndpointsAddress>[], shareOf: (size: number) => number,
): EndpointsAddress[] {
  const share = shareOf(lists.reduce((total, list) => total + list.size, 0))
  if (share === 0) return []
  const [only, ...others] = lists
  if (only !== undefined && others.length === 0) return beginning(only, share)
  const found: { key: string; address: EndpointsAddress }[] = []
  for (const list of lists) {
    let taken = 0
    list.walk('', '', (address, key) => {
      found.push({ key, address })
      return ++taken < share
    })
  }
  found.sort((a, b) => (a.key < b.key ? -1 : 1))
  return found.slice(0, share).map(({ address }) => address)
}

function beginning(list: SortedMap<EndpointsAddress>, count: number): EndpointsAddress[] {
  const found: EndpointsAddress[] = []
  list.walk('', '', (address) => found.push(address) < count)
  return found
}

function sameOffer(a: Offer, b: Offer): boolean {
  const [one, other] = [a.address, b.address]
  return a.ready === b.ready && a.ports.key === b.ports.key && one.ip === other.ip
    && one.hostname === other.hostname && one.nodeName === other.nodeName
    && one.targetRef?.uid === other.targetRef?.uid
}

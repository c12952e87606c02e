import type {
  EndpointPort, EndpointsAddress, EndpointsPort, EndpointsSubset, ObjectReference,
} from '@slicewise/kube'

/** Subsets as they may be found: lists can be null when others than the API wrote them. */
export type FoundSubsets = readonly (EndpointsSubset | null)[] | null | undefined

interface Offered {
  /** Undefined for addresses that are offered without any port. */
  readonly port: EndpointsPort | undefined
  /** By address key: ready or not. */
  readonly states: Map<string, boolean>
}

/**
 * Where an address stands in a sorted list: by the bytes of its text, so `10.0.0.10` comes before
 * `10.0.0.9`, then by the uid of what it belongs to.
 */
export function addressKey({ ip, targetRef }: EndpointsAddress): string {
  return `${ip}\0${targetRef?.uid ?? ''}`
}

/**
 * Equal for equal (name, protocol, port, appProtocol). The reference compares `appProtocol` by
 * identity, which makes one port two; by value it is one.
 */
export function endpointsPortKey(port: EndpointsPort): string {
  return JSON.stringify(
    [port.name ?? '', port.protocol ?? '', port.port, port.appProtocol ?? null],
  )
}

/**
 * The one spelling of what subsets say: ports that are offered by the same addresses in the same
 * readiness share a subset; each address stands once under a port, not ready when anybody says so;
 * what is first seen of an address supplies its attributes. Ports without a number count as none.
 * Sorted throughout, so that equal contents are equal lists. Shares addresses with its input.
 */
export function repackSubsets(subsets: FoundSubsets): EndpointsSubset[] {
  const addresses = new Map<string, EndpointsAddress>()
  const offers = new Map<string, Offered>()
  for (const subset of subsets ?? []) {
    if (!subset) continue
    const ports = (subset.ports ?? []).filter((port) => Boolean(port))
    for (const port of ports.length === 0 ? [undefined] : ports) {
      offer(offers, addresses, port, subset)
    }
  }
  const shared = new Map<string, Offered[]>()
  for (const one of [...offers.values()]) {
    const text = offers.size === 1 ? '' : statesText(one.states)
    const known = shared.get(text)
    if (known === undefined) shared.set(text, [one])
    else known.push(one)
  }
  return [...shared.values()].map((group) => subsetOf(group, addresses)).sort(bySubset)
}

function offer(
  offers: Map<string, Offered>, addresses: Map<string, EndpointsAddress>,
  port: EndpointsPort | undefined, subset: EndpointsSubset,
): void {
  const key = port === undefined ? '' : endpointsPortKey(port)
  const states = offers.get(key)?.states ?? new Map<string, boolean>()
  const note = (list: readonly EndpointsAddress[] | null | undefined, ready: boolean): void => {
    for (const address of list ?? []) {
      if (!address) continue
      const at = addressKey(address)
      if (!addresses.has(at)) addresses.set(at, address)
      if (states.get(at) !== false) states.set(at, ready)
    }
  }
  note(subset.addresses, true)
  note(subset.notReadyAddresses, false)
  if (states.size > 0 && !offers.has(key)) offers.set(key, { port, states })
}

const statesText = (states: ReadonlyMap<string, boolean>): string =>
  [...states].map(([key, ready]) => `${key} ${ready}`).sort().join('\n')

function subsetOf(
  group: readonly Offered[], addresses: ReadonlyMap<string, EndpointsAddress>,
): EndpointsSubset {
  const ready: EndpointsAddress[] = []
  const notReady: EndpointsAddress[] = []
  for (const [key, isReady] of inOrder(group[0]?.states ?? new Map<string, boolean>())) {
    const list = isReady ? ready : notReady
    list.push(addresses.get(key) as EndpointsAddress)
  }
  const ports = group.flatMap(({ port }) => (port !== undefined && port.port > 0 ? [port] : []))
  return makeSubset(ready, notReady, sortedPorts(ports))
}

/** Entries by key; most come in order already. */
function inOrder(states: ReadonlyMap<string, boolean>): readonly (readonly [string, boolean])[] {
  const entries = [...states]
  const isSorted = entries.every(([key], at) =>
    at === 0 || (entries[at - 1] as [string, boolean])[0] < key)
  return isSorted ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * Certain to be what `repackSubsets` would make of it: one subset whose addresses and ports stand
 * in order, none of them twice. Saves the repacking of what was packed already.
 */
export function isRepacked(subsets: FoundSubsets): boolean {
  const [subset, ...others] = subsets ?? []
  if (subset === undefined) return true
  if (subset === null || others.length > 0) return false
  const { addresses, notReadyAddresses, ports } = subset
  const [ready, notReady, all] = [addresses ?? [], notReadyAddresses ?? [], ports ?? []]
  return all.every((port, at) => port && port.port > 0
      && (at === 0 || endpointsPortKey(all[at - 1] as EndpointsPort) < endpointsPortKey(port)))
    && ready.length + notReady.length > 0 && ascend(ready) && ascend(notReady)
    && areApart(ready, notReady)
}

function ascend(addresses: readonly EndpointsAddress[]): boolean {
  for (let at = 0; at < addresses.length; at++) {
    const [before, one] = [addresses[at - 1], addresses[at]]
    if (!one || (before !== undefined && order(before, one) >= 0)) return false
  }
  return true
}

/** Two lists in order have no address in common. */
function areApart(a: readonly EndpointsAddress[], b: readonly EndpointsAddress[]): boolean {
  for (let first = 0, second = 0; first < a.length && second < b.length;) {
    const which = order(a[first] as EndpointsAddress, b[second] as EndpointsAddress)
    if (which === 0) return false
    if (which < 0) first++
    else second++
  }
  return true
}

/** The order of address keys, without making them. */
function order(a: EndpointsAddress, b: EndpointsAddress): number {
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1
  const [first, second] = [a.targetRef?.uid ?? '', b.targetRef?.uid ?? '']
  return first === second ? 0 : first < second ? -1 : 1
}

/** A subset without the lists that are empty, as the API prints it. */
export function makeSubset(
  ready: EndpointsAddress[], notReady: EndpointsAddress[], ports: EndpointsPort[],
): EndpointsSubset {
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  }
}

export function sortedPorts(ports: readonly EndpointsPort[]): EndpointsPort[] {
  if (ports.length < 2) return [...ports]
  return ports.map((port) => ({ port, key: endpointsPortKey(port) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ port }) => port)
}

const portsText = ({ ports }: EndpointsSubset): string =>
  (ports ?? []).map(endpointsPortKey).join()

/** No two repacked subsets have a port in common, so ports alone put them in order. */
export function bySubset(a: EndpointsSubset, b: EndpointsSubset): number {
  const [first, second] = [portsText(a), portsText(b)]
  return first === second ? 0 : first < second ? -1 : 1
}

/** Ports of a Pod for a Service, as Endpoints spell them. */
export function endpointsPorts(ports: readonly EndpointPort[]): EndpointsPort[] {
  return ports.map(({ name, port, protocol, appProtocol }) => ({
    ...(name ? { name } : {}),
    port: port ?? 0,
    protocol: (protocol ?? 'TCP') as 'TCP',
    ...(appProtocol === undefined ? {} : { appProtocol }),
  }))
}

/** Says the same, in the same order. A Pod's resourceVersion is no part of what is said. */
export function sameSubsets(a: FoundSubsets, b: FoundSubsets): boolean {
  const [first, second] = [a ?? [], b ?? []]
  return first.length === second.length && first.every((subset, index) => {
    const other = second[index]
    return sameAddresses(subset?.addresses, other?.addresses)
      && sameAddresses(subset?.notReadyAddresses, other?.notReadyAddresses)
      && samePorts(subset?.ports, other?.ports)
  })
}

function samePorts(
  a: readonly EndpointsPort[] | null | undefined, b: readonly EndpointsPort[] | null | undefined,
): boolean {
  const [first, second] = [a ?? [], b ?? []]
  return first.length === second.length && first.every((port, index) => {
    const other = second[index]
    return port === other
      || (other !== undefined && endpointsPortKey(port) === endpointsPortKey(other))
  })
}

function sameAddresses(
  a: readonly EndpointsAddress[] | null | undefined,
  b: readonly EndpointsAddress[] | null | undefined,
): boolean {
  const [first, second] = [a ?? [], b ?? []]
  if (first.length !== second.length) return false
  for (let index = 0; index < first.length; index++) {
    const [one, other] = [first[index], second[index]]
    if (one !== other && !(one && other && sameAddress(one, other))) return false
  }
  return true
}

function sameAddress(a: EndpointsAddress, b: EndpointsAddress): boolean {
  return a.ip === b.ip && (a.hostname ?? '') === (b.hostname ?? '')
    && (a.nodeName ?? null) === (b.nodeName ?? null) && sameTarget(a.targetRef, b.targetRef)
}

/** What two references point to is the same, whatever revision of it they saw. */
export function sameTarget(
  a: ObjectReference | null | undefined, b: ObjectReference | null | undefined,
): boolean {
  if (!a || !b) return !a && !b
  return a.uid === b.uid && a.name === b.name && a.namespace === b.namespace && a.kind === b.kind
    && (a.apiVersion ?? '') === (b.apiVersion ?? '') && (a.fieldPath ?? '') === (b.fieldPath ?? '')
}

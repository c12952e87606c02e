import type { Endpoint, EndpointPort, EndpointSlice, Stored } from '@slicewise/kube'
import type { GroupView, HeldSlice, Placement } from './placement.ts'

/** A slice to be written: a new one, or an observed one with other endpoints or labels. */
export interface Draft {
  readonly before: Stored<EndpointSlice> | undefined
  readonly ports: readonly EndpointPort[]
  readonly endpoints: Endpoint[]
}

/** What packing decided for one family; placeholders and recycling come after it. */
export interface Packing {
  readonly creates: readonly Draft[]
  readonly updates: readonly Draft[]
  /** Ours first, then strangers, each by name. */
  readonly deletes: readonly Stored<EndpointSlice>[]
  /** Endpoints that stood in no slice of their group, and such that stood where they must not. */
  readonly added: number
  readonly removed: number
}

interface Lists {
  readonly creates: Draft[]
  readonly updates: Draft[]
  readonly deletes: Stored<EndpointSlice>[]
  added: number
  removed: number
}

/**
 * Turns the differences of a placement into the writes that the reference would make, in number
 * and kind: changed slices are written, room in them is used first, then one unchanged slice that
 * takes everything left, then new slices. Nothing is ever merged or levelled out. Endpoints and
 * slices go by name, so equal inputs give equal plans.
 */
export function pack(placement: Placement, endpointsPerSlice: number): Packing {
  const lists: Lists = { creates: [], updates: [], deletes: [], added: 0, removed: 0 }
  for (const group of placement.restless()) {
    if (group.wanted) packGroup(placement, group, endpointsPerSlice, lists)
    else for (const entry of group.slices) lists.deletes.push(entry.slice)
  }
  lists.deletes.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  lists.deletes.push(...placement.strangers)
  return lists
}

function packGroup(
  placement: Placement, group: GroupView, endpointsPerSlice: number, lists: Lists,
): void {
  const updates = shrink(placement, group, lists)
  const arrivals = [...group.unplaced].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, endpoint]) => endpoint)
  lists.added += arrivals.length
  const rest = fillChanged(updates, arrivals, endpointsPerSlice)
  lists.updates.push(...updates)
  place(group, arrivals.slice(arrivals.length - rest), endpointsPerSlice, lists)
}

/** Changed slices without what they must not hold. What runs empty goes; what was empty stays. */
function shrink(placement: Placement, group: GroupView, lists: Lists): Draft[] {
  const updates: Draft[] = []
  for (const entry of group.dirty) {
    lists.removed += entry.drops
    const endpoints = remaining(placement, entry)
    const emptied = endpoints.length === 0 && entry.drops > 0
    if (emptied) lists.deletes.push(entry.slice)
    else updates.push({ before: entry.slice, ports: entry.slice.ports ?? [], endpoints })
  }
  return updates
}

/** A slice that only gets other labels keeps its endpoints as they are, hints included. */
function remaining(placement: Placement, entry: HeldSlice): Endpoint[] {
  if (entry.drops + entry.changes === 0) return [...entry.slice.endpoints ?? []]
  return placement.kept(entry)
}

/** Fills slices that are written anyway, the longest first. Returns how many found no room. */
function fillChanged(updates: Draft[], arrivals: readonly Endpoint[], sizeMax: number): number {
  let taken = 0
  const longestFirst = [...updates].sort((a, b) => b.endpoints.length - a.endpoints.length)
  for (const { endpoints } of longestFirst) {
    const room = Math.max(0, sizeMax - endpoints.length)
    endpoints.push(...arrivals.slice(taken, taken + room))
    taken = Math.min(arrivals.length, taken + room)
  }
  return arrivals.length - taken
}

/** One clean slice if it takes all that is left, else new slices: a create beats two updates. */
function place(
  group: GroupView, arrivals: readonly Endpoint[], sizeMax: number, lists: Lists,
): void {
  let left = arrivals
  while (left.length > 0) {
    const fit = left.length < sizeMax ? group.fullest(sizeMax - left.length) : undefined
    if (fit !== undefined) {
      const endpoints = [...fit.slice.endpoints ?? [], ...left]
      lists.updates.push({ before: fit.slice, ports: fit.slice.ports ?? [], endpoints })
      return
    }
    lists.creates.push({
      before: undefined, ports: group.ports, endpoints: left.slice(0, sizeMax),
    })
    left = left.slice(sizeMax)
  }
}

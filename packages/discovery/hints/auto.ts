import type { Endpoint } from '@slicewise/kube'
import { type HintTally, increase, isReady } from './tally.ts'
import type { ZoneRatios } from './zone-capacity.ts'

/** A zone may have a fifth less than its share before it counts as overloaded. */
const overloadThreshold = 0.2

/** Hints given to ready endpoints, by zone. */
export type ZoneCounts = ReadonlyMap<string, number>

/** Why a family gets no hints by topology. */
export type HintRefusal = 'NodeInformation' | 'TooFewEndpoints' | 'Overload' | 'NoZone'
  | 'NothingAllocated'

interface Share {
  /** Endpoints due by CPU, a fraction. */
  readonly desired: number
  readonly most: number
}
export type ZoneShares = ReadonlyMap<string, Share>

/** How many of `ready` endpoints each zone should have, or why that cannot be said. */
export function zoneShares(
  ready: number, ratios: ZoneRatios | undefined,
): ZoneShares | HintRefusal {
  if (ratios === undefined) return 'NodeInformation'
  if (ratios.size > ready) return 'TooFewEndpoints'
  const least = new Map<string, number>()
  let leastTotal = 0
  for (const [zone, ratio] of ratios) {
    const count = leastOf(ready * ratio)
    least.set(zone, count)
    leastTotal += count
  }
  if (leastTotal > ready) return 'Overload'
  return new Map([...least].map(([zone, count]) => {
    const desired = Math.max((ratios.get(zone) ?? 0) * ready, count)
    return [zone, { desired, most: count + ready - leastTotal }]
  }))
}

/** The factor is a double of its own: dividing by 1.2 rounds elsewhere in some cases. */
function leastOf(due: number): number {
  return Math.ceil(due * (1 / (1 + overloadThreshold)))
}

/** Whether hints once given leave a zone with less than it needs, now that capacity changed. */
export function isOverloaded(given: ZoneCounts, ratios: ZoneRatios | undefined): boolean {
  if (given.size === 0) return false
  if (ratios === undefined) return true
  let total = 0
  for (const count of given.values()) total += count
  for (const [zone, ratio] of ratios) {
    const count = given.get(zone)
    if (count === undefined || count < leastOf(total * ratio)) return true
  }
  return false
}

/**
 * Whether a slice may keep its hints beside those in `given`. A hint to its own zone stays valid
 * when nobody counts that zone's capacity; the reference would write that slice at every look.
 */
export function mayStay(tally: HintTally, given: ZoneCounts, shares: ZoneShares): boolean {
  if (tally.faulty) return false
  for (const zone of tally.foreign.keys()) if (!shares.has(zone)) return false
  for (const [zone, count] of tally.zones) {
    const share = shares.get(zone)
    if (share !== undefined && count + (given.get(zone) ?? 0) > share.most) return false
  }
  return true
}

/**
 * Gives each ready endpoint of the drafts one zone: its own, unless that zone has more than its
 * share and another less. Changes `given`, the counts of the slices that stay. Returns the zones in
 * the order of the ready endpoints; undefined when one of them has none.
 */
export function allotZones(
  endpoints: readonly Endpoint[], given: Map<string, number>, shares: ZoneShares,
): string[] | undefined {
  const zones: string[] = []
  for (const { zone } of endpoints.filter(isReady)) {
    if (!zone) return undefined
    zones.push(zone)
    increase(given, zone, 1)
  }
  const { giving, receiving } = surplus(given, shares)
  for (const [index, own] of zones.entries()) {
    if (!((giving.get(own) ?? 0) > 0)) continue
    const [to] = receiving.keys()
    if (to === undefined) break
    zones[index] = to
    increase(giving, own, -1)
    increase(receiving, to, -1)
    increase(given, own, -1)
    increase(given, to, 1)
  }
  return zones
}

/** Whole endpoints to be moved from zone to zone: always from the richest to the neediest. */
function surplus(given: ZoneCounts, shares: ZoneShares): {
  giving: Map<string, number>; receiving: Map<string, number>
} {
  const over = new Map<string, number>()
  const under = new Map<string, number>()
  for (const [zone, { desired }] of shares) {
    const difference = (given.get(zone) ?? 0) - desired
    if (difference > 0) over.set(zone, difference)
    if (difference < 0) under.set(zone, -difference)
  }
  const giving = new Map<string, number>()
  const receiving = new Map<string, number>()
  for (;;) {
    const from = most(over)
    const to = most(under)
    if (from === undefined || to === undefined) break
    const [smaller, larger] = [from.count, to.count].sort((a, b) => a - b) as [number, number]
    if (larger < 1 || smaller < 0.5) break
    increase(giving, from.zone, 1)
    increase(receiving, to.zone, 1)
    over.set(from.zone, from.count - 1)
    under.set(to.zone, to.count - 1)
  }
  return { giving, receiving }
}

/** The zone with the largest count above nothing; of equals the first by name. */
function most(counts: ReadonlyMap<string, number>): { zone: string; count: number } | undefined {
  let found: { zone: string; count: number } | undefined
  for (const [zone, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (count > (found?.count ?? 0)) found = { zone, count }
  }
  return found
}

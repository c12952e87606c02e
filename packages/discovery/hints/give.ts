import type { Endpoint } from '@slicewise/kube'
import type { Draft, Packing } from '../packing.ts'
import type { HeldSlice, Placement } from '../placement.ts'
import {
  type HintRefusal, type ZoneCounts, type ZoneShares, allotZones, mayStay, zoneShares,
} from './auto.ts'
import { increase, isReady, ownHints } from './tally.ts'
import type { ZoneRatios } from './zone-capacity.ts'

/** What became of hints by topology in one family; empty in other modes. */
export interface HintOutcome {
  /** Ready endpoints hinted to each zone, when hints are given. */
  readonly given?: ZoneCounts
  /** Why none are given, with the numbers that were compared. */
  readonly refusal?: {
    readonly reason: HintRefusal; readonly ready: number; readonly zones: number
  }
}

/**
 * Gives or takes the hints of what is about to be written, and adds slices that need no other
 * write but have wrong hints. What need not change is not looked at.
 */
export function giveHints(
  packing: Packing, placement: Placement, ratios: ZoneRatios | undefined,
): { readonly packing: Packing; readonly outcome: HintOutcome } {
  const mode = placement.hints.mode
  if (mode.kind === 'auto') return giveByTopology(packing, placement, ratios)
  const extra = undrafted(packing, placement.hints.faulty)
  if (mode.kind === 'none') return { packing: strip(packing, extra), outcome: {} }
  const hinted = rehint(packing, extra, (endpoint) =>
    isReady(endpoint) ? withHints(endpoint, ownHints(endpoint, mode.value)) : endpoint)
  return { packing: hinted, outcome: {} }
}

function giveByTopology(
  packing: Packing, placement: Placement, ratios: ZoneRatios | undefined,
): { readonly packing: Packing; readonly outcome: HintOutcome } {
  const ready = placement.readyCount
  const refuse = (reason: HintRefusal): ReturnType<typeof giveByTopology> => ({
    packing: strip(packing, undrafted(packing, placement.hints.hinted)),
    outcome: { refusal: { reason, ready, zones: ratios?.size ?? 0 } },
  })
  const shares = zoneShares(ready, ratios)
  if (typeof shares === 'string') return refuse(shares)
  const { given, extra } = settled(packing, placement, shares)
  const endpoints = [...packing.creates, ...packing.updates, ...extra]
    .flatMap((draft) => draft.endpoints)
  const zones = allotZones(endpoints, given, shares)
  if (zones === undefined) return refuse('NoZone')
  if (given.size === 0) return refuse('NothingAllocated')
  let next = 0
  const hinted = rehint(packing, extra, (endpoint) => {
    const name = isReady(endpoint) ? zones[next++] : undefined
    return withHints(endpoint, name === undefined ? undefined : { forZones: [{ name }] })
  })
  return { packing: hinted, outcome: { given } }
}

/** The hints of clean slices that stay as they are, and the clean slices that must not. */
function settled(
  packing: Packing, placement: Placement, shares: ZoneShares,
): { given: Map<string, number>; extra: readonly Draft[] } {
  const drafted = new Set(packing.updates.map(({ before }) => before?.metadata.name))
  const given = new Map<string, number>()
  if (fitsAll(placement, shares)) {
    for (const [zone, count] of placement.hints.totals.zones) increase(given, zone, count)
    for (const { before } of packing.updates) {
      const entry = placement.hints.clean.get(before?.metadata.name ?? '')
      for (const [zone, count] of entry?.hints.zones ?? []) increase(given, zone, -count)
    }
    return { given, extra: [] }
  }
  const extra: Draft[] = []
  for (const entry of [...placement.hints.clean.values()].sort(byName)) {
    if (drafted.has(entry.name)) continue
    if (mayStay(entry.hints, given, shares)) {
      for (const [zone, count] of entry.hints.zones) increase(given, zone, count)
    } else {
      extra.push(draftOf(entry))
    }
  }
  return { given, extra }
}

/** All clean slices together stay within every zone's share: none has to be looked at. */
function fitsAll(placement: Placement, shares: ZoneShares): boolean {
  if (placement.hints.faulty.size > 0) return false
  const { zones, foreign } = placement.hints.totals
  return mayStay({ hinted: true, faulty: false, zones, foreign }, new Map(), shares)
}

/** Those of `entries` that need no other write. */
function undrafted(packing: Packing, entries: ReadonlySet<HeldSlice>): readonly Draft[] {
  if (entries.size === 0) return []
  const drafted = new Set(packing.updates.map(({ before }) => before?.metadata.name))
  const clean = [...entries].filter(({ filed, name }) => filed === 'clean' && !drafted.has(name))
  return clean.sort(byName).map(draftOf)
}

const byName = (a: HeldSlice, b: HeldSlice): number => (a.name < b.name ? -1 : 1)

function draftOf({ slice }: HeldSlice): Draft {
  return { before: slice, ports: slice.ports ?? [], endpoints: [...slice.endpoints ?? []] }
}

function strip(packing: Packing, extra: readonly Draft[]): Packing {
  return rehint(packing, extra, (endpoint) => withHints(endpoint, undefined))
}

function rehint(
  packing: Packing, extra: readonly Draft[], hint: (endpoint: Endpoint) => Endpoint,
): Packing {
  const apply = (draft: Draft): Draft => ({ ...draft, endpoints: draft.endpoints.map(hint) })
  const updates = [...packing.updates, ...extra]
  return { ...packing, creates: packing.creates.map(apply), updates: updates.map(apply) }
}

function withHints(endpoint: Endpoint, hints: Endpoint['hints'] | undefined): Endpoint {
  if (hints === undefined && endpoint.hints === undefined) return endpoint
  const { hints: _, ...rest } = endpoint
  return hints === undefined ? rest : { ...rest, hints }
}

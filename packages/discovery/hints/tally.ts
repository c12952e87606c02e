import type { Endpoint, EndpointHints } from '@slicewise/kube'
import type { HintMode, TrafficDistribution } from './mode.ts'

/** What the endpoints of one slice say of hints. */
export interface HintTally {
  /** Any endpoint has hints. */
  readonly hinted: boolean
  /** The mode asks for other hints, whatever the rest of the Service says. */
  readonly faulty: boolean
  /** Zone hints of ready endpoints, by zone. Only in mode `auto`. */
  readonly zones: ReadonlyMap<string, number>
  /** Those of them that name another zone than the endpoint's own. */
  readonly foreign: ReadonlyMap<string, number>
}

const noZones: ReadonlyMap<string, number> = new Map()
const plain: HintTally = { hinted: false, faulty: false, zones: noZones, foreign: noZones }

/** Counts the hints of one slice; one pass over its endpoints. */
export function tallyHints(endpoints: readonly Endpoint[], mode: HintMode): HintTally {
  if (mode.kind === 'auto') return tallyZones(endpoints)
  const hinted = endpoints.some(({ hints }) => hints != null)
  if (mode.kind === 'none') return hinted ? { ...plain, hinted, faulty: true } : plain
  const faulty = endpoints.some((one) => isReady(one) && !hasOwnHints(one, mode.value))
  return hinted || faulty ? { ...plain, hinted, faulty } : plain
}

function tallyZones(endpoints: readonly Endpoint[]): HintTally {
  const zones = new Map<string, number>()
  const foreign = new Map<string, number>()
  let hinted = false
  let faulty = false
  for (const endpoint of endpoints) {
    if (endpoint.hints != null) hinted = true
    if (!isReady(endpoint)) continue
    const named = endpoint.hints?.forZones ?? []
    if (named.length === 0) faulty = true
    for (const { name } of named) {
      increase(zones, name, 1)
      if (name !== endpoint.zone) increase(foreign, name, 1)
    }
  }
  return { hinted, faulty, zones, foreign }
}

/** Adds to a count; a count of nothing is left out. */
export function increase(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

/** Only an endpoint whose ready condition says so is given hints. */
export function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready === true
}

/** The hints of a ready endpoint by traffic distribution: its own zone, and perhaps its Node. */
export function ownHints(
  endpoint: Endpoint, value: TrafficDistribution,
): EndpointHints | undefined {
  const { zone, nodeName } = endpoint
  const node = value === 'PreferSameNode' ? nodeName : undefined
  if (zone == null && node == null) return undefined
  return {
    ...(zone == null ? {} : { forZones: [{ name: zone }] }),
    ...(node == null ? {} : { forNodes: [{ name: node }] }),
  }
}

function hasOwnHints(endpoint: Endpoint, value: TrafficDistribution): boolean {
  const wanted = ownHints(endpoint, value)
  return isJust(endpoint.hints?.forZones, wanted?.forZones?.[0]?.name)
    && isJust(endpoint.hints?.forNodes, wanted?.forNodes?.[0]?.name)
}

function isJust(found: readonly { name: string }[] | undefined, name: string | undefined): boolean {
  const names = found ?? []
  return name === undefined ? names.length === 0 : names.length === 1 && names[0]?.name === name
}

import type { Endpoint, EndpointHints, EndpointPort } from '@slicewise/kube'
import type { Family } from './address.ts'
import { type Difference, type DifferenceId, type Place, makeDifference } from './difference.ts'
import type { HintMode } from './hints/mode.ts'
import { isReady, ownHints } from './hints/tally.ts'
import type { PortGroup } from './ports.ts'

export interface JudgedEndpoint {
  readonly family: Family
  readonly ports: PortGroup
  readonly endpoint: Endpoint
  /** Where endpoints of the same Pod stand, by slice name. */
  readonly places: readonly Place[]
  readonly hints: HintMode | undefined
  readonly zones: boolean
}

/** What differs between one endpoint that should stand somewhere and the places of its Pod. */
export function judgeEndpoint(one: JudgedEndpoint): Difference[] {
  const { family, endpoint, places } = one
  const judged = places.map((place) => ({ place, wrong: fieldDifferences(one, place) }))
  const best = judged.reduce<(typeof judged)[number] | undefined>((known, next) =>
    (known === undefined || next.wrong.length < known.wrong.length ? next : known), undefined)
  if (best === undefined) {
    return [makeDifference('EndpointMissing', {
      family, ...aboutOf(endpoint), expected: stateText(endpoint),
    })]
  }
  const others = judged.filter((other) => other !== best).map(({ place, wrong }) =>
    makeDifference(
      wrong.length === 0 && best.wrong.length === 0 ? 'EndpointRepeated' : 'EndpointTwice',
      { family, slice: place.slice, ...aboutOf(place.endpoint) },
    ))
  return [...best.wrong, ...others]
}

/** Names an endpoint: its addresses, and the Pod that it is of. */
export function aboutOf({ targetRef, addresses }: Endpoint): { pod?: string; address: string } {
  const pod = targetRef?.kind === 'Pod' ? targetRef.name : undefined
  return { address: (addresses ?? []).join(','), ...(pod ? { pod } : {}) }
}

function stateText({ conditions }: Endpoint): string {
  if (conditions?.terminating === true) return 'terminating'
  return conditions?.ready === false ? 'not ready' : 'ready'
}

type Reader = (endpoint: Endpoint) => string

/** Every compared field as a text; absent, null and what the API takes for them are one. */
const fields: readonly (readonly [id: DifferenceId, read: Reader])[] = [
  ['AddressStale', ({ addresses }) => [...addresses ?? []].sort().join(',')],
  ['ReadyWrong', ({ conditions }) => String(conditions?.ready ?? 'unset')],
  ['ServingWrong', ({ conditions }) => String(conditions?.serving ?? 'unset')],
  ['TerminatingWrong', ({ conditions }) => String(conditions?.terminating ?? 'unset')],
  ['HostnameWrong', ({ hostname }) => hostname ?? ''],
  ['NodeWrong', ({ nodeName }) => nodeName ?? ''],
  ['ZoneWrong', ({ zone }) => zone ?? ''],
  ['PodWrong', ({ targetRef }) => targetRef?.uid ?? ''],
]

function fieldDifferences(one: JudgedEndpoint, place: Place): Difference[] {
  const about = { family: one.family, slice: place.slice, ...aboutOf(place.endpoint) }
  const found: Difference[] = []
  if (place.portsKey !== one.ports.key) {
    found.push(makeDifference('PortsWrong', {
      ...about, expected: portsText(one.ports.ports), found: portsText(place.ports),
    }))
  }
  for (const [id, read] of fields) {
    if (id === 'ZoneWrong' && !one.zones) continue
    const expected = read(one.endpoint)
    const is = read(place.endpoint)
    if (expected !== is) found.push(makeDifference(id, { ...about, expected, found: is }))
  }
  const hints = dueHints(one)
  const given = hintsText(place.endpoint.hints)
  if (hints !== undefined && hints !== given) {
    found.push(makeDifference('HintsWrong', { ...about, expected: hints, found: given }))
  }
  return found
}

/** The hints that an endpoint has to have, as text; undefined where there is a choice. */
function dueHints({ endpoint, hints }: JudgedEndpoint): string | undefined {
  if (hints?.kind === 'none') return ''
  if (hints?.kind !== 'distribution' || !isReady(endpoint)) return undefined
  return hintsText(ownHints(endpoint, hints.value))
}

function hintsText(hints: EndpointHints | null | undefined): string {
  const zones = (hints?.forZones ?? []).map(({ name }) => name).sort()
  const nodes = (hints?.forNodes ?? []).map(({ name }) => `node ${name}`).sort()
  return [...zones, ...nodes].join(',')
}

/** Such as `http 8080/TCP, 9090/UDP`. */
export function portsText(ports: readonly EndpointPort[]): string {
  const text = ports.map(({ name, port, protocol, appProtocol }) =>
    `${name ? `${name} ` : ''}${port ?? '*'}/${protocol ?? 'TCP'}${
      appProtocol ? ` ${appProtocol}` : ''}`)
  return text.length === 0 ? 'no ports' : text.join(', ')
}

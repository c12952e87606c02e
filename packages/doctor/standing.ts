import {
  type Difference, type ExpectedFamily, addressesOf, differencesOf, hintModeOf, isMirrorable,
  managedByController, managedByLabel, managedByMirroring, mirrorOf, offerOf, portResolver,
  portsKey, portsText, serviceNameLabel, skipMirrorLabel,
} from '@slicewise/discovery'
import type { Endpoints, EndpointSlice, Service, Stored } from '@slicewise/kube'
import { type Finding, makeFinding } from './findings.ts'
import { type LastWriter, lastWriter } from './last-writer.ts'
import { limits } from './limits.ts'
import { type Member, expectedOf, serviceAbout } from './members.ts'
import type { World } from './world.ts'

/** One slice as it stands there. */
export interface StandingSlice {
  readonly name: string
  /** Value of the managed-by label; empty for one without. */
  readonly manager: string
  readonly family: string
  readonly ports: string
  readonly endpoints: number
  /** Unset counts as ready, as it does for consumers. */
  readonly ready: number
  readonly lastWriter?: LastWriter
}

export interface StandingEndpoints {
  readonly ready: number
  readonly notReady: number
  readonly lastWriter?: LastWriter
}

export interface Standing {
  readonly slices: readonly StandingSlice[]
  readonly endpoints: StandingEndpoints | undefined
  /** All differences, layout too. */
  readonly differences: readonly Difference[]
  readonly findings: readonly Finding[]
}

const truncatedAnnotation = 'endpoints.kubernetes.io/over-capacity'

type Slices = readonly Stored<EndpointSlice>[]

/** What stands there for a Service, against what its members (none without selector) ask for. */
export function standingOf(
  world: World, service: Stored<Service>, members: readonly Member[],
  expected: readonly ExpectedFamily[] | undefined,
): Standing {
  const { name, namespace = '' } = service.metadata
  const slices = (world.slices ?? []).filter(({ metadata }) =>
    metadata.namespace === namespace && metadata.labels?.[serviceNameLabel] === name)
  const endpoints = world.endpoints.find(({ metadata }) =>
    metadata.namespace === namespace && metadata.name === name)
  const by = (manager: string): Slices => slices.filter(({ metadata }) =>
    metadata.labels?.[managedByLabel] === manager)
  const own = by(managedByController)
  const differences = world.slices === undefined || expected === undefined ? []
    : differencesOf({
      service, expected, found: own, hints: hintModeOf(service), zones: world.nodes !== undefined,
    })
  const findings: Finding[] = []
  if (world.slices === undefined) {
    findings.push(makeFinding('SlicesUnread', serviceAbout(service),
      'its EndpointSlices could not be read'))
  } else {
    findings.push(...(expected === undefined
      ? withoutSelector(service, endpoints, own, by(managedByMirroring))
      : withSelector(service, own, by(managedByMirroring), differences, expected)))
    findings.push(...others(service, slices))
  }
  if (endpoints !== undefined) {
    findings.push(...endpointsFindings(service, endpoints, expected ? members : undefined))
  }
  return {
    slices: slices.map(standingSlice), endpoints: endpoints && standingEndpoints(endpoints),
    differences, findings,
  }
}

/** What the slices of a Service say otherwise than they should about one Pod. */
export function podDifferences(
  world: World, service: Stored<Service>, member: Member,
): Finding[] {
  const { name, namespace = '' } = service.metadata
  const own = (world.slices ?? []).filter(({ metadata }) => metadata.namespace === namespace
    && metadata.labels?.[serviceNameLabel] === name
    && metadata.labels[managedByLabel] === managedByController)
  return differencesOf({
    service, expected: expectedOf(service, [member]), found: own, hints: hintModeOf(service),
    zones: world.nodes !== undefined,
  }).filter(({ matters, pod }) => matters && pod === member.pod.metadata.name)
    .map((one) => differenceFinding(one, own))
}

/** Differences that matter as findings; one finding tells that there is no slice at all. */
function withSelector(
  service: Service, own: Slices, mirrored: Slices, differences: readonly Difference[],
  expected: readonly ExpectedFamily[],
): Finding[] {
  const left = mirrored.map(({ metadata }) => makeFinding('MirrorLeft', `slice ${metadata.name}`,
    'it mirrors Endpoints, although the Service has a selector'))
  const wanted = expected.some(({ endpoints }) => [...endpoints].length > 0)
  if (wanted && own.length === 0) {
    return [...left, makeFinding('NoSlices', serviceAbout(service),
      'no EndpointSlice was made for it')]
  }
  return [...left, ...differences.filter(({ matters }) => matters).map((one) =>
    differenceFinding(one, own))]
}

/** A difference as a finding, with who wrote the slice last. */
export function differenceFinding(one: Difference, slices: Slices): Finding {
  const slice = slices.find(({ metadata }) => metadata.name === one.slice)
  const writer = lastWriter(slice?.metadata, 'endpoints')
  const { id, matters: _, ...details } = one
  return makeFinding(id, one.slice ? `slice ${one.slice}` : podOrAddress(one),
    differenceText(one), {
      details: {
        ...details,
        ...(writer ? { lastWriter: writer.manager, lastWritten: writer.time } : {}),
      },
    })
}

const podOrAddress = ({ pod, address, family }: Difference): string =>
  (pod ? `pod/${pod}` : address ? `endpoint ${address}` : family)

/** A difference as a clause. */
export function differenceText(one: Difference): string {
  const who = one.pod ? `${one.pod} (${one.address})` : (one.address ?? '')
  const quoted = (text: string | undefined): string => text || 'none'
  if (one.id === 'EndpointMissing') {
    return `${one.family} endpoint ${who} stands in no slice, it should be ${one.expected}`
  }
  if (one.id === 'EndpointExtra') return `it holds ${who}, for which nothing stands`
  if (one.id === 'EndpointTwice') return `it holds ${who} once more, and not alike`
  if (one.id === 'SliceNotOwned') return 'it belongs to an earlier Service of that name'
  if (one.id === 'SliceOfOtherFamily') return `it is ${one.family}, which the Service does not have`
  if (one.id === 'LabelsWrong') return 'its labels are not those of the Service'
  if (one.id === 'HeadlessLabelWrong') return `the headless label is ${one.found}`
  const what = fieldNames[one.id] ?? one.id
  return `${what} of ${who} is ${quoted(one.found)}, it should be ${quoted(one.expected)}`
}

const fieldNames: Readonly<Record<string, string>> = {
  AddressStale: 'the address', ReadyWrong: 'ready', ServingWrong: 'serving',
  TerminatingWrong: 'terminating', PortsWrong: 'the port set', NodeWrong: 'the Node',
  ZoneWrong: 'the zone', HostnameWrong: 'the hostname', PodWrong: 'the uid of the Pod',
  HintsWrong: 'the hint',
}

/** Hand-made endpoints: nothing of the slice controller may be left, mirrors have to be true. */
function withoutSelector(
  service: Service, endpoints: Stored<Endpoints> | undefined, own: Slices, mirrored: Slices,
): Finding[] {
  const findings = own.filter(({ endpoints: some }) => (some ?? []).length > 0)
    .map(({ metadata }) => makeFinding('SlicesFrozen', `slice ${metadata.name}`,
      'it was made for a selector that the Service no longer has'))
  if (endpoints !== undefined && !isMirrorable(endpoints)) {
    const skipped = endpoints.metadata.labels?.[skipMirrorLabel] === 'true'
    const finding = makeFinding('MirrorSkipped', `endpoints/${endpoints.metadata.name}`,
      skipped ? 'its label asks not to mirror it' : 'it is a lock of a leader election')
    return skipped ? [...findings, finding] : findings
  }
  if (service.spec?.type === 'ExternalName') return findings
  return [...findings, ...mirrorFindings(endpoints, mirrored)]
}

function mirrorFindings(endpoints: Endpoints | undefined, mirrored: Slices): Finding[] {
  const groups = endpoints === undefined ? []
    : mirrorOf(endpoints, limits.mirroredAddressesMax).groups
  const expected = (['IPv4', 'IPv6'] as const).map((family): ExpectedFamily => ({
    family,
    endpoints: groups.filter((group) => group.family === family).flatMap((group) => {
      const ports = { key: portsKey(group.ports), ports: group.ports }
      return group.endpoints.map((endpoint) => ({ ports, endpoint }))
    }),
  }))
  const name = endpoints?.metadata?.name ?? ''
  return differencesOf({ expected, found: mirrored, matchBy: 'Address' })
    .filter(({ matters }) => matters).map((one) => {
      const missing = one.id === 'EndpointMissing'
      const about = missing ? `endpoints/${name}` : `slice ${one.slice}`
      const text = missing ? `its address ${one.address} stands in no mirrored slice`
        : `${one.address} stands there otherwise than in the Endpoints object`
      return makeFinding(missing ? 'MirrorMissing' : 'MirrorExtra', about, text, {
        details: { address: one.address ?? '', difference: one.id },
      })
    })
}

function others(service: Service, slices: Slices): Finding[] {
  const known = new Set<string>([managedByController, managedByMirroring])
  return slices.filter(({ metadata }) => !known.has(metadata.labels?.[managedByLabel] ?? ''))
    .filter(({ metadata }) => metadata.name !== 'kubernetes' || service.spec?.selector)
    .map((slice) => makeFinding('SlicesByOthers', `slice ${slice.metadata.name}`,
      `${slice.metadata.labels?.[managedByLabel] ?? 'somebody'} keeps it, with ${
        slice.endpoints?.length ?? 0} endpoints`))
}

/** The classic object: ready addresses as they should be, or not. */
function endpointsFindings(
  service: Service, endpoints: Stored<Endpoints>, members: readonly Member[] | undefined,
): Finding[] {
  const about = `endpoints/${endpoints.metadata.name}`
  const truncated = endpoints.metadata.annotations?.[truncatedAnnotation]
  if (truncated !== undefined) {
    return [makeFinding('EndpointsTruncated', about, `it is ${truncated}`)]
  }
  if (members === undefined) return []
  const portsOf = portResolver(service)
  const due = new Set(members.flatMap(({ pod }) => {
    const offer = offerOf(pod, service, addressesOf(pod), portsOf(pod))
    return offer?.ready === true ? [offer.address.ip] : []
  }))
  const found = new Set((endpoints.subsets ?? []).flatMap((subset) =>
    (subset?.addresses ?? []).map(({ ip }) => ip)))
  const missing = [...due].filter((ip) => !found.has(ip)).sort()
  const extra = [...found].filter((ip) => !due.has(ip)).sort()
  if (missing.length + extra.length === 0) return []
  const parts = [
    ...(missing.length > 0 ? [`it lacks ${some(missing)}`] : []),
    ...(extra.length > 0 ? [`it has ${some(extra)} too many`] : []),
  ]
  return [makeFinding('EndpointsDiffer', about, parts.join(', '), {
    details: { missing: missing.length, extra: extra.length },
  })]
}

/** The first of many names, and how many more there are. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, limits.namesMax)
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

function standingSlice(slice: Stored<EndpointSlice>): StandingSlice {
  const endpoints = slice.endpoints ?? []
  const writer = lastWriter(slice.metadata, 'endpoints')
  return {
    name: slice.metadata.name,
    manager: slice.metadata.labels?.[managedByLabel] ?? '',
    family: slice.addressType,
    ports: portsText(slice.ports ?? []),
    endpoints: endpoints.length,
    ready: endpoints.filter(({ conditions }) => conditions?.ready !== false).length,
    ...(writer === undefined ? {} : { lastWriter: writer }),
  }
}

function standingEndpoints(endpoints: Stored<Endpoints>): StandingEndpoints {
  const count = (of: 'addresses' | 'notReadyAddresses'): number => new Set(
    (endpoints.subsets ?? []).flatMap((subset) => (subset?.[of] ?? []).map(({ ip }) => ip))).size
  const writer = lastWriter(endpoints.metadata, 'subsets')
  return {
    ready: count('addresses'), notReady: count('notReadyAddresses'),
    ...(writer === undefined ? {} : { lastWriter: writer }),
  }
}

import type { Endpoint, EndpointSlice, Service } from '@slicewise/kube'
import type { Family } from './address.ts'
import { type Difference, type DifferenceId, type Place, makeDifference } from './difference.ts'
import { aboutOf, judgeEndpoint } from './endpoint-differences.ts'
import type { HintMode } from './hints/mode.ts'
import { limits } from './limits.ts'
import { isOwnedBy } from './placement.ts'
import { type PortGroup, portsKey } from './ports.ts'
import { headlessLabel, labelsDiffer, sliceLabels } from './service-labels.ts'

/** Endpoints that should stand in the slices of one family, each with its ports. */
export interface ExpectedFamily {
  readonly family: Family
  readonly endpoints: Iterable<{ readonly ports: PortGroup; readonly endpoint: Endpoint }>
}

export interface DifferencesInput {
  /** Owner of the slices, which have its labels; without one neither is compared. */
  readonly service?: Service
  /** One entry for each family that the Service has. */
  readonly expected: readonly ExpectedFamily[]
  /** All slices of one manager that carry the name of the Service. */
  readonly found: readonly EndpointSlice[]
  /** Default of `--max-endpoints-per-slice`. */
  readonly endpointsPerSlice?: number
  /** How hints are asked for; undefined or `auto`, which has a choice: they are not compared. */
  readonly hints?: HintMode
  /** False when Nodes could not be read, so that nothing is known of zones. Default true. */
  readonly zones?: boolean
  /**
   * How what is expected and what is found are brought together: by Pod (the default), or by ports
   * and addresses where one address may well stand under several sets of ports.
   */
  readonly matchBy?: 'Pod' | 'Address'
}

/**
 * What differs between the endpoints that a Service should have and the slices that stand there,
 * by family, then Pod, then slice. The same endpoints in any other packing and order give only
 * differences that do not matter. Slices on their way out count as gone, as for the controller.
 */
export function differencesOf(input: DifferencesInput): Difference[] {
  const slices = input.found.filter(({ metadata }) => !metadata?.deletionTimestamp)
  const differences: Difference[] = []
  for (const expected of input.expected) {
    const own = slices.filter(({ addressType }) => addressType === expected.family)
    differences.push(...familyDifferences(input, expected, own))
  }
  const families = new Set<string>(input.expected.map(({ family }) => family))
  for (const slice of slices) {
    if (!families.has(slice.addressType)) {
      differences.push(ofSlice('SliceOfOtherFamily', slice))
    } else if (input.service !== undefined) {
      differences.push(...metadataDifferences(input.service, slice))
    }
  }
  // A Service that is being deleted gets no new slices.
  if (!input.service?.metadata?.deletionTimestamp) return differences
  return differences.filter(({ id }) => id !== 'EndpointMissing' && id !== 'SliceMissing')
}

const ofSlice = (id: DifferenceId, slice: EndpointSlice, texts: Partial<Difference> = {}) =>
  makeDifference(id, {
    family: slice.addressType, slice: slice.metadata?.name ?? '', ...texts,
  })

function familyDifferences(
  input: DifferencesInput, expected: ExpectedFamily, slices: readonly EndpointSlice[],
): Difference[] {
  const { family } = expected
  const keyOf = input.matchBy === 'Address' ? addressKeyOf : podKeyOf
  const places = placesOf(slices, keyOf)
  const differences: Difference[] = []
  const wanted = [...expected.endpoints].map(({ ports, endpoint }) =>
    ({ ports, endpoint, key: keyOf(endpoint, ports.key) }))
  for (const { ports, endpoint, key } of wanted.sort((a, b) => (a.key < b.key ? -1 : 1))) {
    differences.push(...judgeEndpoint({
      family, ports, endpoint, places: places.get(key) ?? [], hints: input.hints,
      zones: input.zones !== false,
    }))
    places.delete(key)
  }
  for (const key of [...places.keys()].sort()) {
    for (const { slice, endpoint } of places.get(key) ?? []) {
      differences.push(makeDifference('EndpointExtra', {
        family, slice, ...aboutOf(endpoint),
      }))
    }
  }
  const sizeMax = input.endpointsPerSlice ?? limits.endpointsPerSlice
  return [...differences, ...layoutDifferences(family, slices, sizeMax)]
}

type KeyOf = (endpoint: Endpoint, portsKey: string) => string

/** Endpoints meet by the Pod that they are of; those of nobody by their addresses. */
const podKeyOf: KeyOf = ({ targetRef, addresses }) =>
  (targetRef?.name
    ? `${targetRef.namespace ?? ''}/${targetRef.name}` : [...addresses ?? []].sort().join())

const addressKeyOf: KeyOf = ({ addresses, targetRef }, ports) =>
  `${ports} ${[...addresses ?? []].sort().join()} ${targetRef?.name ?? ''}`

function placesOf(slices: readonly EndpointSlice[], keyOf: KeyOf): Map<string, Place[]> {
  const places = new Map<string, Place[]>()
  const byName = [...slices].sort((a, b) =>
    ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1))
  for (const slice of byName) {
    const ports = slice.ports ?? []
    const group = portsKey(ports)
    for (const endpoint of slice.endpoints ?? []) {
      const place: Place = { slice: slice.metadata?.name ?? '', ports, portsKey: group, endpoint }
      const key = keyOf(endpoint, group)
      const known = places.get(key)
      if (known === undefined) places.set(key, [place])
      else known.push(place)
    }
  }
  return places
}

function metadataDifferences(service: Service, slice: EndpointSlice): Difference[] {
  const found: Difference[] = []
  const { labels } = slice.metadata ?? {}
  const due = sliceLabels(service)
  if (!isOwnedBy(slice, service.metadata?.uid ?? '')) found.push(ofSlice('SliceNotOwned', slice))
  if (labelsDiffer(labels, due)) found.push(ofSlice('LabelsWrong', slice))
  const isHeadless = headlessLabel in (labels ?? {})
  if (isHeadless !== headlessLabel in due) {
    found.push(ofSlice('HeadlessLabelWrong', slice, {
      expected: isHeadless ? 'absent' : 'present', found: isHeadless ? 'present' : 'absent',
    }))
  }
  return found
}

/** What another packing looks like; none of it changes what consumers read. */
function layoutDifferences(
  family: Family, slices: readonly EndpointSlice[], sizeMax: number,
): Difference[] {
  const differences: Difference[] = []
  const groups = new Map<string, { slices: number; endpoints: number }>()
  for (const slice of slices) {
    const size = slice.endpoints?.length ?? 0
    const key = portsKey(slice.ports)
    const group = groups.get(key) ?? { slices: 0, endpoints: 0 }
    groups.set(key, { slices: group.slices + 1, endpoints: group.endpoints + size })
    if (size === 0 && slices.length > 1) differences.push(ofSlice('SliceEmpty', slice))
    if (size > sizeMax) {
      differences.push(ofSlice('SliceLarge', slice, { expected: `${sizeMax}`, found: `${size}` }))
    }
  }
  let fewest = 0
  for (const group of groups.values()) fewest += Math.max(1, Math.ceil(group.endpoints / sizeMax))
  if (slices.length === 0) differences.push(makeDifference('SliceMissing', { family }))
  if (slices.length > fewest) {
    differences.push(makeDifference('SlicesMany', {
      family, expected: `${fewest}`, found: `${slices.length}`,
    }))
  }
  return differences
}

import type { Cache, CacheSet, Index } from '@slicewise/client'
import { EndpointsState, SliceState } from '@slicewise/controllers'
import {
  type Difference, type ExpectedFamily, type MirroredGroup, differencesOf, hintModeOf, isMirrorable,
  managedByController, managedByLabel, managedByMirroring, mirrorOf, portsKey, serviceNameLabel,
  whySelectsNothing,
} from '@slicewise/discovery'
import {
  type Change, type Endpoints, type EndpointSlice, type Node, type Pod,
  type ResourceRef, type Service, type Stored, objectKey, resources,
} from '@slicewise/kube'
import { limits } from './limits.ts'

/** What one controller would have for a Service, against what stands there. */
export interface Comparison {
  readonly differences: readonly Difference[]
  /** Endpoints that should stand there. */
  readonly endpoints: number
}

/** The derivation of one controller, kept up to date from caches; never writes. */
export interface ShadowSubject {
  /** Name of the controller. */
  readonly name: string
  /** What it writes: differences name such objects in `slice`. */
  readonly writes: ResourceRef
  /** Call once, when the caches are complete. */
  start(): void
  /** Undefined for a Service that the controller leaves alone. */
  compare(service: Stored<Service>): Comparison | undefined
}

export interface SubjectOptions {
  readonly caches: CacheSet
  readonly endpointsPerSlice: number
  readonly mirroredAddressesMax: number
  /** What is compared for this Service may have changed. */
  onDirty(key: string): void
}

/** Every controller whose work can be compared. */
export const shadowSubjects: Readonly<
  Record<string, (options: SubjectOptions) => ShadowSubject>
> = {
  'endpointslice-controller': sliceSubject,
  'endpoints-controller': endpointsSubject,
  'endpointslice-mirroring-controller': mirrorSubject,
}

/** Slices of one manager by the Service that they are for. */
function slicesOf(options: SubjectOptions, manager: string): Index<EndpointSlice> {
  const cache = options.caches.of<EndpointSlice>(resources.endpointslices)
  const keyOf = (slice: Stored<EndpointSlice> | undefined): string[] => {
    const { namespace = '', labels } = slice?.metadata ?? {}
    const name = labels?.[serviceNameLabel]
    return name && labels?.[managedByLabel] === manager ? [objectKey({ namespace, name })] : []
  }
  cache.onChange(({ before, after }) => {
    for (const key of new Set([...keyOf(before), ...keyOf(after)])) options.onDirty(key)
  })
  return cache.index(keyOf)
}

const count = (expected: readonly ExpectedFamily[]): number =>
  expected.reduce((sum, { endpoints }) => sum + [...endpoints].length, 0)

function listen<S extends { applyPod(change: Change<Pod>): void;
  applyService(change: Change<Service>): void }>(state: S, caches: CacheSet): void {
  caches.of<Pod>(resources.pods).onChange((change) => state.applyPod(change), { replay: true })
  caches.of<Service>(resources.services)
    .onChange((change) => state.applyService(change), { replay: true })
}

function sliceSubject(options: SubjectOptions): ShadowSubject {
  const { caches, endpointsPerSlice } = options
  const state = new SliceState({ onDirty: options.onDirty })
  caches.of<Node>(resources.nodes).onChange((change) => state.applyNode(change), { replay: true })
  listen(state, caches)
  const slices = slicesOf(options, managedByController)
  return {
    name: 'endpointslice-controller',
    writes: resources.endpointslices as ResourceRef,
    start: () => state.start(),
    compare: (service) => {
      const key = objectKey(service.metadata)
      const derived = state.get(key)
      if (derived === undefined) return undefined
      const found = slices.of(key)
      const expected = derived.placements.map((placement): ExpectedFamily => ({
        family: placement.family,
        endpoints: [...placement.wanted()].flatMap(([, { ports, endpoint }]) =>
          (endpoint === undefined ? [] : [{ ports, endpoint }])),
      }))
      const differences = differencesOf({
        service, expected, found, endpointsPerSlice, hints: hintModeOf(service),
      })
      return { differences, endpoints: count(expected) }
    },
  }
}

function endpointsSubject(options: SubjectOptions): ShadowSubject {
  const { caches, onDirty } = options
  const state = new EndpointsState({ onDirty })
  listen(state, caches)
  const endpoints = caches.of<Endpoints>(resources.endpoints)
  endpoints.onChange(({ key }) => onDirty(key))
  return {
    name: 'endpoints-controller',
    writes: resources.endpoints as ResourceRef,
    start: () => state.start(),
    compare: (service) => {
      const key = objectKey(service.metadata)
      const derived = state.get(key)
      if (derived === undefined) return undefined
      const found = endpoints.get(key)
      const wanted = derived.subsets.subsets(limits.endpointsAddressesMax).subsets
      return compareMirrored(mirrorOf({ subsets: wanted }, Infinity).groups, asSlices(found))
    },
  }
}

/** The classic object as the slices that would mirror it: one way of comparing for all. */
function asSlices(endpoints: Stored<Endpoints> | undefined): EndpointSlice[] {
  if (endpoints === undefined) return []
  return mirrorOf(endpoints, Infinity).groups.map(({ family, ports, endpoints: some }) => ({
    metadata: { name: endpoints.metadata.name }, addressType: family, ports: [...ports],
    endpoints: [...some],
  }))
}

function compareMirrored(
  groups: readonly MirroredGroup[], found: readonly EndpointSlice[],
): Comparison {
  const expected = (['IPv4', 'IPv6'] as const).map((family): ExpectedFamily => ({
    family,
    endpoints: groups.filter((group) => group.family === family).flatMap((group) => {
      const ports = { key: portsKey(group.ports), ports: group.ports }
      return group.endpoints.map((endpoint) => ({ ports, endpoint }))
    }),
  }))
  const differences = differencesOf({ expected, found, matchBy: 'Address' })
    .filter(({ matters }) => matters)
  return { differences, endpoints: count(expected) }
}

function mirrorSubject(options: SubjectOptions): ShadowSubject {
  const { caches, onDirty, mirroredAddressesMax } = options
  const endpoints: Cache<Endpoints> = caches.of(resources.endpoints)
  endpoints.onChange(({ key }) => onDirty(key))
  caches.of<Service>(resources.services).onChange(({ key }) => onDirty(key), { replay: true })
  const slices = slicesOf(options, managedByMirroring)
  return {
    name: 'endpointslice-mirroring-controller',
    writes: resources.endpointslices as ResourceRef,
    start: () => {},
    compare: (service) => {
      const key = objectKey(service.metadata)
      const own = endpoints.get(key)
      const mirrored = own !== undefined && isMirrorable(own)
        && whySelectsNothing(service) === 'NoSelector'
      const found = slices.of(key)
      if (!mirrored && found.length === 0) return undefined
      const groups = mirrored ? mirrorOf(own, mirroredAddressesMax).groups : []
      return compareMirrored(groups, found)
    },
  }
}

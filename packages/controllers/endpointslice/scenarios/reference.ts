import {
  addressesOf, endpointOf, familiesOf, hintModeOf, isOwnedBy, labelsDiffer, labelsEqual, portsKey,
  resolvePorts, sliceLabels, whySelectsNothing, whyUnfit, zoneRatios,
} from '@slicewise/discovery'
import type { Endpoint, EndpointSlice, Service, Stored } from '@slicewise/kube'
import { ownerKey } from '../state.ts'
import { type World, namespace } from './world.ts'

export interface Counts { create: number; update: number; delete: number }

interface Slice { name: string; found: Stored<EndpointSlice>; endpoints: Endpoint[] }
interface Lists {
  create: number; update: Slice[]; delete: Slice[]; unchanged: Slice[]; arrivals: Endpoint[]
}

/**
 * How many writes the reference makes in the state that the world is in: its whole reconcile, done
 * again from nothing for each endpoint, as plainly as it can be said. Slices are visited by name.
 */
export function referenceWrites(world: World, name: string, max: number): Counts {
  const total = { create: 0, update: 0, delete: 0 }
  const service = world.services.get(name)
  if (service === undefined || whySelectsNothing(service) !== undefined) return total
  const ours = [...world.slices.values()]
    .filter((slice) => ownerKey(slice) === `${namespace}/${name}`)
    .filter((slice) => !slice.metadata.deletionTimestamp)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const families = familiesOf(service)
  total.delete += ours.filter((slice) => !families.includes(slice.addressType as 'IPv4')).length
  for (const family of families) {
    const found = ours.filter((slice) => slice.addressType === family)
    const lists = reconcile(world, service, family, found, max)
    finalize(service, lists, total)
  }
  return total
}

function desiredGroups(world: World, service: Stored<Service>, family: 'IPv4' | 'IPv6') {
  const groups = new Map<string, Map<string, Endpoint>>()
  for (const pod of world.pods.values()) {
    const selector = Object.entries(service.spec?.selector ?? {})
    if (!selector.every(([key, value]) => pod.metadata.labels?.[key] === value)) continue
    if (whyUnfit(pod) !== undefined) continue
    const key = portsKey(resolvePorts(service.spec?.ports ?? [], pod))
    const group = groups.get(key) ?? new Map<string, Endpoint>()
    groups.set(key, group)
    const node = world.nodes.get(pod.spec?.nodeName ?? '')
    if (node === undefined && service.spec?.publishNotReadyAddresses !== true) continue
    const endpoint = endpointOf(pod, service, family, addressesOf(pod), node)
    if (endpoint.addresses.length > 0) group.set(identity(endpoint), endpoint)
  }
  return groups
}

function reconcile(
  world: World, service: Stored<Service>, family: 'IPv4' | 'IPv6',
  found: readonly Stored<EndpointSlice>[], max: number,
): Lists {
  const groups = desiredGroups(world, service, family)
  const lists: Lists = { create: 0, update: [], delete: [], unchanged: [], arrivals: [] }
  const owned = found.filter((slice) => isOwnedBy(slice, service.metadata.uid))
  for (const slice of found) if (!owned.includes(slice)) lists.delete.push(open(slice))
  for (const [key, desired] of groups) {
    packGroup(service, owned.filter((slice) => portsKey(slice.ports) === key), desired, max, lists)
  }
  for (const slice of owned) if (!groups.has(portsKey(slice.ports))) lists.delete.push(open(slice))
  if (lists.delete.length === found.length && lists.create === 0) placeholder(service, lists)
  const ready = [...groups.values()].flatMap((group) => [...group.values()]).filter(isReady).length
  lists.update.push(...wrongHints(world, service, lists, ready))
  return lists
}

function packGroup(
  service: Stored<Service>, found: readonly Stored<EndpointSlice>[], wanted: Map<string, Endpoint>,
  max: number, lists: Lists,
): void {
  const desired = new Map(wanted)
  const update: Slice[] = []
  const unchanged: Slice[] = []
  for (const slice of found) {
    const kept: Endpoint[] = []
    let changed = false
    for (const endpoint of slice.endpoints ?? []) {
      const want = desired.get(identity(endpoint))
      if (want === undefined) continue
      desired.delete(identity(endpoint))
      kept.push(want)
      if (state(want) !== state(endpoint)) changed = true
    }
    const one = { ...open(slice), endpoints: kept }
    const shrunk = kept.length !== (slice.endpoints ?? []).length
    if ((changed || shrunk) && kept.length === 0) lists.delete.push(one)
    else if (changed || shrunk) update.push(one)
    else if (labelsDiffer(slice.metadata.labels, sliceLabels(service))) update.push(one)
    else unchanged.push(one)
  }
  lists.arrivals.push(...desired.values())
  let left = desired.size
  update.sort((a, b) => b.endpoints.length - a.endpoints.length)
  for (const one of update) left -= Math.min(left, Math.max(0, max - one.endpoints.length))
  lists.update.push(...update)
  while (left > 0) {
    const fits = unchanged.filter((one) => left < max && one.endpoints.length + left <= max)
    const best = fits.sort((a, b) => b.endpoints.length - a.endpoints.length)[0]
    if (best === undefined) lists.create++
    else lists.update.push(best)
    if (best !== undefined) unchanged.splice(unchanged.indexOf(best), 1)
    left -= best === undefined ? Math.min(left, max) : left
  }
  lists.unchanged.push(...unchanged)
}

const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true

/** Slices that need no write but for their hints. */
function wrongHints(
  world: World, service: Stored<Service>, lists: Lists, ready: number,
): readonly Slice[] {
  const mode = hintModeOf(service)
  const stale = lists.unchanged.filter(({ found }) =>
    (found.endpoints ?? []).some(({ hints }) => hints !== undefined))
  if (mode.kind === 'none') return stale
  if (mode.kind === 'distribution') {
    return lists.unchanged.filter(({ found }) => (found.endpoints ?? []).some((one) => {
      const zones = one.zone === undefined ? [] : [one.zone]
      const nodes = one.nodeName === undefined || mode.value !== 'PreferSameNode'
        ? [] : [one.nodeName]
      const names = [...one.hints?.forZones ?? [], { name: '/' }, ...one.hints?.forNodes ?? []]
      return isReady(one)
        && names.map(({ name }) => name).join() !== [...zones, '/', ...nodes].join()
    }))
  }
  return wrongByTopology(world, lists, ready) ?? stale
}

/** Undefined when the family is refused and all hints go. */
function wrongByTopology(world: World, lists: Lists, ready: number): readonly Slice[] | undefined {
  const ratios = zoneRatios(world.nodes.values())
  if (ratios === undefined || ratios.size > ready) return undefined
  const least = new Map([...ratios].map(([zone, ratio]) =>
    [zone, Math.ceil(ratio * ready * (1 / 1.2))]))
  const spare = ready - [...least.values()].reduce((sum, count) => sum + count, 0)
  if (spare < 0) return undefined
  const given = new Map<string, number>()
  const wrong: Slice[] = []
  const byName = [...lists.unchanged].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const slice of byName) {
    const next = new Map(given)
    const valid = (slice.found.endpoints ?? []).filter(isReady).every(({ hints, zone }) => {
      for (const { name } of hints?.forZones ?? []) {
        next.set(name, (next.get(name) ?? 0) + 1)
        if (!ratios.has(name) && name !== zone) return false
      }
      return (hints?.forZones ?? []).length > 0
    })
    const named = (slice.found.endpoints ?? []).filter(isReady)
      .flatMap(({ hints }) => hints?.forZones ?? [])
    const fits = named.every(({ name }) =>
      !ratios.has(name) || (next.get(name) ?? 0) <= (least.get(name) ?? 0) + spare)
    if (!valid || !fits) wrong.push(slice)
    else for (const [zone, count] of next) given.set(zone, count)
  }
  const written = [...lists.update, ...wrong].flatMap(({ endpoints }) => endpoints)
  const unplaced = [...written, ...lists.arrivals].some((one) => isReady(one) && !one.zone)
  return unplaced ? undefined : wrong
}

function placeholder(service: Stored<Service>, lists: Lists): void {
  const [only] = lists.delete
  const stands = lists.delete.length === 1 && only !== undefined
    && isOwnedBy(only.found, service.metadata.uid)
    && (only.found.ports ?? []).length === 0 && (only.found.endpoints ?? []).length === 0
    && labelsEqual(only.found.metadata.labels, sliceLabels(service))
  if (stands) lists.delete = []
  else lists.create++
}

function finalize(service: Stored<Service>, lists: Lists, total: Counts): void {
  for (const slice of lists.delete) {
    const recycled = lists.create > 0 && isOwnedBy(slice.found, service.metadata.uid)
    if (recycled) lists.create--
    if (recycled) total.update++
    else total.delete++
  }
  total.update += lists.update.length
  if (!service.metadata.deletionTimestamp) total.create += lists.create
}

const open = (found: Stored<EndpointSlice>): Slice =>
  ({ name: found.metadata.name, found, endpoints: [...found.endpoints ?? []] })

const identity = ({ addresses, hostname, targetRef }: Endpoint): string => JSON.stringify(
  [[...addresses].sort(), hostname ?? null, targetRef?.namespace, targetRef?.name],
)

const state = ({ nodeName, zone, conditions, targetRef }: Endpoint): string => JSON.stringify([
  nodeName ?? null, zone ?? null, conditions?.ready ?? null, conditions?.serving ?? null,
  conditions?.terminating ?? null, targetRef?.kind, targetRef?.uid,
])

import type {
  Endpoint, EndpointPort, Endpoints, EndpointSlice, OwnerReference, Stored,
} from '@slicewise/kube'
import { isSameState } from './endpoint.ts'
import { limits } from './limits.ts'
import {
  type Mirror, type MirroredGroup, identityOf, managedByMirroring, mirrorKey,
} from './mirror.ts'
import { type Labels, managedByLabel, serviceNameLabel } from './service-labels.ts'
import type { SliceBody, SliceWrite } from './slice-plan.ts'
import { triggerTimeAnnotation } from './trigger-time.ts'

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

export interface MirrorPlan {
  /** Creates, then updates, then deletes; to be sent in this order, ending at the first failure. */
  readonly writes: readonly SliceWrite[]
  /** Endpoints that come, change and go. */
  readonly added: number
  readonly updated: number
  readonly removed: number
}

interface Totals { added: number; updated: number; removed: number }
interface Lists extends Totals {
  readonly creates: MirroredGroup[]
  readonly updates: SliceWrite[]
  readonly deletes: Stored<EndpointSlice>[]
}

/**
 * The writes that bring the mirrored slices of one Endpoints object to what it says. Each set of
 * ports has one slice; what more is found of it goes. No write when nothing differs. Endpoints that
 * are being deleted get no new slices.
 */
export function planMirror(
  mirror: Mirror, endpoints: Stored<Endpoints>, slices: readonly Stored<EndpointSlice>[],
): MirrorPlan {
  const lists: Lists = { creates: [], updates: [], deletes: [], added: 0, updated: 0, removed: 0 }
  const found = byKey(slices)
  for (const group of mirror.groups) {
    planGroup(group, endpoints, found.get(group.key) ?? [], lists)
    found.delete(group.key)
  }
  for (const unwanted of found.values()) {
    lists.deletes.push(...unwanted)
    for (const slice of unwanted) lists.removed += slice.endpoints?.length ?? 0
  }
  const { added, updated, removed } = lists
  return { writes: toWrites(lists, endpoints), added, updated, removed }
}

/** Deletes every mirrored slice; for what has no Endpoints or no Service to mirror them for. */
export function planUnmirror(slices: readonly Stored<EndpointSlice>[]): MirrorPlan {
  const writes = [...slices].sort(byName).flatMap(deletionOf)
  return { writes, added: 0, updated: 0, removed: 0 }
}

/** Slices that stay go before those on their way out, then by name. */
function byKey(slices: readonly Stored<EndpointSlice>[]): Map<string, Stored<EndpointSlice>[]> {
  const found = new Map<string, Stored<EndpointSlice>[]>()
  for (const slice of [...slices].sort((a, b) => leaving(a) - leaving(b) || byName(a, b))) {
    const key = mirrorKey(slice.addressType, slice.ports)
    const known = found.get(key)
    if (known === undefined) found.set(key, [slice])
    else known.push(slice)
  }
  return found
}

const leaving = (slice: Stored<EndpointSlice>): number =>
  (slice.metadata.deletionTimestamp ? 1 : 0)
const byName = (a: Stored, b: Stored): number => (a.metadata.name < b.metadata.name ? -1 : 1)

function planGroup(
  group: MirroredGroup, endpoints: Stored<Endpoints>,
  [keeper, ...others]: readonly Stored<EndpointSlice>[], lists: Lists,
): void {
  lists.deletes.push(...others)
  if (keeper === undefined) {
    lists.creates.push(group)
    lists.added += group.endpoints.length
    return
  }
  const { added, updated, removed } = changesOf(keeper, group.endpoints)
  lists.added += added
  lists.updated += updated
  lists.removed += removed
  if (added + updated + removed === 0 && isDressed(keeper, endpoints)) return
  lists.updates.push(rewritten(keeper, group, endpoints))
}

function changesOf(slice: Stored<EndpointSlice>, wanted: readonly Endpoint[]): Totals {
  const totals = { added: 0, updated: 0, removed: 0 }
  const found = slice.endpoints ?? []
  if (found.length === wanted.length && found.every((one, at) => isSame(one, wanted[at]))) {
    return totals
  }
  const missing = new Map(wanted.map((endpoint) => [identityOf(endpoint), endpoint]))
  for (const endpoint of found) {
    const identity = identityOf(endpoint)
    const want = missing.get(identity)
    if (want === undefined) totals.removed++
    else if (!isSameState(endpoint, want)) totals.updated++
    missing.delete(identity)
  }
  return { ...totals, added: missing.size }
}

const isSame = (a: Endpoint, b: Endpoint | undefined): boolean =>
  a === b || (b !== undefined && identityOf(a) === identityOf(b) && isSameState(a, b))

/**
 * Labels, annotations and owner are those of the Endpoints. Labels that this controller sets are
 * not compared, on neither side: Endpoints that carry one would be written again and again.
 */
function isDressed({ metadata }: Stored<EndpointSlice>, endpoints: Stored<Endpoints>): boolean {
  const { labels, annotations, name, uid } = endpoints.metadata
  const strange = (owner: OwnerReference): boolean =>
    owner.kind === 'Endpoints' && owner.name === name && owner.uid !== uid
  return sameTexts(without(metadata.labels, setLabels), without(labels, setLabels))
    && sameTexts(metadata.annotations ?? {}, without(annotations, ownAnnotations))
    && !(metadata.ownerReferences ?? []).some(strange)
}

const setLabels: readonly string[] = [managedByLabel, serviceNameLabel]
const ownAnnotations: readonly string[] = [triggerTimeAnnotation, lastAppliedAnnotation]

function without(
  texts: Labels | null | undefined, keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([key]) => !keys.includes(key)))
}

function sameTexts(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/**
 * A slice that has to go gives its name to a new one of its family, so that one write does for two.
 * The pairs are made of the slices themselves; the reference looks them up by names that new slices
 * do not have yet, and sometimes takes the wrong one.
 */
function toWrites(lists: Lists, endpoints: Stored<Endpoints>): SliceWrite[] {
  const free = [...lists.deletes].filter((slice) => !slice.metadata.deletionTimestamp).sort(byName)
  const recycled: SliceWrite[] = []
  const created: SliceWrite[] = []
  for (const group of lists.creates) {
    const at = free.findIndex((slice) => slice.addressType === group.family)
    const [before] = at < 0 ? [] : free.splice(at, 1)
    if (before !== undefined) recycled.push(replacement(before, group, endpoints))
    else if (!endpoints.metadata.deletionTimestamp) {
      created.push({ verb: 'create', slice: newSlice(group, endpoints) })
    }
  }
  return [...created, ...lists.updates, ...recycled, ...free.flatMap(deletionOf)]
}

/** What is on its way out already needs no second request. */
function deletionOf(before: Stored<EndpointSlice>): SliceWrite[] {
  return before.metadata.deletionTimestamp ? [] : [{ verb: 'delete', before }]
}

/**
 * Everything anew under the name of a slice, provided that it is still as it was observed. As in
 * the reference, what was to be created keeps the prefix of its name, and a keeper loses it.
 */
function replacement(
  before: Stored<EndpointSlice>, group: MirroredGroup, endpoints: Stored<Endpoints>,
): SliceWrite {
  const slice = newSlice(group, endpoints)
  const { name, uid, resourceVersion } = before.metadata
  return {
    verb: 'update', before, recycled: true,
    slice: { ...slice, metadata: { ...slice.metadata, name, uid, resourceVersion } },
  }
}

function rewritten(
  keeper: Stored<EndpointSlice>, group: MirroredGroup, endpoints: Stored<Endpoints>,
): SliceWrite {
  const write = replacement(keeper, group, endpoints)
  if (write.verb !== 'update') return write
  const { generateName: _, ...metadata } = write.slice.metadata ?? {}
  return { ...write, slice: { ...write.slice, metadata } }
}

function newSlice(group: MirroredGroup, endpoints: Stored<Endpoints>): SliceBody {
  const { name, namespace = '', uid } = endpoints.metadata
  const annotations = without(endpoints.metadata.annotations, ownAnnotations)
  return {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: {
      generateName: name.length < limits.subdomainBytesMax ? `${name}-` : name,
      namespace,
      labels: {
        ...endpoints.metadata.labels,
        [serviceNameLabel]: name, [managedByLabel]: managedByMirroring,
      },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [{
        apiVersion: 'v1', kind: 'Endpoints', name, uid, controller: true, blockOwnerDeletion: true,
      }],
    },
    addressType: group.family,
    endpoints: [...group.endpoints],
    ports: [...group.ports] as EndpointPort[],
  }
}

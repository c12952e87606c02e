import type { EndpointPort, EndpointSlice, Service, Stored } from '@slicewise/kube'
import type { Family } from './address.ts'
import { type HintOutcome, giveHints } from './hints/give.ts'
import type { ZoneRatios } from './hints/zone-capacity.ts'
import { limits } from './limits.ts'
import { type Draft, type Packing, pack } from './packing.ts'
import { type Placement, isOwnedBy } from './placement.ts'
import { labelsEqual, sliceLabels } from './service-labels.ts'
import { triggerTimeAnnotation } from './trigger-time.ts'

/** A slice as it is sent. */
export type SliceBody = EndpointSlice & { kind: string; apiVersion: string }
const typeMeta = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' }

/** One write, ready to be sent. */
export type SliceWrite =
  | { readonly verb: 'create'; readonly slice: SliceBody }
  | {
    readonly verb: 'update'
    /** With a resourceVersion, or, when `recycled`, without: a full replacement under this name. */
    readonly slice: SliceBody
    readonly before: Stored<EndpointSlice>
    readonly recycled: boolean
  }
  | { readonly verb: 'delete'; readonly before: Stored<EndpointSlice> }

export interface FamilyPlan {
  readonly family: Family
  /** Creates, then updates, then deletes; to be sent in this order, ending at the first failure. */
  readonly writes: readonly SliceWrite[]
  readonly added: number
  readonly removed: number
  readonly hints: HintOutcome
}

export interface PlanOptions {
  readonly service: Stored<Service>
  readonly endpointsPerSlice: number
  /** RFC 3339; undefined removes the annotation from what is written. */
  readonly triggerTime: string | undefined
  /** Shares of the zones, for Services that ask for hints by topology. */
  readonly ratios?: ZoneRatios | undefined
}

/**
 * The writes that bring the slices of one family of a Service to what is wanted. No write when
 * nothing differs. A Service that is being deleted gets no new slices.
 */
export function planFamily(placement: Placement, options: PlanOptions): FamilyPlan {
  const packed = withPlaceholder(pack(placement, options.endpointsPerSlice), placement, options)
  const { packing, outcome } = giveHints(packed, placement, options.ratios)
  return {
    family: placement.family,
    writes: toWrites(packing, placement.family, options),
    added: packing.added,
    removed: packing.removed,
    hints: outcome,
  }
}

/** A family without any other slice has one without ports and endpoints. */
function withPlaceholder(packing: Packing, placement: Placement, options: PlanOptions): Packing {
  const stays = placement.sliceCount > packing.deletes.length || packing.creates.length > 0
  if (stays) return packing
  const [only] = packing.deletes
  if (packing.deletes.length === 1 && only && isPlaceholder(only, options.service)) {
    return { ...packing, deletes: [] }
  }
  return { ...packing, creates: [{ before: undefined, ports: [], endpoints: [] }] }
}

/**
 * Unlike the reference this asks for ownership: a placeholder of an earlier Service of that name is
 * about to be collected, and nothing would tell us to replace it then.
 */
function isPlaceholder(slice: Stored<EndpointSlice>, service: Stored<Service>): boolean {
  return isOwnedBy(slice, service.metadata.uid)
    && (slice.ports ?? []).length === 0
    && (slice.endpoints ?? []).length === 0
    && labelsEqual(slice.metadata.labels, sliceLabels(service))
}

/**
 * Recycles: a slice to be deleted gives its name to one to be created, so that one write does for
 * two. Strangers are never recycled.
 */
function toWrites(packing: Packing, family: Family, options: PlanOptions): SliceWrite[] {
  const { service } = options
  const creates = [...packing.creates]
  const recycled: SliceWrite[] = []
  const deletes: SliceWrite[] = []
  for (const before of packing.deletes) {
    const reusable = creates.length > 0 && isOwnedBy(before, service.metadata.uid)
    const draft = reusable ? creates.pop() : undefined
    if (draft === undefined) deletes.push({ verb: 'delete', before })
    else recycled.push(recycle(before, draft, family, options))
  }
  const created = service.metadata.deletionTimestamp ? [] : creates.map((draft): SliceWrite =>
    ({ verb: 'create', slice: newSlice(draft, family, options) }))
  const updates = packing.updates.map((draft): SliceWrite => rewrite(draft, options))
  return [...created, ...updates, ...recycled, ...deletes]
}

function recycle(
  before: Stored<EndpointSlice>, draft: Draft, family: Family, options: PlanOptions,
): SliceWrite {
  const slice = newSlice(draft, family, options)
  const metadata = { ...slice.metadata, name: before.metadata.name }
  return { verb: 'update', slice: { ...slice, metadata }, before, recycled: true }
}

/** The observed slice with new endpoints and the labels that are due; all else stays as it is. */
function rewrite(draft: Draft, options: PlanOptions): SliceWrite {
  const before = draft.before as Stored<EndpointSlice>
  // The server keeps the ownership of fields it is not sent; sending it back would cost bytes.
  const { managedFields: _, annotations, ...metadata } = before.metadata
  const noted = withTriggerTime(annotations, options.triggerTime)
  const slice: SliceBody = {
    ...before,
    ...typeMeta,
    metadata: {
      ...metadata,
      labels: sliceLabels(options.service),
      ...(noted === undefined ? {} : { annotations: noted }),
    },
    endpoints: draft.endpoints,
  }
  return { verb: 'update', slice, before, recycled: false }
}

function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined, time: string | undefined,
): Record<string, string> | undefined {
  const { [triggerTimeAnnotation]: _, ...others } = annotations ?? {}
  const next = time === undefined ? others : { ...others, [triggerTimeAnnotation]: time }
  return Object.keys(next).length === 0 ? undefined : next
}

function newSlice(draft: Draft, family: Family, options: PlanOptions): SliceBody {
  const { name, namespace = '', uid } = options.service.metadata
  const annotations = withTriggerTime(undefined, options.triggerTime)
  return {
    ...typeMeta,
    metadata: {
      generateName: generatedPrefix(name),
      namespace,
      labels: sliceLabels(options.service),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [{
        apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true,
      }],
    },
    addressType: family,
    endpoints: draft.endpoints,
    ports: draft.ports as EndpointPort[],
  }
}

/** `<service>-`, or the plain name when a dash would make it too long for a name. */
function generatedPrefix(name: string): string {
  return name.length < limits.subdomainBytesMax ? `${name}-` : name
}

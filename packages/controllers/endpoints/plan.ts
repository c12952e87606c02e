import {
  type Packed, hasNoClusterIP, headlessLabel, isRepacked, repackSubsets, sameSubsets,
  triggerTimeAnnotation,
} from '@slicewise/discovery'
import { type Endpoints, type Service, type Stored, resources } from '@slicewise/kube'
import type { PlannedEvent, Step } from '@slicewise/engine'

export const endpointsManagedByLabel = 'endpoints.kubernetes.io/managed-by'
const managedBy = 'endpoint-controller'
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity'
const truncated = 'truncated'

type Texts = Readonly<Record<string, string>>

export interface EndpointsWanted {
  readonly service: Stored<Service>
  readonly packed: Packed
  /** RFC 3339; undefined removes the annotation from what is written. */
  readonly triggerTime: string | undefined
}

/** The write that brings the Endpoints of a Service to what is wanted; none when they say so. */
export function planEndpoints(
  wanted: EndpointsWanted, stored: Stored<Endpoints> | undefined,
): Step | undefined {
  const ref = resources.endpoints
  if (stored === undefined) {
    const { name, namespace = '' } = wanted.service.metadata
    const metadata = { name, namespace, ...dressOf(wanted, undefined) }
    return { verb: 'create', ref, object: bodyOf(metadata, wanted) }
  }
  if (isUpToDate(wanted, stored)) return undefined
  // The server keeps the ownership of fields it is not sent; sending it back would cost bytes.
  const { managedFields: _, annotations, labels: __, ...metadata } = stored.metadata
  const dressed = { ...metadata, ...dressOf(wanted, annotations) }
  return { verb: 'update', ref, object: { ...stored, ...bodyOf(dressed, wanted) } }
}

/** This controller, or its like, has written them last. */
export function isOurs({ metadata }: Stored<Endpoints>): boolean {
  return metadata.labels?.[endpointsManagedByLabel] === managedBy
}

/** Removes the Endpoints of a Service that is gone. */
export function planRemoval({ metadata }: Stored<Endpoints>): Step {
  const { name, namespace = '', uid } = metadata
  return { verb: 'delete', ref: resources.endpoints, item: { name, namespace }, uid }
}

/**
 * Cut subsets are compared as they would be cut, so that they are not written at every look.
 * Subsets in the order of another controller say the same.
 */
function isUpToDate(
  { service, packed }: EndpointsWanted, { subsets, metadata }: Stored<Endpoints>,
): boolean {
  const over = metadata.annotations?.[overCapacityAnnotation]
  return over === (packed.truncated ? truncated : undefined)
    && areLabelsRight(metadata.labels, service.metadata.labels)
    && (sameSubsets(subsets, packed.subsets)
      || (!isRepacked(subsets) && sameSubsets(repackSubsets(subsets), packed.subsets)))
}

/**
 * The labels of the Service and nothing else. Those that this controller sets are not compared:
 * a stale headless label waits for the next write, and one on the Service itself does not count.
 */
function areLabelsRight(found: Texts | undefined, service: Texts | undefined): boolean {
  if (found?.[endpointsManagedByLabel] !== managedBy) return false
  const expected = ownLabels(service)
  const rest = ownLabels(found)
  const keys = Object.keys(expected)
  return keys.length === Object.keys(rest).length
    && keys.every((key) => rest[key] === expected[key])
}

function ownLabels(labels: Texts | undefined): Record<string, string> {
  const { [headlessLabel]: _, [endpointsManagedByLabel]: __, ...own } = labels ?? {}
  return own
}

function dressOf({ service, packed, triggerTime }: EndpointsWanted, found: Texts | undefined) {
  const { [triggerTimeAnnotation]: _, [overCapacityAnnotation]: __, ...others } = found ?? {}
  const annotations = {
    ...others,
    ...(triggerTime === undefined ? {} : { [triggerTimeAnnotation]: triggerTime }),
    ...(packed.truncated ? { [overCapacityAnnotation]: truncated } : {}),
  }
  return {
    labels: {
      ...ownLabels(service.metadata.labels),
      ...(hasNoClusterIP(service) ? { [headlessLabel]: '' } : {}),
      [endpointsManagedByLabel]: managedBy,
    },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  }
}

function bodyOf(metadata: NonNullable<Endpoints['metadata']>, { packed }: EndpointsWanted) {
  return { kind: 'Endpoints', apiVersion: 'v1', metadata, subsets: packed.subsets }
}

/** What a person sees on the Endpoints when they could not be written. */
export function failureEvent(step: Step, because: string): PlannedEvent | undefined {
  if (step.verb !== 'create' && step.verb !== 'update') return undefined
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = step.object.metadata ?? {}
  const created = step.verb === 'create'
  const what = created ? 'made' : 'changed'
  return {
    regarding: {
      metadata: { name, namespace, uid, resourceVersion, creationTimestamp: '' },
    },
    regardingKind: 'Endpoints',
    regardingApiVersion: 'v1',
    type: 'Warning',
    reason: created ? 'FailedToCreateEndpoint' : 'FailedToUpdateEndpoint',
    message: `Endpoints ${namespace}/${name} could not be ${what}: ${because}`,
  }
}

import {
  type Mirror, type MirrorPlan, type SliceWrite, isMirrorable, mirrorOf, planMirror, planUnmirror,
} from '@slicewise/discovery'
import type { PlannedEvent, Step } from '@slicewise/engine'
import {
  type Endpoints, type EndpointSlice, type Service, type Stored, resources,
} from '@slicewise/kube'

/** What the caches show of one name. */
export interface MirrorInput {
  readonly endpoints: Stored<Endpoints> | undefined
  readonly service: Stored<Service> | undefined
  /** Mirrored slices of that name, in any order. */
  readonly slices: readonly Stored<EndpointSlice>[]
}

/** What one look at one name decided. */
export interface NamePlan extends MirrorPlan {
  readonly steps: readonly Step[]
  /** Undefined when nothing is to be mirrored and what there is goes. */
  readonly mirror: Mirror | undefined
}

/**
 * Decides the writes for the mirrored slices of one Endpoints object; synchronous and without
 * effects. Endpoints are mirrored when they may be and their Service selects no Pods itself, of
 * whatever type it is.
 */
export function planName({ endpoints, service, slices }: MirrorInput, max: number): NamePlan {
  if (endpoints === undefined || service === undefined
    || !isMirrorable(endpoints) || selectsPods(service)) {
    const plan = planUnmirror(slices)
    return { ...plan, steps: plan.writes.map(stepOf), mirror: undefined }
  }
  const mirror = knownMirror(endpoints, max)
  const plan = planMirror(mirror, endpoints, slices)
  return { ...plan, steps: plan.writes.map(stepOf), mirror }
}

export function selectsPods(service: Stored<Service>): boolean {
  return (service.spec?.selector ?? null) !== null
}

const mirrors = new WeakMap<Stored<Endpoints>, { max: number; mirror: Mirror }>()

/** Objects are never changed, so what they say is worked out once. */
function knownMirror(endpoints: Stored<Endpoints>, max: number): Mirror {
  const known = mirrors.get(endpoints)
  if (known?.max === max) return known.mirror
  const mirror = mirrorOf(endpoints, max)
  mirrors.set(endpoints, { max, mirror })
  return mirror
}

function stepOf(write: SliceWrite): Step {
  const ref = resources.endpointslices
  if (write.verb === 'create') return { verb: 'create', ref, object: write.slice }
  if (write.verb === 'update') return { verb: 'update', ref, object: write.slice }
  const { name, namespace = '', uid } = write.before.metadata
  return { verb: 'delete', ref, item: { name, namespace }, uid }
}

/** What a person sees on Endpoints of which not everything could be mirrored. */
export function skippedEvents(
  endpoints: Stored<Endpoints>, { invalid, skipped }: Mirror, max: number,
): PlannedEvent[] {
  const events: PlannedEvent[] = []
  const about = {
    regarding: endpoints, regardingKind: 'Endpoints', regardingApiVersion: 'v1',
    type: 'Warning' as const,
  }
  if (invalid > 0) {
    const message = `${invalid} texts that are no IP addresses were not mirrored to EndpointSlices`
    events.push({ ...about, reason: 'InvalidIPAddress', message })
  }
  if (skipped > invalid) {
    const message = `Of each subset at most ${max} addresses are mirrored to EndpointSlices, `
      + `${skipped} were left out`
    events.push({ ...about, reason: 'TooManyAddressesToMirror', message })
  }
  return events
}

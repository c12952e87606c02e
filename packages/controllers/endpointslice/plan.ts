import { type FamilyPlan, type SliceWrite, type ZoneRatios, planFamily } from '@slicewise/discovery'
import { type EndpointSlice, type Stored, resources } from '@slicewise/kube'
import { type Plan, type PlannedEvent, type Step } from '@slicewise/engine'
import { hintEvents, rememberHints } from './hints.ts'
import type { ServiceState } from './service-state.ts'
import type { SliceState } from './state.ts'

export interface ServicePlanOptions {
  readonly endpointsPerSlice: number
  readonly triggerTime: string | undefined
  /** Shares of the zones, when they can be known. */
  readonly ratios?: ZoneRatios | undefined
}

/** What one look at one Service decided. */
export interface ServicePlan {
  /** Sequences of calls; a failed call ends its own sequence only. */
  readonly parts: readonly Plan[]
  /** Why the Service has to be looked at again although all calls were planned. */
  readonly problem: string | undefined
  readonly outlook: SliceOutlook
  readonly families: readonly FamilyPlan[]
  readonly events: readonly PlannedEvent[]
}

/** Counts of a Service as they will be when the plan is done. */
export interface SliceOutlook {
  readonly endpoints: number
  readonly slices: number
  /** The fewest slices that could hold the endpoints, at least one. */
  readonly slicesIdeal: number
  /** One entry for each family. */
  readonly added: readonly number[]
  readonly removed: readonly number[]
}

/** Decides the writes for one Service; synchronous and without effects. Empty when all is well. */
export function planService(state: ServiceState, options: ServicePlanOptions): ServicePlan {
  const families = state.placements.map((placement) =>
    planFamily(placement, { service: state.service, ...options }))
  const parts: Plan[] = []
  for (const { writes } of families) {
    // New slices depend on nothing; an update that is refused holds up those behind it.
    if (writes.length > 0) parts.push({ steps: writes.map(stepOf), parallel: 'creates' })
  }
  for (const slice of state.otherFamilies) parts.push({ steps: [deletion(slice)] })
  const created = families.flatMap(({ writes }) => writes).reduce((sum, { verb }) =>
    sum + (verb === 'create' ? 1 : verb === 'delete' ? -1 : 0), 0)
  const observed = state.placements.reduce((sum, placement) => sum + placement.sliceCount, 0)
  return {
    parts,
    problem: problemOf(state),
    families,
    events: hintEvents(state, families),
    outlook: {
      endpoints: state.placements.reduce((sum, { endpointCount }) => sum + endpointCount, 0),
      slices: observed + created,
      slicesIdeal: idealSlices(state, options.endpointsPerSlice),
      added: families.map(({ added }) => added),
      removed: families.map(({ removed }) => removed),
    },
  }
}

/**
 * Plans a Service that is about to be written. What is told only once is taken from its memory:
 * trigger times and whether hints were given, as the reference does before its writes.
 */
export function takePlan(
  all: SliceState, state: ServiceState, endpointsPerSlice: number,
): ServicePlan {
  const plan = planService(state, {
    endpointsPerSlice,
    triggerTime: state.memory.triggers.take(state.service.metadata.creationTimestamp),
    ratios: state.asksForTopology ? all.topology.ratios : undefined,
  })
  rememberHints(state, plan.families)
  all.topology.note(state)
  return plan
}

function idealSlices(state: ServiceState, endpointsPerSlice: number): number {
  let slices = 0
  for (const placement of state.placements) {
    for (const size of placement.groupSizes()) slices += Math.ceil(size / endpointsPerSlice)
  }
  return Math.max(1, slices)
}

function problemOf(state: ServiceState): string | undefined {
  const [pod, ...others] = [...state.missingNodes].sort()
  if (pod === undefined) return undefined
  return others.length === 0
    ? `the Node of Pod ${pod} does not exist`
    : `the Nodes of ${others.length + 1} Pods do not exist, ${pod} is one of them`
}

function stepOf(write: SliceWrite): Step {
  const ref = resources.endpointslices
  if (write.verb === 'create') return { verb: 'create', ref, object: write.slice }
  if (write.verb === 'update') return { verb: 'update', ref, object: write.slice }
  return deletion(write.before)
}

function deletion({ metadata }: Stored<EndpointSlice>): Step {
  const { name, namespace = '', uid } = metadata
  return { verb: 'delete', ref: resources.endpointslices, item: { name, namespace }, uid }
}

/** What a person sees on the Service when its slices could not be brought up to date. */
export function failureEvent(state: ServiceState, because: string): PlannedEvent {
  return {
    regarding: state.service,
    regardingKind: 'Service',
    regardingApiVersion: 'v1',
    type: 'Warning',
    reason: 'FailedToUpdateEndpointSlices',
    message: `Endpoint slices of Service ${state.key} are not up to date: ${because}`,
  }
}

import { sameJson, seconds } from '@slicewise/base'
import { type Plan, type PlannedEvent, type Step } from '@slicewise/engine'
import {
  type OwnerReference, type Pod, type PodDisruptionBudget, type PodDisruptionBudgetStatus,
  type Stored, resources,
} from '@slicewise/kube'
import { resolve } from '../workloads/rollout.ts'
import type { Members } from './members.ts'
import type { Scale, ScaleFound } from './scale.ts'
import { budgetEvent, notDeletedEvent, unmanagedText } from './tell.ts'

type Budget = Stored<PodDisruptionBudget>

export interface BudgetWorld {
  readonly budget: Budget
  /** The Pods that it selects. */
  readonly members: Members
  /** What is wrong with its selector. */
  readonly problem?: string | undefined
  /** The scale of a controller of Pods. */
  scaleOf(owner: OwnerReference): ScaleFound
  /** A Pod of its namespace. */
  podOf(name: string): Stored<Pod> | undefined
  readonly nowMs: number
  /** How long an eviction may take to be seen, ms. */
  readonly timeoutMs: number
}

/** What one look at a budget decides: its status. */
export function planBudget(world: BudgetWorld): Plan {
  const { budget, members, problem } = world
  if (problem !== undefined) {
    const event = budgetEvent(budget, 'Warning', 'NoPods', `Failed to get pods: ${problem}`)
    return { steps: failed(world, problem), events: [event] }
  }
  const events: PlannedEvent[] = []
  if (members.size === 0) {
    events.push(budgetEvent(budget, 'Normal', 'NoPods', 'No matching pods found'))
  }
  const wanted = wantedOf(world)
  if ('problem' in wanted) {
    const text = `Failed to calculate the number of expected pods: ${wanted.problem}`
    events.push(budgetEvent(budget, 'Warning', 'CalculateExpectedPodCountFailed', text))
    return { steps: failed(world, wanted.problem), events }
  }
  if (wanted.scaled && members.unmanaged > 0) {
    const text = unmanagedText(budget.spec?.selector)
    events.push(budgetEvent(budget, 'Warning', 'UnmanagedPods', text))
  }
  const disrupted = disruptedOf(world)
  const currentHealthy = members.healthy - disrupted.ready
  const steps = counted(world, { ...wanted, currentHealthy, disruptedPods: disrupted.left })
  const { againMs } = disrupted
  events.push(...disrupted.overdue.map((pod) => notDeletedEvent(budget, pod)))
  return { steps, events, ...(againMs === undefined ? {} : { againMs }) }
}

interface Wanted {
  readonly expectedPods: number
  readonly desiredHealthy: number
  /** They come from the scales of controllers, which say nothing of Pods without one. */
  readonly scaled: boolean
}

function wantedOf(world: BudgetWorld): Wanted | { readonly problem: string } {
  const { members, budget: { spec } } = world
  const { minAvailable, maxUnavailable } = spec ?? {}
  if (maxUnavailable === undefined && typeof minAvailable === 'number') {
    return { expectedPods: members.size, desiredHealthy: minAvailable, scaled: false }
  }
  if (maxUnavailable === undefined && minAvailable === undefined) {
    return { expectedPods: 0, desiredHealthy: 0, scaled: false }
  }
  const expectedPods = expectedByScale(world)
  if (typeof expectedPods !== 'number') return expectedPods
  const desiredHealthy = maxUnavailable === undefined
    ? resolve(minAvailable, expectedPods, 'up')
    : Math.max(0, expectedPods - resolve(maxUnavailable, expectedPods, 'up'))
  return { expectedPods, desiredHealthy, scaled: true }
}

/** The sum over all that the Pods belong to, each once. */
function expectedByScale(
  { members, scaleOf }: BudgetWorld,
): number | { readonly problem: string } {
  const scales = new Map<string, Scale>()
  for (const { owner, example } of members.owners) {
    const found = scaleOf(owner)
    if (found === undefined) {
      return { problem: `found no controllers for pod ${JSON.stringify(example)}` }
    }
    if ('problem' in found) return found
    scales.set(found.uid, found)
  }
  return [...scales.values()].reduce((sum, { replicas }) => sum + replicas, 0)
}

interface StillDisrupted {
  /** Entries that stand: evictions whose effect has not been seen. */
  readonly left: Record<string, string | null>
  /** How many of those Pods are ready still. */
  readonly ready: number
  /** Pods that should have gone and did not. */
  readonly overdue: readonly Stored<Pod>[]
  readonly againMs: number | undefined
}

function disruptedOf(
  { budget, members, podOf, nowMs, timeoutMs }: BudgetWorld,
): StillDisrupted {
  const left: Record<string, string | null> = {}
  const overdue: Stored<Pod>[] = []
  let ready = 0
  let againMs: number | undefined
  for (const [name, time] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const staying = members.staying(name)
    if (staying === undefined || members.isReplaced(name)) continue
    const leftMs = (Date.parse(time ?? '') || 0) + timeoutMs - nowMs
    if (leftMs <= 0) {
      const pod = podOf(name)
      if (pod !== undefined) overdue.push(pod)
      continue
    }
    left[name] = time
    if (staying.ready) ready++
    againMs = Math.min(againMs ?? Infinity, leftMs)
  }
  return { left, ready, overdue, againMs }
}

interface Counts extends Wanted {
  readonly currentHealthy: number
  readonly disruptedPods: Record<string, string | null>
}

/** The write of the status that should stand there; none when it does. */
function counted({ budget, nowMs }: BudgetWorld, counts: Counts): Step[] {
  const { currentHealthy, desiredHealthy, expectedPods, disruptedPods } = counts
  const { generation = 0 } = budget.metadata
  const surplus = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy)
  const reason = surplus > 0 ? 'SufficientPods' : 'InsufficientPods'
  const found = budget.status
  const numbers = {
    currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed: surplus,
    observedGeneration: generation,
  }
  const members = Object.keys(numbers) as (keyof typeof numbers)[]
  const condition = found?.conditions?.find(isAllowed)
  const stands = members.every((name) => (found?.[name] ?? 0) === numbers[name]) &&
    sameJson(found?.disruptedPods ?? {}, disruptedPods) &&
    condition?.reason === reason && condition.status === statusFor(surplus)
  if (stands) return []
  const conditions = conditionsOf(budget, nowMs, {
    status: statusFor(surplus), reason, message: '', observedGeneration: generation,
  })
  const entries = Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}
  return [statusStep(budget, { ...numbers, ...entries, conditions })]
}

const statusFor = (surplus: number): 'True' | 'False' => surplus > 0 ? 'True' : 'False'

/** No eviction passes while the count is not known; the rest of the status stays. */
function failed({ budget, nowMs }: BudgetWorld, problem: string): Step[] {
  const found: PodDisruptionBudgetStatus = budget.status ??
    { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, disruptionsAllowed: 0 }
  const conditions = conditionsOf(budget, nowMs, {
    status: 'False', reason: 'SyncFailed', message: problem,
    observedGeneration: found.observedGeneration ?? 0,
  })
  const status: PodDisruptionBudgetStatus = { ...found, disruptionsAllowed: 0, conditions }
  return sameJson(found, status) ? [] : [statusStep(budget, status)]
}

type Condition = NonNullable<PodDisruptionBudgetStatus['conditions']>[number]

const isAllowed = ({ type }: Condition): boolean => type === 'DisruptionAllowed'

/** The condition keeps its time while its status stays. */
function conditionsOf(
  { status }: Budget, nowMs: number,
  { observedGeneration, ...next }: Omit<Condition, 'type' | 'lastTransitionTime'>,
): Condition[] {
  const known = status?.conditions ?? []
  const before = known.find(isAllowed)
  const keeps = before?.status === next.status && Boolean(before?.lastTransitionTime)
  const condition: Condition = {
    type: 'DisruptionAllowed', ...next,
    lastTransitionTime: keeps ? before?.lastTransitionTime as string : seconds(nowMs),
    ...(observedGeneration ? { observedGeneration } : {}),
  }
  return before === undefined
    ? [...known, condition] : known.map((one) => (one === before ? condition : one))
}

function statusStep(budget: Budget, status: PodDisruptionBudgetStatus): Step {
  const object: PodDisruptionBudget = { ...budget, status }
  return { verb: 'update', ref: resources.poddisruptionbudgets, subresource: 'status', object }
}

import {
  type Pod, type PodDisruptionBudget, type StatusCause, type Stored, StatusError, matchesSelector,
  selectorFrom,
} from '@slicewise/kube'
import type { Attempt } from '../behaviour.ts'
import type { Draft } from '../decode.ts'
import { limits } from '../limits.ts'
import { trackWrite } from '../managed.ts'
import { modify, statusPart } from '../modify.ts'
import { copyJson } from '../copy-json.ts'
import { timeText } from '../times.ts'

type Budget = Stored<PodDisruptionBudget>
type BudgetStatus = NonNullable<PodDisruptionBudget['status']>

/** What the budgets of a Pod say to its eviction. Refusals are thrown. */
export interface Ruling {
  /** It was ruled for the Pod as it was seen: one that changes meanwhile must be ruled anew. */
  readonly asSeen: boolean
  readonly budget?: string
}

/** Its disruption is over, under way, or none: no budget has a say. */
function isUnguarded({ metadata, status }: Stored<Pod>): boolean {
  const { phase } = status ?? {}
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending'
    || metadata.deletionTimestamp != null
}

/**
 * Asks the PodDisruptionBudgets that select a Pod, and takes the eviction from the one that allows
 * it. They are as good as their status: whoever keeps it (a disruption controller) decides.
 * Throws `TooManyRequests` with the cause DisruptionBudget; `InternalError` for several budgets.
 */
export async function askBudgets(attempt: Attempt, pod: Stored<Pod>): Promise<Ruling> {
  if (isUnguarded(pod)) return { asSeen: pod.status?.phase === 'Pending' }
  const [budget, second] = budgetsOf(attempt, pod)
  if (budget === undefined) return { asSeen: false }
  if (second !== undefined) throw new SeveralBudgets()
  const { name } = budget.metadata
  if (!isReady(pod) && mayGoUnready(budget)) return { asSeen: true, budget: name }
  await takeOne(attempt, pod, name)
  return { asSeen: false, budget: name }
}

/** More than one budget selects the Pod. */
export class SeveralBudgets extends Error {
  constructor() {
    super('This pod has more than one PodDisruptionBudget, which the eviction subresource does '
      + 'not support.')
  }
}

function budgetsOf({ core, namespace }: Attempt, { metadata }: Stored<Pod>): Budget[] {
  const { collection } = core.cache.of(core.rows.get('policy', 'poddisruptionbudgets'))
  const found: Budget[] = []
  collection.walk({ namespace, from: '' }, one => {
    const budget = one.object() as Budget
    const { selector } = budget.spec ?? {}
    if (selector && matchesSelector(selectorFrom(selector), metadata.labels)) found.push(budget)
  })
  return found
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true

/** A Pod that is not ready is no loss while the others suffice. */
function mayGoUnready({ spec, status }: Budget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return currentHealthy >= desiredHealthy && desiredHealthy > 0
}

async function takeOne(attempt: Attempt, pod: Stored<Pod>, name: string): Promise<void> {
  const { core } = attempt
  const spec = core.rows.get('policy', 'poddisruptionbudgets')
  const own: Attempt = { ...attempt, spec, subresource: 'status' }
  const write = { spec, manager: 'kube-apiserver', subresource: 'status' }
  await modify({
    attempt: own, name, part: statusPart, mayCreate: false,
    make(found) {
      const before = found as Budget
      checkAllowed(before)
      const next = copyJson(before) as PodDisruptionBudget & Draft
      taken(next, pod.metadata.name, timeText(core.env.nowMs()))
      trackWrite(core, { ...write, before, next })
      return next
    },
  })
}

/** Throws what the reference throws when no Pod may be evicted now. */
function checkAllowed({ metadata, status }: Budget): void {
  const { name, generation = 0 } = metadata
  if ((status?.observedGeneration ?? 0) < generation) throw stillProcessed(name)
  const { disruptionsAllowed = 0, disruptedPods = {} } = status ?? {}
  if (Object.keys(disruptedPods).length > limits.disruptedPodsMax) {
    const text = `poddisruptionbudget.policy "${name}" is forbidden: DisruptedPods map too big - `
      + 'too many evictions not confirmed by PDB controller'
    throw new StatusError('Forbidden', text, {
      details: { name, group: 'policy', kind: 'poddisruptionbudget' },
    })
  }
  if (disruptionsAllowed <= 0) throw violates([budgetCause(whyNone(name, status))])
}

export const stillProcessed = (name: string): StatusError => violates(
  [budgetCause(`The disruption budget ${name} is still being processed by the server.`)], 10)

const budgetCause = (message: string): StatusCause => ({ reason: 'DisruptionBudget', message })

const violates = (causes: StatusCause[], retryAfterSeconds?: number): StatusError =>
  new StatusError('TooManyRequests',
    'Cannot evict pod as it would violate the pod\'s disruption budget.',
    { details: { causes, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) } })

function whyNone(name: string, status: BudgetStatus | undefined): string {
  const budget = `The disruption budget ${name}`
  const condition = status?.conditions?.find(one =>
    one.type === 'DisruptionAllowed' && one.status === 'False' && one.message)
  const { desiredHealthy = 0, currentHealthy = 0 } = status ?? {}
  if (condition?.reason === 'SyncFailed') {
    return `${budget} does not allow evicting pods currently because it failed sync: `
      + condition.message
  }
  if (currentHealthy <= desiredHealthy) {
    return `${budget} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
  }
  const why = condition === undefined ? '' : ` (${condition.reason}): ${condition.message}`
  return `${budget} does not allow evicting pods currently${why}`
}

/** Until whoever keeps the status sees the Pod go, it stands among the disrupted ones. */
function taken(budget: PodDisruptionBudget, pod: string, now: string): void {
  const status = budget.status as BudgetStatus
  status.disruptionsAllowed--
  status.disruptedPods = { ...status.disruptedPods, [pod]: now }
  if (status.disruptionsAllowed > 0) return
  const conditions = status.conditions ?? []
  const old = conditions.find(({ type }) => type === 'DisruptionAllowed')
  const next = {
    type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods', message: '',
    lastTransitionTime: old?.status === 'False' ? old.lastTransitionTime : now,
    ...(status.observedGeneration ? { observedGeneration: status.observedGeneration } : {}),
  } as (typeof conditions)[number]
  status.conditions = old === undefined
    ? [...conditions, next] : conditions.map(one => (one === old ? next : one))
}

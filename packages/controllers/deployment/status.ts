import { sameJson, seconds } from '@slicewise/base'
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet, Stored }
  from '@slicewise/kube'
import { maxUnavailable, replicasOf, sumStatus } from './replica-sets.ts'

export interface Observed {
  readonly deployment: Stored<Deployment>
  readonly current: Stored<ReplicaSet> | undefined
  readonly old: readonly Stored<ReplicaSet>[]
  readonly nowMs: number
}

/** A deadline of this many seconds means none (kube's MaxInt32). */
const noDeadline = 2_147_483_647

export interface StatusDecision {
  /** What should be written; undefined when it stands there already. */
  readonly status: DeploymentStatus | undefined
  /** When a rollout without progress has to be judged again, ms from now. */
  readonly againMs: number | undefined
}

/** Counts and conditions as they should be. `progress` is false where only counts are wanted. */
export function decideStatus(observed: Observed, progress: boolean): StatusDecision {
  const { deployment, nowMs } = observed
  const counts = countsOf(observed)
  const before = deployment.status?.conditions ?? []
  let conditions = withCondition(before, availability(deployment, counts), nowMs)
  const timed = isTimed(deployment)
  if (!timed) conditions = conditions.filter((one) => one.type !== 'Progressing')
  else if (progress) conditions = judgeProgress(observed, counts, conditions)
  conditions = withFailure(observed, conditions)
  const status: DeploymentStatus = { ...counts, conditions }
  const same = sameJson(pruned(deployment.status ?? {}), pruned(status))
  const againMs = same && timed ? untilDeadline(observed, counts) : undefined
  return { status: same ? undefined : status, againMs }
}

/** Whether the Deployment has a deadline for its progress, and so a Progressing condition. */
export function isTimed(deployment: Deployment): boolean {
  const deadline = deployment.spec?.progressDeadlineSeconds
  return deadline !== undefined && deadline !== noDeadline
}

type Counts = Omit<DeploymentStatus, 'conditions'>

function countsOf({ deployment, current, old }: Observed): Counts {
  const all = current === undefined ? old : [...old, current]
  const available = sumStatus(all, 'availableReplicas')
  const replicas = sumStatus(all, 'replicas')
  const collisionCount = deployment.status?.collisionCount
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sumStatus(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicasWanted(all) - available),
    terminatingReplicas: sumStatus(all, 'terminatingReplicas'),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  }
}

function replicasWanted(sets: readonly Stored<ReplicaSet>[]): number {
  return sets.reduce((sum, one) => sum + replicasOf(one), 0)
}

/** Members that JSON leaves out when zero. */
function pruned(status: DeploymentStatus): object {
  return Object.fromEntries(Object.entries(status).filter(([name, value]) =>
    name === 'terminatingReplicas' || (value !== 0 && !(Array.isArray(value) && !value.length))))
}

type NewCondition = Pick<DeploymentCondition, 'type' | 'status'> &
  { readonly reason: string; readonly message: string }

function availability(deployment: Deployment, counts: Counts): NewCondition {
  const enough = (counts.availableReplicas ?? 0) >=
    replicasOf(deployment) - maxUnavailable(deployment)
  return enough
    ? {
      type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable',
      message: 'Deployment has minimum availability.',
    }
    : {
      type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable',
      message: 'Deployment does not have minimum availability.',
    }
}

/** Replaces a condition when its status or reason changed; times tell when. */
export function withCondition(
  conditions: readonly DeploymentCondition[], next: NewCondition, nowMs: number,
): DeploymentCondition[] {
  const known = conditions.find((one) => one.type === next.type)
  if (known?.status === next.status && known.reason === next.reason) return [...conditions]
  return [...conditions.filter((one) => one.type !== next.type), stamped(known, next, nowMs)]
}

function stamped(
  known: DeploymentCondition | undefined, next: NewCondition, nowMs: number,
): DeploymentCondition {
  const now = seconds(nowMs)
  return {
    ...next, lastUpdateTime: now,
    lastTransitionTime: known?.status === next.status ? known.lastTransitionTime : now,
  }
}

/** Every Pod is of the current template, wanted and available. */
export function isComplete(deployment: Stored<Deployment>, counts: Counts): boolean {
  const replicas = replicasOf(deployment)
  return (counts.updatedReplicas ?? 0) === replicas && (counts.replicas ?? 0) === replicas &&
    (counts.availableReplicas ?? 0) === replicas &&
    (counts.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
}

function judgeProgress(
  observed: Observed, counts: Counts, conditions: readonly DeploymentCondition[],
): DeploymentCondition[] {
  const { deployment, current, nowMs } = observed
  const known = conditions.find((one) => one.type === 'Progressing')
  const settled = known?.reason === 'NewReplicaSetAvailable' &&
    (counts.replicas ?? 0) === (counts.updatedReplicas ?? 0)
  if (settled) return [...conditions]
  const who = current === undefined
    ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${current.metadata.name}"`
  if (isComplete(deployment, counts)) {
    return withCondition(conditions, {
      type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable',
      message: `${who} has successfully progressed.`,
    }, nowMs)
  }
  if (moved(deployment, counts)) {
    const next: NewCondition = {
      type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated',
      message: `${who} is progressing.`,
    }
    return [...conditions.filter((one) => one.type !== 'Progressing'), stamped(known, next, nowMs)]
  }
  if (!isOverdue(observed, counts, known)) return [...conditions]
  return withCondition(conditions, {
    type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded',
    message: `${who} has timed out progressing.`,
  }, nowMs)
}

/** More new, fewer old, more ready or more available Pods than the last status said. */
function moved(deployment: Stored<Deployment>, counts: Counts): boolean {
  const before = deployment.status ?? {}
  const oldOnes = (of: Counts): number => (of.replicas ?? 0) - (of.updatedReplicas ?? 0)
  return (counts.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOnes(counts) < oldOnes(before) ||
    (counts.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
}

function isOverdue(
  { deployment, nowMs }: Observed, counts: Counts, known: DeploymentCondition | undefined,
): boolean {
  if (known === undefined || isComplete(deployment, counts)) return false
  if (known.reason === 'NewReplicaSetAvailable') return false
  if (known.reason === 'ProgressDeadlineExceeded') return true
  return Date.parse(known.lastUpdateTime ?? '') + deadlineMs(deployment) < nowMs
}

function deadlineMs(deployment: Deployment): number {
  return (deployment.spec?.progressDeadlineSeconds ?? noDeadline) * 1_000
}

function untilDeadline(observed: Observed, counts: Counts): number | undefined {
  const { deployment, nowMs } = observed
  const known = deployment.status?.conditions?.find((one) => one.type === 'Progressing')
  const over = known === undefined || isComplete(deployment, counts) ||
    known.reason === 'NewReplicaSetAvailable' || known.reason === 'ProgressDeadlineExceeded'
  if (over) return undefined
  const untilMs = Date.parse(known.lastUpdateTime ?? '') + deadlineMs(deployment) - nowMs
  return Math.max(0, untilMs) + 1_000
}

function withFailure(
  { current, old }: Observed, conditions: readonly DeploymentCondition[],
): DeploymentCondition[] {
  const rest = conditions.filter((one) => one.type !== 'ReplicaFailure')
  const failed = [...(current === undefined ? [] : [current]), ...old]
    .flatMap((one) => one.status?.conditions ?? [])
    .find((one) => one.type === 'ReplicaFailure' && one.status === 'True')
  if (failed === undefined) return rest
  return [...rest, {
    type: 'ReplicaFailure', status: failed.status, lastUpdateTime: failed.lastTransitionTime,
    lastTransitionTime: failed.lastTransitionTime,
    ...(failed.reason === undefined ? {} : { reason: failed.reason }),
    ...(failed.message === undefined ? {} : { message: failed.message }),
  }]
}

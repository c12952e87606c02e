import type { Deployment, ReplicaSet, Stored } from '@slicewise/kube'
import { annotation, byCreation, maxSurge, replicasOf, sumReplicas } from './replica-sets.ts'

/** New sizes of ReplicaSets by name; those that keep theirs are left out. */
export type Sizes = ReadonlyMap<Stored<ReplicaSet>, number>

const none: Sizes = new Map()

/** Whether `spec.replicas` changed since the ReplicaSets were sized last. */
export function isScaled(deployment: Deployment, sets: readonly Stored<ReplicaSet>[]): boolean {
  return sets.some((one) => {
    const desired = one.metadata.annotations?.[annotation.desired]
    return replicasOf(one) > 0 && desired !== undefined &&
      Number(desired) !== replicasOf(deployment)
  })
}

/**
 * Sizes after `spec.replicas` changed: the only ReplicaSet takes all; a finished rollout empties
 * the old ones; in the middle of a rolling update the change is shared in proportion.
 */
export function scaleSizes(
  deployment: Deployment, current: Stored<ReplicaSet> | undefined,
  old: readonly Stored<ReplicaSet>[],
): Sizes {
  const only = activeOrLatest(current, old)
  const replicas = replicasOf(deployment)
  if (only !== undefined) return replicasOf(only) === replicas ? none : new Map([[only, replicas]])
  const active = [...old, ...(current === undefined ? [] : [current])]
    .filter((one) => replicasOf(one) > 0)
  if (current !== undefined && isSaturated(deployment, current)) {
    return new Map(old.filter((one) => replicasOf(one) > 0).map((one) => [one, 0]))
  }
  if (deployment.spec?.strategy?.type === 'Recreate') return none
  return proportional(deployment, active)
}

/** The one that is scaled alone: the only active one, or the latest when none is active. */
function activeOrLatest(
  current: Stored<ReplicaSet> | undefined, old: readonly Stored<ReplicaSet>[],
): Stored<ReplicaSet> | undefined {
  const active = [...old, ...(current === undefined ? [] : [current])]
    .filter((one) => replicasOf(one) > 0)
  if (active.length > 1) return undefined
  return active[0] ?? current ?? [...old].sort(byCreation).at(-1)
}

function isSaturated(deployment: Deployment, set: Stored<ReplicaSet>): boolean {
  const replicas = replicasOf(deployment)
  return replicasOf(set) === replicas &&
    Number(set.metadata.annotations?.[annotation.desired]) === replicas &&
    (set.status?.availableReplicas ?? 0) === replicas
}

function proportional(deployment: Deployment, active: readonly Stored<ReplicaSet>[]): Sizes {
  const replicas = replicasOf(deployment)
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0
  const toAdd = allowed - sumReplicas(active)
  if (toAdd === 0) return none
  const bySize = (a: Stored<ReplicaSet>, b: Stored<ReplicaSet>): number =>
    replicasOf(b) - replicasOf(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b))
  const sorted = [...active].sort(bySize)
  const shares = new Map<Stored<ReplicaSet>, number>()
  let added = 0
  for (const set of sorted) {
    const share = clamp(shareOf(deployment, set), toAdd - added)
    shares.set(set, replicasOf(set) + share)
    added += share
  }
  const first = sorted[0]
  if (first !== undefined) {
    shares.set(first, Math.max(0, (shares.get(first) ?? 0) + toAdd - added))
  }
  for (const [set, size] of shares) if (size === replicasOf(set)) shares.delete(set)
  return shares
}

/** How much a ReplicaSet would grow if it kept its part of the whole. */
function shareOf(deployment: Deployment, set: Stored<ReplicaSet>): number {
  const replicas = replicasOf(deployment)
  if (replicas === 0) return -replicasOf(set)
  const before = Number(set.metadata.annotations?.[annotation.max]) ||
    (deployment.status?.replicas ?? 0)
  if (before === 0) return 0
  const size = (replicasOf(set) * (replicas + maxSurge(deployment))) / before
  return roundHalfAway(size) - replicasOf(set)
}

function clamp(share: number, left: number): number {
  return left > 0 ? Math.min(Math.max(share, 0), left) : Math.max(Math.min(share, 0), left)
}

function roundHalfAway(value: number): number {
  return value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5)
}

import type { Deployment, Pod, ReplicaSet, Stored } from '@slicewise/kube'
import { isFinished } from '../workloads/pods.ts'
import { byCreation, maxSurge, maxUnavailable, replicasOf, sumReplicas, sumStatus }
  from './replica-sets.ts'
import type { Sizes } from './scale.ts'

export interface Rollout {
  readonly deployment: Stored<Deployment>
  readonly current: Stored<ReplicaSet> | undefined
  readonly old: readonly Stored<ReplicaSet>[]
}

const none: Sizes = new Map()

/** How large the current ReplicaSet may be now. */
export function currentSize({ deployment, current, old }: Rollout): number {
  const replicas = replicasOf(deployment)
  const size = current === undefined ? 0 : replicasOf(current)
  if (deployment.spec?.strategy?.type === 'Recreate' || size > replicas) return replicas
  const room = replicas + maxSurge(deployment) - sumReplicas(old) - size
  return room <= 0 ? size : size + Math.min(room, replicas - size)
}

/** The next sizes of a rolling update: first the current one grows, then the old ones shrink. */
export function rollingSizes(rollout: Rollout): Sizes {
  const { current } = rollout
  if (current === undefined) return none
  const size = currentSize(rollout)
  if (size !== replicasOf(current)) return new Map([[current, size]])
  return shrinkOld(rollout, current)
}

function shrinkOld(
  { deployment, old }: Rollout, current: Stored<ReplicaSet>,
): Sizes {
  const total = sumReplicas(old) + replicasOf(current)
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment)
  const currentMissing = replicasOf(current) - (current.status?.availableReplicas ?? 0)
  const most = total - minAvailable - currentMissing
  if (sumReplicas(old) === 0 || most <= 0) return none
  const sizes = new Map<Stored<ReplicaSet>, number>()
  const sorted = [...old].sort(byCreation)
  dropUnhealthy(sorted, most, sizes)
  const available = sumStatus([...old, current], 'availableReplicas')
  let left = available - minAvailable
  for (const set of sorted) {
    if (left <= 0) break
    const size = sizes.get(set) ?? replicasOf(set)
    const fewer = Math.min(size, left)
    if (fewer === 0) continue
    sizes.set(set, size - fewer)
    left -= fewer
  }
  return sizes
}

/** Pods of old ReplicaSets that are not available are given up first: nobody will miss them. */
function dropUnhealthy(
  sorted: readonly Stored<ReplicaSet>[], most: number, sizes: Map<Stored<ReplicaSet>, number>,
): void {
  let left = most
  for (const set of sorted) {
    const missing = replicasOf(set) - (set.status?.availableReplicas ?? 0)
    const fewer = Math.min(left, missing)
    if (fewer <= 0) continue
    sizes.set(set, replicasOf(set) - fewer)
    left -= fewer
  }
}

/** Recreate: everything old is emptied, and the new one waits until its Pods are gone. */
export function recreateSizes(
  { deployment, current, old }: Rollout, oldPods: readonly Stored<Pod>[],
): Sizes | 'waiting' {
  const active = old.filter((one) => replicasOf(one) > 0)
  if (active.length > 0) return new Map(active.map((one) => [one, 0]))
  if (oldPods.some((pod) => !isFinished(pod))) return 'waiting'
  if (current === undefined || replicasOf(current) === replicasOf(deployment)) return none
  return new Map([[current, replicasOf(deployment)]])
}

import { seconds } from '@slicewise/base'
import { type Plan, noPlan } from '@slicewise/engine'
import { type Pod, type PodCondition, type Stored, resources } from '@slicewise/kube'
import { isFinished } from '../workloads/pods.ts'

/**
 * A Pod that was to be evicted and is not being deleted: after the timeout its condition
 * `DisruptionTarget` turns False. What a kubelet announced it keeps, however long it takes.
 */
export function planStale(
  pod: Stored<Pod>, { nowMs, timeoutMs }: { nowMs: number; timeoutMs: number },
): Plan {
  const condition = announced(pod)
  if (condition === undefined) return noPlan
  const leftMs = (Date.parse(condition.lastTransitionTime ?? '') || 0) + timeoutMs - nowMs
  if (leftMs > 0) return { steps: [], againMs: leftMs }
  const { generation } = pod.metadata
  const next: PodCondition = {
    type: 'DisruptionTarget', status: 'False', lastProbeTime: null,
    lastTransitionTime: seconds(nowMs),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }
  const conditions = pod.status?.conditions?.map((one) => (one === condition ? next : one))
  const object = { ...pod, status: { ...pod.status, conditions } } as Pod
  return { steps: [{ verb: 'update', ref: resources.pods, subresource: 'status', object }] }
}

/** The condition by which a Pod that stays was announced to go. */
export function announced(pod: Stored<Pod>): PodCondition | undefined {
  if (pod.metadata.deletionTimestamp || isFinished(pod)) return undefined
  return pod.status?.conditions?.find((one) => one.type === 'DisruptionTarget' &&
    one.status === 'True' && one.reason !== 'TerminationByKubelet')
}

import type { Pod, Stored } from '@slicewise/kube'
import { isReady, readySinceMs } from '../workloads/pods.ts'

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'
const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * The order in which a ReplicaSet gives up Pods, first to go first: without a Node, pending, not
 * ready, cheap, crowded, ready for a shorter time, restarted more often, younger. Ties by name, so
 * that the order is decided. `crowd` counts the related Pods on each Pod's Node.
 */
export function deletionOrder(
  pods: readonly Stored<Pod>[], crowd: (pod: Stored<Pod>) => number, nowMs: number,
): Stored<Pod>[] {
  const rank = (a: Stored<Pod>, b: Stored<Pod>): number =>
    bool(a.spec?.nodeName) - bool(b.spec?.nodeName) ||
    phaseRank(a) - phaseRank(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    costOf(a) - costOf(b) ||
    crowd(b) - crowd(a) ||
    ageRank(readySinceMs(a), nowMs) - ageRank(readySinceMs(b), nowMs) ||
    restartsOf(b) - restartsOf(a) ||
    ageRank(createdMs(a), nowMs) - ageRank(createdMs(b), nowMs) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  return [...pods].sort(rank)
}

/** Ages count by powers of two, so that small differences do not decide. */
function ageRank(sinceMs: number | undefined, nowMs: number): number {
  if (sinceMs === undefined) return -1
  const seconds = Math.max(0, nowMs - sinceMs) / 1_000
  return seconds < 1 ? 0 : Math.floor(Math.log2(seconds)) + 1
}

function bool(text: string | undefined): number {
  return text ? 1 : 0
}

function phaseRank(pod: Stored<Pod>): number {
  return phases[pod.status?.phase ?? 'Pending'] ?? 1
}

function costOf(pod: Stored<Pod>): number {
  const cost = Number(pod.metadata.annotations?.[deletionCost] ?? 0)
  return Number.isInteger(cost) ? cost : 0
}

function restartsOf(pod: Stored<Pod>): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((one) => one.restartCount))
}

function createdMs(pod: Stored<Pod>): number {
  return Date.parse(pod.metadata.creationTimestamp)
}

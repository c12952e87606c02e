import {
  type LabelSelector, type Pod, type PodTemplateSpec, type Stored, conditionOf,
} from '@slicewise/kube'

/** What the workload controllers need to know of a Pod. */

export function isActive(pod: Stored<Pod>): boolean {
  return !isFinished(pod) && !pod.metadata.deletionTimestamp
}

export function isFinished(pod: Stored<Pod>): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

export function isReady(pod: Stored<Pod>): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True'
}

/** Since when the Pod is ready, wall clock ms; undefined when it is not. */
export function readySinceMs(pod: Stored<Pod>): number | undefined {
  const condition = conditionOf(pod, 'Ready')
  if (condition?.status !== 'True') return undefined
  return Date.parse(condition.lastTransitionTime ?? '') || 0
}

/** Ready for `minReadySeconds`. */
export function isAvailable(pod: Stored<Pod>, minReadySeconds: number, nowMs: number): boolean {
  const sinceMs = readySinceMs(pod)
  if (sinceMs === undefined) return false
  return minReadySeconds === 0 || sinceMs + minReadySeconds * 1_000 <= nowMs
}

/** How long until the next of these ready Pods becomes available, ms; undefined when none waits. */
export function nextAvailableMs(
  pods: readonly Stored<Pod>[], minReadySeconds: number, nowMs: number,
): number | undefined {
  if (minReadySeconds === 0) return undefined
  let next: number | undefined
  for (const pod of pods) {
    const sinceMs = readySinceMs(pod)
    if (sinceMs === undefined || isAvailable(pod, minReadySeconds, nowMs)) continue
    const waitMs = sinceMs + minReadySeconds * 1_000 - nowMs
    next = next === undefined ? waitMs : Math.min(next, waitMs)
  }
  return next
}

/** The Pod that a template makes; name and owner are the caller's. */
export function podOf(template: PodTemplateSpec): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    metadata: {
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
    },
    ...(template.spec === undefined ? {} : { spec: template.spec }),
  }
}

/** Whether the template's labels are on the Pod. */
export function isFullyLabelled(pod: Stored<Pod>, template: PodTemplateSpec | undefined): boolean {
  const labels = pod.metadata.labels ?? {}
  return Object.entries(template?.metadata?.labels ?? {})
    .every(([key, value]) => labels[key] === value)
}

/** `matchLabels` of a selector plus one label. */
export function withLabel(
  selector: LabelSelector | undefined, key: string, value: string,
): LabelSelector {
  return { ...selector, matchLabels: { ...selector?.matchLabels, [key]: value } }
}

import type { Pod, Stored, Taint, Toleration } from '@slicewise/kube'
import { isTolerated } from '../scheduler/fit.ts'

/**
 * How long a Pod still bears the NoExecute taints of its Node, ms from now: 0 when it has to go
 * now, undefined when it may stay. Toleration times are divided by `speed`.
 */
export function evictionDelayMs(
  pod: Stored<Pod>, taints: readonly Taint[], nowMs: number, speed: number,
): number | undefined {
  if (taints.length === 0) return undefined
  const tolerations = pod.spec?.tolerations
  let shortest: number | undefined
  for (const taint of taints) {
    const bearing = (tolerations ?? []).filter((one) => isTolerated([one], taint))
    if (bearing.length === 0) return 0
    const ms = bearableMs(bearing, taint, nowMs, speed)
    if (ms !== undefined) shortest = Math.min(shortest ?? Infinity, ms)
  }
  return shortest
}

/** The shortest time that one of the tolerations allows; undefined when all are without end. */
function bearableMs(
  bearing: readonly Toleration[], taint: Taint, nowMs: number, speed: number,
): number | undefined {
  const timed = bearing.map((one) => one.tolerationSeconds).filter((one) => one !== undefined)
  if (timed.length === 0) return undefined
  const sinceMs = Date.parse(taint.timeAdded ?? '')
  const startMs = Number.isNaN(sinceMs) ? nowMs : sinceMs
  return Math.max(0, startMs + (Math.max(0, Math.min(...timed)) * 1_000) / speed - nowMs)
}

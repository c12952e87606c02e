import type { Pod, Stored, Taint } from '@slicewise/kube'
import { isTolerated } from '../scheduler/fit.ts'

/**
 * How long a Pod still bears the NoExecute taints of its Node, ms from now: 0 or less when it has
 * to go now, undefined when it may stay. It has borne them for `elapsedMs` already; toleration
 * times are divided by `speed`.
 */
export function evictionDelayMs(
  pod: Stored<Pod>, taints: readonly Taint[], elapsedMs: number, speed: number,
): number | undefined {
  if (taints.length === 0) return undefined
  const tolerations = pod.spec?.tolerations ?? []
  const used = taints.map((taint) => tolerations.filter((one) => isTolerated([one], taint)))
  if (used.some((bearing) => bearing.length === 0)) return 0
  const seconds = used.flat().map((one) => one.tolerationSeconds).filter((one) => one !== undefined)
  if (seconds.length === 0) return undefined
  return (Math.max(0, Math.min(...seconds)) * 1_000) / speed - elapsedMs
}

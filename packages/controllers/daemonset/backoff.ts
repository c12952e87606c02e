/** How soon a Pod that failed on a Node may be replaced again; the reference's times. */
const firstMs = 1_000
const longestMs = 15 * 60_000

interface Failures {
  delayMs: number
  atMs: number
}

/** Keeps a DaemonSet and a kubelet that refuses its Pods from chasing each other. */
export class FailedPods {
  readonly #failures = new Map<string, Failures>()

  /** How long a failed Pod under this key has to stay, ms; 0 when it may go. */
  waitMs(key: string, nowMs: number): number {
    const found = this.#failures.get(key)
    if (found === undefined) return 0
    return Math.max(0, found.atMs + found.delayMs - nowMs)
  }

  /** One was removed: the next one stays twice as long. A long quiet time forgives. */
  note(key: string, nowMs: number): void {
    const found = this.#failures.get(key)
    const forgiven = found === undefined || nowMs - found.atMs > 2 * longestMs
    const delayMs = forgiven ? firstMs : Math.min(longestMs, found.delayMs * 2)
    this.#failures.set(key, { delayMs, atMs: nowMs })
  }
}

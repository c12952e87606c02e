/**
 * How long Nodes have been silent, in time that counts: time in which a sign of life could have
 * been heard. A look counts the time since the look before, but never more than one period, so a
 * look that comes late (a busy or sleeping process) does not count its delay; and while our own
 * sign of life, sent the way kubelets send theirs, has not come back, nothing counts at all.
 */
export class Silence {
  /** Time that counted so far, ms. */
  #countedMs = 0
  #lookedMs: number
  #asking = false
  /** `#countedMs` when the last sign of life was heard, by Node. */
  readonly #heardMs = new Map<string, number>()

  constructor(nowMs: number) {
    this.#lookedMs = nowMs
  }

  /** A sign of life of a Node. */
  heard(node: string): void {
    this.#heardMs.set(node, this.#countedMs)
  }

  forget(node: string): void {
    this.#heardMs.delete(node)
  }

  /** How long the Node has been silent, ms; 0 for one that was never heard. */
  of(node: string): number {
    return this.#countedMs - (this.#heardMs.get(node) ?? this.#countedMs)
  }

  /** Nodes that have been silent for longer than `ms`. */
  *longerThan(ms: number): Generator<string> {
    for (const [node, heardMs] of this.#heardMs) {
      if (this.#countedMs - heardMs > ms) yield node
    }
  }

  /** Our own sign of life was sent, or came back. */
  set asking(asking: boolean) {
    this.#asking = asking
  }

  get asking(): boolean {
    return this.#asking
  }

  look(nowMs: number, periodMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#lookedMs)
    this.#lookedMs = nowMs
    if (!this.#asking) this.#countedMs += Math.min(elapsedMs, periodMs)
  }
}

import { type Cancel, type Env, seededRandom, silentLog } from '@slicewise/base'

interface Timer {
  readonly dueMs: number
  readonly order: number
  readonly run: () => void
}

/** An Env whose clock moves only when told to; same seed, same run. */
export class VirtualEnv implements Env {
  readonly log = silentLog
  readonly checked = true
  readonly random: () => number
  #nowMs: number
  #setAheadMs = 0
  #order = 0
  #ids = 0
  readonly #timers = new Set<Timer>()

  constructor(options: { seed?: number; startMs?: number } = {}) {
    this.random = seededRandom(options.seed ?? 1)
    this.#nowMs = options.startMs ?? Date.UTC(2026, 0, 1)
  }

  nowMs(): number {
    return this.#nowMs + this.#setAheadMs
  }

  /** Somebody sets the wall clock; what is timed goes on. */
  setClock(byMs: number): void {
    this.#setAheadMs += byMs
  }

  elapsedMs(): number {
    return this.#nowMs
  }

  uid(): string {
    this.#ids++
    return `00000000-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`
  }

  after(ms: number, run: () => void): Cancel {
    const timer = { dueMs: this.#nowMs + Math.max(0, ms), order: this.#order++, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Runs every timer that falls due within `ms`, in order, letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    for (;;) {
      await settle()
      const timer = this.#next(endMs)
      if (timer === undefined) break
      this.#timers.delete(timer)
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs)
      timer.run()
    }
    this.#nowMs = endMs
  }

  #next(endMs: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue
      const sooner = first === undefined || timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order)
      if (sooner) first = timer
    }
    return first
  }
}

/** Lets every promise that can settle without a timer do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}

import type { Env } from '@slicewise/base'
import { limits } from './limits.ts'

export interface HeartbeatOptions {
  readonly env: Env
  readonly signal: AbortSignal
  /** Nodes that have a kubelet here. */
  names(): readonly string[]
  /** Time between two heartbeats of one of `nodes` Nodes. */
  intervalMs(nodes: number): number
  /** Sends one; a rejection is logged, but not after the signal aborted. */
  beat(name: string): Promise<void>
  /** Told before each round of heartbeats and after each answer whether one of them is late. */
  onLate(late: boolean): void
}

/**
 * When each Node's heartbeat goes out: once per interval, spread evenly over it. A timer that comes
 * late sends all that fell due meanwhile, each Node's once; a heartbeat that is not answered yet is
 * not repeated.
 */
export class Heartbeats {
  readonly #options: HeartbeatOptions
  /** When a heartbeat was sent that is not answered yet, by Node, oldest first. */
  readonly #underWay = new Map<string, { readonly sinceMs: number; readonly done: Promise<void> }>()
  #next = 0
  #dueMs = 0
  #intervalMs = 0

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Resolves when the signal aborted and every heartbeat was answered. */
  async run(): Promise<void> {
    const { env, signal } = this.#options
    this.#dueMs = env.elapsedMs()
    while (!signal.aborted) {
      this.#sendDue()
      await pause(env, Math.max(1, this.#dueMs - env.elapsedMs()), signal)
    }
    await Promise.all([...this.#underWay.values()].map(({ done }) => done))
  }

  #sendDue(): void {
    const { env } = this.#options
    const names = this.#options.names()
    this.#intervalMs = this.#options.intervalMs(names.length)
    const slotMs = this.#intervalMs / Math.max(1, names.length)
    const nowMs = env.elapsedMs()
    this.#tellLate()
    for (let sent = 0; sent < names.length && this.#dueMs <= nowMs; sent++) {
      this.#send(names[this.#next % names.length] ?? '', nowMs)
      this.#next = (this.#next + 1) % names.length
      this.#dueMs += slotMs
    }
    // More than a whole round late: begin anew from here.
    if (this.#dueMs <= nowMs || this.#dueMs > nowMs + slotMs) this.#dueMs = nowMs + slotMs
  }

  #send(name: string, sinceMs: number): void {
    if (this.#underWay.has(name)) return
    const { env, signal, beat } = this.#options
    const done = beat(name).catch((error: unknown) => {
      if (signal.aborted) return
      env.log.warn('heartbeat failed', { node: name, because: String(error) })
    }).finally(() => {
      this.#underWay.delete(name)
      this.#tellLate()
    })
    this.#underWay.set(name, { sinceMs, done })
  }

  #tellLate(): void {
    const [oldest] = this.#underWay.values()
    const lateMs = oldest === undefined ? 0 : this.#options.env.elapsedMs() - oldest.sinceMs
    this.#options.onLate(lateMs > this.#intervalMs * limits.lateHeartbeat)
  }
}

/** Resolves after `ms`, or when the signal aborts. */
function pause(env: Env, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = env.after(ms, end)
    signal.addEventListener('abort', end, { once: true })
  })
}

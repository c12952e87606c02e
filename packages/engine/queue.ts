import type { Cancel, Env, MetricFamily } from '@slicewise/base'
import { Queue } from '@slicewise/base'
import { limits } from './limits.ts'
import { QueueStats } from './queue-stats.ts'

export interface GatherOptions {
  /**
   * A fixed window: every change waits this long, counted from the first one (the batch period of
   * kube-controller-manager). Absent: a quiet key is ready at once and only churn gathers.
   */
  readonly batchMs?: number
  readonly gatherMsMin?: number
  readonly gatherMsMax?: number
  readonly quietMs?: number
  /** First and longest pause before a key that failed is tried again. */
  readonly retryMsMin?: number
  readonly retryMsMax?: number
}

interface KeyState {
  /** A change came since the key was last taken. */
  dirty: boolean
  /** A later look was asked for during this one; Infinity when not. */
  laterMs: number
  running: boolean
  /** In `#ready`, or a timer will put it there. */
  due: Cancel | 'ready' | undefined
  dueMs: number
  windowMs: number
  takenMs: number
  /** First change since it was last taken. */
  sinceMs: number
  failures: number
}

/**
 * Keys that have to be looked at again. A key says "look", never "this happened": adding it ten
 * times before it is taken is one look, and a key is never with two workers at once.
 *
 * The first change of a quiet key is ready at once; later ones gather in a window that doubles
 * from `gatherMsMin` to `gatherMsMax` while churn lasts and falls back when it ends.
 */
export class KeyQueue {
  readonly stats = new QueueStats()
  readonly #env: Env
  readonly #options: Required<Omit<GatherOptions, 'batchMs'>> & { batchMs: number | undefined }
  readonly #keys = new Map<string, KeyState>()
  readonly #ready = new Queue<string>()
  #wake: () => void = () => {}
  #closed = false
  #held = false
  #sweepAt: number = limits.sweepKeysMin

  constructor(env: Env, options: GatherOptions = {}) {
    this.#env = env
    this.#options = {
      batchMs: options.batchMs !== undefined && options.batchMs > 0 ? options.batchMs : undefined,
      gatherMsMin: options.gatherMsMin ?? limits.gatherMsMin,
      gatherMsMax: options.gatherMsMax ?? limits.gatherMsMax,
      quietMs: options.quietMs ?? limits.quietMs,
      retryMsMin: options.retryMsMin ?? limits.retryMsMin,
      retryMsMax: options.retryMsMax ?? limits.retryMsMax,
    }
  }

  /** Keys that are ready or waiting for their time. */
  get depth(): number {
    let count = 0
    for (const state of this.#keys.values()) if (state.due !== undefined) count++
    return count
  }

  /** Keys remembered, quiet ones included. */
  get known(): number {
    return this.#keys.size
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Called whenever a key became ready. */
  onReady(wake: () => void): void {
    this.#wake = wake
  }

  /** Something about `key` changed: look at it when its gathering window ends. */
  add(key: string): void {
    const state = this.#state(key)
    const nowMs = this.#env.elapsedMs()
    this.#mark(state, nowMs)
    if (state.running) return
    this.#schedule(key, state, state.sinceMs + this.#windowOf(state, nowMs))
  }

  /** Look at `key` now, whatever window it waits for. */
  addNow(key: string): void {
    const state = this.#state(key)
    const nowMs = this.#env.elapsedMs()
    this.#mark(state, nowMs)
    if (!state.running) this.#schedule(key, state, nowMs)
  }

  /** Look at `key` in `ms` milliseconds at the latest. */
  addAfter(key: string, ms: number): void {
    const state = this.#state(key)
    const dueMs = this.#env.elapsedMs() + ms
    if (state.running) state.laterMs = Math.min(state.laterMs, dueMs)
    else this.#schedule(key, state, dueMs)
  }

  /** Gives no key until `release`: something more urgent than all of them is under way. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    if (!this.#held) return
    this.#held = false
    this.#wake()
  }

  /** The next ready key, which the caller now holds until `done`. */
  take(): string | undefined {
    if (this.#held) return undefined
    const key = this.#ready.take()
    if (key === undefined) return undefined
    const state = this.#state(key)
    const nowMs = this.#env.elapsedMs()
    this.#adapt(state, nowMs)
    const readyMs = Math.min(nowMs, state.dueMs)
    this.stats.taken(key, state.dirty ? state.sinceMs : readyMs, readyMs, nowMs)
    state.due = undefined
    state.laterMs = Infinity
    state.dirty = false
    state.running = true
    state.takenMs = nowMs
    return key
  }

  /** Ends a look. A key that was added meanwhile gets another one, after its window. */
  done(key: string): void {
    const state = this.#state(key)
    state.running = false
    state.failures = 0
    this.stats.ended(key, this.#env.elapsedMs())
    this.#again(key, state)
  }

  /** Ends a look that failed; the key is looked at again after a pause, which is returned (ms). */
  failed(key: string): number {
    const state = this.#state(key)
    state.running = false
    const { retryMsMin, retryMsMax } = this.#options
    const ms = Math.min(retryMsMax, retryMsMin * 2 ** state.failures)
    state.failures++
    const nowMs = this.#env.elapsedMs()
    this.stats.retries++
    this.stats.ended(key, nowMs)
    // What could not be done is as old as it was.
    this.#mark(state, state.sinceMs)
    this.#schedule(key, state, nowMs + ms)
    return ms
  }

  close(): void {
    this.#closed = true
    for (const state of this.#keys.values()) if (typeof state.due === 'function') state.due()
    this.#keys.clear()
    this.#ready.clear()
    this.#wake()
  }

  /** The look under way for `key` wrote what it had to. */
  wrote(key: string): void {
    this.stats.wrote(key, this.#env.elapsedMs())
  }

  /** Those of `stats`, under the queue's name. */
  families(name: string): MetricFamily[] {
    return this.stats.families(name, this.#ready.size, this.#env.elapsedMs())
  }

  #mark(state: KeyState, sinceMs: number): void {
    if (state.dirty) return
    state.dirty = true
    state.sinceMs = sinceMs
    this.stats.adds++
  }

  #again(key: string, state: KeyState): void {
    if (this.#closed) return
    const windowMs = this.#windowOf(state, this.#env.elapsedMs())
    const windowEndMs = state.dirty ? state.sinceMs + windowMs : Infinity
    const dueMs = Math.min(windowEndMs, state.laterMs)
    if (dueMs < Infinity) this.#schedule(key, state, dueMs)
  }

  #windowOf(state: KeyState, nowMs: number): number {
    if (this.#options.batchMs !== undefined) return this.#options.batchMs
    return nowMs - state.takenMs > this.#options.quietMs ? 0 : state.windowMs
  }

  /** Churn widens the window, a quiet time narrows it again. */
  #adapt(state: KeyState, nowMs: number): void {
    const { gatherMsMin, gatherMsMax, quietMs } = this.#options
    const quiet = nowMs - state.takenMs > quietMs
    state.windowMs = quiet ? gatherMsMin : Math.min(gatherMsMax, state.windowMs * 2)
  }

  #schedule(key: string, state: KeyState, dueMs: number): void {
    if (this.#closed || state.due === 'ready') return
    if (state.due !== undefined) {
      if (state.dueMs <= dueMs) return
      state.due()
    }
    state.dueMs = dueMs
    const ms = dueMs - this.#env.elapsedMs()
    if (ms <= 0) this.#makeReady(key, state)
    else state.due = this.#env.after(ms, () => this.#makeReady(key, state))
  }

  #makeReady(key: string, state: KeyState): void {
    state.due = 'ready'
    this.#ready.push(key)
    this.#wake()
  }

  #state(key: string): KeyState {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    if (this.#keys.size >= this.#sweepAt) this.#sweep()
    const state: KeyState = {
      dirty: false, running: false, due: undefined, dueMs: 0, sinceMs: 0, laterMs: Infinity,
      windowMs: this.#options.gatherMsMin, takenMs: -Infinity, failures: 0,
    }
    this.#keys.set(key, state)
    return state
  }

  /** Forgets keys that have been quiet; amortised, so that deleted objects do not pile up. */
  #sweep(): void {
    const nowMs = this.#env.elapsedMs()
    for (const [key, state] of this.#keys) {
      const idle = !state.running && state.due === undefined
      if (idle && nowMs - state.takenMs > this.#options.quietMs) this.#keys.delete(key)
    }
    this.#sweepAt = Math.max(limits.sweepKeysMin, this.#keys.size * 2)
  }
}

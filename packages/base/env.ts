/** Stops what `Env.after` or `Env.every` started. Calling it twice is harmless. */
export type Cancel = () => void

/**
 * Everything a package may know of the world outside its arguments: time, timers, randomness,
 * ids and the log. The simulation and the tests replace it; nothing else reads global time.
 */
export interface Env {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number
  /**
   * Milliseconds since some moment. Unlike the wall clock it never jumps and never goes back, so
   * what lasts or is due is measured by it.
   */
  elapsedMs(): number
  /** Runs `run` once, `ms` milliseconds from now, in a turn of its own. */
  after(ms: number, run: () => void): Cancel
  /** Uniform in [0, 1). */
  random(): number
  /** A new UUID version 4 in lower case. */
  uid(): string
  readonly log: Log
  /** True in tests and simulations: shared objects are frozen so that a mutation throws. */
  readonly checked: boolean
}

export type LogFields = Readonly<Record<string, unknown>>

/** A log line is a constant message with named values. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** Finer than `debug`; a log may do without. */
  trace?(message: string, fields?: LogFields): void
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
}

/** The wall clock of now, which from here on neither jumps nor goes back. */
export function steadyClock(env: Env): () => number {
  const aheadMs = env.nowMs() - env.elapsedMs()
  return () => Math.round(aheadMs + env.elapsedMs())
}

/** Resolves after `ms` milliseconds of `env`'s clock; rejects with the signal's reason. */
export function sleep(env: Env, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = env.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}

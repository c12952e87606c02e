import { randomUUID } from 'node:crypto'
import { type Cancel, type Env, type Log, silentLog } from '@slicewise/base'

/** The real clock, timers, randomness and ids of Node.js. */
export function nodeEnv(options: { log?: Log; checked?: boolean } = {}): Env {
  return {
    nowMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    after,
    random: () => Math.random(),
    uid: () => randomUUID(),
    log: options.log ?? silentLog,
    checked: options.checked ?? false,
  }
}

function after(ms: number, run: () => void): Cancel {
  if (ms <= 0) {
    const handle = setImmediate(run)
    return () => clearImmediate(handle)
  }
  const handle = setTimeout(run, Math.min(ms, 0x7fffffff))
  return () => clearTimeout(handle)
}

import type { Env } from '@slicewise/base'

/** A stop is promised within 5 s, wherever the program is. */
const stopMsMax = 4_500

/** What a signal asks for. */
export interface Stop {
  /** Whether a signal came. */
  readonly asked: boolean
  readonly whenAsked: Promise<void>
}

/**
 * Listens for SIGINT and SIGTERM: from the first on the program has 4.5 s to end by itself, and
 * then ends with 0 anyway, since what was acknowledged is on disk. A second SIGINT ends it at once.
 */
export function untilSignal(env: Env): Stop {
  const stop = { asked: false, whenAsked: Promise.resolve() }
  stop.whenAsked = new Promise((resolve) => {
    const asked = (): void => {
      if (stop.asked) return
      stop.asked = true
      process.once('SIGINT', () => process.exit(1))
      env.after(stopMsMax, () => process.exit(0))
      resolve()
    }
    process.once('SIGINT', asked)
    process.on('SIGTERM', asked)
  })
  return stop
}

import type { Env } from '@slicewise/base'

/** A stop is promised within 5 s, wherever the program is. */
const stopMsMax = 4_500

/** What a signal asks for. */
export interface Stop {
  /** Whether a signal came. */
  readonly asked: boolean
  readonly whenAsked: Promise<void>
}

const endNow = (): void => process.exit(0)

/** Until `untilSignal` nothing has been opened, so that a signal may end the program at once. */
export function endAtSignals(): void {
  process.on('SIGINT', endNow).on('SIGTERM', endNow)
}

/**
 * Listens for SIGINT and SIGTERM: from the first on the program has 4.5 s to end by itself, and
 * then ends with 0 anyway, since what was acknowledged is on disk. A second SIGINT ends it at once.
 */
export function untilSignal(env: Env): Stop {
  const stop = { asked: false, whenAsked: Promise.resolve() }
  stop.whenAsked = new Promise((resolve) => {
    const asked = (signal: NodeJS.Signals): void => {
      if (stop.asked) {
        if (signal === 'SIGINT') process.exit(1)
        return
      }
      stop.asked = true
      env.after(stopMsMax, endNow)
      resolve()
    }
    process.on('SIGINT', asked).on('SIGTERM', asked)
  })
  process.off('SIGINT', endNow).off('SIGTERM', endNow)
  return stop
}

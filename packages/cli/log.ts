import type { Log, LogFields } from '@slicewise/base'

const levels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 } as const
type Level = keyof typeof levels

/**
 * Log lines on stderr, one JSON object each: verbosity 0 shows warnings, 1 what happens, 2 plans
 * and writes by key, 4 and more everything. The logger is loaded with the first line, so that a
 * quiet start costs nothing.
 */
export function openLog(verbosity: number): Log {
  const least = verbosity >= 4 ? levels.trace : verbosity >= 2 ? levels.debug
    : verbosity === 1 ? levels.info : levels.warn
  let logger: Promise<Write> | undefined
  const write = (level: Level, message: string, fields?: LogFields): void => {
    if (levels[level] < least) return
    logger ??= open()
    void logger.then((line) => line(level, message, fields ?? {}))
  }
  return {
    trace: (message, fields) => write('trace', message, fields),
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  }
}

type Write = (level: Level, message: string, fields: LogFields) => void

async function open(): Promise<Write> {
  const { pino } = await import('pino')
  const logger = pino(
    { level: 'trace', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
  return (level, message, fields) => logger[level](fields, message)
}

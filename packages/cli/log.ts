import type { Log } from '@slicewise/base'

/** Log lines on stderr, structured; `-v 0` shows warnings, 1 what happens, 2 and more everything. */
export async function openLog(verbosity: number): Promise<Log> {
  const { pino } = await import('pino')
  const level = verbosity >= 2 ? 'debug' : verbosity === 1 ? 'info' : 'warn'
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }))
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  }
}

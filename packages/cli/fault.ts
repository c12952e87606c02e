import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A bad flag that only its command can tell; ends with the exit status of bad flags. */
export class UsageError extends Error {}

/** One line of an error: messages of libraries may have several. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().replace(/\s*\n\s*/g, ' ')
}

/** What helps when the system has run out of something; most errors say so themselves. */
export function remedyOf(error: unknown): string {
  const text = oneLine(error)
  // Some calls of Node.js name no code: 24 is that of too many open files.
  return /\bE[MN]FILE\b|system error 24\b/.test(text)
    ? ': raise the limit of open files (ulimit -n)' : ''
}

/**
 * A fault of the program itself: nothing that it holds can be trusted, so it ends. One line says
 * what happened and where the log of it is.
 */
export function endOnFault(error: unknown): never {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  let where = 'its log could not be written'
  try {
    const log = join(mkdtempSync(join(tmpdir(), 'slicewise-fault-')), 'log')
    writeFileSync(log, `${stack}\n`, { mode: 0o600 })
    where = `its log is ${log}`
  } catch {
    // The disk is full or the folder is not ours; the line below is what can be said.
  }
  try {
    const what = oneLine(error) + remedyOf(error)
    process.stderr.write(`slicewise: a fault of the program, ${what}; ${where}\n`)
  } finally {
    process.exit(1)
  }
}

/** Nobody may read what is printed, which is no reason to end: `slicewise up | head -1`. */
export function printToAnyone(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

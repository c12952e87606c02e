import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env, silentLog } from '@slicewise/base'

/** The real world, as small as the tests of this package need it. */
export const testEnv: Env = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (ms, run) => {
    if (ms === 0) {
      const turn = setImmediate(run)
      return () => clearImmediate(turn)
    }
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  random: Math.random,
  uid: () => randomUUID(),
  log: silentLog,
  checked: true,
}

/** A folder that does not exist yet, inside one that `remove` takes away. */
export function temporaryFolder(): { dir: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'slicewise-store-'))
  return {
    dir: join(parent, 'data'),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value)

/** Waits, turn by turn, until `condition` holds; fails after some seconds. */
export async function eventually(condition: () => boolean, what = 'a condition'): Promise<void> {
  const end = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} did not come true`)
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** Some turns of the event loop, for what must not happen in them. */
export async function turns(count = 20): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise(resolve => setImmediate(resolve))
}

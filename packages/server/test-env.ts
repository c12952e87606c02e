import { randomUUID } from 'node:crypto'
import { type Env, seededRandom, silentLog } from '@slicewise/base'
import { resourceTable } from '@slicewise/kube'
import { type Store, openMemoryStore } from '@slicewise/store'
import { bootstrap } from './bootstrap.ts'
import type { Caller } from './contract.ts'
import { type OpenRegistry, openRegistry } from './registry.ts'

/** The real world, as small as the tests of this package need it. */
export function testEnv(seed = 1): Env {
  return {
    nowMs: () => Date.now(),
    after(ms, run) {
      if (ms <= 0) {
        const turn = setImmediate(run)
        return () => clearImmediate(turn)
      }
      const timer = setTimeout(run, ms)
      timer.unref()
      return () => clearTimeout(timer)
    },
    random: seededRandom(seed),
    uid: () => randomUUID(),
    log: silentLog,
    checked: true,
  }
}

/** A registry with the namespaces of a fresh cluster. */
export async function openTestRegistry(
  options: { env?: Env; store?: Store; serviceCidrs?: readonly string[] } = {},
): Promise<OpenRegistry> {
  const env = options.env ?? testEnv()
  const store = options.store ?? openMemoryStore(env)
  const { serviceCidrs } = options
  const registry = await openRegistry({
    env, store, resources: resourceTable, ...(serviceCidrs === undefined ? {} : { serviceCidrs }),
  })
  await bootstrap(registry)
  return registry
}

/** Warnings are collected where a test wants to see them. */
export function testCaller(warnings: string[] = []): Caller {
  return {
    user: { name: 'tester', groups: ['system:masters'] },
    userAgent: 'tester/1.0',
    warn: text => warnings.push(text),
  }
}

/** Waits, turn by turn, until `condition` holds; fails after some seconds. */
export async function eventually(condition: () => boolean, what = 'a condition'): Promise<void> {
  const end = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} did not come true`)
    await new Promise(resolve => setImmediate(resolve))
  }
}

import { randomUUID } from 'node:crypto'
import { type Env, seededRandom, silentLog } from '@slicewise/base'
import { resourceTable } from '@slicewise/kube'
import { openMemoryStore } from '@slicewise/store'
import { bootstrap } from './bootstrap.ts'
import type { Caller } from './contract.ts'
import { type OpenRegistry, type RegistryOptions, openRegistry } from './registry.ts'

/** The real world, as small as the tests of this package need it. */
export function testEnv(seed = 1): Env {
  return {
    nowMs: () => Date.now(),
    elapsedMs: () => performance.now(),
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

/** A clock that goes on with every look at it: whatever shares a turn by time is cut short. */
export function hastyEnv(seed = 1): Env {
  const env = testEnv(seed)
  let looks = 0
  return { ...env, nowMs: () => Date.now() + 3 * looks++ }
}

/** A registry with the namespaces of a fresh cluster. */
export async function openTestRegistry(
  options: Partial<RegistryOptions> = {},
): Promise<OpenRegistry> {
  const env = options.env ?? testEnv()
  const store = options.store ?? openMemoryStore(env)
  const registry = await openRegistry({ resources: resourceTable, ...options, env, store })
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

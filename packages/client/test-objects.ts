import { type Env, seededRandom } from '@slicewise/base'
import { type Api, type ConfigMap, type Stored, resourceTable, resources } from '@slicewise/kube'
import { createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { nodeEnv } from '@slicewise/system/node'

/** A stored ConfigMap as a server would send it. */
export function stored(name: string, revision: number, more: {
  uid?: string; labels?: Record<string, string>; data?: Record<string, string>
} = {}): Stored<ConfigMap> {
  const { uid = `uid-${name}`, labels = {}, data = {} } = more
  return {
    metadata: {
      name, namespace: 'default', uid, resourceVersion: String(revision), labels,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    data,
  }
}

/** Real time, checked, with seeded randomness. */
export const testEnv = (seed = 1): Env =>
  ({ ...nodeEnv({ checked: true }), random: seededRandom(seed) })

/** The clock and the timers of `env`, `factor` times as fast. */
export function hastened(env: Env, factor: number): Env {
  return {
    ...env,
    nowMs: () => env.nowMs() * factor,
    after: (ms, run) => env.after(ms / factor, run),
  }
}

/** A real server in this process with the namespace `default`. */
export async function openServer(env = testEnv()): Promise<{ api: Api; close(): Promise<void> }> {
  const store = openMemoryStore(env)
  const registry = await openRegistry({ env, store, resources: resourceTable })
  const api = createApi(registry, { name: 'tester', groups: ['system:masters'] })
  await api.create(resources.namespaces, { metadata: { name: 'default' } })
  return {
    api,
    close: async () => {
      await registry.close()
      await store.close()
    },
  }
}

/** Looks again, turn by turn, until `condition` holds; fails after some seconds. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} did not come true`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

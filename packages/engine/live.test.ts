import { type Deferred, deferred } from '@slicewise/base'
import { type Api, resourceTable, resources } from '@slicewise/kube'
import { createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { nodeEnv } from '@slicewise/system/node'
import { expect, test } from 'vitest'
import { limits } from './limits.ts'
import { LiveReads } from './live.ts'

const scope = { namespace: 'default' }
const object = (name: string) => ({ metadata: { name, ...scope } })

interface Pages {
  held?: Deferred<void>
  count: number
}

/** Live reads over the real server; each page waits for the test when `held`. */
async function withReads(
  run: (reads: LiveReads, api: Api, pages: Pages) => Promise<void>,
): Promise<void> {
  const env = nodeEnv()
  const store = openMemoryStore(env)
  const registry = await openRegistry({ env, store, resources: resourceTable })
  const api = createApi(registry, { name: 'test', groups: ['system:masters'] })
  const pages: Pages = { count: 0 }
  const counted = Object.assign(Object.create(api) as Api, {
    list: async (...all: Parameters<Api['list']>) => {
      pages.count++
      await pages.held?.promise
      return api.list(...all)
    },
  })
  try {
    await api.create(resources.namespaces, { metadata: { name: 'default' } })
    await run(new LiveReads(counted, env), api, pages)
  } finally {
    await registry.close()
    await store.close()
  }
}

test('many objects come by pages and are all there', () => withReads(async (reads, api, pages) => {
  const count = limits.livePage + 1
  for (let n = 0; n < count; n++) await api.create(resources.secrets, object(`c${n}`))
  const { revisions, revision } = await reads.read(resources.secrets, scope)
  expect(revisions.size).toBe(count)
  expect(Number(revision)).toBeGreaterThanOrEqual(Math.max(...[...revisions.values()].map(Number)))
  expect(pages.count).toBe(2)
}))

test('who asks meanwhile shares the next read, which is not older than the question', () =>
  withReads(async (reads, api, pages) => {
    const held = deferred()
    pages.held = held
    const first = reads.read(resources.configmaps, scope)
    const asked = [1, 2, 3].map(() => reads.read(resources.configmaps, scope))
    const { metadata } = await api.create(resources.configmaps, object('late'))
    held.resolve()
    await first
    for (const { revisions } of await Promise.all(asked)) {
      expect(revisions.get(metadata.uid)).toBe(metadata.resourceVersion)
    }
    expect(pages.count).toBe(2)
    await reads.read(resources.configmaps, scope)
    expect(pages.count).toBe(3)
  }))

test('other collections and scopes are read on their own, and a failure is nobody else s', () =>
  withReads(async (reads, _, pages) => {
    const missing = { ...resources.configmaps, resource: 'nothings' }
    const refused = reads.read(missing, scope)
    const again = reads.read(missing, scope)
    await expect(refused).rejects.toThrow()
    await expect(again).rejects.toThrow()
    await Promise.all([
      reads.read(resources.configmaps, scope), reads.read(resources.secrets, scope),
      reads.read(resources.configmaps, {}),
    ])
    expect(pages.count).toBe(5)
  }))

import { StatusError, resources } from '@slicewise/kube'
import {
  type Commit, type Store, WriteRefused, openMemoryStore,
} from '@slicewise/store'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import type { CachedEvent, WatchHandle, WatchRequest } from './contract.ts'
import { limits } from './limits.ts'
import type { OpenRegistry } from './registry.ts'
import { eventually, openTestRegistry, testCaller, testEnv } from './test-env.ts'

const spec = resources.configmaps
const caller = testCaller()

/** What one watch was told, as short texts. */
class Told {
  readonly lines: string[] = []
  readonly events: CachedEvent[] = []
  error: StatusError | undefined
  ended = false
  handle: WatchHandle | undefined

  async open(registry: OpenRegistry, more: Partial<WatchRequest> = {}): Promise<this> {
    this.handle = await registry.watch({ caller, spec, namespace: 'default', ...more }, {
      event: event => {
        this.events.push(event)
        this.lines.push(`${event.type} ${event.object.name}`)
      },
      bookmark: (_revision, initial) => this.lines.push(initial ? 'COMPLETE' : 'BOOKMARK'),
      end: error => {
        this.ended = true
        this.error = error
      },
    })
    return this
  }
}

async function make(registry: OpenRegistry, name: string): Promise<number> {
  const body = { value: { metadata: { name, labels: { made: 'here' } }, data: { name } } }
  const answer = await registry.create({ caller, spec, namespace: 'default', name: '', body })
  return answer.object?.revision ?? 0
}

const labelSelector = 'made'
const turns = () => new Promise(resolve => setTimeout(resolve, 5))

test('a paused watch gets nothing, and all of it afterwards', async () => {
  const registry = await openTestRegistry()
  const told = await new Told().open(registry, { labelSelector })
  await make(registry, 'a')
  await eventually(() => told.lines.length === 1)
  told.handle?.pause()
  for (const name of ['b', 'c', 'd']) await make(registry, name)
  await turns()
  expect(told.lines).toEqual(['ADDED a'])
  told.handle?.resume()
  await eventually(() => told.lines.length === 4)
  expect(told.lines).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'ADDED d'])
  await registry.close()
  expect(told).toMatchObject({ ended: true, error: undefined })
})

test('watches of one resource share the event', async () => {
  const registry = await openTestRegistry()
  const [one, two] = [await new Told().open(registry), await new Told().open(registry)]
  const at = (told: Told): boolean => told.events.length === 2
  await eventually(() => one.events.length === 1 && two.events.length === 1)
  await make(registry, 'a')
  await eventually(() => at(one) && at(two))
  expect(one.events.at(-1)).toBe(two.events.at(-1))
  await registry.close()
})

test('a watch that stays behind for too long is cut', async () => {
  const env = new VirtualEnv()
  const opening = openTestRegistry({ env })
  await env.advance(10)
  const registry = await opening
  const told = await new Told().open(registry, { labelSelector })
  told.handle?.pause()
  const write = async (name: string): Promise<void> => {
    const writing = make(registry, name)
    await env.advance(1)
    await writing
  }
  await write('a')
  await env.advance(2 * limits.historyAgeMs)
  expect(told.lines).toEqual([])
  expect(told.error).toMatchObject({ reason: 'Expired', code: 410 })
  await registry.close()
})

test('an old revision is expired, a future one waits', async () => {
  const env = new VirtualEnv()
  const opening = openTestRegistry({ env })
  await env.advance(10)
  const registry = await opening
  const writing = make(registry, 'a')
  await env.advance(1)
  const revision = await writing
  const future = await new Told().open(registry, { resourceVersion: String(revision + 1) })
  for (const name of ['b', 'c']) {
    const more = make(registry, name)
    await env.advance(1)
    await more
  }
  await env.advance(1)
  expect(future.lines).toEqual(['ADDED c'])
  await env.advance(2 * limits.historyAgeMs)
  const old = await new Told().open(registry, { resourceVersion: String(revision) })
  await env.advance(1)
  expect(old.error).toMatchObject({ reason: 'Expired', code: 410 })
  expect(old.error?.message).toMatch(/^too old resource version: \d+ \(\d+\)$/)
  const listing = registry.list({
    caller, spec, namespace: '', resourceVersion: String(revision), resourceVersionMatch: 'Exact',
  })
  await expect(listing).rejects.toMatchObject({ reason: 'Expired' })
  await registry.close()
})

test('a stale continue token restarts from the same key', async () => {
  const env = new VirtualEnv()
  const opening = openTestRegistry({ env })
  await env.advance(10)
  const registry = await opening
  for (const name of ['a', 'b', 'c']) {
    const writing = make(registry, name)
    await env.advance(1)
    await writing
  }
  const asked = { caller, spec, namespace: 'default', labelSelector }
  const first = await registry.list({ ...asked, limit: 1 })
  const removing = registry.delete({ caller, spec, namespace: 'default', name: 'b', options: {} })
  await env.advance(2 * limits.historyAgeMs)
  await removing
  const error = await registry.list({ ...asked, limit: 1, continue: first.continue ?? '' })
    .catch((one: unknown) => one) as StatusError
  expect(error).toMatchObject({ reason: 'Expired', code: 410 })
  const rest = await registry.list({ ...asked, continue: error.continueToken ?? '' })
  expect(rest.items.map(one => one.name)).toEqual(['c'])
  await registry.close()
})

test('bookmarks come about once a minute and before the end', async () => {
  const env = new VirtualEnv()
  const opening = openTestRegistry({ env })
  await env.advance(10)
  const registry = await opening
  const told = await new Told().open(registry, {
    labelSelector, allowWatchBookmarks: true, timeoutSeconds: 150,
  })
  await env.advance(1)
  expect(told.lines).toEqual(['COMPLETE'])
  await env.advance(149_000)
  const count = told.lines.filter(one => one === 'BOOKMARK').length
  expect(count).toBeGreaterThanOrEqual(2)
  expect(count).toBeLessThanOrEqual(4)
  expect(told.ended).toBe(false)
  await env.advance(2_000)
  expect(told).toMatchObject({ ended: true, error: undefined })
  await registry.close()
})

test.each([
  [{ sendInitialEvents: true }, 'resourceVersionMatch'],
  [{ resourceVersionMatch: 'NotOlderThan' }, 'resourceVersionMatch'],
  [{ sendInitialEvents: true, resourceVersionMatch: 'Exact' }, 'resourceVersionMatch'],
])('options %j of a watch are refused', async (more, field) => {
  const registry = await openTestRegistry()
  const error = await new Told().open(registry, more).catch((one: unknown) => one)
  expect(error).toMatchObject({
    code: 422, details: { kind: 'ListOptions', group: 'meta.k8s.io' },
  })
  expect((error as StatusError).details?.causes?.[0]?.field).toBe(field)
  await registry.close()
})

test.each([
  ['match without revision', { resourceVersionMatch: 'Exact' }, 422],
  ['exact zero', { resourceVersionMatch: 'Exact', resourceVersion: '0' }, 422],
  ['unknown match', { resourceVersionMatch: 'Some', resourceVersion: '1' }, 422],
  ['initial events', { sendInitialEvents: true }, 422],
  ['no number', { resourceVersion: 'abc' }, 400],
  ['the future', { resourceVersion: '999999999' }, 504],
  ['no token', { continue: '!' }, 400],
  ['label selector', { labelSelector: 'a in' }, 400],
  ['field selector', { fieldSelector: 'spec.x=1' }, 400],
])('a list with %s is refused', async (_what, more, code) => {
  const registry = await openTestRegistry()
  const listing = registry.list({ caller, spec, namespace: '', ...more })
  await expect(listing).rejects.toMatchObject({ code })
  await registry.close()
})

test('a store that refuses writes stops them with a clear Status, reads go on', async () => {
  const env = testEnv()
  const store = openMemoryStore(env)
  let full = false
  const refusing: Store = new Proxy(store, {
    get(target, name) {
      if (name === 'commit') {
        const refusal = new WriteRefused('no space left on device')
        return (change: Commit) => (full ? Promise.reject(refusal) : target.commit(change))
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const registry = await openTestRegistry({ env, store: refusing })
  await make(registry, 'a')
  full = true
  const error = await make(registry, 'b').catch((one: unknown) => one)
  expect(error).toMatchObject({ reason: 'ServiceUnavailable', code: 503 })
  expect((error as StatusError).message).toContain('no space left on device')
  const list = await registry.list({ caller, spec, namespace: 'default', labelSelector })
  expect(list.items.map(one => one.name)).toEqual(['a'])
  full = false
  await make(registry, 'b')
  await registry.close()
})

test('a store that lost history is read again, its watches expire', async () => {
  const env = testEnv()
  const store = openMemoryStore(env)
  const registry = await openTestRegistry({ env, store })
  await make(registry, 'a')
  const told = await new Told().open(registry, { labelSelector })
  await turns()
  // Both in one turn: the cache has not seen the write when the history is gone.
  const other = openTestRegistry({ env, store })
  const second = await other
  await make(second, 'b')
  await store.compact(store.revision)
  await turns()
  const list = await registry.list({ caller, spec, namespace: 'default', labelSelector })
  expect(list.items.map(one => one.name)).toEqual(['a', 'b'])
  await eventually(() => told.lines.includes('ADDED b') || told.error?.reason === 'Expired')
  await registry.close()
  await second.close()
})


import { type Service, resources } from '@slicewise/kube'
import { type Store, openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import { createApi } from './api.ts'
import { limits } from './limits.ts'
import type { OpenRegistry } from './registry.ts'
import { eventually, openTestRegistry, testCaller, testEnv } from './test-env.ts'

const { configmaps, ipaddresses, services } = resources
const caller = testCaller()
const user = { name: 'tester', groups: ['system:masters'] }

type Spec = typeof configmaps | typeof ipaddresses

/** What a watch after `revision` is told up to its `count`-th event, and its end. */
async function watched(
  registry: OpenRegistry, spec: Spec, revision: number, count: number,
): Promise<string[]> {
  const lines: string[] = []
  const request = { caller, spec, namespace: '', resourceVersion: String(revision) }
  const handle = await registry.watch(request, {
    event: ({ type, object }) => {
      lines.push(`${object.revision} ${type} ${object.name} ${valueOf(object.object())}`.trim())
    },
    bookmark: () => {},
    end: error => lines.push(error?.reason ?? 'over'),
  })
  await eventually(() => lines.length >= count, `${count} events, not ${lines.join(', ')},`)
  handle.stop()
  return lines
}

const valueOf = (object: object): string =>
  String((object as { data?: { v?: string } }).data?.v ?? '')

/** ConfigMaps a and b made, a changed twice, b deleted, c made; by a server that is gone. */
async function history(store: Store): Promise<{ first: number; registry: OpenRegistry }> {
  const env = testEnv()
  const before = await openTestRegistry({ env, store })
  const api = createApi(before, user)
  const first = store.revision
  const metadata = (name: string) => ({ name, namespace: 'default' })
  for (const name of ['a', 'b']) {
    await api.create(configmaps, { metadata: metadata(name), data: { v: '1' } })
  }
  await api.update(configmaps, { metadata: metadata('a'), data: { v: '2' } })
  await api.update(configmaps, { metadata: metadata('a'), data: { v: '3' } })
  await api.delete(configmaps, metadata('b'))
  await api.create(configmaps, { metadata: metadata('c'), data: { v: '1' } })
  await before.close()
  return { first, registry: await openTestRegistry({ env, store }) }
}

test('a watch that is cut between two changes of one write goes on with the second', async () => {
  const registry = await openTestRegistry()
  const api = createApi(registry, user)
  const start = registry.core.cache.revision
  const made = await api.create<Service>(services, {
    metadata: { name: 'both', namespace: 'default' },
    spec: { ports: [{ port: 80, targetPort: 80 }], ipFamilyPolicy: 'RequireDualStack' },
  })
  const revisions = (lines: readonly string[]): number[] =>
    lines.map(line => Number(line.split(' ')[0]))
  const [one = 0, two = 0] = revisions(await watched(registry, ipaddresses, start, 2))
  expect(one).toBeGreaterThan(start)
  expect(two).toBeGreaterThan(one)
  expect(two).not.toBe(Number(made.metadata.resourceVersion))
  expect(revisions(await watched(registry, ipaddresses, one, 1))).toEqual([two])
  const listed = await registry.list({
    caller, spec: ipaddresses, namespace: '', resourceVersion: String(one),
    resourceVersionMatch: 'Exact',
  })
  // The kubernetes Service's own, on both families or one, and the first of the new ones.
  expect(listed.items.map(item => item.revision)).toContain(one)
  expect(listed.items.map(item => item.revision)).not.toContain(two)
  await registry.close()
})

test('a watch goes on after a restart of the server', async () => {
  const store = openMemoryStore(testEnv())
  const { first, registry } = await history(store)
  const all = [
    `${first + 1} ADDED a 1`, `${first + 2} ADDED b 1`, `${first + 3} MODIFIED a 2`,
    `${first + 4} MODIFIED a 3`, `${first + 5} DELETED b 1`, `${first + 6} ADDED c 1`,
  ]
  for (const seen of [0, 3, 1, 5]) {
    const lines = await watched(registry, configmaps, first + seen, all.length - seen)
    expect(lines).toEqual(all.slice(seen))
  }
  await createApi(registry, user).delete(configmaps, { namespace: 'default', name: 'c' })
  const lines = await watched(registry, configmaps, first + 4, 3)
  expect(lines).toEqual([...all.slice(4), expect.stringMatching(/^\d+ DELETED c 1$/)])
  await registry.close()
})

test('lists of a revision, and pages, go on after a restart of the server', async () => {
  const env = testEnv()
  const store = openMemoryStore(env)
  const { first, registry } = await history(store)
  const request = { caller, spec: configmaps, namespace: 'default' }
  const at = { resourceVersion: String(first + 4), resourceVersionMatch: 'Exact' }
  const page = await registry.list({ ...request, ...at, limit: 1 })
  expect(page.items.map(one => `${one.name} ${valueOf(one.object())}`)).toEqual(['a 3'])
  await registry.close()
  const again = await openTestRegistry({ env, store })
  const rest = await again.list({ ...request, limit: 5, continue: page.continue ?? '' })
  expect(rest.items.map(one => one.name)).toEqual(['b', 'kube-root-ca.crt'])
  await again.close()
})

test('what the store has forgotten is gone', async () => {
  const store = openMemoryStore(testEnv())
  const { first, registry } = await history(store)
  await store.compact(first + 2)
  expect(await watched(registry, configmaps, first + 1, 1)).toEqual(['Expired'])
  const lines = await watched(registry, configmaps, first + 2, 4)
  expect(lines[0]).toBe(`${first + 3} MODIFIED a 2`)
  const at = { resourceVersion: String(first), resourceVersionMatch: 'Exact' }
  await expect(registry.list({ caller, spec: configmaps, namespace: '', ...at }))
    .rejects.toMatchObject({ code: 410 })
  await registry.close()
})

test('no more of the past is read than the limit says, once, and only when asked', async () => {
  const env = testEnv()
  const store = openMemoryStore(env)
  const before = await openTestRegistry({ env, store })
  const start = store.revision
  const puts = (name: string) => ({ key: `/configmaps/default/${name}`, value: value(name) })
  const value = (name: string): Uint8Array => new TextEncoder().encode(
    `{"metadata":{"name":"${name}","namespace":"default","uid":"u","labels":{}}}`)
  const count = limits.recalledRevisionsMax + 100
  for (let n = 0; n < count; n++) await store.commit({ puts: [puts(`c${n % 50}`)] })
  await before.close()
  let reads = 0
  const counting: Store = new Proxy(store, {
    get(target, name) {
      if (name === 'watch') reads++
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  const registry = await openTestRegistry({ env, store: counting })
  const opened = reads
  expect(await watched(registry, configmaps, start + 50, 1)).toEqual(['Expired'])
  expect(reads).toBe(opened)
  const all = await Promise.all([150, 200, 5_000].map(async after => {
    const lines = await watched(registry, configmaps, start + after, count - after)
    return lines.length
  }))
  expect(all).toEqual([150, 200, 5_000].map(after => count - after))
  expect(reads).toBe(opened + 1)
  await registry.close()
})

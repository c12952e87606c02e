import { randomUUID } from 'node:crypto'
import { type Env, silentLog } from '@slicewise/base'
import { resourceTable, resources } from '@slicewise/kube'
import { openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import type { Caller, CachedEvent } from './contract.ts'
import { openRegistry } from './registry.ts'

const env: Env = {
  nowMs: () => Date.now(),
  after(ms, run) {
    if (ms <= 0) { const h = setImmediate(run); return () => clearImmediate(h) }
    const h = setTimeout(run, ms); return () => clearTimeout(h)
  },
  random: () => Math.random(), uid: () => randomUUID(), log: silentLog, checked: true,
}
const caller: Caller = { user: { name: 'test', groups: [] }, userAgent: 'test/1', warn() {} }

test('create, get, list, watch', async () => {
  const registry = await openRegistry({ env, store: openMemoryStore(env), resources: resourceTable })
  const create = (spec: any, namespace: string, value: unknown) =>
    registry.create({ caller, spec, namespace, name: '', body: { value } })
  await create(resources.namespaces, '', { metadata: { name: 'default' } })
  const seen: string[] = []
  const handle = await registry.watch({ caller, spec: resources.pods, namespace: '' }, {
    event: (e: CachedEvent) => seen.push(`${e.type} ${e.object.name}`),
    bookmark: () => {}, end: () => {},
  })
  for (const name of ['a', 'b']) {
    await create(resources.pods, 'default', {
      metadata: { name, labels: { n: name } }, spec: { containers: [{ name: 'c', image: 'i' }] },
    })
  }
  const got = await registry.get({ caller, spec: resources.pods, namespace: 'default', name: 'a' })
  expect(got.object?.object()).toMatchObject({ metadata: { name: 'a', namespace: 'default' } })
  const list = await registry.list({ caller, spec: resources.pods, namespace: 'default', labelSelector: 'n=b' })
  expect(list.items.map(i => i.name)).toEqual(['b'])
  await new Promise(r => setTimeout(r, 5))
  expect(seen).toEqual(['ADDED a', 'ADDED b'])
  handle.stop()
  await registry.close()
})

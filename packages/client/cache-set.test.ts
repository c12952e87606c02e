import { resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { CacheSet } from './cache-set.ts'
import { openServer, testEnv } from './test-objects.ts'

const { configmaps, secrets } = resources

test('one cache for each collection and selection', async () => {
  const { api, close } = await openServer()
  const stop = new AbortController()
  const caches = new CacheSet({ api, env: testEnv(), signal: stop.signal })
  const all = caches.of(configmaps)
  expect(caches.of(configmaps)).toBe(all)
  expect(caches.of(secrets)).not.toBe(all as unknown)
  const own = caches.of(configmaps, { namespace: 'default' })
  expect(own).not.toBe(all)
  expect(caches.of(configmaps, { namespace: 'default' })).toBe(own)
  expect(caches.of(configmaps, { labelSelector: 'a' })).not.toBe(all)
  expect(caches.of(configmaps, { fieldSelector: 'metadata.name=a' })).not.toBe(all)
  stop.abort()
  await caches.whenStopped()
  await close()
})

test('synced means that every cache shows what was there', async () => {
  const { api, close } = await openServer()
  const stop = new AbortController()
  for (const name of ['a', 'b']) {
    await api.create(configmaps, { metadata: { name, namespace: 'default' } })
  }
  await api.create(secrets, { metadata: { name: 's', namespace: 'default' } })
  const caches = new CacheSet({ api, env: testEnv(), signal: stop.signal })
  const maps = caches.of(configmaps)
  const some = caches.of(secrets)
  await caches.whenSynced()
  const names = [...maps.values()].map((one) => one.metadata.name)
  expect(names.sort()).toEqual(['a', 'b', 'kube-root-ca.crt'])
  expect(some.size).toBe(1)
  stop.abort()
  await caches.whenStopped()
  await close()
})

test('whenStopped resolves without a cache, and for one that never synced', async () => {
  const { api, close } = await openServer()
  const stop = new AbortController()
  const caches = new CacheSet({ api, env: testEnv(), signal: stop.signal })
  const missing = { group: 'no.such', version: 'v1', resource: 'none', kind: 'None' }
  const cache = caches.of({ ...missing, namespaced: true })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(cache.synced).toBe(false)
  stop.abort()
  await caches.whenStopped()
  await new CacheSet({ api, env: testEnv(), signal: stop.signal }).whenStopped()
  await close()
})

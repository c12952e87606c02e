import { silentLog, type Env } from '@slicewise/base'
import { randomUUID } from 'node:crypto'
import { resourceTable, resources } from '@slicewise/kube'
import { openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import { bootstrap } from './bootstrap.ts'
import { createApi } from './api.ts'
import { openRegistry } from './registry.ts'

const env: Env = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after(ms, run) {
    if (ms <= 0) { const h = setImmediate(run); return () => clearImmediate(h) }
    const h = setTimeout(run, ms); return () => clearTimeout(h)
  },
  random: () => Math.random(), uid: () => randomUUID(), log: silentLog, checked: true,
}
const advertise = { address: '10.0.0.7', port: 7443 }

test('an empty store gets a cluster, a full one no write', async () => {
  const store = openMemoryStore(env)
  const registry = await openRegistry({ env, store, resources: resourceTable })
  await bootstrap(registry, { advertise })
  const api = createApi(registry, { name: 'admin', groups: ['system:masters'] })
  const names = (await api.list(resources.namespaces)).items.map(one => one.metadata.name)
  expect(names).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system'])
  const service = await api.get(resources.services, { namespace: 'default', name: 'kubernetes' })
  expect(service.spec).toMatchObject({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] })
  const item = { namespace: 'default', name: 'kubernetes' }
  const slice = await api.get(resources.endpointslices, item)
  expect(slice.endpoints?.[0]?.addresses).toEqual(['10.0.0.7'])
  const { revision } = store
  await bootstrap(registry, { advertise })
  expect(store.revision).toBe(revision)
  await registry.close()
  const again = await openRegistry({ env, store, resources: resourceTable })
  await bootstrap(again, { advertise })
  expect(store.revision).toBe(revision)
  await again.close()
})

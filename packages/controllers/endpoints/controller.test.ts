import { type Endpoints, type Pod, type Stored, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { podBody } from '../endpointslice/scenarios/bodies.ts'
import { Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import type { Fault } from '../endpointslice/scenarios/faults.ts'
import { startEndpoints } from '../services/test-cluster.ts'
import { limits } from './limits.ts'
import { counted, endpoints, faulty, settled, sizes } from './test-endpoints.ts'

const minute = 60_000

test('Endpoints follow Pods and Services, through the real server', async () => {
  const cluster = await Cluster.open()
  const api = counted(cluster)
  await startEndpoints(cluster, api)
  await cluster.service('cart', {})
  await cluster.env.advance(100)
  expect(await sizes(cluster)).toEqual(['cart'])
  for (const name of ['a', 'b', 'c']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['cart 3+0'])
  await cluster.pod('a', { ip: '10.0.0.1', ready: 'false' })
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['cart 2+1'])
  await settled(cluster)
  await cluster.remove(resources.services, 'cart')
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual([])
  expect(api.calls.filter((call) => call.startsWith('create')).length).toBe(1)
  await cluster.close()
})

test('a restarted controller writes nothing when nothing has changed', async () => {
  const cluster = await Cluster.open()
  const first = await startEndpoints(cluster)
  await cluster.service('cart', {})
  await cluster.service('head', { clusterIP: 'None', ports: '' })
  for (const name of ['a', 'b']) await cluster.pod(name, { ip: '10.0.0.1', labels: 'app=head' })
  await cluster.env.advance(2_000)
  await first.stop()
  const before = await endpoints(cluster)
  const api = counted(cluster)
  const second = await startEndpoints(cluster, api)
  await cluster.env.advance(minute)
  expect(api.calls).toEqual([])
  expect(await endpoints(cluster)).toEqual(before)
  await second.stop()
  await cluster.close()
})

test('E18 at start, Endpoints without a Service go, but no locks of leaders', async () => {
  const cluster = await Cluster.open()
  const make = (name: string, annotations: Record<string, string>) =>
    cluster.make<Endpoints>(resources.endpoints, {
      metadata: { namespace: 'shop', name, annotations },
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
    })
  await make('orphan', {})
  await make('lock', { 'control-plane.alpha.kubernetes.io/leader': '' })
  const started = await startEndpoints(cluster)
  await cluster.env.advance(2 * minute)
  expect(await sizes(cluster)).toEqual(['lock 1+0'])
  await make('later', {})
  await cluster.env.advance(minute)
  expect(await sizes(cluster)).toEqual(['later 1+0', 'lock 1+0'])
  await started.stop()
  await cluster.close()
})

test('Services without a selector keep the Endpoints that somebody made', async () => {
  const cluster = await Cluster.open()
  const api = counted(cluster)
  await cluster.service('db', { selector: 'none' })
  await cluster.make<Endpoints>(resources.endpoints, {
    metadata: { namespace: 'shop', name: 'db' }, subsets: [{ addresses: [{ ip: '10.0.0.1' }] }],
  })
  const started = await startEndpoints(cluster, api)
  await cluster.pod('a', { ip: '10.0.0.2', labels: 'app=db' })
  await cluster.env.advance(minute)
  expect(api.calls).toEqual([])
  await started.stop()
  await cluster.close()
})

test('E20 E21 edits wait for the next change, a deletion does not', async () => {
  const cluster = await Cluster.open()
  const started = await startEndpoints(cluster)
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  const [standing] = await endpoints(cluster)
  await done(cluster.env, cluster.api.update<Endpoints>(resources.endpoints, {
    ...standing as Stored<Endpoints>, subsets: [],
  }))
  await cluster.env.advance(minute)
  expect(await sizes(cluster)).toEqual(['cart'])
  await cluster.pod('b', { ip: '10.0.0.2' })
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['cart 2+0'])
  await cluster.remove(resources.endpoints, 'cart')
  await cluster.env.advance(200)
  expect(await sizes(cluster)).toEqual(['cart 2+0'])
  await started.stop()
  await cluster.close()
})

test('E17 a Service deleted and made again at once has Endpoints', async () => {
  const cluster = await Cluster.open()
  const started = await startEndpoints(cluster)
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  await cluster.remove(resources.services, 'cart')
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  await settled(cluster)
  await started.stop()
  await cluster.close()
})

test('E19 what a late cache does not show yet is not written over or repeated', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const api = faulty(cluster, () => undefined, () => delayMs)
  const started = await startEndpoints(cluster, api)
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  api.calls.length = 0
  delayMs = 3_000
  for (const name of ['a', 'b', 'c', 'd']) {
    await cluster.pod(name, { ip: '10.0.0.1' })
    await cluster.env.advance(200)
  }
  expect(api.calls).toEqual(['update cart'])
  await cluster.env.advance(20_000)
  expect(api.calls).toEqual(['update cart', 'update cart'])
  await settled(cluster)
  await started.stop()
  await cluster.close()
})

test('a lost race waits for the cache, and does not ask again and again', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const api = faulty(cluster, () => undefined, () => delayMs)
  const started = await startEndpoints(cluster, api)
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  api.calls.length = 0
  delayMs = 3_000
  const [standing] = await endpoints(cluster)
  await done(cluster.env, cluster.api.update<Endpoints>(resources.endpoints, {
    ...standing as Stored<Endpoints>, subsets: [],
  }))
  await cluster.pod('b', { ip: '10.0.0.2' })
  await cluster.env.advance(2_000)
  expect(api.calls).toEqual(['update cart'])
  await cluster.env.advance(10_000)
  expect(api.calls).toEqual(['update cart', 'update cart'])
  await settled(cluster)
  await started.stop()
  await cluster.close()
})

test('what somebody else made meanwhile is waited for, and taken over', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const api = faulty(cluster, () => undefined, () => delayMs)
  const started = await startEndpoints(cluster, api)
  await cluster.env.advance(100)
  delayMs = 3_000
  await cluster.make<Endpoints>(resources.endpoints, {
    metadata: { namespace: 'shop', name: 'cart', annotations: { note: '1' } },
  })
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  expect(api.calls).toEqual(['create '])
  await cluster.env.advance(10_000)
  expect(api.calls).toEqual(['create ', 'update cart'])
  await settled(cluster)
  expect((await endpoints(cluster))[0]?.metadata.annotations).toMatchObject({ note: '1' })
  await started.stop()
  await cluster.close()
})

test('E22 a refused create is told and tried again; not where a namespace ends', async () => {
  const cluster = await Cluster.open()
  const faults: (Fault | undefined)[] = ['namespace']
  const api = faulty(cluster, () => faults.shift())
  const started = await startEndpoints(cluster, api)
  await cluster.service('cart', {})
  await cluster.env.advance(minute)
  expect(api.calls).toEqual(['create  namespace'])
  const events = () => done(cluster.env, cluster.api.list(resources.events))
  expect((await events()).items).toEqual([])
  faults.push('conflict')
  await cluster.service('cart', { labels: 'tier=a' })
  await cluster.env.advance(10_000)
  expect(await sizes(cluster)).toEqual(['cart'])
  expect((await events()).items).toMatchObject([{
    reason: 'FailedToCreateEndpoint', type: 'Warning',
    involvedObject: { kind: 'Endpoints', name: 'cart' },
    source: { component: 'endpoint-controller' },
  }])
  await started.stop()
  await cluster.close()
})

test('a failed update is told on the Endpoints', async () => {
  const cluster = await Cluster.open()
  const faults: (Fault | undefined)[] = [undefined, 'failed']
  const started = await startEndpoints(cluster, faulty(cluster, () => faults.shift()))
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(10_000)
  const [standing] = await endpoints(cluster)
  const { items } = await done(cluster.env, cluster.api.list(resources.events))
  expect(items).toMatchObject([{
    reason: 'FailedToUpdateEndpoint', type: 'Warning',
    involvedObject: { kind: 'Endpoints', uid: standing?.metadata.uid },
  }])
  await settled(cluster)
  await started.stop()
  await cluster.close()
})

test('T7 T8 a batch period gathers, and a change of the Service does not wait for it', async () => {
  const cluster = await Cluster.open()
  const api = counted(cluster)
  await cluster.service('cart', {})
  const started = await startEndpoints(cluster, api, 1_000)
  await cluster.env.advance(3_000)
  api.calls.length = 0
  for (const name of ['a', 'b', 'c']) {
    await cluster.pod(name, { ip: '10.0.0.1' })
    await cluster.env.advance(50)
  }
  expect(api.calls.length).toBe(0)
  await cluster.env.advance(1_000)
  expect(api.calls.length).toBe(1)
  await cluster.pod('d', { ip: '10.0.0.1' })
  await cluster.env.advance(50)
  expect(api.calls.length).toBe(1)
  await cluster.service('cart', { labels: 'tier=a' })
  await cluster.env.advance(50)
  expect(api.calls.length).toBe(2)
  await settled(cluster)
  await started.stop()
  await cluster.close()
})

test('E11 E12 more Pods than fit: cut once, and not sent again', async () => {
  const cluster = await Cluster.open()
  const api = counted(cluster)
  await cluster.service('cart', {})
  await fill(cluster, limits.addressesMax + 5)
  const started = await startEndpoints(cluster, api)
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['cart 1000+0'])
  expect((await endpoints(cluster))[0]?.metadata.annotations)
    .toMatchObject({ 'endpoints.kubernetes.io/over-capacity': 'truncated' })
  await cluster.service('cart', { annotations: 'note=1' })
  await cluster.env.advance(2_000)
  expect(api.calls).toEqual(['create '])
  await cluster.pod('p0', { ip: '10.0.0.0', ready: 'false' })
  await cluster.env.advance(2_000)
  expect(api.calls).toEqual(['create ', 'update cart'])
  await settled(cluster)
  await started.stop()
  await cluster.close()
}, 60_000)

/** Running Pods p0, p1 …, all made at once. */
async function fill(cluster: Cluster, count: number): Promise<void> {
  await done(cluster.env, Promise.all(Array.from({ length: count }, async (_, index) => {
    const { spec, status = {} } = podBody({ ip: `10.0.${index >> 8}.${index & 255}` })
    const containers = (spec?.containers ?? []).map((one) => ({ ...one, image: 'i' }))
    const made = await cluster.api.create<Pod>(resources.pods, {
      metadata: { namespace: 'shop', name: `p${index}`, labels: { app: 'cart' } },
      spec: { ...spec, containers },
    })
    await cluster.api.update<Pod>(resources.pods, { ...made, status }, { subresource: 'status' })
  })))
}

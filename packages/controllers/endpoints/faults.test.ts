import { seededRandom } from '@slicewise/base'
import { type Endpoints, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { type Fault, faultyApi } from '../endpointslice/scenarios/faults.ts'
import { startEndpoints } from '../services/test-cluster.ts'
import { counted, endpoints, faulty, settled } from './test-endpoints.ts'

const minute = 60_000

/** Events of one collection come late: that of the Service after that of its Endpoints. */
const lateServices = (cluster: Cluster, ms: () => number) => faultyApi(cluster.api, {
  env: cluster.env, resource: 'services', next: () => undefined, eventDelayMs: ms,
})

test('E17 Endpoints that went with their Service are not made again', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const api = faultyApi(lateServices(cluster, () => delayMs), {
    env: cluster.env, resource: 'endpoints', next: () => undefined,
  })
  const started = await startEndpoints(cluster, api)
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  expect(api.calls).toEqual(['create '])
  delayMs = 20
  await cluster.remove(resources.services, 'cart')
  await cluster.env.advance(10_000)
  expect(api.calls).toEqual(['create '])
  await started.stop()
  await cluster.close()
})

test('E17 Endpoints made again too early go as soon as the deletion is seen', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const started = await startEndpoints(cluster, lateServices(cluster, () => delayMs))
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  delayMs = 1_000
  await cluster.remove(resources.services, 'cart')
  await cluster.env.advance(500)
  expect((await endpoints(cluster)).length).toBe(1)
  await cluster.env.advance(1_000)
  expect((await endpoints(cluster)).length).toBe(0)
  await started.stop()
  await cluster.close()
})

test('Endpoints that come after nobody waits for them any more go too', async () => {
  const cluster = await Cluster.open()
  const started = await startEndpoints(cluster)
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  const [made] = await endpoints(cluster)
  const { name = '', labels = {} } = made?.metadata ?? {}
  await cluster.remove(resources.services, 'cart')
  await cluster.env.advance(2_000)
  expect(await endpoints(cluster)).toEqual([])
  // The request was on its way for longer than its author waited, who has forgotten the Service.
  await cluster.make<Endpoints>(resources.endpoints, {
    metadata: { namespace: 'shop', name, labels },
  })
  await cluster.env.advance(2 * minute)
  expect(await endpoints(cluster)).toEqual([])
  await started.stop()
  await cluster.close()
})

test('Endpoints that somebody makes for a Service on its way are not taken for left over',
  async () => {
    const cluster = await Cluster.open()
    let delayMs = 0
    const started = await startEndpoints(cluster, lateServices(cluster, () => delayMs))
    await cluster.service('db', { selector: 'none' })
    await cluster.env.advance(2_000)
    await cluster.remove(resources.services, 'db')
    await cluster.env.advance(2_000)
    delayMs = 10_000
    await cluster.service('db', { selector: 'none' })
    await cluster.make<Endpoints>(resources.endpoints, {
      metadata: { namespace: 'shop', name: 'db' },
    })
    await cluster.env.advance(minute)
    expect((await endpoints(cluster)).length).toBe(1)
    await started.stop()
    await cluster.close()
  })

test.each([1, 2, 3, 4, 5, 6])('Endpoints end right after edits, kills (%i)', async (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const faults: readonly (Fault | undefined)[] =
    ['conflict', 'lost', 'failed', 'timeout', 'late', 'late', undefined, undefined, undefined]
  const cluster = await Cluster.open({ seed })
  let dead = false
  const open = () => faulty(cluster, () => (dead ? 'lost' : pick(faults)),
    () => (random() < 0.3 ? Math.floor(random() * 200) : 0))
  let started = await startEndpoints(cluster, open())
  for (const name of ['cart', 'pay']) await cluster.service(name, { families: 'IPv4' })
  for (let step = 0; step < 60; step++) {
    await change(cluster, pick, random)
    await cluster.env.advance(Math.floor(random() * 300))
    if (random() > 0.05) continue
    dead = true
    await cluster.env.advance(50)
    await started.stop()
    dead = false
    started = await startEndpoints(cluster, open())
  }
  await started.stop()
  started = await startEndpoints(cluster)
  await cluster.env.advance(5 * minute)
  await settled(cluster)
  await started.stop()
  const again = counted(cluster)
  started = await startEndpoints(cluster, again)
  await cluster.env.advance(minute)
  expect(again.calls).toEqual([])
  await started.stop()
  await cluster.close()
}, 60_000)

test.each([1, 2, 3])('faults that last only delay (%i)', async (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const faults: readonly (Fault | undefined)[] =
    ['conflict', 'failed', 'timeout', 'late', undefined]
  const cluster = await Cluster.open({ seed })
  const started = await startEndpoints(cluster, faulty(cluster, () => pick(faults)))
  await cluster.service('cart', { families: 'IPv4' })
  for (let step = 0; step < 30; step++) {
    await change(cluster, pick, random, false)
    await cluster.env.advance(100)
  }
  await cluster.env.advance(20 * minute)
  await settled(cluster)
  await started.stop()
  await cluster.close()
}, 60_000)

async function change(
  cluster: Cluster, pick: <T>(items: readonly T[]) => T, random: () => number, edits = true,
): Promise<void> {
  const pod = pick(['a', 'b', 'c', 'd', 'e', 'f'])
  const kind = random()
  if (kind < 0.6) {
    const labels = pick(['app=cart', 'app=cart', 'app=pay', 'other=1'])
    const ip = pick(['10.0.0.1', '10.0.0.2'])
    return cluster.pod(pod, { labels, ip, ready: pick(['true', 'false']) })
  }
  if (kind < 0.75) return cluster.remove(resources.pods, pod)
  if (kind < 0.85) {
    return cluster.service(pick(['cart', 'pay']), {
      families: 'IPv4', labels: pick(['', 'tier=a']),
      ports: pick(['web:80->8080/TCP', 'web:80->9090/TCP']),
    })
  }
  if (kind < 0.9) {
    await cluster.remove(resources.services, 'pay')
    return cluster.service('pay', { families: 'IPv4' })
  }
  if (kind < 0.95) return cluster.remove(resources.endpoints, pick(['cart', 'pay']))
  const [standing] = await endpoints(cluster)
  if (standing === undefined || !edits) return
  await done(cluster.env, cluster.api.update<Endpoints>(resources.endpoints, {
    ...standing, metadata: { ...standing.metadata, labels: { q: '1' } },
  }).catch(() => undefined))
}

import { seededRandom } from '@slicewise/base'
import { type EndpointSlice, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Cluster, heldText, wantedSlicesText } from './scenarios/cluster.ts'
import { type Fault, type FaultyApi, faultyApi } from './scenarios/faults.ts'

const minute = 60_000

/** An Api that counts the writes of slices and lets them all pass. */
const counted = (cluster: Cluster): FaultyApi =>
  faultyApi(cluster.api, { env: cluster.env, next: () => undefined })

async function settled(cluster: Cluster): Promise<void> {
  expect(heldText(await cluster.slices())).toBe(wantedSlicesText(await cluster.rebuilt()))
}

test('slices follow Pods, through the real server', async () => {
  const cluster = await Cluster.open()
  const controller = await cluster.start()
  await cluster.service('cart', {})
  await cluster.env.advance(50)
  expect(await cluster.sizes()).toEqual([0])
  for (const name of ['a', 'b', 'c', 'd']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1, 3])
  await settled(cluster)
  await cluster.remove(resources.pods, 'a')
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1, 2])
  expect(controller.metrics.syncs.error).toBe(0)
  await cluster.close()
})

test('a restarted controller writes nothing when nothing has changed', async () => {
  const cluster = await Cluster.open()
  await cluster.start()
  await cluster.service('cart', { families: 'IPv4' })
  await cluster.service('head', { clusterIP: 'None' })
  for (const name of ['a', 'b', 'c', 'd']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  await cluster.stop()
  const before = await cluster.slices()
  const api = counted(cluster)
  await cluster.start(api)
  await cluster.env.advance(minute)
  expect(api.calls).toEqual([])
  expect(await cluster.slices()).toEqual(before)
  await cluster.close()
})

test('Z3 a Service deleted and made again at once gets slices of its own', async () => {
  const cluster = await Cluster.open()
  await cluster.start()
  await cluster.service('cart', {})
  for (const name of ['a', 'b', 'c', 'd']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  const before = (await cluster.slices()).map((slice) => slice.metadata.uid)
  await cluster.remove(resources.services, 'cart')
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  const after = await cluster.slices()
  expect(after.length).toBe(2)
  for (const slice of after) expect(before).not.toContain(slice.metadata.uid)
  await settled(cluster)
  await cluster.close()
})

test('Q-6 T5 what others do to slices is put right', async () => {
  const cluster = await Cluster.open()
  await cluster.start()
  await cluster.service('cart', {})
  for (const name of ['a', 'b', 'c', 'd']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  await cluster.stop()
  await cluster.start()
  const [first, second] = await cluster.slices()
  await cluster.remove(resources.endpointslices, String(first?.metadata.name))
  await cluster.env.advance(2_000)
  await settled(cluster)
  const { ports: _, ...rest } = second as EndpointSlice
  await cluster.api.update<EndpointSlice>(resources.endpointslices, {
    ...rest, ports: [], endpoints: [{ addresses: ['10.9.9.9'] }],
  })
  await cluster.env.advance(2_000)
  await settled(cluster)
  await cluster.close()
})

test('K36 G5 after a refused write the rest waits, with an Event, and is retried', async () => {
  const cluster = await Cluster.open({ max: 1 })
  const faults: (Fault | undefined)[] = []
  const api = faultyApi(cluster.api, { env: cluster.env, next: () => faults.shift() })
  const controller = await cluster.start(api)
  await cluster.service('cart', {})
  for (const name of ['a', 'b', 'c']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1, 1, 1])
  api.calls.length = 0
  faults.push(undefined, 'conflict')
  await cluster.service('cart', { labels: 'tier=a' })
  await cluster.env.advance(100)
  expect(api.calls.map((call) => call.replace(/ cart-\w+/, '')))
    .toEqual(['update', 'update conflict'])
  expect(controller.metrics.syncs.error).toBe(1)
  await cluster.env.advance(2_000)
  expect(api.calls.length).toBe(4)
  // The trigger time went with the failed look: what is written now carries none.
  for (const { metadata } of await cluster.slices()) expect(metadata.annotations).toBeUndefined()
  const events = await cluster.api.list(resources.events, { namespace: 'shop' })
  expect(events.items).toMatchObject([{
    reason: 'FailedToUpdateEndpointSlices', type: 'Warning',
    involvedObject: { kind: 'Service', name: 'cart' },
    source: { component: 'endpoint-slice-controller' },
  }])
  await cluster.close()
})

test('K35 in a namespace that ends, a refused create ends the look without an error', async () => {
  const cluster = await Cluster.open({ max: 1 })
  const faults: (Fault | undefined)[] = []
  const api = faultyApi(cluster.api, { env: cluster.env, next: () => faults.shift() })
  const controller = await cluster.start(api)
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  await cluster.stop()
  await cluster.pod('b', { ip: '10.0.0.2' })
  await cluster.pod('a', { ip: '10.0.0.1', ready: 'false' })
  api.calls.length = 0
  faults.push('namespace')
  const next = await cluster.start(api)
  await cluster.env.advance(minute)
  expect(api.calls).toEqual(['create  namespace'])
  expect(controller.metrics.syncs.error + next.metrics.syncs.error).toBe(0)
  await cluster.close()
})

test('Q-19 a slice that is gone when it is to be deleted counts as deleted', async () => {
  const cluster = await Cluster.open({ max: 1 })
  const remove = async (): Promise<void> => {
    const [first] = await cluster.api.list(resources.endpointslices).then(({ items }) => items)
    const item = { namespace: 'shop', name: String(first?.metadata.name) }
    await cluster.api.delete(resources.endpointslices, item)
  }
  let early = false
  const api = faultyApi(cluster.api, { env: cluster.env, next: () => undefined })
  const racing = { ...api, delete: async (...args: Parameters<typeof api.delete>) => {
    if (early) await remove()
    return api.delete(...args)
  } } as typeof api
  const controller = await cluster.start(racing)
  await cluster.service('cart', {})
  for (const name of ['a', 'b']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1, 1])
  early = true
  const [first] = await cluster.slices()
  await cluster.remove(resources.pods, String(first?.endpoints?.[0]?.targetRef?.name))
  await cluster.env.advance(2_000)
  expect(api.calls.filter((call) => call.startsWith('delete')).length).toBe(1)
  expect(await cluster.sizes()).toEqual([1])
  expect(controller.metrics.syncs.error).toBe(0)
  await cluster.close()
})

test('S21 a Pod on an unknown Node: others are written, and the Node mends it', async () => {
  const cluster = await Cluster.open()
  const controller = await cluster.start()
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.pod('b', { ip: '10.0.0.2', node: 'late' })
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1])
  expect(controller.metrics.syncs.error).toBeGreaterThan(0)
  const { items } = await cluster.api.list(resources.events, { namespace: 'shop' })
  expect(items).toMatchObject([{ reason: 'FailedToUpdateEndpointSlices' }])
  await cluster.node('late', { zone: 'z1' })
  await cluster.env.advance(600)
  expect(await cluster.sizes()).toEqual([2])
  await settled(cluster)
  await cluster.close()
})

test('T7 T8 a batch period gathers, and a change of the Service does not wait for it', async () => {
  const cluster = await Cluster.open({ batchMs: 1_000, max: 100 })
  const api = counted(cluster)
  await cluster.service('cart', {})
  await cluster.start(api)
  await cluster.env.advance(2_000)
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
  await cluster.close()
})

test('T2 a Service whose own write is not seen yet is not written again', async () => {
  const cluster = await Cluster.open({ max: 100 })
  let delayMs = 0
  const api = faultyApi(cluster.api, {
    env: cluster.env, next: () => undefined, eventDelayMs: () => delayMs,
  })
  const controller = await cluster.start(api)
  await cluster.service('cart', {})
  await cluster.env.advance(2_000)
  api.calls.length = 0
  delayMs = 3_000
  for (const name of ['a', 'b', 'c', 'd']) {
    await cluster.pod(name, { ip: '10.0.0.1' })
    await cluster.env.advance(200)
  }
  expect(api.calls.length).toBe(1)
  expect(controller.metrics.syncs.stale).toBeGreaterThan(0)
  await cluster.env.advance(20_000)
  expect(api.calls.length).toBeLessThanOrEqual(4)
  await settled(cluster)
  await cluster.close()
})

test('an overdue echo is replaced by a live read, and does no harm when it comes', async () => {
  const cluster = await Cluster.open({ max: 100 })
  let delayMs = 0
  const api = faultyApi(cluster.api, {
    env: cluster.env, next: () => undefined, eventDelayMs: () => delayMs,
  })
  await cluster.service('cart', {})
  await cluster.pod('z', { ip: '10.0.0.9' })
  await cluster.start(api)
  await cluster.env.advance(2_000)
  api.calls.length = 0
  delayMs = 10 * minute
  for (const name of ['a', 'b', 'c']) {
    await cluster.pod(name, { ip: '10.0.0.1' })
    await cluster.env.advance(7_000)
  }
  expect(await cluster.sizes()).toEqual([4])
  await settled(cluster)
  expect(api.calls.length).toBe(3)
  await cluster.env.advance(40 * minute)
  expect(api.calls.length).toBe(3)
  await cluster.close()
})

const unclear: readonly Fault[] = ['failed', 'timeout']
test.each(unclear)('a create that %s is looked up, not repeated', async (fault) => {
  const cluster = await Cluster.open({ max: 100 })
  const faults: (Fault | undefined)[] = [fault]
  let delayMs = 0
  const api = faultyApi(cluster.api, {
    env: cluster.env, next: () => faults.shift(), eventDelayMs: () => delayMs,
  })
  await cluster.start(api)
  delayMs = 20_000
  await cluster.service('cart', {})
  await cluster.pod('a', { ip: '10.0.0.1' })
  await cluster.env.advance(15_000)
  expect(api.calls.filter((call) => call.startsWith('create')).length).toBe(1)
  expect((await cluster.slices()).length).toBe(1)
  await cluster.env.advance(minute)
  await settled(cluster)
  await cluster.close()
})

test.each([1, 2, 3, 4, 5, 6])('slices end right after faults, edits, kills (%i)', async (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const faults: readonly (Fault | undefined)[] =
    ['conflict', 'lost', 'failed', 'timeout', 'late', 'late', undefined, undefined, undefined]
  const cluster = await Cluster.open({ seed, max: pick([1, 2, 3]) })
  let dead = false
  const open = () => faultyApi(cluster.api, {
    env: cluster.env, next: () => (dead ? 'lost' : pick(faults)),
    eventDelayMs: () => (random() < 0.3 ? Math.floor(random() * 200) : 0),
  })
  await cluster.start(open())
  for (const name of ['cart', 'pay']) await cluster.service(name, { families: 'IPv4' })
  for (let step = 0; step < 60; step++) {
    await change(cluster, pick, random)
    await cluster.env.advance(Math.floor(random() * 300))
    if (random() < 0.05) {
      dead = true
      await cluster.env.advance(50)
      await cluster.stop()
      dead = false
      await cluster.start(open())
    }
  }
  await cluster.stop()
  await cluster.start()
  await cluster.env.advance(5 * minute)
  await settled(cluster)
  await cluster.stop()
  const again = counted(cluster)
  await cluster.start(again)
  await cluster.env.advance(minute)
  expect(again.calls).toEqual([])
  await cluster.close()
}, 60_000)

test.each([1, 2, 3])('faults that last only delay (%i)', async (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const faults: readonly (Fault | undefined)[] =
    ['conflict', 'failed', 'timeout', 'late', undefined]
  const cluster = await Cluster.open({ seed, max: 2 })
  await cluster.start(faultyApi(cluster.api, { env: cluster.env, next: () => pick(faults) }))
  await cluster.service('cart', { families: 'IPv4' })
  for (let step = 0; step < 30; step++) {
    await change(cluster, pick, random)
    await cluster.env.advance(100)
  }
  await cluster.env.advance(20 * minute)
  await settled(cluster)
  await cluster.close()
}, 60_000)

async function change(
  cluster: Cluster, pick: <T>(items: readonly T[]) => T, random: () => number,
): Promise<void> {
  const pod = pick(['a', 'b', 'c', 'd', 'e', 'f'])
  const labels = pick(['app=cart', 'app=cart', 'app=pay', 'other=1'])
  const kind = random()
  if (kind < 0.55) {
    const ip = pick(['10.0.0.1', '10.0.0.2'])
    await cluster.pod(pod, { labels, ip, ready: pick(['true', 'false']) })
  } else if (kind < 0.7) {
    await cluster.remove(resources.pods, pod)
  } else if (kind < 0.8) {
    await cluster.service(pick(['cart', 'pay']), {
      families: 'IPv4', labels: pick(['', 'tier=a']),
      ports: pick(['web:80->8080/TCP', 'web:80->9090/TCP']),
    })
  } else if (kind < 0.85) {
    await cluster.remove(resources.services, 'pay')
    await cluster.service('pay', { families: 'IPv4' })
  } else {
    await meddle(cluster, pick, random)
  }
}

/** Deletes, empties or relabels a slice behind the controller's back. */
async function meddle(
  cluster: Cluster, pick: <T>(items: readonly T[]) => T, random: () => number,
): Promise<void> {
  const slices = await cluster.slices()
  if (slices.length === 0) return
  const slice = pick(slices)
  if (random() < 0.4) return cluster.remove(resources.endpointslices, slice.metadata.name)
  const edited = random() < 0.5
    ? { ...slice, endpoints: (slice.endpoints ?? []).slice(1) }
    : { ...slice, metadata: { ...slice.metadata, labels: { ...slice.metadata.labels, q: '1' } } }
  await cluster.api.update<EndpointSlice>(resources.endpointslices, edited).catch(() => undefined)
}

import { seededRandom } from '@slicewise/base'
import { managedByLabel, managedByMirroring } from '@slicewise/discovery'
import { type Endpoints, type EndpointSlice, type Stored, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { type Fault, type FaultyApi, faultyApi } from '../endpointslice/scenarios/faults.ts'
import { startMirroring } from '../services/test-cluster.ts'
import { planName } from './plan.ts'
import { subsetOf } from './scenarios/world.ts'

const minute = 60_000

const faulty = (
  cluster: Cluster, next: () => Fault | undefined, delay?: () => number,
): FaultyApi => faultyApi(cluster.api, {
  env: cluster.env, next, ...(delay === undefined ? {} : { eventDelayMs: delay }),
})
const counted = (cluster: Cluster): FaultyApi => faulty(cluster, () => undefined)
const verbs = (api: FaultyApi): string[] => api.calls.map((call) => call.split(' ')[0] ?? '')

/** Creates or replaces Endpoints. */
async function put(
  cluster: Cluster, name: string, subsets: readonly string[], labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): Promise<void> {
  const body: Endpoints & { metadata: object } = {
    metadata: { namespace: 'shop', name, labels, annotations }, subsets: subsets.map(subsetOf),
  }
  await done(cluster.env, cluster.api.update(resources.endpoints, body))
}

async function mirrored(cluster: Cluster): Promise<Stored<EndpointSlice>[]> {
  return (await cluster.slices()).filter(({ metadata }) =>
    metadata.labels?.[managedByLabel] === managedByMirroring)
}

const sizes = async (cluster: Cluster): Promise<string[]> =>
  (await mirrored(cluster)).map(({ addressType, endpoints, metadata }) =>
    `${metadata.labels?.['kubernetes.io/service-name']} ${addressType} ${endpoints?.length}`).sort()

/** Nothing is left to do, seen with what the server has now. */
async function settled(cluster: Cluster, names: readonly string[]): Promise<void> {
  const get = async <T extends object>(ref: Parameters<Cluster['api']['get']>[0], name: string) =>
    done(cluster.env, cluster.api.get(ref, { namespace: 'shop', name }).catch(() => undefined)
    ) as Promise<Stored<T> | undefined>
  for (const name of names) {
    const slices = (await mirrored(cluster)).filter(({ metadata }) =>
      metadata.labels?.['kubernetes.io/service-name'] === name)
    const endpoints = await get<Endpoints>(resources.endpoints, name)
    const service = await get<Stored>(resources.services, name)
    expect(planName({ endpoints, service, slices }, 1_000).steps).toEqual([])
  }
}

test('slices follow Endpoints and their Service, through the real server', async () => {
  const cluster = await Cluster.open()
  const { controller, stop } = await startMirroring(cluster)
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1 !10.0.0.2', 'ports=b:81 fd00::1'])
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['db IPv4 2', 'db IPv6 1'])
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['db IPv4 1'])
  expect(controller.metrics.changes).toEqual({ create: 2, update: 1, delete: 1 })
  expect(controller.metrics).toMatchObject({
    endpointsDesired: 1, numEndpointSlices: 1, desiredEndpointSlices: 1,
  })
  await cluster.remove(resources.endpoints, 'db')
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual([])
  expect(controller.metrics.endpointsDesired).toBe(0)
  await stop()
  await cluster.close()
})

test('M13 M14 a selector or a missing Service takes the slices away', async () => {
  const cluster = await Cluster.open()
  const { stop } = await startMirroring(cluster)
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual([])
  await cluster.service('db', { selector: 'none' })
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['db IPv4 1'])
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'], {
    'endpointslice.kubernetes.io/skip-mirror': 'true',
  })
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual([])
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['db IPv4 1'])
  await cluster.remove(resources.services, 'db')
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual([])
  await stop()
  await cluster.close()
})

test('a restarted controller writes nothing, and clears what is left over', async () => {
  const cluster = await Cluster.open()
  const first = await startMirroring(cluster)
  await cluster.service('db', { selector: 'none' })
  await cluster.service('old', { selector: 'none' })
  for (const name of ['db', 'old']) await put(cluster, name, ['ports=a:80 10.0.0.1 fd00::1'])
  await cluster.env.advance(2_000)
  await first.stop()
  const quiet = counted(cluster)
  const second = await startMirroring(cluster, quiet)
  await cluster.env.advance(minute)
  expect(quiet.calls).toEqual([])
  await second.stop()
  await cluster.remove(resources.endpoints, 'old')
  const third = await startMirroring(cluster, quiet)
  await cluster.env.advance(minute)
  expect(verbs(quiet)).toEqual(['delete', 'delete'])
  expect(await sizes(cluster)).toEqual(['db IPv4 1', 'db IPv6 1'])
  await third.stop()
  await cluster.close()
})

test('Q-6 Q-21 what others do to mirrored slices is put right', async () => {
  const cluster = await Cluster.open()
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await (await startMirroring(cluster)).stop()
  const { stop } = await startMirroring(cluster)
  const edit = async (change: (slice: Stored<EndpointSlice>) => EndpointSlice): Promise<void> => {
    const [slice] = await mirrored(cluster)
    await done(cluster.env, cluster.api.update<EndpointSlice>(
      resources.endpointslices, change(slice as Stored<EndpointSlice>),
    ))
    await cluster.env.advance(2_000)
    await settled(cluster, ['db'])
    expect(await sizes(cluster)).toEqual(['db IPv4 1'])
  }
  await edit((slice) => ({ ...slice, endpoints: [] }))
  await edit((slice) => ({ ...slice, metadata: { ...slice.metadata, annotations: { q: '1' } } }))
  await edit((slice) => ({ ...slice, metadata: { ...slice.metadata, labels: {} } }))
  const [slice] = await mirrored(cluster)
  await cluster.remove(resources.endpointslices, String(slice?.metadata.name))
  await cluster.env.advance(2_000)
  expect(await sizes(cluster)).toEqual(['db IPv4 1'])
  await stop()
  await cluster.close()
})

test('M7 M10 Events about what was left out, once a version', async () => {
  const cluster = await Cluster.open()
  const { stop, controller } = await startMirroring(cluster, cluster.api, 2)
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1 10.0.0.2 10.0.0.3'])
  await cluster.env.advance(2_000)
  const events = async () => (await done(cluster.env, cluster.api.list(resources.events))).items
  expect(await events()).toMatchObject([{
    reason: 'TooManyAddressesToMirror', type: 'Warning', count: 1,
    involvedObject: { kind: 'Endpoints', name: 'db' },
    source: { component: 'endpoint-slice-mirroring-controller' },
  }])
  await cluster.service('db', { selector: 'app=x' })
  await cluster.env.advance(2_000)
  await cluster.service('db', { selector: 'none' })
  await cluster.env.advance(2_000)
  expect(controller.metrics.addressesSkippedPerSync.sum).toBeGreaterThan(0)
  await stop()
  await cluster.close()
})

test('what a late cache does not show yet is not written again', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const api = faulty(cluster, () => undefined, () => delayMs)
  const { stop } = await startMirroring(cluster, api)
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(2_000)
  api.calls.length = 0
  delayMs = 3_000
  for (const ip of ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5']) {
    await put(cluster, 'db', [`ports=a:80 ${ip}`])
    await cluster.env.advance(200)
  }
  expect(verbs(api)).toEqual(['update'])
  await cluster.env.advance(20_000)
  expect(verbs(api)).toEqual(['update', 'update'])
  await settled(cluster, ['db'])
  await stop()
  await cluster.close()
})

test('a slice that others changed meanwhile is not overwritten unseen', async () => {
  const cluster = await Cluster.open()
  let delayMs = 0
  const api = faulty(cluster, () => undefined, () => delayMs)
  const { stop } = await startMirroring(cluster, api)
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(2_000)
  api.calls.length = 0
  delayMs = 2_000
  const [slice] = await mirrored(cluster)
  const mine = { ...slice?.metadata.labels, [managedByLabel]: 'me' }
  await done(cluster.env, cluster.api.update<EndpointSlice>(resources.endpointslices, {
    ...slice as Stored<EndpointSlice>,
    metadata: { ...slice?.metadata as Stored['metadata'], labels: mine },
  }))
  await put(cluster, 'db', ['ports=a:80 10.0.0.2'])
  await cluster.env.advance(20_000)
  const all = await cluster.slices()
  expect(all.map(({ endpoints }) => endpoints?.[0]?.addresses[0]).sort())
    .toEqual(['10.0.0.1', '10.0.0.2'])
  expect(verbs(api)).toEqual(['update', 'create'])
  await stop()
  await cluster.close()
})

const unclear: readonly Fault[] = ['failed', 'timeout']
test.each(unclear)('a create that %s is looked up, not repeated', async (fault) => {
  const cluster = await Cluster.open()
  const faults: (Fault | undefined)[] = [fault]
  let delayMs = 0
  const api = faulty(cluster, () => faults.shift(), () => delayMs)
  const { stop } = await startMirroring(cluster, api)
  delayMs = 20_000
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(15_000)
  expect(verbs(api)).toEqual(['create'])
  await cluster.env.advance(2 * minute)
  expect(verbs(api)).toEqual(['create'])
  await settled(cluster, ['db'])
  await stop()
  await cluster.close()
})

test('a namespace that ends refuses creates, and that is all right', async () => {
  const cluster = await Cluster.open()
  const faults: (Fault | undefined)[] = ['namespace']
  const api = faulty(cluster, () => faults.shift())
  const { stop } = await startMirroring(cluster, api)
  await cluster.service('db', { selector: 'none' })
  await put(cluster, 'db', ['ports=a:80 10.0.0.1'])
  await cluster.env.advance(minute)
  expect(api.calls).toEqual(['create  namespace'])
  await stop()
  await cluster.close()
})

test.each([1, 2, 3, 4, 5, 6])('slices end right after faults, edits, kills (%i)', async (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const faults: readonly (Fault | undefined)[] =
    ['conflict', 'lost', 'failed', 'timeout', 'late', 'late', undefined, undefined, undefined]
  const cluster = await Cluster.open({ seed })
  let dead = false
  const open = () => faulty(cluster, () => (dead ? 'lost' : pick(faults)),
    () => (random() < 0.3 ? Math.floor(random() * 200) : 0))
  let started = await startMirroring(cluster, open())
  for (const name of ['db', 'dns']) await cluster.service(name, { selector: 'none' })
  for (let step = 0; step < 60; step++) {
    await change(cluster, pick, random)
    await cluster.env.advance(Math.floor(random() * 300))
    if (random() > 0.05) continue
    dead = true
    await cluster.env.advance(50)
    await started.stop()
    dead = false
    started = await startMirroring(cluster, open())
  }
  await cluster.env.advance(20 * minute)
  await settled(cluster, ['db', 'dns'])
  await started.stop()
  const again = counted(cluster)
  started = await startMirroring(cluster, again)
  await cluster.env.advance(minute)
  expect(again.calls).toEqual([])
  await started.stop()
  await cluster.close()
}, 60_000)

async function change(
  cluster: Cluster, pick: <T>(items: readonly T[]) => T, random: () => number,
): Promise<void> {
  const name = pick(['db', 'dns'])
  const kind = random()
  if (kind < 0.55) {
    const subsets = ['ports=a:80 10.0.0.1', 'ports=a:80 !10.0.0.1 fd00::1', 'ports=b:81 fd00::2',
      'ports=a:80,b:81 10.0.0.3']
    const labels: Record<string, string>[] =
      [{}, {}, { x: '1' }, { 'endpointslice.kubernetes.io/skip-mirror': 'true' }]
    return put(cluster, name, [pick(subsets), pick(subsets)].slice(Math.floor(random() * 3)),
      pick(labels))
  }
  if (kind < 0.65) return cluster.remove(resources.endpoints, name)
  if (kind < 0.75) return cluster.service(name, { selector: pick(['none', 'none', 'app=x']) })
  if (kind < 0.8) {
    await cluster.remove(resources.services, name)
    return cluster.service(name, { selector: 'none' })
  }
  const slices = await mirrored(cluster)
  if (slices.length === 0) return
  const slice = pick(slices)
  if (kind < 0.88) return cluster.remove(resources.endpointslices, slice.metadata.name)
  await done(cluster.env, cluster.api.update<EndpointSlice>(
    resources.endpointslices, { ...slice, endpoints: (slice.endpoints ?? []).slice(1) },
  ).catch(() => undefined))
}

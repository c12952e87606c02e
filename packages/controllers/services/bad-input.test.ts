import { type Endpoints, type EndpointSlice, type Stored, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { faultyApi } from '../endpointslice/scenarios/faults.ts'
import { subsetOf } from '../mirroring/scenarios/world.ts'
import { startEndpoints, startMirroring } from './test-cluster.ts'
import { type Spoil, spoiledApi } from './test-spoiled.ts'

const minute = 60_000
const long = 'x'.repeat(10_000)
const metadata = (more: object): Spoil => (object) =>
  ({ ...object, metadata: { ...object.metadata, ...more } })
const body = (more: object): Spoil => (object) => ({ ...object, ...more })

async function slicesOf(cluster: Cluster, name: string): Promise<Stored<EndpointSlice>[]> {
  return (await cluster.slices()).filter((slice) =>
    slice.metadata.labels?.['kubernetes.io/service-name'] === name)
}

async function endpointsOf(cluster: Cluster, name: string): Promise<Stored<Endpoints> | undefined> {
  const item = { namespace: 'shop', name }
  return done(cluster.env, cluster.api.get<Endpoints>(resources.endpoints, item)
    .catch(() => undefined))
}

const addressesOf = (found: Stored<Endpoints> | undefined): string =>
  (found?.subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [] }) => [
    ...addresses.map(({ ip }) => ip), ...notReadyAddresses.map(({ ip }) => `!${ip}`),
  ]).join(' ')

// What stands under the name `bad`, and what is mirrored of it: per slice, sizes by readiness.
test.each<[string, readonly string[], Spoil | undefined, string]>([
  ['the same address ready and not ready', ['ports=a:80 10.0.0.1 !10.0.0.1'], undefined, '0+1'],
  ['two ports without names', ['ports=:80 10.0.0.1', 'ports=:81 10.0.0.1'], undefined, 'refused'],
  ['a port without a name', ['ports=:80 10.0.0.1'], undefined, '1+0'],
  ['more addresses than fit', ['ports=a:80 10.1.0.0*3000'], undefined, '1000+0'],
  ['what is no address', ['ports=a:80 10.0.0.1'],
    body({ subsets: [{ addresses: [{ ip: 'nonsense' }, { ip: '' }, { ip: '10.0.0.1' }] }] }),
    '1+0'],
  ['lists that are null', ['ports=a:80 10.0.0.1'],
    body({ subsets: [{ addresses: null, notReadyAddresses: null, ports: null }, null] }), ''],
  ['no subsets', ['ports=a:80 10.0.0.1'], body({ subsets: null }), ''],
  ['labels of 10,000 characters', ['ports=a:80 10.0.0.1'], metadata({ labels: { long } }),
    'refused'],
  ['keys of 10,000 characters', ['ports=a:80 10.0.0.1'], metadata({ labels: { [long]: 'a' } }),
    'refused'],
  ['annotations that cannot be read', ['ports=a:80 10.0.0.1'], metadata({ annotations: {
    'endpoints.kubernetes.io/last-change-trigger-time': 'the day after tomorrow',
    'endpoints.kubernetes.io/over-capacity': '{{{', note: long,
  } }), '1+0'],
  ['labels and annotations that are null', ['ports=a:80 10.0.0.1'],
    metadata({ labels: null, annotations: null }), '1+0'],
  ['a port number that is none', ['ports=a:80 10.0.0.1'],
    body({ subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ name: 'a', port: 0 }] }] }),
    '1+0'],
  ['a hostname that is none', ['ports=a:80 10.0.0.1'],
    body({ subsets: [{ addresses: [{ ip: '10.0.0.1', hostname: long }] }] }), 'refused'],
])('mirroring: %s', async (_, subsets, spoil, expected) => {
  const cluster = await Cluster.open()
  const api = faultyApi(
    spoiledApi(cluster.api, spoil === undefined ? {} : { 'endpoints/bad': spoil }),
    { env: cluster.env, next: () => undefined },
  )
  const { stop } = await startMirroring(cluster, api)
  const put = async (name: string, texts: readonly string[]): Promise<void> => {
    await cluster.service(name, { selector: 'none' })
    await cluster.make<Endpoints>(resources.endpoints, {
      metadata: { namespace: 'shop', name }, subsets: texts.map(subsetOf),
    })
  }
  await put('bad', subsets)
  await put('good', ['ports=a:80 10.9.9.9'])
  await cluster.env.advance(1_000)
  expect((await slicesOf(cluster, 'good')).length).toBe(1)
  await cluster.env.advance(minute)
  const sizes = (await slicesOf(cluster, 'bad')).map(({ endpoints }) => {
    const ready = (endpoints ?? []).filter((one) => one.conditions?.ready).length
    return `${ready}+${(endpoints ?? []).length - ready}`
  })
  expect(sizes.join(' ')).toBe(expected === 'refused' ? '' : expected)
  // One for the good one; what is refused is tried after pauses that grow.
  const tries = expected === 'refused' ? 6 : expected === '' ? 0 : 1
  expect(api.calls.length).toBe(1 + tries)
  await stop()
  await cluster.close()
})

test.each<[string, Readonly<Record<string, Spoil>>, string | undefined]>([
  ['a Pod without a status', { 'pods/b': body({ status: undefined }) }, '10.0.0.1'],
  ['a status of nothing', { 'pods/b': body({ status: { podIPs: null, conditions: null } }) },
    '10.0.0.1'],
  ['addresses that are none', { 'pods/b': body({ status: {
    phase: 'Running', podIP: 'nonsense', podIPs: [{}, { ip: 'nonsense' }, { ip: '' }],
  } }) }, '10.0.0.1'],
  ['a Pod without a specification', { 'pods/b': body({ spec: undefined }) }, '10.0.0.1 10.0.0.2'],
  ['containers that are null', { 'pods/b': body({ spec: { containers: null, nodeName: 'n1' } }) },
    '10.0.0.1 10.0.0.2'],
  ['times that cannot be read', { 'pods/b': body({ status: {
    phase: 'Running', podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.2' }],
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: 'soon' }],
  } }) }, '10.0.0.1 10.0.0.2'],
  ['a clock in the future', { 'pods/b': body({ status: {
    phase: 'Running', podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.2' }],
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '9999-12-31T23:59:59Z' }],
  } }) }, '10.0.0.1 10.0.0.2'],
  ['labels of 10,000 characters on a Pod',
    { 'pods/b': metadata({ labels: { app: 'bad', [long]: long } }) }, '10.0.0.1 10.0.0.2'],
  ['labels that are null on a Pod', { 'pods/b': metadata({ labels: null }) }, '10.0.0.1'],
  ['conditions that are null', { 'pods/b': body({ status: {
    phase: 'Running', podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.2' }], conditions: [null, {}],
  } }) }, '10.0.0.1 !10.0.0.2'],
  ['labels of 10,000 characters on the Service',
    { 'services/bad': metadata({ labels: { long } }) }, undefined],
  ['a Service of nothing but a selector', { 'services/bad': body({ spec: {
    selector: { app: 'bad' }, ports: null, ipFamilies: null, clusterIP: '10.96.0.1',
  } }) }, ''],
  ['a selector that is null', { 'services/bad': body({ spec: { selector: null } }) }, undefined],
  ['a Service without a specification', { 'services/bad': body({ spec: undefined }) }, undefined],
  ['Endpoints of nulls', { 'endpoints/bad': (object) => ({
    ...object, subsets: [{ addresses: null, ports: null }, null],
    metadata: { ...object.metadata, labels: null, annotations: null } as never,
  }) }, '10.0.0.1 10.0.0.2'],
])('Endpoints: %s', async (_, spoilers, expected) => {
  const cluster = await Cluster.open()
  const api = spoiledApi(cluster.api, spoilers)
  const counting = faultyApi(api, {
    env: cluster.env, resource: 'endpoints', next: () => undefined,
  })
  const { stop } = await startEndpoints(cluster, counting)
  await cluster.service('bad', {})
  await cluster.pod('a', { ip: '10.0.0.1', labels: 'app=bad' })
  await cluster.pod('b', { ip: '10.0.0.2', labels: 'app=bad' })
  await cluster.service('good', {})
  await cluster.pod('c', { ip: '10.9.9.9', labels: 'app=good' })
  await cluster.env.advance(1_000)
  expect(addressesOf(await endpointsOf(cluster, 'good'))).toBe('10.9.9.9')
  await cluster.env.advance(minute)
  const bad = await endpointsOf(cluster, 'bad')
  expect(bad && addressesOf(bad)).toBe(expected)
  // From 5 ms on the pauses double.
  expect(counting.calls.length).toBeLessThanOrEqual(20)
  await stop()
  await cluster.close()
})

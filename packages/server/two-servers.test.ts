import { type IPAddress, type Service, StatusError, resources } from '@slicewise/kube'
import { openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import { createApi } from './api.ts'
import type { Settings } from './core.ts'
import { openTestRegistry, testEnv } from './test-env.ts'

const { configmaps, ipaddresses, namespaces, services } = resources
const user = { name: 'tester', groups: ['system:masters'] }

async function twoServers(settings: Partial<Settings> = {}) {
  const env = testEnv()
  const store = openMemoryStore(env)
  const options = { ...settings, env, store }
  const registries = [await openTestRegistry(options), await openTestRegistry(options)]
  const apis = registries.map(one => createApi(one, user))
  const close = async (): Promise<void> => {
    for (const one of registries) await one.close()
    await store.close()
  }
  return { apis: apis as [typeof apis[0] & {}, typeof apis[0] & {}], close, store, env }
}

const service = (name: string, spec: Partial<NonNullable<Service['spec']>> = {}): Service => ({
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec } as NonNullable<Service['spec']>,
})

test('one name is given once', async () => {
  const { apis, close } = await twoServers()
  const metadata = { name: 'same', namespace: 'default' }
  const all = await Promise.allSettled(Array.from({ length: 40 }, (_, n) =>
    apis[n % 2]!.create(configmaps, { metadata, data: { n: String(n) } })))
  expect(all.filter(one => one.status === 'fulfilled')).toHaveLength(1)
  for (const one of all) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ reason: 'AlreadyExists' })
  }
  await close()
})

test('no address and no port is given twice, and all of a small range are given', async () => {
  const { apis, close } = await twoServers({ serviceCidrs: ['10.9.0.0/27'] })
  const all = await Promise.allSettled(Array.from({ length: 60 }, (_, n) =>
    apis[n % 2]!.create(services, service(`s${n}`, { type: 'NodePort' }))))
  const made = all.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  // 30 usable addresses, one is the kubernetes Service's.
  expect(made).toHaveLength(29)
  const ips = made.map(one => one.spec?.clusterIP)
  expect(new Set(ips).size).toBe(29)
  const ports = made.map(one => one.spec?.ports?.[0]?.nodePort)
  expect(new Set(ports).size).toBe(29)
  for (const one of all) {
    if (one.status === 'rejected') expect(one.reason.message).toContain('range is full')
  }
  await close()
})

test.each([
  ['node ports', { nodePorts: { first: 30000, last: 30019 } }, { type: 'NodePort' as const }, 20],
  ['balancers', { loadBalancerCidrs: ['192.0.2.0/28'] },
    { type: 'LoadBalancer' as const, allocateLoadBalancerNodePorts: false }, 14],
])('no more %s than there are, each once', async (_what, settings, spec, count) => {
  const { apis, close } = await twoServers(settings)
  const all = await Promise.allSettled(Array.from({ length: 40 }, (_, n) =>
    apis[n % 2]!.create(services, service(`s${n}`, spec))))
  const given = all.flatMap(one => {
    if (one.status === 'rejected') return []
    const port = one.value.spec?.ports?.[0]?.nodePort
    return [port ?? one.value.status?.loadBalancer?.ingress?.[0]?.ip]
  }).filter(one => one !== undefined)
  expect(given).toHaveLength(count)
  expect(new Set(given).size).toBe(count)
  await close()
})

test('addresses and ports are free again after the deletion, on both servers', async () => {
  const { apis: [first, second], close, store, env } = await twoServers()
  const taken = { clusterIP: '10.96.0.50', type: 'NodePort' as const }
  const ports = [{ port: 80, nodePort: 30080 }] as NonNullable<Service['spec']>['ports'] & object
  await first.create(services, service('a', { ...taken, ports }))
  const refused = await second.create(services, service('b', { ...taken, ports }))
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ reason: 'Invalid', code: 422 })
  const causes = (refused as StatusError).details?.causes?.map(one => one.field)
  expect(causes).toEqual(['spec.clusterIPs', 'spec.ports[0].nodePort'])
  await second.delete(services, { namespace: 'default', name: 'a' })
  await first.create(services, service('b', { ...taken, ports }))
  const third = createApi(await openTestRegistry({ env, store }), user)
  const after = await third.create(services, service('c', { ...taken, ports })).catch(e => e)
  expect(after).toMatchObject({ reason: 'Invalid' })
  const ips = (await third.list<IPAddress>(ipaddresses)).items.map(one => one.metadata.name)
  expect(ips).toEqual(['10.96.0.1', '10.96.0.50'])
  await close()
})

test('nothing is made in a namespace that is being deleted', async () => {
  const { apis: [first, second], close } = await twoServers()
  for (let round = 0; round < 10; round++) {
    const name = `ns${round}`
    await first.create(namespaces, { metadata: { name, finalizers: ['example.com/hold'] } })
    const [deleted, ...made] = await Promise.allSettled([
      first.delete(namespaces, { name }),
      ...Array.from({ length: 10 }, (_, n) =>
        second.create(configmaps, { metadata: { name: `c${n}`, namespace: name } })),
    ])
    if (deleted?.status !== 'fulfilled') throw new Error('the namespace was not deleted')
    const end = await second.get(namespaces, { name })
    for (const one of made) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ reason: 'Forbidden' })
      else {
        const revision = Number(one.value.metadata.resourceVersion)
        expect(revision).toBeLessThan(Number(end.metadata.resourceVersion))
      }
    }
  }
  await close()
})

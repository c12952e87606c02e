import { type IPAddress, type Service, type ServiceCIDR, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { createApi } from './api.ts'
import type { Settings } from './core.ts'
import { openTestRegistry } from './test-env.ts'

const { ipaddresses, servicecidrs, services } = resources

async function cluster(settings: Partial<Settings>) {
  const registry = await openTestRegistry(settings)
  const api = createApi(registry, { name: 'tester', groups: ['system:masters'] })
  const range = (name: string, ...cidrs: string[]) =>
    api.create<ServiceCIDR>(servicecidrs, { metadata: { name }, spec: { cidrs } })
  const make = async (name: string, spec: object = {}): Promise<string> => {
    const made = await api.create<Service>(services, {
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 80, targetPort: 80 }], ...spec } as Service['spec'] & {},
    })
    return made.spec?.clusterIPs?.join(' ') ?? ''
  }
  const held = async (): Promise<string[]> =>
    (await api.list<IPAddress>(ipaddresses)).items.map(one => one.metadata.name)
  return { registry, api, range, make, held }
}

/** 6 addresses, of which the kubernetes Service has one. */
const small = { serviceCidrs: ['10.9.0.0/29'] }

test('when the first range is full, new addresses come from the second', async () => {
  const { registry, range, make, held } = await cluster(small)
  for (let n = 0; n < 5; n++) expect(await make(`a${n}`)).toMatch(/^10\.9\.0\.[1-6]$/)
  await expect(make('full')).rejects.toMatchObject({ code: 500, message: /range is full/ })
  await range('more', '10.8.0.0/30')
  const more = [await make('b0'), await make('b1')]
  expect(more.sort()).toEqual(['10.8.0.1', '10.8.0.2'])
  await expect(make('full')).rejects.toMatchObject({ code: 500 })
  expect(await held()).toHaveLength(8)
  await registry.close()
})

test('a full range has room again when a Service goes', async () => {
  const { registry, api, make } = await cluster(small)
  const ips: string[] = []
  for (let n = 0; n < 5; n++) ips.push(await make(`a${n}`))
  await api.delete(services, { namespace: 'default', name: 'a2' })
  expect(await make('b')).toBe(ips[2])
  await registry.close()
})

test('a range on its way out gives no addresses, and what has one of it keeps it', async () => {
  const { registry, api, range, make, held } = await cluster(small)
  const more = await range('more', '10.8.0.0/29')
  const finalizers = ['example.com/hold']
  await api.update(servicecidrs, { ...more, metadata: { ...more.metadata, finalizers } })
  expect(await make('a', { clusterIP: '10.8.0.3' })).toBe('10.8.0.3')
  await api.delete(servicecidrs, { name: 'more' })
  await expect(make('b', { clusterIP: '10.8.0.4' })).rejects.toMatchObject({ code: 422 })
  for (let n = 0; n < 5; n++) expect(await make(`c${n}`)).toMatch(/^10\.9\./)
  await expect(make('full')).rejects.toMatchObject({ code: 500 })
  const going = await api.get<ServiceCIDR>(servicecidrs, { name: 'more' })
  await api.update(servicecidrs, { ...going, metadata: { ...going.metadata, finalizers: [] } })
  await expect(api.get(servicecidrs, { name: 'more' })).rejects.toMatchObject({ code: 404 })
  const service = await api.get<Service>(services, { namespace: 'default', name: 'a' })
  const kept = await api.update<Service>(services, {
    ...service, metadata: { ...service.metadata, labels: { a: 'b' } },
  })
  expect(kept.spec?.clusterIP).toBe('10.8.0.3')
  await api.delete(services, { namespace: 'default', name: 'a' })
  expect(await held()).not.toContain('10.8.0.3')
  await registry.close()
})

test('a second family comes with its range', async () => {
  const { registry, range, make } = await cluster(small)
  const dual = { ipFamilyPolicy: 'RequireDualStack' }
  await expect(make('a', dual)).rejects.toMatchObject({ code: 422 })
  await range('six', 'fd00:9::/120')
  // Which families there are is a setting of the server, as in the reference.
  await expect(make('a', dual)).rejects.toMatchObject({ code: 422 })
  await registry.close()
})

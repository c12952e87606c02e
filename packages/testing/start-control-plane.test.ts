import { HttpApi } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import { type EndpointSlice, type Pod, type Service, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { type ControlPlane, startControlPlane } from './start-control-plane.ts'

async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const found = await what()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('waited 5 s in vain')
}

async function readySlice(plane: ControlPlane): Promise<EndpointSlice | undefined> {
  const { items } = await plane.api.list<EndpointSlice>(resources.endpointslices, {
    namespace: 'default', labelSelector: 'kubernetes.io/service-name=web',
  })
  const ready = (slice: EndpointSlice): boolean => slice.addressType === 'IPv4' &&
    (slice.endpoints ?? []).length === 2 &&
    slice.endpoints.every((one) => one.conditions?.ready === true)
  return items.find(ready)
}

test('Pods of a Service become ready endpoints', async () => {
  await using plane = await startControlPlane()
  const { api } = plane
  await api.create<Service>(resources.services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  })
  for (const name of ['web-a', 'web-b']) {
    await api.create<Pod>(resources.pods, {
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    })
  }
  const slice = await until(() => readySlice(plane))
  expect(slice.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }])
  expect(slice.endpoints.map((one) => one.targetRef?.name).sort()).toEqual(['web-a', 'web-b'])
})

test('the kubeconfig works over HTTPS', async () => {
  await using plane = await startControlPlane({ nodes: 0 })
  const transport = httpTransport(await parseKubeconfig(plane.kubeconfig, '.'))
  const api = new HttpApi({ transport, userAgent: 'test' })
  const { items } = await api.list(resources.namespaces)
  expect(items.map((one) => one.metadata.name)).toContain('default')
  await transport.close()
})

test('twenty run side by side, each started in under 100 ms once warm', async () => {
  await using _warm = await startControlPlane({ nodes: 1 })
  const startedMs = performance.now()
  const planes = await Promise.all(
    Array.from({ length: 20 }, () => startControlPlane({ nodes: 1 })),
  )
  const eachMs = (performance.now() - startedMs) / planes.length
  expect(new Set(planes.map((plane) => plane.url)).size).toBe(20)
  await Promise.all(planes.map((plane) => plane.close()))
  expect(eachMs).toBeLessThan(100)
})

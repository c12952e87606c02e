import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HttpApi } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import { expect, test } from 'vitest'
import {
  type ControlPlane, type EndpointSlice, type Pod, type Service, StatusError, resources,
  startControlPlane,
} from './index.ts'

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

test('a refusal is a StatusError with its causes', async () => {
  await using plane = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  const service: Service = { metadata: { name: 'a', namespace: 'default' }, spec: { ports: [] } }
  const error = await plane.api.create(resources.services, service)
    .then(() => undefined, (failure: unknown) => failure)
  expect(error).toBeInstanceOf(StatusError)
  expect((error as StatusError).details?.causes?.map((one) => one.field)).toEqual(['spec.ports'])
})

test('what is given a folder is there again after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-'))
  try {
    const data = join(folder, 'data')
    const item = { namespace: 'default', name: 'kept' }
    const first = await startControlPlane({ data, nodes: 0 })
    const made = await first.api.create(resources.configmaps, { metadata: item, data: { k: 'v' } })
    await first.close()
    await first.close()
    await using second = await startControlPlane({ data, nodes: 0 })
    expect(await second.api.get(resources.configmaps, item)).toEqual(made)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('twenty run side by side and know nothing of each other', async () => {
  const planes = await Promise.all(
    Array.from({ length: 20 }, () => startControlPlane({ nodes: 1 })),
  )
  try {
    expect(new Set(planes.map((plane) => plane.url)).size).toBe(20)
    await Promise.all(planes.map((plane, n) => plane.api.create(resources.configmaps, {
      metadata: { name: `only-${n}`, namespace: 'default' },
    })))
    for (const [n, { api }] of planes.entries()) {
      const { items } = await api.list(resources.configmaps, { namespace: 'default' })
      const names = items.map((one) => one.metadata.name)
      expect(names.filter((name) => name.startsWith('only-'))).toEqual([`only-${n}`])
      await until(async () => (await api.list(resources.nodes)).items[0])
    }
  } finally {
    await Promise.all(planes.map((plane) => plane.close()))
  }
})

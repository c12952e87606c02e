import { CacheSet } from '@slicewise/client'
import { selectControllers } from '@slicewise/controllers'
import { nodeEnv } from '@slicewise/system/node'
import {
  type Api, type EndpointSlice, type Endpoints, type Pod, type Service, type Stored, resources,
  startControlPlane,
} from '@slicewise/testing'
import { expect, test } from 'vitest'
import { Shadow } from './shadow.ts'
import { shadowSubjects } from './shadow-subjects.ts'
import { shadowText } from './shadow-text.ts'

const sliceControllers = Object.keys(shadowSubjects)

async function makeCluster(api: Api, services: number, podsEach: number): Promise<void> {
  for (let s = 0; s < services; s++) {
    const app = `app-${s}`
    await api.create<Service>(resources.services, {
      metadata: { name: app, namespace: 'default', labels: { app } },
      spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
    })
    for (let p = 0; p < podsEach; p++) await makePod(api, `${app}-${p}`, app, `10.${s}.0.${p + 1}`)
  }
}

async function makePod(api: Api, name: string, app: string, ip: string): Promise<void> {
  const pod = await api.create<Pod>(resources.pods, {
    metadata: { name, namespace: 'default', labels: { app } },
    spec: { nodeName: 'n1', containers: [{ name: 'a', image: 'a' }] },
  })
  await api.update(resources.pods, { ...pod, status: {
    phase: 'Running', podIP: ip, podIPs: [{ ip }],
    conditions: [{
      type: 'Ready', status: 'True', lastTransitionTime: '2026-03-01T09:00:00Z',
      lastProbeTime: null,
    }],
  } } as Pod, { subresource: 'status' })
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await what()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('waited 6 s in vain')
}

async function endpointsIn(api: Api): Promise<number> {
  const { items } = await api.list<EndpointSlice>(resources.endpointslices, {
    namespace: 'default', labelSelector: 'app',
  })
  return items.reduce((sum, { endpoints }) => sum + (endpoints ?? []).length, 0)
}

function openShadow(api: Api, controllers = sliceControllers) {
  const env = nodeEnv({ checked: true })
  const stop = new AbortController()
  const caches = new CacheSet({ api, env, signal: stop.signal })
  const shadow = new Shadow({
    env, api, caches, controllers, endpointsPerSlice: 100, mirroredAddressesMax: 1000,
  })
  return { env, shadow, close: () => { stop.abort(); return caches.whenStopped() } }
}

test('it names controllers that there are', () => {
  expect(selectControllers(sliceControllers).map(({ name }) => name).sort())
    .toEqual([...sliceControllers].sort())
})

test('it agrees with the controllers that it shadows', async () => {
  await using plane = await startControlPlane({ nodes: 0, controllers: sliceControllers })
  const { api } = plane
  await api.create(resources.nodes, { metadata: { name: 'n1' } })
  await makeCluster(api, 3, 12)
  await until(async () => await endpointsIn(api) === 36)
  const first = openShadow(api)
  await first.shadow.start()
  const agreed = await first.shadow.settle()
  expect(shadowText(agreed, first.env.nowMs())).toMatch(/^They agree: 3 Services with 36 endpoints/)
  expect(agreed).toMatchObject({ agrees: true, differing: [], unsettled: 0 })
  await first.close()
})

test('a hand edit is told with its reason and its writer, and nothing else is', async () => {
  await using live = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  const { api } = live
  await api.create(resources.nodes, { metadata: { name: 'n1' } })
  await makeCluster(api, 2, 2)
  const { items: services } = await api.list<Service>(resources.services, { namespace: 'default' })
  for (const { metadata } of services.filter((one) => one.metadata.name !== 'kubernetes')) {
    await makeSlice(api, metadata)
  }
  const { env, shadow, close } = openShadow(api, ['endpointslice-controller'])
  await shadow.start()
  expect(shadow.report()).toMatchObject({ agrees: true, services: 2, endpoints: 4 })
  await api.patch(resources.endpointslices, { namespace: 'default', name: 'app-1-x' }, {
    type: 'json', patch: [{ op: 'replace', path: '/endpoints/0/conditions/ready', value: false }],
  }, { fieldManager: 'kubectl-edit' })
  await until(async () => !shadow.report().agrees)
  const report = await shadow.settle()
  expect(report.differing).toMatchObject([{
    namespace: 'default', name: 'app-1', differences: [{
      id: 'ReadyWrong', pod: 'app-1-0', slice: 'app-1-x', expected: 'true', found: 'false',
      controller: 'endpointslice-controller', lastWriter: { manager: 'kubectl-edit' },
      reason: 'the Pod is ready since 2026-03-01T09:00:00Z',
    }],
  }])
  expect(report.differing[0]?.differences).toHaveLength(1)
  expect(report.unsettled).toBe(0)
  const text = shadowText(report, env.nowMs())
  expect(text).toContain('slice app-1-x: ready of app-1-0 (10.1.0.1) is false, it should be true')
  expect(text).toMatch(/last written by kubectl-edit \d+s ago {2}\[ReadyWrong\]/)
  expect(text).toContain('They differ: 1 of 2 Services')
  await api.patch(resources.endpointslices, { namespace: 'default', name: 'app-1-x' }, {
    type: 'json', patch: [{ op: 'replace', path: '/endpoints/0/conditions/ready', value: true }],
  })
  await until(async () => shadow.report().agrees)
  await api.delete(resources.services, { namespace: 'default', name: 'app-0' })
  await until(async () => shadow.report().services === 1)
  await close()
})

test('Endpoints and mirrored slices are compared by address', async () => {
  await using live = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  const { api } = live
  await api.create(resources.nodes, { metadata: { name: 'n1' } })
  await makeCluster(api, 1, 2)
  await api.create<Endpoints>(resources.endpoints, {
    metadata: { name: 'app-0', namespace: 'default' },
    subsets: [{
      addresses: [{ ip: '10.0.0.1', nodeName: 'n1' }, { ip: '10.9.9.9' }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    }],
  })
  await api.create<Service>(resources.services, {
    metadata: { name: 'db', namespace: 'default' }, spec: { ports: [
      { port: 5432, targetPort: 5432 },
    ] },
  })
  await api.create<Endpoints>(resources.endpoints, {
    metadata: { name: 'db', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 5432, protocol: 'TCP' }] }],
  })
  const { shadow, close } = openShadow(api)
  await shadow.start()
  const { differing } = await shadow.settle()
  const told = differing.flatMap(({ name, differences }) => differences
    .filter(({ matters }) => matters)
    .map(({ controller, id, address }) => `${name} ${controller} ${id} ${address}`))
  expect(told.sort()).toEqual([
    'app-0 endpoints-controller EndpointExtra 10.0.0.1',
    'app-0 endpoints-controller EndpointExtra 10.9.9.9',
    'app-0 endpoints-controller EndpointMissing 10.0.0.1',
    'app-0 endpoints-controller EndpointMissing 10.0.0.2',
    'app-0 endpointslice-controller EndpointMissing 10.0.0.1',
    'app-0 endpointslice-controller EndpointMissing 10.0.0.2',
    'db endpointslice-mirroring-controller EndpointMissing 192.0.2.7',
  ])
  await close()
})

async function makeSlice(api: Api, { name, uid, labels }: Stored<Service>['metadata']) {
  const { items } = await api.list<Pod>(resources.pods, {
    namespace: 'default', labelSelector: `app=${name}`,
  })
  await api.create<EndpointSlice>(resources.endpointslices, {
    metadata: {
      name: `${name}-x`, namespace: 'default',
      labels: {
        ...labels, 'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true }],
    },
    addressType: 'IPv4', ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: items.map(({ metadata, status }) => ({
      addresses: [status?.podIP ?? ''],
      conditions: { ready: true, serving: true, terminating: false }, nodeName: 'n1',
      targetRef: { kind: 'Pod', namespace: 'default', name: metadata.name, uid: metadata.uid },
    })),
  })
}

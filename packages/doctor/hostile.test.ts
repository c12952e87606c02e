import type {
  Endpoints, EndpointSlice, Node, Pod, Service, Stored,
} from '@slicewise/kube'
import { expect, test } from 'vitest'
import { podText, serviceText } from './text.ts'
import { whyPod } from './why-pod.ts'
import { whyService } from './why-service.ts'
import type { World } from './world.ts'

const stored = (name: string, body: object): never => ({
  ...body,
  metadata: {
    name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1',
    creationTimestamp: '2026-03-01T09:00:00Z', ...(body as { metadata?: object }).metadata,
  },
}) as never

const item = { namespace: 'shop', name: 'web' }
const long = 'x'.repeat(10_000)
const ours = {
  labels: {
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  },
}

function worldOf(parts: {
  service?: object; pods?: object[]; slices?: object[]; endpoints?: object
}): World {
  const service = parts.service ?? { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }
  return {
    nowMs: Date.UTC(2026, 2, 1), namespaces: [], workloads: [], unread: [],
    services: [stored('web', service) as Stored<Service>],
    pods: (parts.pods ?? []).map((pod, n): Stored<Pod> => stored(`web-${n}`, pod)),
    nodes: new Map<string, Stored<Node>>([['n1', stored('n1', {})]]),
    slices: (parts.slices ?? []).map((slice, n): Stored<EndpointSlice> =>
      stored(`web-s${n}`, slice)),
    endpoints: parts.endpoints ? [stored('web', parts.endpoints) as Stored<Endpoints>] : [],
  }
}

const oneFamily = { spec: {
  selector: { app: 'web' }, ports: [{ port: 80 }], clusterIP: '10.96.0.1', ipFamilies: ['IPv4'],
} }

const running = {
  metadata: { labels: { app: 'web' } }, spec: { nodeName: 'n1', containers: [{ name: 'a' }] },
  status: {
    phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }],
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2126-01-01T00:00:00Z' }],
  },
}

const hostile: [what: string, world: World][] = [
  ['a Service without a spec', worldOf({ service: {} })],
  ['a Pod without anything', worldOf({ pods: [{ metadata: { labels: { app: 'web' } } }] })],
  ['a Pod with addresses that are none', worldOf({ pods: [{
    ...running, status: { phase: 'Running', podIP: 'x', podIPs: [{ ip: '1.2.3' }, {}] },
  }] })],
  ['a clock in the future', worldOf({ pods: [{
    ...running, metadata: { labels: { app: 'web' }, deletionTimestamp: '2126-01-01T00:00:00Z' },
  }] })],
  ['a time that is none', worldOf({ pods: [{
    ...running, status: {
      ...running.status, conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '?' }],
    },
  }] })],
  ['labels of 10,000 letters', worldOf({
    service: { spec: { selector: { app: long }, ports: [{ port: 80 }] } },
    pods: [{ ...running, metadata: { labels: { app: `${long}y`, [long]: long } } }],
  })],
  ['slices of nulls', worldOf({ pods: [running], slices: [
    { metadata: ours, addressType: 'IPv4', ports: null, endpoints: null },
    { metadata: ours, addressType: 'IPv4', ports: [{}], endpoints: [
      { addresses: null }, { addresses: [], conditions: null, targetRef: {} },
    ] },
    { metadata: ours, addressType: 'FQDN', ports: [{ name: null, port: null }], endpoints: [] },
  ] })],
  ['ports without names and numbers', worldOf({
    service: { spec: { selector: { app: 'web' }, ports: [{}, { targetPort: 'http' }] } },
    pods: [{ ...running, spec: { nodeName: 'n1', containers: [{ name: 'a', ports: [{}] }] } }],
  })],
  ['Endpoints with the same address ready and not ready', worldOf({
    service: { spec: { ports: [{ port: 80 }] } },
    endpoints: { subsets: [null, {
      addresses: [{ ip: '192.0.2.1' }, { ip: 'x' }], notReadyAddresses: [{ ip: '192.0.2.1' }],
    }, { ports: [{ port: 80 }] }] },
  })],
  ['a thousand Pods', worldOf({ pods: Array.from({ length: 1_000 }, () => ({
    ...running, status: { ...running.status, conditions: [] },
  })) })],
]

test.each(hostile)('%s is explained', (_what, world) => {
  const report = whyService(world, item)
  expect(['as it should', 'lacks endpoints']).toContain(report.verdict)
  const text = serviceText(report, world.nowMs)
  expect(text.split('\n').length).toBeLessThan(40)
  expect(text.startsWith('Service shop/web ')).toBe(true)
  const pod = whyPod(world, { namespace: 'shop', name: 'web-0' })
  expect(podText(pod, world.nowMs).startsWith('Pod shop/web-0 ')).toBe(true)
})

test('what may not be read is said, and no verdict is made up', () => {
  const world: World = {
    ...worldOf({}), pods: undefined, slices: undefined, nodes: undefined,
    unread: [{ what: 'pods', why: 'Forbidden', message: 'no' }],
  }
  const report = whyService(world, item)
  expect(report.verdict).toBe('unknown')
  expect(serviceText(report, world.nowMs)).toContain('pods: no right to')
})

test('ready Pods are no proof when slices may not be read', () => {
  const world = worldOf({ service: oneFamily, pods: [running] })
  const report = whyService({ ...world, slices: undefined }, item)
  expect(report.verdict).toBe('unknown')
  expect(serviceText(report, 0)).toContain('cannot be explained: its slices could not be read.')
})

test('a Pod is not said to be unselected when Services may not be read', () => {
  const unread = [{ what: 'services', why: 'Forbidden', message: 'no' }] as const
  const world = { ...worldOf({ pods: [running] }), services: [], unread }
  const report = whyPod(world, { namespace: 'shop', name: 'web-0' })
  expect([report.verdict, ...report.findings.map(({ id }) => id)])
    .toEqual(['unknown', 'ServiceUnread'])
})

test('Nodes that may not be read are taken to exist, and zones are not judged', () => {
  const slice = {
    metadata: {
      ...ours,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'uid-web' }],
    },
    addressType: 'IPv4', ports: [{ name: '', port: 80, protocol: 'TCP' }],
    endpoints: [{
      addresses: ['10.0.0.1'], conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'n9', zone: 'somewhere',
      targetRef: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'uid-web-0' },
    }],
  }
  const pods = [{ ...running, spec: { ...running.spec, nodeName: 'n9' } }]
  const world = worldOf({ service: oneFamily, pods, slices: [slice] })
  expect(whyService(world, item).findings.map(({ id }) => id)).toContain('NodeMissing')
  const blind = whyService({ ...world, nodes: undefined }, item)
  expect(blind.findings).toEqual([])
  expect(blind.verdict).toBe('as it should')
})

import { expect, test } from 'vitest'
import type { Pod, Service } from '@slicewise/kube'
import { endpointOf, isSameEndpoint, isSameState } from './endpoint.ts'
import { familiesOf } from './families.ts'
import { addressesOf } from './membership.ts'
import { portsKey, portResolver } from './ports.ts'
import { labelsDiffer, sliceLabels } from './service-labels.ts'
import { TriggerTimes } from './trigger-time.ts'

test.each<[string, Service['spec'], string[]]>([
  ['as named', { ipFamilies: ['IPv6', 'IPv4'], clusterIP: '10.0.0.1' }, ['IPv6', 'IPv4']],
  ['of the cluster IP', { clusterIP: '10.0.0.1' }, ['IPv4']],
  ['of an IPv6 cluster IP', { clusterIP: 'fd00::1' }, ['IPv6']],
  ['headless', { clusterIP: 'None' }, ['IPv4', 'IPv6']],
  ['without an address yet', {}, ['IPv4', 'IPv6']],
])('families: %s', (_, spec, expected) => {
  expect(familiesOf({ spec: spec ?? {} })).toEqual(expected)
})

// Ready condition, deleted, publishNotReadyAddresses -> ready, serving, terminating.
test.each([
  [1, 0, 0, '1/1/0'], [1, 0, 1, '1/1/0'], [0, 0, 0, '0/0/0'], [0, 0, 1, '1/0/0'],
  [1, 1, 0, '0/1/1'], [1, 1, 1, '1/1/1'], [0, 1, 0, '0/0/1'], [0, 1, 1, '1/0/1'],
])('conditions: ready %i deleted %i published %i -> %s', (ready, deleted, published, expected) => {
  const pod: Pod = {
    metadata: {
      name: 'p', namespace: 'shop', uid: 'u',
      ...(deleted ? { deletionTimestamp: '2026-03-01T12:00:00Z' } : {}),
    },
    status: {
      podIPs: [{ ip: '10.0.0.1' }],
      conditions: [{
        type: 'Ready', status: ready ? 'True' : 'False', lastProbeTime: null,
        lastTransitionTime: null,
      }],
    },
  }
  const service: Service = { spec: { publishNotReadyAddresses: published === 1 } }
  const { conditions = {} } = endpointOf(pod, service, 'IPv4', addressesOf(pod), undefined)
  const { ready: isReady, serving, terminating } = conditions
  expect([isReady, serving, terminating].map(Number).join('/')).toBe(expected)
})

const endpoint = {
  addresses: ['10.0.0.1', '10.0.0.2'],
  conditions: { ready: true, serving: true, terminating: false },
  targetRef: { kind: 'Pod', namespace: 'shop', name: 'p', uid: 'u1' }, nodeName: 'n1', zone: 'z1',
}
test.each([
  ['nothing', {}, true, true],
  ['order of addresses', { addresses: ['10.0.0.2', '10.0.0.1'] }, true, true],
  ['an address', { addresses: ['10.0.0.2'] }, false, true],
  ['hostname', { hostname: 'h' }, false, true],
  ['uid', { targetRef: { ...endpoint.targetRef, uid: 'u2' } }, true, false],
  ['name', { targetRef: { ...endpoint.targetRef, name: 'q' } }, false, false],
  ['revision', { targetRef: { ...endpoint.targetRef, resourceVersion: '7' } }, true, true],
  ['node', { nodeName: 'n2' }, true, false],
  ['zone', { zone: '' }, true, false],
  ['ready', { conditions: { ...endpoint.conditions, ready: false } }, true, false],
  ['ready left out', { conditions: { serving: true, terminating: false } }, true, false],
  ['hints', { hints: { forZones: [{ name: 'z1' }] } }, true, true],
])('what differs is %s', (_, other, same, sameState) => {
  expect(isSameEndpoint(endpoint, { ...endpoint, ...other })).toBe(same)
  expect(isSameState(endpoint, { ...endpoint, ...other })).toBe(sameState)
})

test('a key is of the values of the ports, whatever their order', () => {
  const a = { name: 'a', protocol: 'TCP', port: 1 } as const
  const b = { name: 'b', protocol: 'TCP', port: 1 } as const
  expect(portsKey([a, b])).toBe(portsKey([b, a]))
  expect(portsKey([a, a])).not.toBe(portsKey([a]))
  expect(portsKey(null)).toBe(portsKey([]))
  expect(portsKey([{ ...a, appProtocol: 'http' }])).not.toBe(portsKey([a]))
})

test('Pods with equal ports share one group', () => {
  const resolve = portResolver({
    spec: { ports: [{ name: 'web', port: 80, targetPort: 'http', protocol: 'TCP' }] },
  })
  const pod = (port: number): Pod => ({
    spec: {
      containers: [{
        name: 'c', ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
      }],
    },
  })
  expect(resolve(pod(1))).toBe(resolve(pod(1)))
  expect(resolve(pod(1))).not.toBe(resolve(pod(2)))
  expect(resolve({}).ports).toEqual([])
})

test.each([
  ['equal', { tier: 'a' }, false], ['one more', { tier: 'a', x: '1' }, true],
  ['one less', {}, true],
  ['another value', { tier: 'b' }, true],
  ['reserved ones', { tier: 'a', 'service.kubernetes.io/headless': '' }, false],
])('labels: %s', (_, found, expected) => {
  const service = {
    metadata: { name: 'cart', labels: { tier: 'a' } }, spec: { clusterIP: '10.0.0.1' },
  }
  expect(labelsDiffer(found, sliceLabels(service))).toBe(expected)
})

test('trigger times cost the Pods that moved, and are asked for once', () => {
  const at = (time: string): Pod => ({
    status: { conditions: [{
      type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: time,
    }] },
  })
  const times = new TriggerTimes()
  times.see('a', at('2026-03-01T09:00:00Z'))
  expect(times.take('2026-03-01T08:00:00Z')).toBe('2026-03-01T08:00:00Z')
  expect(times.take('2026-03-01T08:00:00Z')).toBeUndefined()
  times.see('a', at('2026-03-01T09:10:00Z'))
  times.see('b', at('2026-03-01T09:05:00Z'))
  times.see('c', {})
  expect(times.take('2026-03-01T08:00:00Z')).toBe('2026-03-01T09:05:00Z')
  times.see('a', at('2026-03-01T09:00:00Z'))
  expect(times.take('2026-03-01T08:00:00Z')).toBeUndefined()
  times.see('a', at('2026-03-01T09:10:00Z'))
  expect(times.take('2026-03-01T08:00:00Z')).toBe('2026-03-01T09:10:00Z')
  times.see('a', at('2026-03-01T09:20:00Z'))
  times.forget('a')
  expect(times.take('2026-03-01T08:00:00Z')).toBeUndefined()
})

import { expect, test } from 'vitest'
import type { Stored } from '../object.ts'
import { endpointslices } from './endpoint-slice-row.ts'
import {
  type BetaEndpoint, defaultEndpointSlice, endpointFromBeta, endpointToBeta, prepareSliceCreate,
  prepareSliceUpdate, sliceGenerationChanged, sliceWarnings, validateSlice, validateSliceUpdate,
} from './endpoint-slice-rules.ts'
import type { Endpoint, EndpointSlice } from './endpoint-slice.ts'

const slice = (more: Partial<EndpointSlice> = {}): EndpointSlice => ({
  metadata: { name: 's', namespace: 'd' }, addressType: 'IPv4', endpoints: [], ports: [], ...more,
})

const stored = (more: Partial<EndpointSlice> = {}): Stored<EndpointSlice> => {
  const object = slice(more)
  return { ...object, metadata: {
    uid: 'u', resourceVersion: '5', creationTimestamp: '2026-01-01T00:00:00Z', generation: 1,
    name: 's', namespace: 'd', ...object.metadata,
  } } as Stored<EndpointSlice>
}
const at = (address: string, more: Partial<Endpoint> = {}): Endpoint =>
  ({ addresses: [address], ...more })

test('a port gets an empty name and TCP, and no number', () => {
  const object = slice({ ports: [{ port: 8080 }, {}] })
  defaultEndpointSlice(object)
  expect(object.ports).toEqual([
    { name: '', port: 8080, protocol: 'TCP' }, { name: '', protocol: 'TCP' },
  ])
})

test('more than 1000 endpoints is one cause, whatever they hold', () => {
  const many = (count: number): Endpoint[] =>
    Array.from({ length: count }, (_, index) => at(`10.0.${index >> 8}.${index & 255}`))
  const wrong = many(1001)
  for (const index of [3, 4, 5]) wrong[index] = at('x')
  expect(validateSlice(slice({ endpoints: many(1000) }))).toEqual([])
  expect(validateSlice(slice({ endpoints: wrong })).map((one) => one.message))
    .toEqual(['Too many: 1001: must have at most 1000 items'])
})

test('20000 ports pass, one more is one cause', () => {
  const many = (count: number): EndpointSlice['ports'] =>
    Array.from({ length: count }, (_, index) => ({ name: `p${index}`, protocol: 'TCP' }))
  expect(validateSlice(slice({ ports: many(20000) }))).toEqual([])
  expect(validateSlice(slice({ ports: many(20001) }))).toHaveLength(1)
})

test('stored endpoints that would be refused today pass while they stay as they are', () => {
  const before = stored({ endpoints: [at('010.1.1.1')] })
  const labelled = slice({ endpoints: [at('010.1.1.1')], metadata: { labels: { a: 'b' } } })
  expect(validateSliceUpdate(labelled, before)).toEqual([])
  expect(sliceGenerationChanged(labelled, before)).toBe(true)
  const more = slice({ endpoints: [at('010.1.1.1'), at('10.0.0.2')] })
  expect(validateSliceUpdate(more, before)).toHaveLength(1)
})

test('a create drops the free topology map', () => {
  const object = slice({ endpoints: [at('10.0.0.1', { deprecatedTopology: { rack: 'r1' } })] })
  prepareSliceCreate(object)
  expect(object.endpoints).toEqual([at('10.0.0.1')])
})

test('a write of endpoints drops topology and rescues node names that were stored', () => {
  const host = (name: string): Partial<Endpoint> =>
    ({ deprecatedTopology: { 'kubernetes.io/hostname': name } })
  const before = stored({ endpoints: [at('10.0.0.1', host('n7'))] })
  const next = slice({
    endpoints: [at('10.0.0.1', host('n7')), at('10.0.0.2', host('n7')), at('10.0.0.3', host('n8'))],
  })
  prepareSliceUpdate(next, before)
  expect(next.endpoints).toEqual([
    at('10.0.0.1', { nodeName: 'n7' }), at('10.0.0.2', { nodeName: 'n7' }), at('10.0.0.3'),
  ])
})

test('annotations leave topology and generation alone', () => {
  const topology = { deprecatedTopology: { 'kubernetes.io/hostname': 'n7' } }
  const before = stored({ endpoints: [at('10.0.0.1', topology)] })
  const next = slice({
    endpoints: [at('10.0.0.1', topology)], metadata: { annotations: { a: 'b' } },
  })
  prepareSliceUpdate(next, before)
  expect(next.endpoints).toEqual(before.endpoints)
  expect(sliceGenerationChanged(next, before)).toBe(false)
})

const hostname = 'kubernetes.io/hostname'
const zone = 'topology.kubernetes.io/zone'
test.each<[string, BetaEndpoint, Partial<Endpoint>, Record<string, string> | undefined]>([
  ['zone and host', { addresses: [], nodeName: 'n1',
    topology: { [hostname]: 'n1', [zone]: 'z1', rack: 'r1' } },
  { nodeName: 'n1', zone: 'z1', deprecatedTopology: { rack: 'r1' } },
  { [hostname]: 'n1', [zone]: 'z1', rack: 'r1' }],
  ['another host', { addresses: [], nodeName: 'n1', topology: { [hostname]: 'n2' } },
    { nodeName: 'n1', deprecatedTopology: { [hostname]: 'n2' } }, { [hostname]: 'n2' }],
  ['host alone', { addresses: [], topology: { [hostname]: 'n2' } },
    { deprecatedTopology: { [hostname]: 'n2' } }, { [hostname]: 'n2' }],
  ['nothing', { addresses: [] }, {}, undefined],
])('the beta endpoint with %s converts and converts back', (_name, beta, expected, topology) => {
  const endpoint = endpointFromBeta(beta)
  expect(endpoint).toEqual({ addresses: [], ...expected })
  expect(endpointToBeta(endpoint).topology).toEqual(topology)
})

test('a v1 endpoint with node and zone shows both in its beta topology', () => {
  expect(endpointToBeta(at('10.0.0.1', { nodeName: 'n1', zone: 'z1' })).topology)
    .toEqual({ [hostname]: 'n1', [zone]: 'z1' })
})

test.each([
  [{ addressType: 'FQDN' as const, endpoints: [at('a.b')] }, undefined,
    ['spec.addressType: FQDN endpoints are deprecated']],
  [{ addressType: 'FQDN' as const, endpoints: [at('a.b')] }, stored(), []],
  [{ endpoints: [at('010.1.1.1'), at('::ffff:10.1.1.1')] }, undefined, [
    'endpoints[0].addresses[0]: non-standard IP address "010.1.1.1" is invalid: use "10.1.1.1"',
    'endpoints[1].addresses[0]: non-standard IP address "::ffff:10.1.1.1" is invalid: '
    + 'use "10.1.1.1"',
  ]],
  [{ addressType: 'IPv6' as const, endpoints: [at('FD00::5')] }, undefined, [
    'endpoints[0].addresses[0]: IPv6 address "FD00::5" should be in RFC 5952 canonical format '
    + '("fd00::5")',
  ]],
  [{ endpoints: [at('010.1.1.1')], metadata: { labels: {
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  } } }, undefined, []],
])('%j warns', (more, before, expected) => {
  expect(sliceWarnings(slice(more), before)).toEqual(expected)
})

test.each<[Partial<EndpointSlice>, string, string]>([
  [{
    ports: [{ port: 8080 }, { name: 'dns' }, {}],
    endpoints: [1, 2, 3, 4, 5].map((last) => at(`10.0.0.${last}`)),
  }, '8080,dns,*', '10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...'],
  [{}, '<unset>', '<unset>'],
  [{ ports: [1, 2, 3, 4].map((port) => ({ port })) }, '1,2,3 + 1 more...', '<unset>'],
])('table cells of %j', (more, ports, endpoints) => {
  const cells = endpointslices.columns?.map((column) => column.cell(stored(more), 0))
  expect(cells?.slice(0, 4)).toEqual(['s', 'IPv4', ports, endpoints])
})

import fc from 'fast-check'
import type { Endpoint, EndpointSlice, Service } from '@slicewise/kube'
import { expect, test } from 'vitest'
import type { Family } from './address.ts'
import { differenceTable } from './difference.ts'
import { type ExpectedFamily, differencesOf } from './differences.ts'
import { type PortGroup, resolvePorts, portsKey } from './ports.ts'
import { headlessLabel, sliceLabels } from './service-labels.ts'

const service: Service = {
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', labels: { team: 'a' } },
  spec: {
    selector: { app: 'web' }, clusterIP: '10.96.0.1', ports: [{ port: 80, targetPort: 8080 }],
  },
}
const groups: PortGroup[] = [8080, 9090].map((port) => {
  const ports = resolvePorts([{ port: 80, targetPort: port }], undefined)
  return { key: portsKey(ports), ports }
})

interface Wanted { readonly ports: PortGroup; readonly endpoint: Endpoint }

function wantedOf(index: number, family: Family, group = 0): Wanted {
  const ip = family === 'IPv4' ? `10.0.${index >> 8}.${index & 255}` : `fd00::${index + 1}`
  return {
    ports: groups[group] as PortGroup,
    endpoint: {
      addresses: [ip],
      conditions: { ready: index % 3 > 0, serving: index % 3 > 0, terminating: false },
      nodeName: `n${index % 2}`, zone: `z${index % 2}`,
      targetRef: { kind: 'Pod', namespace: 'shop', name: `web-${index}`, uid: `p${index}` },
    },
  }
}

function sliceOf(
  name: string, family: Family, { ports }: PortGroup, endpoints: readonly Endpoint[],
): EndpointSlice {
  return {
    metadata: {
      name, namespace: 'shop', labels: sliceLabels(service),
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'u1' }],
    },
    addressType: family, ports: [...ports], endpoints: structuredClone([...endpoints]),
  }
}

/** Every endpoint goes to the slice that the dice say, in the order that they say. */
const packing = fc.record({
  sizes: fc.record({ IPv4: fc.nat(30), IPv6: fc.nat(30) }),
  dice: fc.array(fc.record({
    slice: fc.nat(4), order: fc.nat(1_000), group: fc.nat(1), again: fc.nat(9),
  }), { minLength: 60, maxLength: 60 }),
  empty: fc.nat(2),
  sizeMax: fc.constantFrom(1, 3, 100),
})
type Packing = typeof packing extends fc.Arbitrary<infer T> ? T : never

function packed({ sizes, dice, empty }: Packing): {
  expected: ExpectedFamily[]; found: EndpointSlice[]
} {
  const found = new Map<string, EndpointSlice>()
  const expected = (['IPv4', 'IPv6'] as const).map((family) => {
    const endpoints: Wanted[] = []
    const rows = Array.from({ length: sizes[family] }, (_, index) => ({ index, ...dice[index]! }))
    for (const { index, group } of rows) endpoints.push(wantedOf(index, family, group))
    const put = (wanted: Wanted, number: number): void => {
      const name = `web-${family}-${groups.indexOf(wanted.ports)}-${number}`
      const slice = found.get(name) ?? sliceOf(name, family, wanted.ports, [])
      slice.endpoints.push(structuredClone(wanted.endpoint))
      found.set(name, slice)
    }
    for (const row of rows.sort((a, b) => a.order - b.order)) {
      const wanted = endpoints.find(({ endpoint }) =>
        endpoint.targetRef?.name === `web-${row.index}`)!
      put(wanted, row.slice)
      if (row.again === 0) put(wanted, row.slice + 1)
    }
    for (let n = 0; n < empty; n++) {
      const group = groups[n] as PortGroup
      found.set(`empty-${family}-${n}`, sliceOf(`empty-${family}-${n}`, family, group, []))
    }
    return { family, endpoints }
  })
  return { expected, found: [...found.values()].reverse() }
}

test('the same endpoints in any packing, order and repetition: only layout', () => {
  fc.assert(fc.property(packing, (one) => {
    const { expected, found } = packed(one)
    const differences = differencesOf({
      service, expected, found, endpointsPerSlice: one.sizeMax,
    })
    expect(differences.filter(({ matters }) => matters)).toEqual([])
  }), { seed: 20_261_121, numRuns: 300 })
})

test('one packing as the controller makes it: nothing at all', () => {
  const expected = [0, 1].map((group) =>
    Array.from({ length: 250 }, (_, index) => wantedOf(group * 250 + index, 'IPv4', group)))
  const found = expected.flatMap((endpoints, group) => [0, 100, 200].map((from) =>
    sliceOf(`web-${group}-${from}`, 'IPv4', groups[group] as PortGroup,
      endpoints.slice(from, from + 100).map(({ endpoint }) => endpoint))))
  const family = { family: 'IPv4' as const, endpoints: expected.flat() }
  expect(differencesOf({ service, expected: [family], found })).toEqual([])
})

type Edit = (slice: EndpointSlice, all: EndpointSlice[]) => void
const first = (slice: EndpointSlice): Endpoint => slice.endpoints[1] as Endpoint
const edits: [id: keyof typeof differenceTable, edit: Edit, details?: object][] = [
  ['EndpointMissing', (slice) => slice.endpoints.splice(1, 1),
    { pod: 'web-1', address: '10.0.0.1', expected: 'ready' }],
  ['EndpointExtra', (slice) => {
    slice.endpoints.push(wantedOf(7, 'IPv4').endpoint)
  }, { slice: 'web-a', pod: 'web-7', address: '10.0.0.7' }],
  ['EndpointExtra', (slice) => {
    slice.endpoints.push({ addresses: ['10.9.9.9'] })
  }, { slice: 'web-a', address: '10.9.9.9' }],
  ['EndpointTwice', (slice) => {
    slice.endpoints.push({ ...structuredClone(first(slice)), conditions: { ready: false } })
  }, { pod: 'web-1' }],
  ['AddressStale', (slice) => { first(slice).addresses = ['10.0.0.99'] },
    { expected: '10.0.0.1', found: '10.0.0.99' }],
  ['ReadyWrong', (slice) => { first(slice).conditions = { serving: true, terminating: false } },
    { expected: 'true', found: 'unset' }],
  ['ReadyWrong', (slice) => { first(slice).conditions!.ready = false }],
  ['ServingWrong', (slice) => { first(slice).conditions!.serving = false }],
  ['TerminatingWrong', (slice) => { first(slice).conditions!.terminating = true }],
  ['PortsWrong', (slice) => { slice.ports = [{ name: '', port: 1, protocol: 'TCP' }] }],
  ['NodeWrong', (slice) => { first(slice).nodeName = 'n9' }, { expected: 'n1', found: 'n9' }],
  ['ZoneWrong', (slice) => { delete first(slice).zone }, { expected: 'z1', found: '' }],
  ['HostnameWrong', (slice) => { first(slice).hostname = 'h' }],
  ['PodWrong', (slice) => { first(slice).targetRef!.uid = 'old' }],
  ['HintsWrong', (slice) => { first(slice).hints = { forZones: [{ name: 'z9' }] } }],
  ['SliceNotOwned', (slice) => { slice.metadata!.ownerReferences![0]!.uid = 'u0' }],
  ['LabelsWrong', (slice) => { slice.metadata!.labels!['team'] = 'b' }],
  ['HeadlessLabelWrong', (slice) => { slice.metadata!.labels![headlessLabel] = '' },
    { expected: 'absent', found: 'present' }],
  ['SliceOfOtherFamily', (_, all) => {
    all.push(sliceOf('web-six', 'IPv6', groups[0] as PortGroup, []))
  }, { slice: 'web-six', family: 'IPv6' }],
]

test.each(edits)('%s is told alone', (id, edit, details = {}) => {
  const endpoints = [0, 1, 2].map((index) => wantedOf(index, 'IPv4'))
  const slice = sliceOf('web-a', 'IPv4', groups[0] as PortGroup,
    endpoints.map(({ endpoint }) => endpoint))
  const found = [slice]
  const expected = [{ family: 'IPv4' as const, endpoints }]
  expect(differencesOf({ service, expected, found, hints: { kind: 'none' } })).toEqual([])
  edit(slice, found)
  const differences = differencesOf({ service, expected, found, hints: { kind: 'none' } })
  expect([...new Set(differences.map((one) => one.id))]).toEqual([id])
  expect(differences[0]).toMatchObject({ matters: differenceTable[id].matters, ...details })
})

test('hints by traffic distribution are compared, of ready endpoints', () => {
  const hints = { kind: 'distribution', value: 'PreferSameZone' } as const
  const endpoints = [0, 1].map((index) => wantedOf(index, 'IPv4')) // the first is not ready
  const slice = sliceOf('web-a', 'IPv4', groups[0] as PortGroup,
    endpoints.map(({ endpoint }) => endpoint))
  const expected = [{ family: 'IPv4' as const, endpoints }]
  const told = (): unknown[] => differencesOf({ service, expected, found: [slice], hints })
  expect(told()).toMatchObject([{ id: 'HintsWrong', pod: 'web-1', expected: 'z1', found: '' }])
  slice.endpoints[1]!.hints = { forZones: [{ name: 'z1' }] }
  expect(told()).toEqual([])
})

test('addresses may stand under several sets of ports when they are what is compared', () => {
  const endpoint: Endpoint = { addresses: ['192.0.2.7'], conditions: { ready: true } }
  const endpoints = groups.map((ports) => ({ ports, endpoint }))
  const expected = [{ family: 'IPv4' as const, endpoints }]
  const found = groups.map((ports, n) => sliceOf(`m-${n}`, 'IPv4', ports, [endpoint]))
  expect(differencesOf({ expected, found, matchBy: 'Address' })).toEqual([])
  expect(differencesOf({ expected, found: found.slice(1), matchBy: 'Address' }))
    .toMatchObject([{ id: 'EndpointMissing', address: '192.0.2.7' }])
})

test('slices on their way out hold nothing', () => {
  const endpoints = [wantedOf(1, 'IPv4')]
  const slice = sliceOf('web-a', 'IPv4', groups[0] as PortGroup, [endpoints[0]!.endpoint])
  slice.metadata!.deletionTimestamp = '2026-03-01T12:00:00Z'
  const expected = [{ family: 'IPv4' as const, endpoints }]
  expect(differencesOf({ service, expected, found: [slice] }).map(({ id }) => id))
    .toEqual(['EndpointMissing', 'SliceMissing'])
})

test('no slice of a Service without endpoints, and too many of one, are layout', () => {
  const nothing = [{ family: 'IPv4' as const, endpoints: [] }]
  const told = (found: EndpointSlice[], sizeMax = 100): string[] =>
    differencesOf({ service, expected: nothing, found, endpointsPerSlice: sizeMax })
      .map(({ id, matters }) => `${id} ${matters}`)
  const empty = (name: string): EndpointSlice =>
    sliceOf(name, 'IPv4', groups[0] as PortGroup, [])
  expect(told([])).toEqual(['SliceMissing false'])
  expect(told([empty('a')])).toEqual([])
  expect(told([empty('a'), empty('b')]))
    .toEqual(['SliceEmpty false', 'SliceEmpty false', 'SlicesMany false'])
})

test('nothing is missing from a Service that is being deleted', () => {
  const metadata = { ...service.metadata, deletionTimestamp: '2026-03-01T12:00:00Z' }
  const expected = [{ family: 'IPv4' as const, endpoints: [wantedOf(1, 'IPv4')] }]
  expect(differencesOf({ service: { ...service, metadata }, expected, found: [] })).toEqual([])
})

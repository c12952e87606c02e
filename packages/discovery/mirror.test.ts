import { expect, test } from 'vitest'
import type { Endpoints, EndpointsSubset, Stored } from '@slicewise/kube'
import { isMirrorable, mirrorOf } from './mirror.ts'

const list = (from: number, count: number): { ip: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    ip: `10.${from}.${index >> 8}.${index & 255}`,
  }))
const ports = [{ name: 'a', port: 80, protocol: 'TCP' as const }]
const counts = (subsets: unknown, max = 1_000): string => {
  const { groups, invalid, skipped } = mirrorOf({ subsets: subsets as EndpointsSubset[] }, max)
  const sizes = groups.map(({ family, ports: some, endpoints }) =>
    `${family} ${some.map((port) => port.port).join('+') || '-'} ${endpoints.length}`)
  return `${sizes.join(', ') || 'nothing'}; invalid ${invalid}, skipped ${skipped}`
}

test.each<[string, unknown, number, string]>([
  ['nothing', undefined, 9, 'nothing; invalid 0, skipped 0'],
  ['null', null, 9, 'nothing; invalid 0, skipped 0'],
  ['null everywhere', [null, { addresses: null, notReadyAddresses: [null], ports: null }], 9,
    'nothing; invalid 0, skipped 0'],
  ['one', [{ addresses: list(0, 1), ports }], 9, 'IPv4 80 1; invalid 0, skipped 0'],
  ['no ports', [{ addresses: list(0, 1) }], 9, 'IPv4 - 1; invalid 0, skipped 0'],
  ['ready first', [{ addresses: list(1, 7), notReadyAddresses: list(0, 5), ports }], 10,
    'IPv4 80 10; invalid 0, skipped 2'],
  ['both families share the number',
    [{ addresses: [{ ip: 'fd00::1' }, { ip: 'fd00::2' }, ...list(0, 3)], ports }], 4,
    'IPv4 80 3, IPv6 80 1; invalid 0, skipped 1'],
  ['each subset has its own number',
    [{ addresses: list(0, 5), ports }, { addresses: list(1, 5), ports: [{ port: 81 }] }], 3,
    'IPv4 81 3, IPv4 80 3; invalid 0, skipped 4'],
  ['no addresses at all', [{ addresses: [{ ip: 'x' }, { ip: '' }, {}, { ip: 7 }], ports }], 9,
    'nothing; invalid 4, skipped 4'],
  ['invalid ones take no place', [{ addresses: [{ ip: '!' }, ...list(0, 3)], ports }], 2,
    'IPv4 80 2; invalid 1, skipped 2'],
  ['spellings of one address', [{ addresses: [{ ip: '10.0.0.1' }, { ip: '010.0.0.1' }], ports }],
    9, 'IPv4 80 1; invalid 0, skipped 0'],
  ['an IPv4 address in IPv6', [{ addresses: [{ ip: '::ffff:10.0.0.1' }], ports }], 9,
    'IPv4 80 1; invalid 0, skipped 0'],
  ['ten thousand', [{ addresses: list(0, 10_000), ports }], 1_000,
    'IPv4 80 1000; invalid 0, skipped 9000'],
])('mirror: %s', (_, subsets, max, expected) => {
  expect(counts(subsets, max)).toBe(expected)
})

test('ready and not ready is not ready; attributes are copied, states nobody knows are left out',
  () => {
    const targetRef = { kind: 'Pod', name: 'p', uid: 'u', resourceVersion: '7' }
    const one = { ip: '10.0.0.1', hostname: 'h', nodeName: 'n', targetRef }
    const { groups } = mirrorOf(
      { subsets: [{ addresses: [one], notReadyAddresses: [one], ports }] }, 9,
    )
    expect(groups).toEqual([{
      key: 'IPv4 ["a","TCP",80,null]', family: 'IPv4', ports,
      endpoints: [{
        addresses: ['10.0.0.1'], conditions: { ready: false }, hostname: 'h', nodeName: 'n',
        targetRef,
      }],
    }])
  })

const found = (labels: unknown, annotations: unknown): Stored<Endpoints> => ({
  metadata: {
    name: 'db', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels, annotations,
  },
}) as Stored<Endpoints>
const skip = 'endpointslice.kubernetes.io/skip-mirror'
const leader = 'control-plane.alpha.kubernetes.io/leader'
test.each<[string, unknown, unknown, boolean]>([
  ['plain', undefined, undefined, true], ['skip', { [skip]: 'true' }, {}, false],
  ['skip in capitals', { [skip]: 'True' }, {}, true], ['not skip', { [skip]: 'false' }, {}, true],
  ['a lock', {}, { [leader]: '{}' }, false], ['a free lock', {}, { [leader]: '' }, false],
])('mirrorable: %s', (_, labels, annotations, expected) => {
  expect(isMirrorable(found(labels, annotations))).toBe(expected)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EndpointsAddress, EndpointsPort, EndpointsSubset } from '@slicewise/kube'
import { type Offer, PackedSubsets } from './packed-subsets.ts'
import { portsKey } from './ports.ts'
import { isRepacked, repackSubsets, sameSubsets } from './subsets.ts'

/** `10.0.0.1~u1@n1`: address, uid of its Pod, Node. */
function address(text: string): EndpointsAddress {
  const [, ip = '', uid, node] = /^([^~@]*)(?:~([^@]*))?(?:@(.*))?$/.exec(text) ?? []
  return {
    ip, ...(node === undefined ? {} : { nodeName: node }),
    ...(uid === undefined ? {} : { targetRef: { kind: 'Pod', name: `pod-${uid}`, uid } }),
  }
}

/** `a:80/TCP+h2c`. */
function port(text: string): EndpointsPort {
  const [, name = '', number = '', protocol = 'TCP', app] =
    /^([^:]*):([^/+]*)(?:\/(\w+))?(?:\+(.*))?$/.exec(text) ?? []
  return {
    ...(name ? { name } : {}), port: Number(number), protocol: protocol as 'TCP',
    ...(app === undefined ? {} : { appProtocol: app }),
  }
}

/** `a:80 b:81 | 10.0.0.1 !10.0.0.2`: ports, addresses; `!` is not ready. */
function subset(text: string): EndpointsSubset {
  const [ports = '', addresses = ''] = text.split('|')
  const all = addresses.trim().split(/\s+/).filter(Boolean)
  return {
    addresses: all.filter((one) => !one.startsWith('!')).map(address),
    notReadyAddresses: all.filter((one) => one.startsWith('!')).map((one) => address(one.slice(1))),
    ports: ports.trim().split(/\s+/).filter(Boolean).map(port),
  }
}

const addressText = ({ ip, targetRef, nodeName }: EndpointsAddress): string =>
  `${ip}${targetRef?.uid === undefined ? '' : `~${targetRef.uid}`}${
    nodeName === undefined ? '' : `@${nodeName}`}`
const text = ({ ports = [], addresses = [], notReadyAddresses = [] }: EndpointsSubset): string => [
  ...ports.map((one) => `${one.name ?? ''}:${one.port}${one.protocol === 'TCP' ? ''
    : `/${one.protocol}`}${one.appProtocol === undefined ? '' : `+${one.appProtocol}`}`),
  '|', ...addresses.map(addressText), ...notReadyAddresses.map((one) => `!${addressText(one)}`),
].join(' ')

test.each<[string, string[], string[]]>([
  ['nothing', [], []],
  ['no addresses', ['a:80 |'], []],
  ['one', ['a:80 | 10.0.0.1'], ['a:80 | 10.0.0.1']],
  ['without ports', ['| 10.0.0.2 10.0.0.1'], ['| 10.0.0.1 10.0.0.2']],
  ['with and without ports', ['| 10.0.0.1', 'a:80 | 10.0.0.2'],
    ['| 10.0.0.1', 'a:80 | 10.0.0.2']],
  ['the same with and without ports', ['| 10.0.0.1', 'a:80 | 10.0.0.1'], ['a:80 | 10.0.0.1']],
  ['ports of equal addresses share a subset', ['b:81 | 10.0.0.1', 'a:80 | 10.0.0.1'],
    ['a:80 b:81 | 10.0.0.1']],
  ['not of equal addresses in other states', ['a:80 | 10.0.0.1', 'b:81 | !10.0.0.1'],
    ['a:80 | 10.0.0.1', 'b:81 | !10.0.0.1']],
  ['addresses of equal ports share a subset', ['a:80 | 10.0.0.1', 'a:80 | 10.0.0.2'],
    ['a:80 | 10.0.0.1 10.0.0.2']],
  ['subsets that overlap', ['a:80 | 10.0.0.1', 'a:80 b:90 | 10.0.0.2'],
    ['a:80 | 10.0.0.1 10.0.0.2', 'b:90 | 10.0.0.2']],
  ['not ready wins', ['a:80 | 10.0.0.1', 'a:80 | !10.0.0.1'], ['a:80 | !10.0.0.1']],
  ['not ready wins, whichever is first', ['a:80 | !10.0.0.1', 'a:80 | 10.0.0.1'],
    ['a:80 | !10.0.0.1']],
  ['under its port only', ['a:80 | 10.0.0.1', 'a:80 b:90 | !10.0.0.1'],
    ['a:80 b:90 | !10.0.0.1']],
  ['what is first seen of an address', ['a:80 | 10.0.0.1~u@n1', 'a:80 | 10.0.0.1~u@n2'],
    ['a:80 | 10.0.0.1~u@n1']],
  ['two Pods at one address', ['a:80 | 10.0.0.1~u2 10.0.0.1~u1'],
    ['a:80 | 10.0.0.1~u1 10.0.0.1~u2']],
  ['order of texts', ['a:80 | 10.0.0.2 10.0.0.10 10.0.0.9'],
    ['a:80 | 10.0.0.10 10.0.0.2 10.0.0.9']],
  ['equal application protocols', ['a:80+h2c | 10.0.0.1', 'a:80+h2c | 10.0.0.2'],
    ['a:80+h2c | 10.0.0.1 10.0.0.2']],
  ['other application protocols', ['a:80+h2c | 10.0.0.1', 'a:80 | 10.0.0.1'],
    ['a:80+h2c a:80 | 10.0.0.1']],
  ['protocols', ['a:53/UDP | 10.0.0.1', 'a:53 | 10.0.0.2'],
    ['a:53 | 10.0.0.2', 'a:53/UDP | 10.0.0.1']],
  ['a port without a number', ['a:0 | 10.0.0.1'], ['| 10.0.0.1']],
])('repack: %s', (_, given, expected) => {
  const packed = repackSubsets(given.map(subset))
  expect(packed.map(text)).toEqual(expected)
  expect(sameSubsets(repackSubsets(packed), packed)).toBe(true)
})

test('lists that are null, and entries that are, are as good as absent', () => {
  const broken = [
    null, { addresses: null, notReadyAddresses: null, ports: null },
    { addresses: [null, { ip: '10.0.0.1' }], ports: [null] },
  ] as never
  expect(repackSubsets(broken).map(text)).toEqual(['| 10.0.0.1'])
  expect(repackSubsets(null)).toEqual([])
  expect(sameSubsets([{ addresses: null }] as never, [{}])).toBe(true)
})

test.each<[string, string, string, boolean]>([
  ['equal', 'a:80 | 10.0.0.1', 'a:80 | 10.0.0.1', true],
  ['order', 'a:80 | 10.0.0.1 10.0.0.2', 'a:80 | 10.0.0.2 10.0.0.1', false],
  ['state', 'a:80 | 10.0.0.1', 'a:80 | !10.0.0.1', false],
  ['uid', 'a:80 | 10.0.0.1~u1', 'a:80 | 10.0.0.1~u2', false],
  ['Node', 'a:80 | 10.0.0.1@n1', 'a:80 | 10.0.0.1', false],
  ['port', 'a:80 | 10.0.0.1', 'a:81 | 10.0.0.1', false],
  ['application protocol', 'a:80+x | 10.0.0.1', 'a:80+y | 10.0.0.1', false],
])('same subsets: %s', (_, a, b, expected) => {
  expect(sameSubsets([subset(a)], [subset(b)])).toBe(expected)
})

const found = fc.array(fc.record({
  ports: fc.constantFrom('', 'a:80', 'b:81 a:80', 'a:80 b:81', 'a:80 a:80', 'a:0'),
  addresses: fc.array(fc.constantFrom('10.0.0.1', '!10.0.0.1', '10.0.0.2', '10.0.0.2~u',
    '10.0.0.10', '!10.0.0.10~u', '!fd00::1'), { maxLength: 5 }),
}).map(({ ports, addresses }) => subset(`${ports} | ${addresses.join(' ')}`)), { maxLength: 2 })

test('what is certain to be packed does not change when it is packed', () => {
  let certain = 0
  fc.assert(fc.property(found, (subsets) => {
    const packed = repackSubsets(subsets)
    if (!isRepacked(subsets)) return
    certain++
    expect(sameSubsets(packed, subsets)).toBe(true)
  }), { seed: 20_260_301, numRuns: 2_000 })
  expect(certain).toBeGreaterThan(100)
})

const revised = (resourceVersion: string): EndpointsSubset[] => [{
  addresses: [{ ip: '10.0.0.1', targetRef: { kind: 'Pod', name: 'p', uid: 'u', resourceVersion } }],
}]
test('the revision of a Pod is no difference', () => {
  expect(sameSubsets(revised('5'), revised('6'))).toBe(true)
})

const offers = fc.option(fc.record({
  ip: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.10', 'fd00::1'), ready: fc.boolean(),
  ports: fc.constantFrom('', 'a:80', 'a:80 b:81', 'b:81 a:80', 'a:81 b:81', 'c:1/UDP'),
}), { nil: undefined })
const changes = fc.array(fc.tuple(fc.nat(7), offers), { maxLength: 60, size: 'max' })

test('subsets kept while Pods come and go are those of a repack', () => {
  fc.assert(fc.property(changes, (history) => {
    const kept = new PackedSubsets()
    const standing = new Map<string, Offer>()
    for (const [pod, offer] of history) {
      const name = `p${pod}`
      const before = JSON.stringify(kept.subsets(100))
      const next = offer && offerOf(name, offer)
      const changed = kept.set(name, next)
      if (next === undefined) standing.delete(name)
      else standing.set(name, next)
      const exploded = [...standing.values()].flatMap(({ address: one, ready, ports }) =>
        (ports.ports.length === 0 ? [[]] : ports.ports.map((each) => [each]))
          .map((each) => ({ [ready ? 'addresses' : 'notReadyAddresses']: [one], ports: each })))
      const expected = repackSubsets(exploded as EndpointsSubset[])
      expect(kept.subsets(100)).toEqual({ subsets: expected, truncated: false })
      if (!changed) expect(JSON.stringify(kept.subsets(100))).toBe(before)
      expect(kept.size).toBe(standing.size)
      if (expected.length < 2) expect(isRepacked(expected)).toBe(true)
    }
  }), { seed: 20_260_301, numRuns: 200 })
})

function offerOf(name: string, one: { ip: string; ready: boolean; ports: string }): Offer {
  const ports = one.ports.split(' ').filter(Boolean)
    .map((each) => ({ ...port(each), name: port(each).name ?? '' }))
  return {
    address: address(`${one.ip}~${name}`), ready: one.ready, ports: { key: portsKey(ports), ports },
  }
}

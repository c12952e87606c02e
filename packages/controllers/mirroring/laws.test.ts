import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress, portsKey } from '@slicewise/discovery'
import type { EndpointPort, EndpointSlice, EndpointsSubset, Stored } from '@slicewise/kube'
import { saidBy, plainSubsets } from '../services/test-repack.ts'
import { MirrorWorld, managedBy, mirroring, serviceName, subsetOf } from './scenarios/world.ts'

const seed = 20_260_301
const effort = Number(process.env['SLICEWISE_EFFORT'] ?? '1')

type Op =
  | { do: 'endpoints'; options: Record<string, string>; subsets: string[] }
  | { do: 'service'; options: Record<string, string> }
  | { do: 'drop'; what: 'service' | 'endpoints' }
  | { do: 'edit' | 'double' | 'drop slice'; pick: number; how: string }
  | { do: 'sync'; stopAfter: number }

const oneOf = (...texts: string[]) => fc.constantFrom(...texts)
const address = fc.tuple(
  oneOf('', '', '!'), oneOf('10.0.0.1', '10.0.0.2', '010.0.0.1', 'fd00::1', 'FD00::2', 'nope'),
  oneOf('', '', '@n1'), oneOf('', '', '#h'), oneOf('', '~p/u1', '~p/u2', '~q/u3'),
).map((parts) => parts.join(''))
const subset = fc.record({
  ports: oneOf('', 'ports=a:80', 'ports=a:80', 'ports=b:81', 'ports=a:80,b:81', 'ports=a:80+h2c'),
  addresses: fc.array(address, { maxLength: 5 }),
}).map(({ ports, addresses }) => [ports, ...addresses].join(' '))
const options = fc.record({
  uid: oneOf('e1', 'e1', 'e2'), deleting: oneOf('false', 'false', 'true'),
  labels: oneOf('', 'x=1', `${serviceName}=other`, `${managedBy}=me,x=1`,
    'endpointslice.kubernetes.io/skip-mirror=true'),
  annotations: oneOf('', 'note=1', 'endpoints.kubernetes.io/last-change-trigger-time=t',
    'control-plane.alpha.kubernetes.io/leader='),
})
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({
    do: fc.constant('endpoints' as const), options, subsets: fc.array(subset, { maxLength: 4 }),
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('service' as const), options: fc.record({ selector: oneOf('none', 'app=db') }),
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('drop' as const),
    what: fc.constantFrom('service' as const, 'endpoints' as const),
  }) },
  { weight: 3, arbitrary: fc.record({
    do: fc.constantFrom('edit' as const, 'double' as const, 'drop slice' as const),
    pick: fc.nat(9), how: oneOf('label', 'annotation', 'endpoints', 'owner', 'deleting', 'ports'),
  }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('sync' as const), stopAfter: fc.nat(5) }) },
)
const histories = fc.array(op, { minLength: 1, maxLength: 40, size: 'max' })
const maxima = fc.constantFrom(1, 2, 3, 1_000)

function start(): MirrorWorld {
  const world = new MirrorWorld()
  world.putService({})
  return world
}

function apply(world: MirrorWorld, one: Op, max: number): void {
  if (one.do === 'endpoints') world.putEndpoints(one.options, one.subsets.map(subsetOf))
  if (one.do === 'service') world.putService(one.options)
  if (one.do === 'drop') world[one.what] = undefined
  if (one.do === 'sync') {
    const { steps } = world.plan(max)
    for (const step of one.stopAfter === 0 ? steps : steps.slice(0, one.stopAfter)) world.run(step)
  }
  if (one.do !== 'edit' && one.do !== 'double' && one.do !== 'drop slice') return
  const names = [...world.slices.keys()].sort()
  const name = names[one.pick % Math.max(1, names.length)]
  const slice = name === undefined ? undefined : world.slices.get(name)
  if (slice === undefined || name === undefined) return
  if (one.do === 'drop slice') world.slices.delete(name)
  else if (one.do === 'double') world.putSlice(`${name}-2`, slice)
  else world.putSlice(name, meddled(slice, one.how))
}

function meddled(slice: Stored<EndpointSlice>, how: string): EndpointSlice {
  const { metadata } = slice
  if (how === 'endpoints') return { ...slice, endpoints: (slice.endpoints ?? []).slice(1) }
  if (how === 'ports') return { ...slice, ports: [{ name: 'z', port: 1, protocol: 'TCP' }] }
  return {
    ...slice,
    metadata: {
      ...metadata,
      ...(how === 'label' ? { labels: { ...metadata.labels, q: '1' } } : {}),
      ...(how === 'annotation' ? { annotations: { ...metadata.annotations, q: '1' } } : {}),
      ...(how === 'owner' ? {
        ownerReferences: (metadata.ownerReferences ?? []).map((one) => ({ ...one, uid: 'old' })),
      } : {}),
      ...(how === 'deleting' ? { deletionTimestamp: '2026-03-01T12:00:00Z' } : {}),
    },
  }
}

test('as many writes of each kind as the reference, in every state', () => {
  fc.assert(fc.property(histories, maxima, (history, max) => {
    const world = start()
    for (const one of history) {
      apply(world, one, max)
      const total = { create: 0, update: 0, delete: 0 }
      for (const { verb } of world.plan(max).steps) total[verb as 'create']++
      expect(total).toEqual(referenceWrites(world, max))
    }
  }), { seed, numRuns: 300 * effort })
}, 120_000)

test('after a look slices hold exactly what is wanted, and nothing is left to do', () => {
  fc.assert(fc.property(histories, maxima, (history, max) => {
    const world = start()
    for (const one of history) apply(world, one, max)
    for (const step of world.plan(max).steps) world.run(step)
    expect(world.plan(max).steps).toEqual([])
    const standing = ours(world).filter(({ metadata }) => !metadata.deletionTimestamp)
    const leaving = ours(world).filter(({ metadata }) => metadata.deletionTimestamp)
    if (world.endpoints?.metadata.deletionTimestamp || leaving.length > 0) return
    const held = standing.map((slice) => `${keyOf(slice)} ${held1(slice)}`).sort()
    if (!isMirrored(world)) expect(held).toEqual([])
    if (!isMirrored(world)) return
    expect(held).toEqual([...wantedGroups(world, max)]
      .filter(([, group]) => group.size > 0)
      .map(([key, group]) => `${key} ${[...group.values()].sort().join('; ')}`).sort())
  }), { seed, numRuns: 300 * effort })
}, 120_000)

const keyOf = (slice: Stored<EndpointSlice>): string =>
  `${slice.addressType} ${portsKey(slice.ports)}`
const held1 = (slice: Stored<EndpointSlice>): string =>
  (slice.endpoints ?? []).map((one) => JSON.stringify([
    one.addresses[0], one.conditions?.ready, one.hostname ?? '', one.nodeName ?? null,
    one.targetRef?.name ?? '', one.targetRef?.uid ?? '',
  ])).sort().join('; ')

const ours = (world: MirrorWorld): Stored<EndpointSlice>[] =>
  [...world.slices.values()].filter(({ metadata }) =>
    metadata.labels?.[serviceName] === 'db' && metadata.labels[managedBy] === mirroring)

/** The reference's desired state: by family and ports, endpoints by identity. */
function wantedGroups(world: MirrorWorld, max: number): Map<string, Map<string, string>> {
  const groups = new Map<string, Map<string, string>>()
  for (const { ports, list } of repacked(world.endpoints?.subsets ?? [])) {
    const slicePorts = ports.map((text): EndpointPort => {
      const [name = '', protocol = '', port = '', app = '-'] = text.split('/')
      return { name, protocol, port: Number(port), ...(app === '-' ? {} : { appProtocol: app }) }
    })
    for (const family of ['IPv4', 'IPv6']) {
      const key = `${family} ${portsKey(slicePorts)}`
      if (!groups.has(key)) groups.set(key, new Map())
    }
    let count = 0
    for (const { ready, one } of list) {
      const parsed = parseAddress(one.ip)
      if (parsed === undefined || count >= max) continue
      count++
      const identity = [parsed.text, one.hostname ?? '', one.targetRef?.name ?? ''].join(' ')
      groups.get(`${parsed.family} ${portsKey(slicePorts)}`)?.set(identity, JSON.stringify([
        parsed.text, ready, one.hostname ?? '', one.nodeName ?? null, one.targetRef?.name ?? '',
        one.targetRef?.uid ?? '',
      ]))
    }
  }
  return groups
}

/** Subsets after a plain packing: ready addresses by text and uid, then those that are not. */
function repacked(subsets: readonly EndpointsSubset[]) {
  const said = saidBy(subsets)
  const first = new Map<string, (typeof said)[number]['address']>()
  for (const { address: one } of said) {
    const key = `${one.ip} ${one.targetRef?.uid ?? ''}`
    if (!first.has(key)) first.set(key, one)
  }
  return plainSubsets(said).map((text) => {
    const [ports = '', content = ''] = text.split(' | ')
    const list = content.split('; ').map((entry) => {
      const at = entry.lastIndexOf(' ')
      const key = entry.slice(0, at)
      return { key, ready: entry.slice(at + 1) === 'yes', one: first.get(key) as never }
    }).sort((a, b) => Number(b.ready) - Number(a.ready) || (a.key < b.key ? -1 : 1))
    return {
      ports: ports.trim() === '' ? [] : ports.trim().split(' '),
      list: list as { ready: boolean; one: (typeof said)[number]['address'] }[],
    }
  })
}

/** The whole reconcile done from nothing, with and slices on their way out mended. */
function referenceWrites(world: MirrorWorld, max: number) {
  const total = { create: 0, update: 0, delete: 0 }
  const { endpoints } = world
  const found = ours(world).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const leaving = (slice: Stored<EndpointSlice>): boolean =>
    Boolean(slice.metadata.deletionTimestamp)
  if (endpoints === undefined || !isMirrored(world)) {
    return { ...total, delete: found.filter((slice) => !leaving(slice)).length }
  }
  const creates: string[] = []
  const deletes: Stored<EndpointSlice>[] = []
  const groups = wantedGroups(world, max)
  for (const [key, group] of groups) {
    const same = found.filter((slice) => keyOf(slice) === key)
    const keeper = same.find((slice) => !leaving(slice)) ?? same[0]
    deletes.push(...same.filter((slice) => group.size === 0 || slice !== keeper))
    if (group.size === 0) continue
    if (keeper === undefined) creates.push(key)
    else if (held1(keeper) !== [...group.values()].sort().join('; ')
      || !dressed(world, keeper)) total.update++
  }
  deletes.push(...found.filter((slice) => !groups.has(keyOf(slice))))
  const free = deletes.filter((slice) => !leaving(slice))
  for (const key of creates) {
    const at = free.findIndex((slice) => key.startsWith(slice.addressType))
    if (at >= 0) free.splice(at, 1)
    if (at >= 0) total.update++
    else if (!endpoints.metadata.deletionTimestamp) total.create++
  }
  return { ...total, delete: free.length }
}

function isMirrored({ endpoints, service }: MirrorWorld): boolean {
  const { labels = {}, annotations = {} } = endpoints?.metadata ?? {}
  return endpoints !== undefined && service !== undefined && service.spec?.selector === undefined
    && labels['endpointslice.kubernetes.io/skip-mirror'] !== 'true'
    && !('control-plane.alpha.kubernetes.io/leader' in annotations)
}

function dressed(world: MirrorWorld, { metadata }: Stored<EndpointSlice>): boolean {
  const { labels, annotations, uid } = world.endpoints?.metadata ?? {}
  const text = (found: Readonly<Record<string, string>> = {}, but: RegExp): string =>
    JSON.stringify(Object.entries(found).filter(([key]) => !but.test(key)).sort())
  const set = /managed-by$|service-name$/
  const left = /last-change-trigger-time$|last-applied-configuration$/
  return text(metadata.labels, set) === text(labels, set)
    && text(metadata.annotations, /^$/) === text(annotations, left)
    && (metadata.ownerReferences ?? []).every((one) => one.uid === uid)
}

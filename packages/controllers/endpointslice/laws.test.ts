import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Endpoint } from '@slicewise/kube'
import { edited, nodeBody, podBody, serviceBody } from './scenarios/bodies.ts'
import { referenceWrites } from './scenarios/reference.ts'
import { World, wantedText } from './scenarios/world.ts'
import { type Step } from '@slicewise/engine'
import { ownerKey } from './state.ts'

/** Fixed, so that every run is the same; a failure prints its own seed and smallest history. */
const seed = 20_260_301
/** Multiplies the number of histories, for long runs. */
const effort = Number(process.env['SLICEWISE_EFFORT'] ?? '1')
const services = ['cart', 'pay']

type Op =
  | { do: 'pod'; pod: string; options: Record<string, string> }
  | { do: 'drop pod'; pod: string }
  | { do: 'node'; node: string; options: Record<string, string> }
  | { do: 'drop node'; node: string }
  | { do: 'service'; service: string; options: Record<string, string> }
  | { do: 'drop service'; service: string }
  | { do: 'edit slice' | 'double slice'; pick: number; options: Record<string, string> }
  | { do: 'drop slice'; pick: number }
  | { do: 'sync'; max: number; stopAfter: number }

const oneOf = (...texts: string[]) => fc.constantFrom(...texts)
const flag = oneOf('true', 'true', 'false')
const pod = fc.integer({ min: 0, max: 11 }).map((index) => `p${index}`)
const podOptions = fc.record({
  labels: oneOf('app=cart', 'app=cart', 'app=pay', 'app=cart,tier=x', 'other=1'),
  ready: flag, terminating: oneOf('false', 'false', 'true'),
  ip: oneOf('10.0.0.1', '10.0.0.2', '10.0.0.3,fd00::3', 'fd00::4', ''),
  node: oneOf('n1', 'n2', 'n3', ''), uid: oneOf('u1', 'u1', 'u2'),
  phase: oneOf('Running', 'Running', 'Running', 'Failed'),
  ports: oneOf('http:8080', 'http:8080', 'http:9090', ''),
  hostname: oneOf('', 'h'), subdomain: oneOf('', 'cart'),
  since: oneOf('09:00', '09:30', '10:30'),
})
const serviceOptions = fc.record({
  selector: oneOf('app=cart', 'app=cart', 'app=pay', 'app=cart,tier=x', 'none', ''),
  families: oneOf('IPv4', 'IPv4', 'IPv4,IPv6', 'IPv6'),
  ports: oneOf('web:80->http/TCP', 'web:80->http/TCP', 'web:80->8080/TCP', ''),
  clusterIP: oneOf('10.96.0.9', '10.96.0.9', 'None'), uid: oneOf('s1', 's1', 's1', 's2'),
  labels: oneOf('', 'tier=a'), publishNotReady: oneOf('false', 'false', 'true'),
  deleting: oneOf('false', 'false', 'false', 'true'),
  type: oneOf('ClusterIP', 'ClusterIP', 'ExternalName'),
  topology: oneOf('', '', '', 'Auto'), td: oneOf('', '', 'PreferClose', 'PreferSameNode'),
})
const sliceOptions = fc.record({
  labels: oneOf('q=1', 'kubernetes.io/service-name=pay', 'kubernetes.io/service-name=cart',
    'endpointslice.kubernetes.io/managed-by=REMOVED', 'service.kubernetes.io/headless='),
  owner: oneOf('s1', 's1', 's2'), deleting: oneOf('false', 'false', 'true'),
  hints: oneOf('z1*5', 'z1,z2,z1,z2', 'z1+z2,-', 'z3', 'z1/n1,z2', '-*5'),
})
const pick = fc.nat(20)
const sync = fc.record({
  do: fc.constant('sync' as const), max: fc.constantFrom(1, 2, 3, 3, 5), stopAfter: fc.nat(6),
})
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 8, arbitrary: fc.record({
    do: fc.constant('pod' as const), pod, options: podOptions,
  }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drop pod' as const), pod }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('node' as const), node: oneOf('n1', 'n2', 'n3'), options: fc.record({
      zone: oneOf('', 'z1', 'z2', 'z2'), cpu: oneOf('1', '2', '2'),
      ready: oneOf('true', 'true', 'true', 'false'), role: oneOf('', '', '', 'master'),
    }),
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('drop node' as const), node: oneOf('n1', 'n2'),
  }) },
  { weight: 2, arbitrary: fc.record({
    do: fc.constant('service' as const), service: oneOf(...services), options: serviceOptions,
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('drop service' as const), service: oneOf(...services),
  }) },
  { weight: 2, arbitrary: fc.record({
    do: fc.constantFrom('edit slice' as const, 'double slice' as const), pick,
    options: sliceOptions,
  }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop slice' as const), pick }) },
  { weight: 6, arbitrary: sync },
)

function start(): World {
  const world = new World()
  for (const node of ['n1', 'n2']) {
    world.put('nodes', node, nodeBody({ zone: node.replace('n', 'z'), cpu: '1' }))
  }
  for (const service of services) {
    world.put('services', service, serviceBody(service, { ports: 'web:80->http/TCP' }))
  }
  return world
}

function apply(world: World, one: Op): void {
  if (one.do === 'pod') world.put('pods', one.pod, podBody(one.options))
  if (one.do === 'drop pod') world.remove('pods', one.pod)
  if (one.do === 'node') world.put('nodes', one.node, nodeBody(one.options))
  if (one.do === 'drop node') world.remove('nodes', one.node)
  if (one.do === 'service') {
    world.put('services', one.service, serviceBody(one.service, one.options))
  }
  if (one.do === 'drop service') world.remove('services', one.service)
  if (one.do === 'edit slice' || one.do === 'double slice' || one.do === 'drop slice') {
    const names = [...world.slices.keys()].sort()
    const name = names[one.pick % Math.max(1, names.length)]
    const slice = name === undefined ? undefined : world.slices.get(name)
    if (slice === undefined || name === undefined) return
    if (one.do === 'drop slice') return world.remove('slices', name)
    const copy = one.do === 'double slice' ? `${name}-${one.pick}` : name
    world.put('slices', copy, edited(slice, one.options))
  }
  if (one.do === 'sync') {
    for (const service of services) settle(world, service, one.max, one.stopAfter)
  }
}

/** Plans and writes; `stopAfter` writes the process dies, 0 for never. */
function settle(world: World, service: string, max: number, stopAfter: number): void {
  const steps = world.plan(service, max)?.parts.flatMap((part) => part.steps) ?? []
  for (const step of stopAfter === 0 ? steps : steps.slice(0, stopAfter)) world.run(step)
}

const histories = fc.array(op, { minLength: 1, maxLength: 60, size: 'max' })
const plans = (world: Pick<World, 'peek'>, max: number): string =>
  JSON.stringify(services.map((service) => {
    const plan = world.peek(service, max)
    return [plan?.parts, plan?.problem, plan?.outlook]
  }))

test('applied equals rebuilt: what is wanted, and what would be written', () => {
  fc.assert(fc.property(histories, (history) => {
    const world = start()
    for (const one of history) {
      apply(world, one)
      const rebuilt = world.rebuilt()
      expect(wantedText(world.state)).toBe(wantedText(rebuilt))
      expect(plans(world, 3)).toBe(plans(world.with(rebuilt), 3))
    }
  }), { seed, numRuns: 100 * effort })
}, 120_000)

test('as many writes of each kind as the reference, in every state', () => {
  fc.assert(fc.property(histories, fc.constantFrom(1, 2, 3, 5), (history, max) => {
    const world = start()
    for (const one of history) {
      apply(world, one)
      for (const service of services) {
        expect(counts(world, service, max)).toEqual(referenceWrites(world, service, max))
      }
    }
  }), { seed, numRuns: 200 * effort })
}, 120_000)

test('after a full sync slices hold exactly what is wanted, and nothing is left to do', () => {
  fc.assert(fc.property(histories, fc.constantFrom(1, 2, 3, 5), (history, max) => {
    const world = start()
    for (const one of history) apply(world, one)
    const large = new Set([...world.slices.values()]
      .filter((slice) => (slice.endpoints ?? []).length > max).map((slice) => slice.metadata.name))
    for (const service of services) settle(world, service, max, 0)
    for (const service of services) {
      expect(world.peek(service, max)?.parts ?? []).toEqual([])
      if (world.services.get(service)?.metadata.deletionTimestamp) continue
      expect(held(world, service)).toEqual(wanted(world, service))
    }
    for (const [name, slice] of world.slices) {
      const size = (slice.endpoints ?? []).length
      if (size > max && ownerKey(slice) !== undefined) expect(large).toContain(name)
    }
  }), { seed, numRuns: 300 * effort })
}, 120_000)

test('an endpoint that does not change stands in some slice after each single write', () => {
  fc.assert(fc.property(histories, fc.constantFrom(1, 2, 3), (history, max) => {
    const world = start()
    for (const one of history) apply(world, one)
    for (const service of services) {
      if (world.state.get(`shop/${service}`) === undefined) continue
      const before = new Set(held(world, service))
      const stays = wanted(world, service).filter((endpoint) => before.has(endpoint))
      for (const step of world.plan(service, max)?.parts.flatMap((part) => part.steps) ?? []) {
        world.run(step)
        const now = held(world, service)
        for (const endpoint of stays) expect(now).toContain(endpoint)
      }
    }
  }), { seed, numRuns: 200 * effort })
}, 120_000)

function counts(world: World, service: string, max: number) {
  const total = { create: 0, update: 0, delete: 0 }
  const steps: Step[] = world.peek(service, max)?.parts.flatMap((part) => [...part.steps]) ?? []
  for (const { verb } of steps) total[verb as keyof typeof total]++
  return total
}

const line = (family: string, ports: string, { addresses, conditions, hostname, targetRef, nodeName,
  zone }: Endpoint): string =>
  JSON.stringify([family, ports, addresses, conditions, hostname, targetRef, nodeName, zone])

function held(world: World, service: string): string[] {
  const owner = world.services.get(service)?.metadata.uid
  const lines: string[] = []
  for (const slice of world.slices.values()) {
    if (ownerKey(slice) !== `shop/${service}` || slice.metadata.deletionTimestamp) continue
    if (slice.metadata.ownerReferences?.[0]?.uid !== owner) continue
    const ports = (slice.ports ?? []).map((port) => JSON.stringify(port)).join()
    for (const endpoint of slice.endpoints ?? []) {
      lines.push(line(slice.addressType, ports, endpoint))
    }
  }
  return lines.sort()
}

function wanted(world: World, service: string): string[] {
  const lines: string[] = []
  for (const placement of world.state.get(`shop/${service}`)?.placements ?? []) {
    for (const [, { ports, endpoint }] of placement.wanted()) {
      if (endpoint === undefined) continue
      const text = ports.ports.map((port) => JSON.stringify(port)).join()
      lines.push(line(placement.family, text, endpoint))
    }
  }
  // A Service whose slices are frozen wants whatever they hold.
  return world.state.get(`shop/${service}`) === undefined ? held(world, service) : lines.sort()
}

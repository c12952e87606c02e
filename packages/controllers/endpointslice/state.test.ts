import { expect, test } from 'vitest'
import type { Pod, Service, Stored } from '@slicewise/kube'
import { type Options, edited, nodeBody, podBody, serviceBody } from './scenarios/bodies.ts'
import { World, observedSlice } from './scenarios/world.ts'
import { SliceMetrics } from './metrics.ts'
import { ServiceState } from './service-state.ts'

/** Services `cart` (app=cart), `pay` (app=pay) and `both` (tier=web), Nodes n1 and n2. */
function start(): World {
  const world = new World()
  for (const node of ['n1', 'n2']) world.put('nodes', node, nodeBody({ zone: 'z1' }))
  for (const name of ['cart', 'pay']) world.put('services', name, serviceBody(name, {}))
  world.put('services', 'both', serviceBody('both', { selector: 'tier=web' }))
  world.put('services', 'other', serviceBody('other', { selector: 'tier=db' }))
  return world
}

const known: Options = { labels: 'app=cart,tier=web', ip: '10.0.0.1' }

/** Names of the Services that a change of Pod `p` marks. */
function marked(change: (world: World) => void, pod: Options = known): string[] {
  const world = start()
  world.put('pods', 'p', podBody(pod))
  world.dirty.clear()
  change(world)
  return [...world.dirty].map((key) => key.replace('shop/', '')).sort()
}
const pod = (options: Options) => (world: World): void =>
  world.put('pods', 'p', podBody({ ...known, ...options }))

test.each<[string, (world: World) => void, string[]]>([
  ['T9 another app label, the shared label stays', pod({ labels: 'app=pay,tier=web' }),
    ['cart', 'pay']],
  ['T10 the same, and not ready any more', pod({ labels: 'app=pay,tier=web', ready: 'false' }),
    ['both', 'cart', 'pay']],
  ['T11 an annotation', pod({ note: '1' }), []],
  ['T11 podIP alone', pod({ podIP: '10.0.0.7' }), []],
  ['Q-4 a phase that ends the Pod', pod({ phase: 'Failed' }), ['both', 'cart']],
  ['readiness', pod({ ready: 'false' }), ['both', 'cart']],
  ['when it turned ready', pod({ since: '09:30' }), []],
  ['its address', pod({ ip: '10.0.0.2' }), ['both', 'cart']],
  ['deletion begins', pod({ terminating: 'true' }), ['both', 'cart']],
  ['it is gone', (world) => world.remove('pods', 'p'), ['both', 'cart']],
  ['hostname without the subdomain of a Service', pod({ hostname: 'h' }), []],
  ['Q-5 its Node changes zone', (world) => world.put('nodes', 'n1', nodeBody({ zone: 'z2' })),
    ['both', 'cart']],
  ['another Node moves', (world) => world.put('nodes', 'n2', nodeBody({ zone: 'z2' })), []],
  ['its Node beats its heart', (world) => world.put('nodes', 'n1', nodeBody({ zone: 'z1' })), []],
])('%s', (_, change, expected) => {
  expect(marked(change)).toEqual(expected)
})

test('T11 a container port counts for named targets only', () => {
  const world = start()
  const named = { selector: 'app=cart', ports: 'web:80->http/TCP' }
  world.put('services', 'pay', serviceBody('pay', named))
  world.put('pods', 'p', podBody(known))
  world.dirty.clear()
  world.put('pods', 'p', podBody({ ...known, ports: 'http:8080' }))
  expect([...world.dirty]).toEqual(['shop/pay'])
})

test('T12 further updates of a Pod on its way out mark nothing', () => {
  const leaving = { ...known, terminating: 'true' }
  expect(marked(pod({ ...leaving, note: '1' }), leaving)).toEqual([])
})

test('equal clusters get equal plans, whatever came first', () => {
  const plans = [1, -1].map((direction) => {
    const world = start()
    const names = Array.from({ length: 30 }, (_, i) => `p${i}`)
    if (direction < 0) names.reverse()
    for (const name of names) world.put('pods', name, podBody({ ...known, uid: name }))
    return JSON.stringify(world.peek('cart', 7))
  })
  expect(plans[0]).toBe(plans[1])
})

test('one change judges as many places in a Service of 50 slices as in one of 5', () => {
  const work = [500, 5_000].map((pods) => {
    const world = new World()
    world.put('nodes', 'n1', nodeBody({}))
    world.put('services', 'cart', serviceBody('cart', {}))
    for (let i = 0; i < pods; i++) world.put('pods', `p${i}`, podBody({ ip: '10.0.0.1' }))
    sync(world)
    const before = world.state.work
    world.put('pods', 'p77', podBody({ ip: '10.0.0.1', ready: 'false' }))
    expect(sync(world)).toBe(1)
    world.remove('pods', 'p200')
    expect(sync(world)).toBe(1)
    world.put('pods', 'q', podBody({ ip: '10.0.0.1' }))
    expect(sync(world)).toBe(1)
    return world.state.work - before
  })
  expect(work[0]).toBe(work[1])
  expect(work[0]).toBeLessThan(1_000)
}, 30_000)

function sync(world: World, metrics = new SliceMetrics(), max = 100): number {
  const plan = world.plan('cart', max)
  if (plan === undefined) return 0
  metrics.planned('shop/cart', plan.outlook)
  const steps = plan.parts.flatMap((part) => part.steps)
  for (const step of steps) world.run(step)
  return steps.length
}

function counted(service: Options = {}): { world: World; metrics: SliceMetrics } {
  const world = new World()
  world.put('nodes', 'n1', nodeBody({}))
  world.put('services', 'cart', serviceBody('cart', service))
  return { world, metrics: new SliceMetrics() }
}

test('X1 added, removed and desired endpoints', () => {
  const { world, metrics } = counted()
  for (let i = 0; i < 30; i++) world.put('pods', `p${i}`, podBody({ ip: '10.0.0.1' }))
  sync(world, metrics)
  expect([metrics.endpointsDesired, metrics.endpointsAddedPerSync.sum]).toEqual([30, 30])
  for (let i = 0; i < 18; i++) world.remove('pods', `p${i}`)
  sync(world, metrics)
  expect([metrics.endpointsDesired, metrics.endpointsRemovedPerSync.sum]).toEqual([12, 18])
  expect(metrics.endpointsRemovedPerSync.buckets.slice(0, 6)).toEqual([1, 1, 1, 1, 2, 2])
})

/** An observed slice with these Pods as they are now. */
function observe(world: World, name: string, pods: readonly string[], options: Options = {}): void {
  const service = world.services.get('cart') as Stored<Service>
  const members = pods.map((pod) => world.pods.get(pod) as Stored<Pod>)
  world.put('slices', name, edited(observedSlice(service, 'IPv4', members, world.nodes), options))
}

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)

test('X2 slices there are and slices it would take', () => {
  const { world, metrics } = counted()
  for (const name of names('p', 290)) world.put('pods', name, podBody({ ip: '10.0.0.1' }))
  observe(world, 's1', names('p', 80))
  observe(world, 's2', names('p', 160).slice(80))
  expect(sync(world, metrics)).toBe(2)
  expect([metrics.desiredEndpointSlices, metrics.numEndpointSlices]).toEqual([3, 4])
  expect(metrics.endpointsAddedPerSync.sum).toBe(130)
})

test('X3 two port groups without endpoints: one slice would do, two are there', () => {
  const { world, metrics } = counted({ ports: 'web:80->http/TCP' })
  const pods = [['a', 'http:1'], ['b', 'http:2']] as const
  for (const [name, ports] of pods) {
    world.put('pods', name, podBody({ ip: '10.0.0.1', ports, node: 'n9' }))
  }
  observe(world, 's1', [], { ports: 'web:1' })
  observe(world, 's2', [], { ports: 'web:2' })
  expect(sync(world, metrics)).toBe(0)
  expect([metrics.desiredEndpointSlices, metrics.numEndpointSlices]).toEqual([1, 2])
})

test('X4 Q-8 the families of a Service add up', () => {
  const { world, metrics } = counted({ families: 'IPv4,IPv6' })
  world.put('pods', 'p', podBody({ ip: '10.0.0.1,fd00::1' }))
  expect(sync(world, metrics)).toBe(2)
  expect(metrics.endpointsDesired).toBe(2)
  metrics.forget('shop/cart')
  expect([metrics.endpointsDesired, metrics.numEndpointSlices, metrics.desiredEndpointSlices])
    .toEqual([0, 0, 0])
})

test('a Service that somebody creates and deletes leaves nothing behind', () => {
  const world = start()
  world.put('pods', 'p', podBody(known))
  const before = [...world.state.keys()]
  const more = names('s', 10)
  for (const name of more) world.put('services', name, serviceBody(name, { selector: 'app=cart' }))
  expect(world.state.get('shop/s3')).toBeInstanceOf(ServiceState)
  for (const name of more) world.remove('services', name)
  expect([...world.state.keys()]).toEqual(before)
  world.dirty.clear()
  world.put('pods', 'p', podBody({ ...known, ready: 'false' }))
  expect([...world.dirty].sort()).toEqual(['shop/both', 'shop/cart'])
})

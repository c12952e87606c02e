import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressesOf, familyOf, isPodReady, resolvePorts } from '@slicewise/discovery'
import type { Endpoints, EndpointsPort, Pod, Service } from '@slicewise/kube'
import { podBody, serviceBody } from '../endpointslice/scenarios/bodies.ts'
import { type Said, plainSubsets, subsetsText } from '../services/test-repack.ts'
import { EndpointsWorld, namespace } from './scenarios/world.ts'

/** Fixed, so that every run is the same; a failure prints its own seed and smallest history. */
const seed = 20_260_301
/** Multiplies the number of histories, for long runs. */
const effort = Number(process.env['SLICEWISE_EFFORT'] ?? '1')
const names = ['cart', 'pay']
const unlimited = 1_000_000

type Op =
  | { do: 'pod'; pod: string; options: Record<string, string> }
  | { do: 'drop pod'; pod: string }
  | { do: 'service'; service: string; options: Record<string, string> }
  | { do: 'drop service' | 'drop endpoints'; service: string }
  | { do: 'edit'; service: string; what: string }
  | { do: 'sync' }

const oneOf = (...texts: string[]) => fc.constantFrom(...texts)
const podName = fc.integer({ min: 0, max: 11 }).map((index) => `p${index}`)
const service = oneOf(...names)
const podOptions = fc.record({
  labels: oneOf('app=cart', 'app=cart', 'app=pay', 'app=cart,tier=x', 'other=1'),
  ready: oneOf('true', 'true', 'false', 'none'), terminating: oneOf('false', 'false', 'true'),
  ip: oneOf('10.0.0.1', '10.0.0.2', '10.0.0.3,fd00::3', 'fd00::4', 'fd00::5,10.0.0.10', ''),
  node: oneOf('n1', 'n2', ''), phase: oneOf('Running', 'Running', 'Running', 'Failed'),
  ports: oneOf('http:8080', 'http:8080', 'http:9090', ''), note: oneOf('', '1'),
  hostname: oneOf('', 'h'), subdomain: oneOf('', 'cart'),
  since: oneOf('09:00', '09:30', '10:30'),
})
const serviceOptions = fc.record({
  selector: oneOf('app=cart', 'app=cart', 'app=pay', 'app=cart,tier=x', 'none', ''),
  families: oneOf('IPv4', 'IPv4', 'IPv6,IPv4', ''),
  ports: oneOf('web:80->http/TCP', 'web:80->http/TCP,b:81->9/TCP', 'web:80->8080/TCP+h2c', ''),
  clusterIP: oneOf('10.96.0.9', '10.96.0.9', 'None', 'fd00::9'), uid: oneOf('s1', 's1', 's2'),
  labels: oneOf('', 'tier=a', 'service.kubernetes.io/headless=x'),
  publishNotReady: oneOf('false', 'false', 'true'),
  type: oneOf('ClusterIP', 'ClusterIP', 'ClusterIP', 'ExternalName'),
})
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 8, arbitrary: fc.record({
    do: fc.constant('pod' as const), pod: podName, options: podOptions,
  }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drop pod' as const), pod: podName }) },
  { weight: 2, arbitrary: fc.record({
    do: fc.constant('service' as const), service, options: serviceOptions,
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constantFrom('drop service' as const, 'drop endpoints' as const), service,
  }) },
  { weight: 1, arbitrary: fc.record({
    do: fc.constant('edit' as const), service, what: oneOf('label', 'subsets', 'annotation', 'own'),
  }) },
  { weight: 6, arbitrary: fc.constant({ do: 'sync' as const }) },
)
const histories = fc.array(op, { minLength: 1, maxLength: 60, size: 'max' })

function start(): EndpointsWorld {
  const world = new EndpointsWorld()
  for (const name of names) world.putService(name, serviceBody(name, {}))
  return world
}

function apply(world: EndpointsWorld, one: Op, max: number): void {
  if (one.do === 'pod') world.putPod(one.pod, podBody(one.options))
  if (one.do === 'drop pod') world.remove('pods', one.pod)
  if (one.do === 'service') world.putService(one.service, serviceBody(one.service, one.options))
  if (one.do === 'drop service') world.remove('services', one.service)
  if (one.do === 'drop endpoints') world.remove('endpoints', one.service)
  if (one.do === 'edit') edit(world, one.service, one.what)
  if (one.do === 'sync') for (const name of names) world.run(world.plan(name, max))
}

function edit(world: EndpointsWorld, name: string, what: string): void {
  const stored = world.endpoints.get(name)
  if (stored === undefined) return
  const { labels, annotations } = stored.metadata
  const { 'endpoints.kubernetes.io/managed-by': _, ...own } = labels ?? {}
  const changes: Record<string, Partial<Endpoints>> = {
    label: { metadata: { ...stored.metadata, labels: { ...labels, q: '1' } } },
    own: { metadata: { ...stored.metadata, labels: own } },
    annotation: {
      metadata: {
        ...stored.metadata,
        annotations: { ...annotations, 'endpoints.kubernetes.io/over-capacity': 'truncated' },
      },
    },
    subsets: { subsets: (stored.subsets ?? []).slice(1) },
  }
  world.putEndpoints(name, { ...stored, ...changes[what] })
}

const plans = (world: EndpointsWorld, max: number, state = world.state): string =>
  JSON.stringify(names.map((name) => world.plan(name, max, { state, trigger: false })))

test('applied equals rebuilt: what would be written', () => {
  fc.assert(fc.property(histories, fc.constantFrom(2, 5, unlimited), (history, max) => {
    const world = start()
    for (const one of history) {
      apply(world, one, max)
      expect(plans(world, max)).toBe(plans(world, max, world.rebuilt()))
    }
  }), { seed, numRuns: 150 * effort })
}, 120_000)

test('subsets are those of a plain packing, and a write comes when the reference has one', () => {
  fc.assert(fc.property(histories, (history) => {
    const world = start()
    for (const one of history) {
      apply(world, one, unlimited)
      for (const name of names) {
        const step = world.plan(name, unlimited, { trigger: false })
        expect(step?.verb ?? 'nothing').toBe(referenceVerb(world, name))
        if (step?.verb !== 'create' && step?.verb !== 'update') continue
        const { subsets } = step.object as Endpoints
        expect(subsetsText(subsets)).toEqual(plainSubsets(wanted(world, name) ?? []))
      }
    }
  }), { seed, numRuns: 200 * effort })
}, 120_000)

test('after a look there is nothing left to do, however much was cut', () => {
  fc.assert(fc.property(histories, fc.constantFrom(1, 2, 5, unlimited), (history, max) => {
    const world = start()
    for (const one of history) apply(world, one, max)
    for (const name of names) world.run(world.plan(name, max))
    for (const name of names) {
      expect(world.plan(name, max)).toBeUndefined()
      const kept = world.state.get(`${namespace}/${name}`) !== undefined
      const { subsets = [] } = world.endpoints.get(name) ?? {}
      const sizes = subsets.map(({ addresses = [], notReadyAddresses = [] }) =>
        addresses.length + notReadyAddresses.length)
      if (kept) expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(max)
      if (kept) expect(sizes).not.toContain(0)
    }
  }), { seed, numRuns: 200 * effort })
}, 120_000)

test('a cut keeps ready addresses first, and as many as there is room for', () => {
  fc.assert(fc.property(histories, fc.constantFrom(1, 2, 3, 5, 8), (history, max) => {
    const world = start()
    for (const one of history) apply(world, one, unlimited)
    for (const key of world.state.keys()) {
      const count = (limit: number) => {
        const { subsets = [] } = world.state.get(key)?.subsets.subsets(limit) ?? {}
        const ready = subsets.flatMap(({ addresses = [] }) => addresses).length
        return [ready, subsets.flatMap((one) => one.notReadyAddresses ?? []).length] as const
      }
      const [ready, notReady] = count(unlimited)
      const readyKept = Math.min(ready, max)
      expect(count(max)).toEqual([readyKept, Math.min(notReady, max - readyKept)])
    }
  }), { seed, numRuns: 200 * effort })
}, 120_000)

/** What the reference would do, given that the quirks are mended. */
function referenceVerb(world: EndpointsWorld, name: string): string {
  const one = world.services.get(name)
  const stored = world.endpoints.get(name)
  if (one === undefined) return stored === undefined ? 'nothing' : 'delete'
  const said = wanted(world, name)
  if (said === undefined) return 'nothing'
  if (stored === undefined) return 'create'
  const labels = (found: Readonly<Record<string, string>> = {}): string => JSON.stringify(
    Object.entries(found).filter(([key]) => !/headless$|managed-by$/.test(key)).sort())
  const equal = subsetsText(stored.subsets).join() === plainSubsets(said).join()
    && attributes(stored) === said.map(attributeText).sort().join()
    && stored.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller'
    && labels(stored.metadata.labels) === labels(one.metadata.labels)
    && stored.metadata.annotations?.['endpoints.kubernetes.io/over-capacity'] === undefined
  return equal ? 'nothing' : 'update'
}

const attributeText = ({ address: { ip, hostname, nodeName, targetRef } }: Said): string =>
  `${ip} ${hostname ?? ''} ${nodeName ?? ''} ${targetRef?.name}`

function attributes({ subsets = [] }: Endpoints): string {
  return subsets.flatMap(({ ports = [], addresses = [], notReadyAddresses = [] }) =>
    [...addresses, ...notReadyAddresses].flatMap((address) =>
      Array.from({ length: Math.max(1, ports.length) }, () =>
        attributeText({ address, port: undefined, ready: true })))).sort().join()
}

/** Every Pod asked anew; undefined for Services whose Endpoints are left alone. */
function wanted(world: EndpointsWorld, name: string): Said[] | undefined {
  const one = world.services.get(name)
  const selector = one?.spec?.selector
  if (one === undefined || selector === undefined || one.spec?.type === 'ExternalName') {
    return undefined
  }
  const said: Said[] = []
  for (const pod of world.pods.values()) {
    const { labels = {}, deletionTimestamp } = pod.metadata
    if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) continue
    if (['Failed', 'Succeeded'].includes(pod.status?.phase ?? '')) continue
    const published = one.spec?.publishNotReadyAddresses === true
    if (deletionTimestamp && !published) continue
    const [ip] = addressesOf(pod)[familyFor(one, pod)]
    if (ip === undefined) continue
    const address = {
      ip,
      ...(pod.spec?.hostname && pod.spec.subdomain === name ? { hostname: pod.spec.hostname } : {}),
      ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
      targetRef: { kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    }
    for (const port of portsFor(one, pod)) {
      said.push({ port, address, ready: published || isPodReady(pod) })
    }
  }
  return said
}

function familyFor({ spec }: Service, pod: Pod): 'IPv4' | 'IPv6' {
  if (spec?.ipFamilies?.[0]) return spec.ipFamilies[0] as 'IPv4'
  const ip = spec?.clusterIP && spec.clusterIP !== 'None' ? spec.clusterIP : pod.status?.podIP
  return familyOf(ip ?? '') ?? 'IPv4'
}

function portsFor({ spec }: Service, pod: Pod): (EndpointsPort | undefined)[] {
  const ports = spec?.ports ?? []
  if (ports.length === 0) return spec?.clusterIP === 'None' ? [undefined] : []
  return resolvePorts(ports, pod) as EndpointsPort[]
}

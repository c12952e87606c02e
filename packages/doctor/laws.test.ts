import fc from 'fast-check'
import type { ExpectedFamily, Wanted } from '@slicewise/discovery'
import type { Endpoint, Service, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { edited, nodeBody, podBody, serviceBody } from
  '../controllers/endpointslice/scenarios/bodies.ts'
import { World as Cluster } from '../controllers/endpointslice/scenarios/world.ts'
import { expectedOf } from './members.ts'
import { membersOf, whyService } from './why-service.ts'
import type { World } from './world.ts'

/** Fixed, so that every run is the same. */
const seed = 20_261_121
const effort = Number(process.env['SLICEWISE_EFFORT'] ?? '1')

const oneOf = (...texts: string[]) => fc.constantFrom(...texts)
const flag = oneOf('true', 'true', 'false')
const pods = fc.array(fc.record({
  name: fc.nat(15).map((n) => `p${n}`),
  options: fc.record({
    labels: oneOf('app=cart', 'app=cart', 'app=cart,tier=x', 'app=crat', 'other=1'), ready: flag,
    terminating: oneOf('false', 'false', 'true'), node: oneOf('n1', 'n2', 'n3', ''),
    ip: oneOf('10.0.0.1', '10.0.0.2', '10.0.0.3,fd00::3', 'fd00::4', ''), uid: oneOf('u1', 'u2'),
    phase: oneOf('Running', 'Running', 'Running', 'Failed'),
    ports: oneOf('http:8080', 'http:9090', ''), hostname: oneOf('', 'h'),
    subdomain: oneOf('', 'cart'), since: oneOf('09:00', '10:30'),
  }),
}), { maxLength: 25 })
const service = fc.record({
  selector: oneOf('app=cart', 'app=cart', 'app=cart,tier=x', 'none'),
  families: oneOf('IPv4', 'IPv4', 'IPv4,IPv6', 'IPv6'),
  ports: oneOf('web:80->http/TCP', 'web:80->8080/TCP', ''),
  clusterIP: oneOf('10.96.0.9', 'None'), publishNotReady: oneOf('false', 'false', 'true'),
  labels: oneOf('', 'tier=a'), type: oneOf('ClusterIP', 'ClusterIP', 'ExternalName'),
})
const edit = fc.record({
  pick: fc.nat(20), labels: oneOf('q=1', 'endpointslice.kubernetes.io/managed-by=REMOVED', ''),
  owner: oneOf('s1', 's1', 's2'),
})

const readAs = (cluster: Cluster): World => ({
  nowMs: Date.UTC(2026, 2, 1), namespaces: [], workloads: [], unread: [], endpoints: [],
  services: [...cluster.services.values()], pods: [...cluster.pods.values()],
  nodes: cluster.nodes, slices: [...cluster.slices.values()],
})

const line = ({ ports, endpoint }: { ports: Wanted['ports']; endpoint: Endpoint }): string =>
  `${ports.key} ${JSON.stringify(Object.entries(endpoint).sort())}`

const linesOf = (expected: readonly ExpectedFamily[]): string[] => expected.flatMap((one) =>
  [...one.endpoints].map((wanted) => `${one.family} ${line(wanted)}`)).sort()

function settle(cluster: Cluster, max: number): void {
  for (const step of cluster.plan('cart', max)?.parts.flatMap((part) => part.steps) ?? []) {
    cluster.run(step)
  }
}

function derived(cluster: Cluster): string[] {
  return (cluster.state.get('shop/cart')?.placements ?? []).flatMap((placement) =>
    [...placement.wanted()].flatMap(([, { ports, endpoint }]) =>
      (endpoint === undefined ? [] : [`${placement.family} ${line({ ports, endpoint })}`]))).sort()
}

const sizes = fc.constantFrom(1, 3, 100)

test('what is explained is what the controller derives, and its slices are never at fault', () => {
  fc.assert(fc.property(pods, service, sizes, edit, (all, options, max, by) => {
    const cluster = new Cluster()
    for (const name of ['n1', 'n2']) cluster.put('nodes', name, nodeBody({ zone: 'z1' }))
    cluster.put('services', 'cart', serviceBody('cart', { ...options }))
    for (const one of all) cluster.put('pods', one.name, podBody(one.options))
    const own = cluster.services.get('cart') as Stored<Service>
    const selecting = cluster.state.get('shop/cart') !== undefined
    const expected = expectedOf(own, membersOf(readAs(cluster), own))
    if (selecting) expect(linesOf(expected)).toEqual(derived(cluster))
    settle(cluster, max)
    expect(faultsOfSlices(cluster)).toEqual([])
    const name = [...cluster.slices.keys()].sort()[by.pick % Math.max(1, cluster.slices.size)]
    const slice = name === undefined ? undefined : cluster.slices.get(name)
    if (name === undefined || slice === undefined) return
    const { labels, owner } = by
    cluster.put('slices', name, edited(slice, { labels, owner }))
    const touched = labels !== '' || owner !== 's1'
    const holds = (slice.endpoints ?? []).length > 0
    if (touched && holds) expect(faultsOfSlices(cluster)).not.toEqual([])
    settle(cluster, max)
    expect(faultsOfSlices(cluster)).toEqual([])
  }), { seed, numRuns: 300 * effort })
}, 60_000)

/** Faults that are told about slices, of a Service that has a selector. */
function faultsOfSlices(cluster: Cluster): string[] {
  if (cluster.state.get('shop/cart') === undefined) return []
  const { findings, differences } = whyService(readAs(cluster), { namespace: 'shop', name: 'cart' })
  const told = findings.filter(({ id, severity }) => severity === 'fault' && id === 'NoSlices')
  return [...told.map(({ id }) => id), ...differences.filter((one) => one.matters)
    .map(({ id }) => id)]
}

/** Objects as hostile, broken or older clients and servers may have left them. */
import { seededRandom } from '@slicewise/base'
import {
  type EndpointSlice, type Endpoints, type KubeObject, type ResourceRef, type Service, StatusError,
  type Stored, resources,
} from '@slicewise/kube'
import type { Operation } from '../../../parity/histories/operation.ts'
import { type Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { namespace } from '../endpointslice/scenarios/world.ts'
import { type Spoil, spoiledApi } from '../services/test-spoiled.ts'
import { change, openWorld } from './test-play.ts'
import { Process } from './test-process.ts'
import type { Simulation } from './test-simulation.ts'

const long = 'x'.repeat(10_000)
const dress = (more: object): Spoil => (object) =>
  ({ ...object, metadata: { ...object.metadata, ...more } })
const label = (labels: object): Spoil => (object) =>
  dress({ labels: { ...object.metadata.labels, ...labels } })(object)
const body = (more: object): Spoil => (object) => ({ ...object, ...more })
const spec = (more: object): Spoil => (object) =>
  ({ ...object, spec: { ...(object as Service).spec, ...more } }) as Stored
const readySince = (lastTransitionTime: string): Spoil => body({ status: {
  phase: 'Running', podIP: '10.1.0.7', podIPs: [{ ip: '10.1.0.7' }],
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }],
} })
const unreadable = { annotations: {
  'endpoints.kubernetes.io/last-change-trigger-time': 'the day after tomorrow',
  'service.kubernetes.io/topology-mode': '{{{', note: long,
} }
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

type Kind = 'pods' | 'services' | 'endpoints' | 'endpointslices'
const names: Readonly<Record<Kind, readonly string[]>> = {
  pods: ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'], services: ['cart', 'pay', 'web', 'db', 'ext'],
  endpoints: ['db', 'ext'], endpointslices: ['cart', 'pay', 'web', 'db', 'ext'],
}
const spoils: readonly (readonly [Kind, Spoil])[] = [
  ['pods', label({ [long]: long })], ['pods', dress({ labels: null })], ['pods', dress(unreadable)],
  ['pods', body({ status: undefined })], ['pods', body({ spec: undefined })],
  ['pods', spec({ containers: [{ ports: [{}, null] }, null], nodeName: long })],
  ['pods', readySince('soon')], ['pods', readySince('9999-12-31T23:59:59Z')],
  ['pods', body({ status: { podIPs: times(1_000, {}), conditions: [null, {}] } })],
  ['services', label({ long })], ['services', dress(unreadable)],
  ['services', dress({ creationTimestamp: '9999-12-31T23:59:59Z' })],
  ['services', body({ spec: undefined })], ['services', spec({ ports: null })],
  ['services', spec({ ports: times(3, {}) })], ['services', spec({ ipFamilies: [null, 'IPv9'] })],
  ['services', spec({ selector: { [long]: null } })],
  ['endpoints', label({ long })], ['endpoints', dress(unreadable)],
  ['endpoints', body({ subsets: [null, { addresses: times(1_000, {}), ports: [{}, {}] }] })],
  ['endpoints', body({ subsets: [{ addresses: times(1_000, null) }] })],
  ['endpointslices', body({ endpoints: times(1_000, { addresses: null, conditions: null }) })],
  ['endpointslices', body({ endpoints: times(1_000, null) })],
  ['endpointslices', body({ endpoints: null, ports: null })],
  ['endpointslices', body({ ports: [{}, { name: null, port: null }, null] })],
  ['endpointslices', dress({ ...unreadable, ownerReferences: [null, {}] })],
]

/** A Service that nobody spoils has to follow its Pod within this time. */
const canaryMs = 5_000
const canary = 'good'

/**
 * Plays a history in which objects turn bad, and looks whether the Service next to them is kept
 * all the time, and whether the controllers come to rest.
 */
export async function besideBadObjects(simulation: Simulation): Promise<string[]> {
  const cluster = await openWorld(simulation)
  const seed = simulation.seed ?? 1
  const random = seededRandom(seed * 31 + 7)
  const spoilers: Record<string, Spoil> = {}
  const process = new Process(cluster, { seed, api: spoiledApi(cluster.api, spoilers) })
  await makeCanary(cluster)
  const problems: string[] = []
  const address = (): string => `10.9.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}`
  // Edits of slices might hit the canary's.
  const steps = simulation.operations.filter((one) => one.do !== 'meddle')
  for (const [at, step] of steps.entries()) {
    await change(cluster, step)
    if (random() < 0.5) await spoilOne(cluster, process, spoilers, random)
    if (at % 4 === 3) problems.push(...await follows(cluster, address()))
  }
  await cluster.env.advance(10 * 60_000)
  const from = process.network.written.length
  await cluster.env.advance(5 * 60_000)
  problems.push(...process.network.written.slice(from).map((write) => `no rest, but ${write}`))
  problems.push(...await follows(cluster, address()))
  await process.stop()
  await cluster.close()
  return problems
}

async function spoilOne(
  { env, api }: Cluster, { network }: Process, spoilers: Record<string, Spoil>,
  random: () => number,
): Promise<void> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const [kind, spoil] = pick(spoils)
  const name = pick(names[kind])
  const ref: ResourceRef = resources[kind] as ResourceRef
  const patch = { metadata: { annotations: { spoiled: String(random()) } } }
  network.hold()
  const work = async (): Promise<void> => {
    const item = kind === 'endpointslices' ? await sliceOf(api, name) : name
    if (item === undefined) return
    const { metadata } = await api.patch<KubeObject>(
      ref, { namespace, name: item }, { type: 'merge', patch })
    // Controllers write slices; what they have written is theirs.
    const { resourceVersion } = metadata
    spoilers[`${kind}/${item}`] = kind !== 'endpointslices' ? spoil : (object) =>
      (object.metadata.resourceVersion === resourceVersion ? spoil(object) : object)
  }
  await done(env, work().catch(unlessRefused))
  network.release()
}

async function sliceOf(api: Cluster['api'], service: string): Promise<string | undefined> {
  const { items } = await api.list<EndpointSlice>(resources.endpointslices, {
    namespace, labelSelector: `kubernetes.io/service-name=${service}`,
  })
  return items[0]?.metadata.name
}

async function makeCanary(cluster: Cluster): Promise<void> {
  const port = { name: 'web', port: 80, protocol: 'TCP' as const, targetPort: 8080 }
  const operations: Operation[] = [
    { do: 'make node', name: 'own-canary' },
    {
      do: 'make service', name: canary, labels: {}, annotations: {},
      spec: { type: 'ClusterIP', ports: [port], selector: { app: canary } },
    },
    { do: 'make pod', name: canary, pod: {
      ready: true, ips: ['10.9.0.1'], phase: 'Running', labels: { app: canary },
      node: 'own-canary',
    } },
  ]
  for (const operation of operations) await change(cluster, operation)
}

/** Gives the canary's Pod an address and looks whether it arrives. */
async function follows(cluster: Cluster, ip: string): Promise<string[]> {
  const { env, api } = cluster
  const report = { ready: true, ips: [ip], phase: 'Running' }
  await change(cluster, { do: 'report', name: canary, report })
  await env.advance(canaryMs)
  const { items } = await done(env, api.list<EndpointSlice>(resources.endpointslices, {
    namespace, labelSelector: `kubernetes.io/service-name=${canary}`,
  }))
  const found = items.flatMap(({ endpoints }) => (endpoints ?? []).flatMap((one) => one.addresses))
  const stored = await done(env, api.get<Endpoints>(
    resources.endpoints, { namespace, name: canary }).catch(unlessRefused))
  const classic = (stored?.subsets ?? []).flatMap((one) => one.addresses ?? []).map((one) => one.ip)
  return [['slices', found], ['Endpoints', classic]]
    .filter(([, list]) => String(list) !== ip)
    .map(([what, list]) => `${String(what)} of the canary say ${String(list)}, not ${ip}`)
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof StatusError)) throw error
  return undefined
}

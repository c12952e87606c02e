/** Plays a simulation on the real server and judges what stands there in the end. */
import { hintModeOf } from '@slicewise/discovery'
import {
  type Endpoints, type EndpointSlice, type Node, type Service, StatusError, type Stored, resources,
} from '@slicewise/kube'
import { applyOperation } from '../../../parity/histories/apply.ts'
import { sharedNodes } from '../../../parity/histories/generate.ts'
import { Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { namespace } from '../endpointslice/scenarios/world.ts'
import { isOurs } from '../endpoints/plan.ts'
import { judge, judgeRestart } from './test-judge.ts'
import { calm, storm, type Weather } from './test-network.ts'
import { Process } from './test-process.ts'
import type { Meddling, Simulation, Step, Trouble } from './test-simulation.ts'

export interface Played {
  /** What is wrong; empty when everything is as it should be. */
  readonly problems: readonly string[]
  /** Writes of slices and Endpoints by all processes together. */
  readonly written: readonly string[]
  /** How often which fault happened. */
  readonly injected: ReadonlyMap<string, number>
}

const minute = 60_000
/** A silent watch is given up after six minutes at most, and retries come a minute apart. */
const calmMs = 12 * minute
const troubles: readonly string[] = [
  'wait', 'kill', 'weather', 'change node', 'remove node', 'renew service', 'meddle', 'set clock',
  'collect',
] satisfies Trouble['do'][]

/** As long as they live: nobody counts anew when only the CPU of a Node changes. */
const cpus: Readonly<Record<string, string>> = { n1: '4', n2: '4', n3: '2' }

export async function openWorld(simulation: Simulation): Promise<Cluster> {
  const { seed = 1, endpointsPerSlice = 100 } = simulation
  const cluster = await Cluster.open({ seed, max: endpointsPerSlice })
  for (const { name, zone } of sharedNodes) await changeNode(cluster, { name, zone })
  return cluster
}

export async function play(simulation: Simulation): Promise<Played> {
  const player = new Player(await openWorld(simulation), simulation.seed ?? 1)
  try {
    for (const step of simulation.operations) await player.step(step)
    return await player.end()
  } catch (error) {
    return { problems: [`threw ${String(error)}`], written: [], injected: new Map() }
  }
}

class Player {
  readonly #cluster: Cluster
  readonly #written: string[] = []
  readonly #injected = new Map<string, number>()
  #seed: number
  #weather: Weather = calm
  #process: Process

  constructor(cluster: Cluster, seed: number) {
    this.#cluster = cluster
    this.#seed = seed
    this.#process = this.#start()
  }

  async step(step: Step): Promise<void> {
    const { env } = this.#cluster
    switch (step.do) {
      case 'wait': return env.advance(step.ms)
      case 'set clock': return env.setClock(step.byMs)
      case 'weather':
        this.#weather = step.kind === 'calm' ? calm : storm
        this.#process.network.weather = this.#weather
        return
      case 'kill':
        this.#process.network.kill(step.writes)
        await env.advance(step.downMs)
        await this.#stop()
        this.#process = this.#start()
        return
      default: await change(this.#cluster, step)
    }
  }

  /** The faults end, time passes, and all must be well; also for a process that starts anew. */
  async end(): Promise<Played> {
    const { env } = this.#cluster
    this.#weather = calm
    const { network } = this.#process
    if (network.dead) throw new Error('a dead process was left behind')
    network.weather = calm
    await change(this.#cluster, { do: 'collect' })
    await env.advance(calmMs)
    await touch(this.#cluster)
    await env.advance(minute)
    const settled = network.written.length
    await env.advance(2 * minute)
    const problems = network.written.slice(settled).map((write) => `not at rest: ${write}`)
    problems.push(...await judge(this.#cluster, this.#process))
    await this.#stop()
    problems.push(...await judgeRestart(this.#cluster, this.#seed))
    await this.#cluster.close()
    return { problems, written: this.#written, injected: this.#injected }
  }

  #start(): Process {
    return new Process(this.#cluster, { seed: this.#seed++, weather: this.#weather })
  }

  async #stop(): Promise<void> {
    await this.#process.stop()
    const { written, injected } = this.#process.network
    this.#written.push(...written)
    for (const [fault, count] of injected) {
      this.#injected.set(fault, (this.#injected.get(fault) ?? 0) + count)
    }
  }
}

/** Carries out one change of the world. What the world refuses, by now, does not happen. */
export async function change(cluster: Cluster, step: Step): Promise<void> {
  const { env, api } = cluster
  const run = troubles.includes(step.do) ? trouble(cluster, step as Trouble)
    : applyOperation(api, namespace, step as Exclude<Step, Trouble>, env.nowMs())
  try {
    await done(env, run)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
  }
}

async function trouble(cluster: Cluster, step: Trouble): Promise<void> {
  const { api } = cluster
  switch (step.do) {
    case 'change node': return changeNode(cluster, step)
    case 'remove node': return void await api.delete(resources.nodes, { name: step.name })
    case 'renew service': return renew(cluster, step.name)
    case 'meddle': return meddle(cluster, step.at, step.how)
    case 'collect': return collect(cluster)
    default: throw new Error(`${step.do} is no change of the world`)
  }
}

async function changeNode(
  { api, env }: Cluster,
  node: { name: string; zone: string | null; ready?: boolean },
): Promise<void> {
  const { name, zone, ready = true } = node
  const cpu = cpus[name] ?? '1'
  const item = { name }
  const labels = { 'topology.kubernetes.io/zone': zone }
  const work = async (): Promise<void> => {
    await api.create<Node>(resources.nodes, { metadata: { name } }).catch(() => undefined)
    await api.patch(resources.nodes, item, { type: 'merge', patch: { metadata: { labels } } })
    const status = {
      capacity: { cpu }, allocatable: { cpu },
      conditions: [{
        type: 'Ready', status: ready ? 'True' : 'False', lastHeartbeatTime: null,
        lastTransitionTime: null,
      }],
    }
    await api.patch(
      resources.nodes, item, { type: 'merge', patch: { status } }, { subresource: 'status' })
  }
  await done(env, work())
}

async function renew({ api }: Cluster, name: string): Promise<void> {
  const item = { namespace, name }
  const { metadata: { labels, annotations }, spec } = await api.get<Service>(
    resources.services, item)
  const { clusterIP, clusterIPs: _, ...rest } = spec ?? {}
  await api.delete(resources.services, item)
  await api.create<Service>(resources.services, {
    metadata: { ...item, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: { ...rest, ...(clusterIP === 'None' ? { clusterIP } : {}) },
  })
}

async function meddle({ api }: Cluster, at: number, how: Meddling): Promise<void> {
  const { items } = await api.list<EndpointSlice>(resources.endpointslices, { namespace })
  const byName = [...items].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const slice = byName[at % Math.max(1, byName.length)]
  if (slice === undefined) return
  if (how !== 'copy') {
    await api.update<EndpointSlice>(resources.endpointslices, meddled(slice, how))
    return
  }
  const { labels = {}, annotations = {}, ownerReferences = [] } = slice.metadata
  await api.create<EndpointSlice>(resources.endpointslices, {
    ...slice, metadata: {
      namespace, generateName: 'copy-', labels, annotations, ownerReferences,
    },
  })
}

function meddled(slice: Stored<EndpointSlice>, how: Meddling): EndpointSlice {
  const { metadata, endpoints } = slice
  const label = (key: string, value: string | undefined): EndpointSlice => {
    const { [key]: _, ...labels } = metadata.labels ?? {}
    return { ...slice, metadata: {
      ...metadata, labels: { ...labels, ...(value === undefined ? {} : { [key]: value }) },
    } }
  }
  switch (how) {
    case 'drop endpoint': return { ...slice, endpoints: (endpoints ?? []).slice(1) }
    case 'not ready':
      return { ...slice, endpoints: (endpoints ?? []).map((one) =>
        ({ ...one, conditions: { ...one.conditions, ready: false } })) }
    case 'unmanage': return label('endpointslice.kubernetes.io/managed-by', undefined)
    case 'other service': return label('kubernetes.io/service-name', 'pay')
    default: return { ...slice, metadata: {
      ...metadata, annotations: { ...metadata.annotations, meddled: 'yes' },
    } }
  }
}

/**
 * Hints by topology follow the capacity of Nodes at the next change of their Service, as in the
 * reference, which looks again at once only where a zone is overloaded.
 */
async function touch({ api, env }: Cluster): Promise<void> {
  const { items } = await done(env, api.list<Service>(resources.services, { namespace }))
  for (const service of items) {
    if (hintModeOf(service).kind !== 'auto') continue
    const { name } = service.metadata
    const patch = { metadata: { annotations: { touched: 'yes' } } }
    await done(env, api.patch(resources.services, { namespace, name }, { type: 'merge', patch }))
  }
}

/**
 * Mirrored slices belong to Endpoints, the others to Services. Endpoints that somebody made for no
 * Service go too: controllers take them away when they start, as those of the reference do.
 */
async function collect({ api }: Cluster): Promise<void> {
  const owners = new Set<string>()
  const services = await api.list<Service>(resources.services, { namespace })
  for (const { metadata } of services.items) owners.add(metadata.uid)
  const names = new Set(services.items.map(({ metadata }) => metadata.name))
  const endpoints = await api.list<Endpoints>(resources.endpoints, { namespace })
  for (const one of endpoints.items) {
    const { name, uid } = one.metadata
    if (names.has(name) || isOurs(one)) owners.add(uid)
    else await api.delete(resources.endpoints, { namespace, name })
  }
  const { items } = await api.list<EndpointSlice>(resources.endpointslices, { namespace })
  for (const { metadata: { name, ownerReferences = [] } } of items) {
    if (ownerReferences.length === 0 || ownerReferences.some(({ uid }) => owners.has(uid))) continue
    await api.delete(resources.endpointslices, { namespace, name })
  }
}

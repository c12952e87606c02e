/** What must hold when faults are over. */
import { CacheSet } from '@slicewise/client'
import { Shadow, shadowSubjects } from '@slicewise/doctor'
import {
  type Endpoints, type EndpointSlice, type KubeObject, type Node, type Pod, type ResourceRef,
  type Service, type Stored, resources,
} from '@slicewise/kube'
import { type Cluster, done, wantedSlicesText } from '../endpointslice/scenarios/cluster.ts'
import { type Counts, referenceWrites } from '../endpointslice/scenarios/reference.ts'
import { type World, namespace } from '../endpointslice/scenarios/world.ts'
import { limits as endpointsLimits } from '../endpoints/limits.ts'
import { planEndpoints } from '../endpoints/plan.ts'
import { EndpointsState } from '../endpoints/state.ts'
import { planName } from '../mirroring/plan.ts'
import { mirroredFor } from '../mirroring/controller.ts'
import { Process, mirroredMax } from './test-process.ts'

/** The whole cluster at one moment, by name. */
export interface Snapshot {
  readonly services: ReadonlyMap<string, Stored<Service>>
  readonly pods: ReadonlyMap<string, Stored<Pod>>
  readonly nodes: ReadonlyMap<string, Stored<Node>>
  readonly slices: ReadonlyMap<string, Stored<EndpointSlice>>
  readonly endpoints: ReadonlyMap<string, Stored<Endpoints>>
}

export async function snapshot({ env, api }: Cluster): Promise<Snapshot> {
  const read = async <T extends KubeObject>(ref: ResourceRef<T>) =>
    new Map((await done(env, api.list<T>(ref, ref.namespaced ? { namespace } : {}))).items
      .map((one) => [one.metadata.name, one] as const))
  return {
    services: await read<Service>(resources.services), pods: await read<Pod>(resources.pods),
    nodes: await read<Node>(resources.nodes),
    slices: await read<EndpointSlice>(resources.endpointslices),
    endpoints: await read<Endpoints>(resources.endpoints),
  }
}

/**
 * Slices and Endpoints are what is derived from nothing: as the doctor compares them, and as the
 * reference would; and what the running controllers keep equals what fresh ones build.
 */
export async function judge(cluster: Cluster, running: Process): Promise<string[]> {
  const now = await snapshot(cluster)
  const problems = [...await shadowed(cluster), ...leftOver(now)]
  const due = writesDue(now, cluster.options.maxEndpointsPerSlice)
  for (const [what, writes] of due) {
    if (writes > 0) problems.push(`the reference has ${writes} writes left for ${what}`)
  }
  const rebuilt = await cluster.rebuilt()
  if (wantedSlicesText(running.slices.state) !== wantedSlicesText(rebuilt)) {
    problems.push('slices: applied is not what is rebuilt')
  }
  if (endpointsText(running.endpoints.state) !== endpointsText(endpointsState(now))) {
    problems.push('Endpoints: applied is not what is rebuilt')
  }
  return problems
}

/** A process that starts in a world at rest writes nothing. */
export async function judgeRestart(cluster: Cluster, seed: number): Promise<string[]> {
  const fresh = new Process(cluster, { seed })
  await cluster.env.advance(120_000)
  const { written } = fresh.network
  await fresh.stop()
  return written.map((write) => `a restart has written: ${write}`)
}

async function shadowed({ env, api, options }: Cluster): Promise<string[]> {
  const end = new AbortController()
  const caches = new CacheSet({ api, env, signal: end.signal })
  const shadow = new Shadow({
    env, api, caches, controllers: Object.keys(shadowSubjects),
    endpointsPerSlice: options.maxEndpointsPerSlice, mirroredAddressesMax: mirroredMax,
  })
  await done(env, shadow.start())
  const { differing } = shadow.report()
  end.abort()
  await done(env, caches.whenStopped())
  return differing.flatMap(({ name, differences }) => differences.filter(({ matters }) => matters)
    .map(({ controller, text }) => `${name}, ${controller}: ${text}`))
}

/** What stands for Services that are gone. */
function leftOver({ services, slices, endpoints }: Snapshot): string[] {
  const problems: string[] = []
  for (const [name, slice] of slices) {
    const [key] = mirroredFor(slice)
    const own = key?.slice(namespace.length + 1)
    if (own !== undefined && !services.has(own)) problems.push(`slice ${name} is left of ${own}`)
  }
  for (const name of endpoints.keys()) {
    if (!services.has(name)) problems.push(`Endpoints ${name} are left over`)
  }
  return problems
}

/**
 * How many writes are due for each Service and controller: by the whole reconcile done again as
 * the reference does it, and for mirrored slices and Endpoints by plans from nothing, which
 * the laws of those controllers hold to the reference in every state.
 */
export function writesDue(now: Snapshot, max: number): Map<string, number> {
  const due = new Map<string, number>()
  const state = endpointsState(now)
  const names = new Set([...now.services.keys(), ...now.endpoints.keys()])
  for (const slice of now.slices.values()) {
    const [key] = mirroredFor(slice)
    if (key !== undefined) names.add(key.slice(namespace.length + 1))
  }
  for (const name of names) {
    const key = `${namespace}/${name}`
    due.set(`slices of ${name}`, sum(referenceWrites(now as unknown as World, name, max)))
    const slices = [...now.slices.values()].filter((one) => mirroredFor(one)[0] === key)
    const [service, endpoints] = [now.services.get(name), now.endpoints.get(name)]
    due.set(`mirrored slices of ${name}`,
      planName({ service, endpoints, slices }, mirroredMax).steps.length)
    const wanted = state.get(key)
    const orphan = service === undefined && endpoints !== undefined ? 1 : 0
    due.set(`Endpoints ${name}`, wanted === undefined ? orphan : planEndpoints({
      service: wanted.service, packed: wanted.subsets.subsets(endpointsLimits.addressesMax),
      triggerTime: undefined,
    }, endpoints) === undefined ? 0 : 1)
  }
  return due
}

const sum = (counts: Counts): number => counts.create + counts.update + counts.delete

function endpointsState({ services, pods }: Snapshot): EndpointsState {
  const state = new EndpointsState({ onDirty: () => {} })
  const changeOf = <T extends KubeObject>(after: Stored<T>) => ({
    key: `${namespace}/${after.metadata.name}`, before: undefined, after,
    revision: after.metadata.resourceVersion,
  })
  for (const one of services.values()) state.applyService(changeOf<Service>(one))
  for (const one of pods.values()) state.applyPod(changeOf<Pod>(one))
  state.start()
  return state
}

const endpointsText = (state: EndpointsState): string =>
  JSON.stringify([...state.keys()].sort().map((key) =>
    [key, state.get(key)?.subsets.subsets(endpointsLimits.addressesMax)]))

import { CacheSet } from '@slicewise/client'
import { EndpointSliceController, SliceState, planService } from '@slicewise/controllers'
import {
  type Api, type Change, type EndpointSlice, type KubeObject, type Node, type Pod, type Service,
  type Stored, objectKey, resourceTable, resources,
} from '@slicewise/kube'
import { createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { nodeEnv } from '@slicewise/system/node'
import {
  cpuMs, heapMiB, namespace, nodeObjects, podObject, rounded, serviceObject,
} from './objects.ts'

export interface ColdStart {
  readonly pods: number
  readonly slices: number
  /** From filled caches to a plan with its bodies as JSON. */
  readonly stateMs: number
  /** From the start of a controller on a running server to the last slice. */
  readonly totalMs: number
  readonly cpuMs: number
  readonly heapMiB: number
}

export interface Rolling {
  readonly pods: number
  readonly replaced: number
  readonly writes: number
  readonly lagMs: number
  readonly cpuMs: number
}

/** The server over the memory store in this process, with Nodes, a Service and Pods. */
class Bed {
  readonly env = nodeEnv()
  readonly end = new AbortController()
  readonly api: Api
  readonly #close: () => Promise<void>

  constructor(api: Api, close: () => Promise<void>) {
    this.api = api
    this.#close = close
  }

  static async open(pods: number): Promise<Bed> {
    const env = nodeEnv()
    const registry = await openRegistry({
      env, store: openMemoryStore(env), resources: resourceTable,
    })
    const api = createApi(registry, { name: 'bench', groups: ['system:masters'] })
    const bed = new Bed(api, () => registry.close())
    await api.create(resources.namespaces, { metadata: { name: namespace } })
    for (const node of nodeObjects) await api.create<Node>(resources.nodes, node)
    await api.create<Service>(resources.services, serviceObject)
    for (let from = 0; from < pods; from += 200) {
      const batch = Array.from({ length: Math.min(200, pods - from) }, (_, i) => from + i)
      await Promise.all(batch.map((index) => bed.createPod(index)))
    }
    return bed
  }

  async createPod(index: number): Promise<void> {
    const pod = podObject(index, true)
    const stored = await this.api.create<Pod>(resources.pods, pod)
    await this.api.update<Pod>(
      resources.pods, { ...stored, ...pod, metadata: stored.metadata }, { subresource: 'status' },
    )
  }

  controller(): EndpointSliceController {
    const { env, api } = this
    const { signal } = this.end
    return new EndpointSliceController({
      env, api, signal, caches: new CacheSet({ api, env, signal }),
      options: { maxEndpointsPerSlice: 100, endpointSliceBatchMs: 0 },
    })
  }

  async slices(): Promise<readonly Stored<EndpointSlice>[]> {
    const { items } = await this.api.list<EndpointSlice>(resources.endpointslices, { namespace })
    return items
  }

  async close(): Promise<void> {
    this.end.abort()
    await this.#close()
  }
}

export async function measureColdStart(pods: number): Promise<ColdStart> {
  const bed = await Bed.open(pods)
  const stateMs = await measureState(bed)
  const [since, cpuSince] = [performance.now(), cpuMs()]
  const controller = bed.controller()
  void controller.run()
  await until(() => controller.metrics.changes.create === Math.ceil(pods / 100))
  const result = {
    pods, slices: (await bed.slices()).length, stateMs: rounded(stateMs),
    totalMs: rounded(performance.now() - since), cpuMs: rounded(cpuMs() - cpuSince),
    heapMiB: heapMiB(),
  }
  await bed.close()
  return result
}

async function measureState(bed: Bed): Promise<number> {
  const { api } = bed
  const nodes = await api.list<Node>(resources.nodes)
  const pods = await api.list<Pod>(resources.pods, { namespace })
  const services = await api.list<Service>(resources.services, { namespace })
  const since = performance.now()
  const state = new SliceState({ onDirty: () => {} })
  for (const node of nodes.items) state.applyNode(arrival(node))
  for (const service of services.items) state.applyService(arrival(service))
  for (const pod of pods.items) state.applyPod(arrival(pod))
  state.start()
  const web = state.get(`${namespace}/web`)
  const plan = web && planService(web, { endpointsPerSlice: 100, triggerTime: undefined })
  let bytes = 0
  for (const step of plan?.parts.flatMap((part) => part.steps) ?? []) {
    if (step.verb === 'create') bytes += JSON.stringify(step.object).length
  }
  if (bytes === 0) throw new Error('nothing was planned')
  return performance.now() - since
}

const arrival = <T extends KubeObject>(after: Stored<T>): Change<T> =>
  ({ key: objectKey(after.metadata), before: undefined, after, revision: '1' })

/** Replaces Pods one by one, a new one before each old one goes, as a Deployment does. */
export async function measureRolling(pods: number, replaced: number): Promise<Rolling> {
  const bed = await Bed.open(pods)
  const controller = bed.controller()
  void controller.run()
  await until(() => controller.metrics.changes.create >= pods / 100)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const { changes } = controller.metrics
  const writesBefore = changes.create + changes.update + changes.delete
  const cpuSince = cpuMs()
  for (let index = 0; index < replaced; index++) {
    await bed.createPod(pods + index)
    const item = { namespace, name: String(podObject(index, true).metadata?.name) }
    await bed.api.delete(resources.pods, item, { gracePeriodSeconds: 0 })
    // 100 replacements a second, so that gathering meets a rollout and not one burst.
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const since = performance.now()
  await untilSettled(bed, pods, replaced)
  const result = {
    pods, replaced, writes: changes.create + changes.update + changes.delete - writesBefore,
    lagMs: rounded(performance.now() - since), cpuMs: rounded(cpuMs() - cpuSince),
  }
  await bed.close()
  return result
}

async function untilSettled(bed: Bed, pods: number, replaced: number): Promise<void> {
  await until(async () => {
    const names = new Set((await bed.slices()).flatMap((slice) =>
      (slice.endpoints ?? []).map((endpoint) => endpoint.targetRef?.name)))
    const last = podObject(pods + replaced - 1, true).metadata?.name
    const oldest = podObject(replaced - 1, true).metadata?.name
    return names.size === pods && names.has(last) && !names.has(oldest)
  })
}

async function until(ready: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000
  while (!await ready()) {
    if (performance.now() > deadline) throw new Error('not settled within two minutes')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

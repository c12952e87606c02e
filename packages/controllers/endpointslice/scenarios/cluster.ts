import { CacheSet } from '@slicewise/client'
import {
  type Api, type EndpointSlice, type KubeObject, type Pod, type ResourceRef, type Service,
  type Stored, resourceTable, resources,
} from '@slicewise/kube'
import { createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { VirtualEnv } from '../../../../tools/testkit/virtual-env.ts'
import { EndpointSliceController } from '../controller.ts'
import { SliceState, ownerKey } from '../state.ts'
import { type Options, nodeBody, podBody, serviceBody } from './bodies.ts'

export interface ClusterOptions {
  readonly seed?: number
  readonly max?: number
  readonly batchMs?: number
}

/** The real server over the memory store on a virtual clock, and controllers that come and go. */
export class Cluster {
  readonly env: VirtualEnv
  readonly api: Api
  readonly options: { maxEndpointsPerSlice: number; endpointSliceBatchMs: number }
  readonly #close: () => Promise<void>
  #stop: (() => Promise<void>) | undefined

  private constructor(env: VirtualEnv, api: Api, options: ClusterOptions, close: () => Promise<void>) {
    this.env = env
    this.api = api
    this.options = {
      maxEndpointsPerSlice: options.max ?? 3, endpointSliceBatchMs: options.batchMs ?? 0,
    }
    this.#close = close
  }

  static async open(options: ClusterOptions = {}): Promise<Cluster> {
    const env = new VirtualEnv({ seed: options.seed ?? 1 })
    const opening = openRegistry({ env, store: openMemoryStore(env), resources: resourceTable })
    const registry = await done(env, opening)
    const api = createApi(registry, { name: 'test', groups: ['system:masters'] })
    const cluster = new Cluster(env, api, options, () => registry.close())
    await cluster.make(resources.namespaces, { metadata: { name: 'shop' } })
    for (const node of ['n1', 'n2']) await cluster.node(node, {})
    return cluster
  }

  /** Starts a controller that reads and writes through `api`; one at a time. */
  async start(api: Api = this.api): Promise<EndpointSliceController> {
    const end = new AbortController()
    const caches = new CacheSet({ api, env: this.env, signal: end.signal })
    const controller = new EndpointSliceController({
      env: this.env, api, caches, signal: end.signal, options: this.options,
    })
    const run = controller.run()
    this.#stop = async () => {
      end.abort()
      await done(this.env, run)
      await done(this.env, caches.whenStopped())
    }
    await this.env.advance(10)
    return controller
  }

  async stop(): Promise<void> {
    await this.#stop?.()
    this.#stop = undefined
  }

  async close(): Promise<void> {
    await this.stop()
    await done(this.env, this.#close())
  }

  async make<T extends KubeObject>(ref: ResourceRef<T>, object: T): Promise<Stored<T>> {
    return done(this.env, this.api.create(ref, object))
  }

  async node(name: string, options: Options): Promise<void> {
    await this.#put(resources.nodes, name, nodeBody(options))
  }

  async service(name: string, options: Options): Promise<void> {
    const { metadata, ...body } = serviceBody(name, { clusterIP: '', ...options })
    await this.#put(resources.services, name, { ...body, metadata: { labels: labelsOf(metadata) } })
  }

  /** Creates or changes a Pod; its status is written as a kubelet would. */
  async pod(name: string, options: Options): Promise<void> {
    const { metadata, spec, status } = podBody({ node: 'n1', ...options })
    const containers = (spec?.containers ?? []).map((one) => ({ ...one, image: 'i' }))
    const body: Pod = {
      metadata: { namespace: 'shop', name, labels: labelsOf(metadata) },
      spec: { ...spec, containers },
    }
    const item = { namespace: 'shop', name }
    const known = await this.#get<Pod>(resources.pods, item)
    const stored = known === undefined
      ? await this.make<Pod>(resources.pods, body)
      : await this.#rewrite<Pod>(resources.pods, known, { metadata: { labels: labelsOf(metadata) } })
    await this.#rewrite<Pod>(resources.pods, stored, { status }, 'status')
  }

  async remove(ref: ResourceRef, name: string): Promise<void> {
    const item = ref.namespaced ? { namespace: 'shop', name } : { name }
    if (await this.#get(ref, item) === undefined) return
    await done(this.env, this.api.delete(ref, item, { gracePeriodSeconds: 0 }))
  }

  async slices(): Promise<Stored<EndpointSlice>[]> {
    const { items } = await done(this.env, this.api.list<EndpointSlice>(
      resources.endpointslices, { namespace: 'shop' },
    ))
    return [...items].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  }

  async sizes(): Promise<number[]> {
    return (await this.slices()).map((slice) => slice.endpoints?.length ?? 0).sort((a, b) => a - b)
  }

  /** A state derived from what the server has now. */
  async rebuilt(): Promise<SliceState> {
    const state = new SliceState({ onDirty: () => {} })
    const shown = async <T extends KubeObject>(ref: ResourceRef<T>) =>
      (await done(this.env, this.api.list<T>(ref))).items.map((after) => ({
        key: ref.namespaced ? `${after.metadata.namespace}/${after.metadata.name}`
          : after.metadata.name,
        before: undefined, after, revision: after.metadata.resourceVersion,
      }))
    for (const change of await shown(resources.nodes)) state.applyNode(change)
    for (const change of await shown<Service>(resources.services)) state.applyService(change)
    for (const change of await shown<Pod>(resources.pods)) state.applyPod(change)
    for (const change of await shown<EndpointSlice>(resources.endpointslices)) {
      state.applySlice(change)
    }
    state.start()
    return state
  }

  async #get<T extends KubeObject>(ref: ResourceRef<T>, item: { name: string; namespace?: string }) {
    return done(this.env, this.api.get<T>(ref, item).catch(() => undefined))
  }

  async #put<T extends KubeObject>(ref: ResourceRef<T>, name: string, body: T): Promise<void> {
    const item = ref.namespaced ? { namespace: 'shop', name } : { name }
    const known = await this.#get(ref, item)
    const object = { ...body, metadata: { ...body.metadata, ...item } } as T
    if (known === undefined) return void await this.make(ref, object)
    await this.#rewrite(ref, known, {
      ...body, metadata: { labels: labelsOf(body.metadata ?? {}) },
    })
  }

  /** Reads, changes and writes back, as a client without patches does. */
  async #rewrite<T extends KubeObject>(
    ref: ResourceRef<T>, before: Stored<T>, change: object, subresource?: string,
  ): Promise<Stored<T>> {
    const { metadata, spec, ...rest } = change as { metadata?: object; spec?: object }
    const known = before as unknown as { metadata: object; spec?: object }
    const next = {
      ...known, ...rest, metadata: { ...known.metadata, ...metadata },
      ...(spec === undefined ? {} : { spec: { ...known.spec, ...spec } }),
    } as unknown as T
    return done(this.env, this.api.update(
      ref, next, subresource === undefined ? {} : { subresource },
    ))
  }
}

/** Waits for a promise while the virtual clock stands as still as it can. */
export async function done<T>(env: VirtualEnv, promise: Promise<T>): Promise<T> {
  const state = { settled: false }
  const mark = (): void => {
    state.settled = true
  }
  promise.then(mark, mark)
  for (let ms = 0; !state.settled; ms = Math.min(ms + 1, 100)) await env.advance(ms)
  return promise
}

/** What slices hold, per Service and family, without names; equal when they serve the same. */
export function heldText(slices: readonly Stored<EndpointSlice>[]): string {
  const lines = slices.flatMap((slice) => (slice.endpoints ?? []).map((endpoint) => JSON.stringify([
    ownerKey(slice), slice.addressType, slice.ports, endpoint.targetRef?.name, endpoint.addresses,
    endpoint.conditions, endpoint.nodeName ?? null, endpoint.zone ?? null,
  ])))
  return lines.sort().join('\n')
}

/** The same text for what a state wants. */
export function wantedSlicesText(state: SliceState): string {
  const lines: string[] = []
  for (const key of state.keys()) {
    for (const placement of state.get(key)?.placements ?? []) {
      for (const [pod, { ports, endpoint }] of placement.wanted()) {
        if (endpoint === undefined) continue
        lines.push(JSON.stringify([
          key, placement.family, ports.ports, pod, endpoint.addresses, endpoint.conditions,
          endpoint.nodeName ?? null, endpoint.zone ?? null,
        ]))
      }
    }
  }
  return lines.sort().join('\n')
}

function labelsOf(metadata: object): Record<string, string> {
  return (metadata as { labels?: Record<string, string> }).labels ?? {}
}

import { setMaxListeners } from 'node:events'
import { seededRandom } from '@slicewise/base'
import { CacheSet } from '@slicewise/client'
import type { Api } from '@slicewise/kube'
import { type Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { EndpointsController } from '../endpoints/controller.ts'
import { EndpointSliceController } from '../endpointslice/controller.ts'
import { MirroringController } from '../mirroring/controller.ts'
import { Network, type Weather, calm } from './test-network.ts'

/** More than anybody would mirror here. */
export const mirroredMax = 1_000

/** One process with the three discovery controllers, behind a network of its own. */
export class Process {
  readonly network: Network
  readonly slices: EndpointSliceController
  readonly endpoints: EndpointsController
  readonly #cluster: Cluster
  readonly #end = new AbortController()
  readonly #caches: CacheSet
  readonly #runs: Promise<unknown>

  constructor(
    cluster: Cluster, options: { seed: number; weather?: Weather; api?: Api },
  ) {
    const { env } = cluster
    const random = seededRandom(options.seed)
    this.#cluster = cluster
    this.network = new Network(options.api ?? cluster.api, env, random, options.weather ?? calm)
    const { api } = this.network
    const { signal } = this.#end
    setMaxListeners(0, signal)
    const caches = new CacheSet({ api, env, signal })
    this.#caches = caches
    const context = { env, api, caches, signal }
    const batchless = { endpointsBatchMs: 0, mirroringBatchMs: 0 }
    this.slices = new EndpointSliceController({ ...context, options: cluster.options })
    this.endpoints = new EndpointsController({ ...context, options: batchless })
    const mirroring = new MirroringController({
      ...context, options: { ...batchless, mirroringMaxEndpointsPerSubset: mirroredMax },
    })
    this.#runs = Promise.all([this.slices.run(), this.endpoints.run(), mirroring.run()])
  }

  async stop(): Promise<void> {
    const { env } = this.#cluster
    this.network.release()
    this.#end.abort()
    await done(env, this.#runs)
    await done(env, this.#caches.whenStopped())
  }
}

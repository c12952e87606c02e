import { CacheSet } from '@slicewise/client'
import type { Api } from '@slicewise/kube'
import { type Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { EndpointsController } from '../endpoints/controller.ts'
import { MirroringController } from '../mirroring/controller.ts'

export interface Started<C> {
  readonly controller: C
  stop(): Promise<void>
}

interface Runs {
  run(): Promise<void>
}

/** Starts one controller on a cluster, reading and writing through `api`. */
async function start<C extends Runs>(
  cluster: Cluster, api: Api, open: (context: {
    env: Cluster['env']; api: Api; caches: CacheSet; signal: AbortSignal
  }) => C,
): Promise<Started<C>> {
  const end = new AbortController()
  const { env } = cluster
  const caches = new CacheSet({ api, env, signal: end.signal })
  const controller = open({ env, api, caches, signal: end.signal })
  const run = controller.run()
  await env.advance(10)
  return {
    controller,
    stop: async () => {
      end.abort()
      await done(env, run)
      await done(env, caches.whenStopped())
    },
  }
}

export const startEndpoints = (
  cluster: Cluster, api: Api = cluster.api, batchMs = 0,
): Promise<Started<EndpointsController>> => start(cluster, api, (context) =>
  new EndpointsController({ ...context, options: { endpointsBatchMs: batchMs } }))

export const startMirroring = (
  cluster: Cluster, api: Api = cluster.api, max = 1_000,
): Promise<Started<MirroringController>> => start(cluster, api, (context) =>
  new MirroringController({
    ...context, options: { mirroringBatchMs: 0, mirroringMaxEndpointsPerSubset: max },
  }))

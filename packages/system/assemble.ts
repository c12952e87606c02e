import type { Env, Metrics } from '@slicewise/base'
import { CacheSet } from '@slicewise/client'
import { selectControllers } from '@slicewise/controllers'
import type { ControllerContext } from '@slicewise/engine'
import type { Api } from '@slicewise/kube'
import { Simulator } from '@slicewise/nodes'
import type { SystemConfig } from './config.ts'

export interface ControlLoopOptions {
  readonly env: Env
  /** Anybody's API: ours in process, ours over HTTP, a real one. */
  readonly api: Api
  readonly config: Pick<SystemConfig, 'controllers' | 'nodes' | 'options' | 'podCidrs'>
  /** Ends the loops when it aborts; has one listener for each of their parts. */
  readonly abort?: AbortController
  /** Where controllers say what they count. */
  readonly metrics?: Metrics
}

/** Controllers and simulated Nodes that work on an Api. */
export interface ControlLoops {
  /** Resolves when they have seen all that they work from. */
  whenSynced(): Promise<void>
  /** Ends all of them; resolves when their last writes have been answered. */
  stop(): Promise<void>
}

/**
 * Starts the chosen controllers and the simulated Nodes. A controller that fails by a bug of ours
 * is logged and ends alone; the others go on.
 */
export function startControlLoops(options: ControlLoopOptions): ControlLoops {
  const { env, api, config, metrics } = options
  const stop = options.abort ?? new AbortController()
  const { signal } = stop
  const caches = new CacheSet({ api, env, signal })
  const context: ControllerContext = {
    env, api, caches, signal, options: config.options, ...(metrics && { metrics }),
  }
  const running = selectControllers(config.controllers)
    .map((spec) => guarded(env, spec.name, spec.run(context)))
  if (config.nodes > 0) {
    const simulator = new Simulator({ context, nodes: config.nodes, podCidrs: config.podCidrs })
    running.push(guarded(env, 'nodes', simulator.run()))
  }
  return {
    whenSynced: () => caches.whenSynced(),
    stop: async () => {
      stop.abort()
      await Promise.all(running)
      await caches.whenStopped()
    },
  }
}

async function guarded(env: Env, name: string, run: Promise<void>): Promise<void> {
  try {
    await run
  } catch (error) {
    const because = error instanceof Error ? (error.stack ?? error.message) : String(error)
    env.log.error('a controller stopped', { controller: name, because })
  }
}

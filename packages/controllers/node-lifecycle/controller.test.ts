import type { Env } from '@slicewise/base'
import { type Api, type Node, type ResourceRef, type WatchEvent, resourceTable, resources }
  from '@slicewise/kube'
import { bootstrap, createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { defaultConfig, startControlLoops } from '@slicewise/system'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../../tools/testkit/virtual-env.ts'

/** Two simulated Nodes and the controller over the real server; the clock is the test's. */
class Bed {
  readonly #virtual = new VirtualEnv()
  #stalledMs = 0
  readonly env: Env = {
    nowMs: () => this.#virtual.nowMs() + this.#stalledMs,
    elapsedMs: () => this.#virtual.elapsedMs() + this.#stalledMs,
    after: (ms, run) => this.#virtual.after(ms, run),
    random: () => this.#virtual.random(),
    uid: () => this.#virtual.uid(),
    log: this.#virtual.log,
    checked: true,
  }
  /** What of Leases stands still; nothing is lost. */
  held: 'watches' | 'writes' | undefined
  api!: Api
  close = async (): Promise<void> => {}
  /** Nodes that were ever said to be silent. */
  readonly silent = new Set<string>()
  readonly #waiting: (() => void)[] = []

  static async open(): Promise<Bed> {
    const bed = new Bed()
    const { env } = bed
    const store = openMemoryStore(env)
    const registry = await openRegistry({ env, store, resources: resourceTable })
    await bed.during(bootstrap(registry))
    bed.api = createApi(registry, { name: 'test', groups: ['system:masters'] })
    const end = new AbortController()
    void bed.#observe(end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) throw error
    })
    const loops = startControlLoops({
      env, api: bed.#holding(),
      config: { ...defaultConfig, controllers: ['node-lifecycle-controller'], nodes: 2 },
    })
    bed.close = async () => {
      bed.release()
      end.abort()
      await bed.during(loops.stop())
      await registry.close()
    }
    await bed.advance(60_000)
    return bed
  }

  advance(ms: number): Promise<void> {
    return this.#virtual.advance(ms)
  }

  /** The clock goes on and nothing runs: all timers come late by so much. */
  stall(ms: number): void {
    this.#stalledMs += ms
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let over = false
    const end = (): void => { over = true }
    work.then(end, end)
    while (!over) await this.advance(1)
    return work
  }

  release(): void {
    this.held = undefined
    for (const go of this.#waiting.splice(0)) go()
  }

  async stop(name: string): Promise<void> {
    const patch = { metadata: { annotations: { 'slicewise.internal/stopped': 'true' } } }
    await this.during(this.api.patch(resources.nodes, { name }, { type: 'merge', patch }))
  }

  async #observe(signal: AbortSignal): Promise<void> {
    for await (const event of this.api.watch<Node>(resources.nodes, { signal })) {
      if (event.type === 'BOOKMARK') continue
      const { metadata, status } = event.object
      const ready = status?.conditions?.find((one) => one.type === 'Ready')?.status
      if (ready === 'Unknown') this.silent.add(metadata.name)
    }
  }

  #holding(): Api {
    const { api } = this
    const wait = async (ref: ResourceRef, what: 'watches' | 'writes'): Promise<void> => {
      if (ref.resource !== 'leases' || this.held !== what) return
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    async function* watch(...[ref, options]: Parameters<Api['watch']>): AsyncGenerator {
      for await (const event of api.watch(ref, options)) {
        await wait(ref, 'watches')
        yield event
      }
    }
    return {
      list: (...all) => api.list(...all),
      get: (...all) => api.get(...all),
      create: (...all) => api.create(...all),
      update: (...all) => api.update(...all),
      delete: (...all) => api.delete(...all),
      deleteCollection: (...all) => api.deleteCollection(...all),
      patch: async (...all) => {
        await wait(all[0] as unknown as ResourceRef, 'writes')
        return api.patch(...all)
      },
      watch: (...all) => watch(...all) as AsyncIterable<WatchEvent<never>>,
    }
  }
}

type Scenario = readonly [
  name: string, run: (bed: Bed) => Promise<void>, silent: readonly string[],
]

const many = async (count: number, run: () => Promise<void>): Promise<void> => {
  for (let n = 0; n < count; n++) await run()
}

const scenarios: Scenario[] = [
  ['nothing happens', (bed) => bed.advance(300_000), []],
  ['a stopped Node, just before the grace is over', async (bed) => {
    await bed.stop('node-2')
    await bed.advance(40_000)
  }, []],
  ['a stopped Node, after the grace', async (bed) => {
    await bed.stop('node-2')
    await bed.advance(60_000)
  }, ['node-2']],
  ['the process slept for an hour', async (bed) => {
    bed.stall(3_600_000)
    await bed.advance(60_000)
  }, []],
  ['all timers come late, over and over', async (bed) => {
    await many(100, async () => {
      bed.stall(30_000)
      await bed.advance(500)
    })
    await bed.advance(60_000)
  }, []],
  ['a stopped Node while timers come late', async (bed) => {
    await bed.stop('node-2')
    await many(14, async () => {
      bed.stall(4_000)
      await bed.advance(5_000)
    })
  }, ['node-2']],
  ['the watch of Leases stands still', async (bed) => {
    bed.held = 'watches'
    await bed.advance(600_000)
  }, []],
  ['writes of Leases get no answer', async (bed) => {
    bed.held = 'writes'
    await bed.advance(600_000)
  }, []],
  ['a stopped Node is found out when Leases are seen again', async (bed) => {
    bed.held = 'watches'
    await bed.stop('node-2')
    await bed.advance(120_000)
    expect([...bed.silent]).toEqual([])
    bed.release()
    await bed.advance(60_000)
  }, ['node-2']],
]

test.each(scenarios)('silence: %s', async (_, run, silent) => {
  const bed = await Bed.open()
  try {
    expect([...bed.silent]).toEqual([])
    await run(bed)
    expect([...bed.silent]).toEqual(silent)
  } finally {
    await bed.close()
  }
}, 30_000)

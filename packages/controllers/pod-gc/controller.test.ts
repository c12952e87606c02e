import { type Api, type Pod, resourceTable, resources } from '@slicewise/kube'
import { bootstrap, createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { defaultConfig, startControlLoops } from '@slicewise/system'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../../tools/testkit/virtual-env.ts'

/** One Node, and the collector over the real server; the clock is the test's. */
class Bed {
  readonly env = new VirtualEnv()
  api!: Api
  close = async (): Promise<void> => {}

  static async open(speed: number): Promise<Bed> {
    const bed = new Bed()
    const { env } = bed
    const store = openMemoryStore(env)
    const registry = await openRegistry({ env, store, resources: resourceTable })
    await bed.during(bootstrap(registry))
    bed.api = createApi(registry, { name: 'test', groups: ['system:masters'] })
    const { options } = defaultConfig
    const loops = startControlLoops({
      env, api: bed.api,
      config: {
        ...defaultConfig, nodes: 0, options: { ...options, speed },
        controllers: ['pod-garbage-collector-controller'],
      },
    })
    bed.close = async () => {
      await bed.during(loops.stop())
      await registry.close()
    }
    await bed.node('here')
    return bed
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let over = false
    const end = (): void => { over = true }
    work.then(end, end)
    while (!over) await this.env.advance(1)
    return work
  }

  async node(name: string): Promise<void> {
    await this.during(this.api.create(resources.nodes, { metadata: { name } }))
  }

  async pod(name: string, nodeName?: string): Promise<void> {
    await this.during(this.api.create<Pod>(resources.pods, {
      metadata: { name, namespace: 'default' },
      spec: { containers: [{ name: 'a', image: 'a:1' }], ...(nodeName ? { nodeName } : {}) },
    }))
  }

  async remove(node: string): Promise<void> {
    await this.during(this.api.delete(resources.nodes, { name: node }))
  }

  async left(): Promise<string> {
    const { items } = await this.during(this.api.list(resources.pods, { namespace: 'default' }))
    return items.map((one) => one.metadata.name).join(' ')
  }
}

const second = 1_000

test.each<[string, number, (bed: Bed) => Promise<void>, string]>([
  ['Pods on a Node and without one stay', 1, async (bed) => {
    await bed.pod('a', 'here')
    await bed.pod('b')
    await bed.env.advance(300 * second)
  }, 'a b'],
  ['a Node that never was: before 40 seconds', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(39 * second)
  }, 'a'],
  ['a Node that never was: after them', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(41 * second)
  }, ''],
  ['faster with the speed', 10, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(5 * second)
  }, ''],
  ['a Node that goes, before its time', 1, async (bed) => {
    await bed.pod('a', 'here')
    await bed.remove('here')
    await bed.env.advance(39 * second)
  }, 'a'],
  ['a Node that goes, and only its Pods', 1, async (bed) => {
    await bed.node('other')
    await bed.pod('a', 'here')
    await bed.pod('b', 'other')
    await bed.remove('here')
    await bed.env.advance(41 * second)
  }, 'b'],
  ['a Node that comes in time', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(30 * second)
    await bed.node('there')
    await bed.env.advance(300 * second)
  }, 'a'],
  ['a Node that comes and goes counts anew', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(30 * second)
    await bed.node('there')
    await bed.env.advance(second)
    await bed.remove('there')
    await bed.env.advance(30 * second)
  }, 'a'],
])('%s', async (_, speed, run, left) => {
  const bed = await Bed.open(speed)
  try {
    await run(bed)
    expect(await bed.left()).toBe(left)
  } finally {
    await bed.close()
  }
})

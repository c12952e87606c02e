import { type Api, type Pod, type Stored, resourceTable, resources } from '@slicewise/kube'
import { bootstrap, createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { defaultConfig, startControlLoops } from '@slicewise/system'
import { VirtualEnv } from '../../../tools/testkit/virtual-env.ts'

/** Controllers over the real server; the clock is the test's. */
export class TestBed {
  readonly env = new VirtualEnv()
  api!: Api
  close = async (): Promise<void> => {}

  static async open(controllers: readonly string[], speed = 1): Promise<TestBed> {
    const bed = new TestBed()
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
        controllers,
      },
    })
    bed.close = async () => {
      await bed.during(loops.stop())
      await registry.close()
    }
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
    // Admission taints new Nodes until a controller, which may not run here, finds them ready.
    const patch = { spec: { taints: null } }
    await this.during(this.api.patch(resources.nodes, { name }, { type: 'merge', patch }))
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

  async pods(): Promise<readonly Stored<Pod>[]> {
    const list = this.api.list<Pod>(resources.pods, { namespace: 'default' })
    return (await this.during(list)).items
  }
}

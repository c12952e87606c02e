import { CacheSet } from '@slicewise/client'
import {
  type Api, type ConfigMap, type ResourceRef, type Stored, StatusError, resourceTable, resources,
} from '@slicewise/kube'
import { createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { defaultControllerOptions } from './controller.ts'
import { KeyedController } from './keyed.ts'
import { type Plan, noPlan } from './plan.ts'

const configmaps: ResourceRef<ConfigMap> = resources.configmaps
type Fault = 'lost before' | 'lost after' | 'conflict'

/** Keeps `<name>-copy` equal to each ConfigMap labelled `copied`; a controller as small as any. */
class Bed {
  readonly env = new VirtualEnv()
  readonly end = new AbortController()
  readonly plans: string[] = []
  readonly writes: string[] = []
  readonly faults: (Fault | undefined)[] = []
  /** Milliseconds by which watch events come late. */
  lateMs = 0
  api!: Api
  running: Promise<void> | undefined
  #close = async (): Promise<void> => {}

  static async open(): Promise<Bed> {
    const bed = new Bed()
    const { env } = bed
    const store = openMemoryStore(env)
    const registry = await openRegistry({ env, store, resources: resourceTable })
    bed.api = createApi(registry, { name: 'test', groups: ['system:masters'] })
    bed.#close = () => registry.close()
    await bed.api.create(resources.namespaces, { metadata: { name: 'default' } })
    const api = bed.#faulty()
    const { signal } = bed.end
    const caches = new CacheSet({ api, env, signal })
    const context = { env, api, caches, signal, options: defaultControllerOptions }
    const controller = new KeyedController({
      context, name: 'copies', plan: (key) => bed.#plan(key, maps.get.bind(maps)),
      scope: () => ({ namespace: 'default' }),
    })
    const maps = controller.writes(configmaps)
    maps.onChange(({ before, after }) => {
      const { name = '' } = (after ?? before)?.metadata ?? {}
      controller.queue.add(`default/${name.replace(/-copy$/, '')}`)
    })
    bed.running = controller.run()
    await env.advance(2_000)
    bed.plans.length = 0
    return bed
  }

  async put(name: string, value: string): Promise<void> {
    const metadata = { name, namespace: 'default', labels: { copied: 'yes' } }
    await this.api.patch<ConfigMap>(configmaps, metadata, {
      type: 'apply', patch: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } },
    }, { fieldManager: 'test' })
  }

  async copy(name: string): Promise<string | undefined> {
    const item = { name: `${name}-copy`, namespace: 'default' }
    return (await this.api.get<ConfigMap>(configmaps, item)).data?.['value']
  }

  async close(): Promise<void> {
    this.end.abort()
    await this.env.advance(1_000)
    await this.running
    await this.#close()
  }

  #plan(key: string, get: (key: never) => Stored<ConfigMap> | undefined): Plan {
    this.plans.push(key)
    const from = get(key as never)
    if (from?.metadata.labels?.['copied'] === undefined) return noPlan
    const copy = get(`${key}-copy` as never)
    const { data = {} } = from
    if (copy?.data?.['value'] === data['value']) return noPlan
    const metadata = copy?.metadata ?? { name: `${from.metadata.name}-copy`, namespace: 'default' }
    return { steps: [{
      verb: copy === undefined ? 'create' : 'update', ref: configmaps,
      object: { metadata, data } as ConfigMap,
    }] }
  }

  #faulty(): Api {
    const around = async <R>(verb: string, run: () => Promise<R>): Promise<R> => {
      const fault = this.faults.shift()
      this.writes.push(fault === undefined ? verb : `${verb} ${fault}`)
      if (fault === 'conflict') throw new StatusError('Conflict', 'stale')
      if (fault === 'lost before') throw new Error('socket hang up')
      const answer = await run()
      if (fault === 'lost after') throw new Error('socket hang up')
      return answer
    }
    const { api } = this
    const lateMs = (): number => this.lateMs
    const { env } = this
    return new Proxy(api, {
      get: (target, name: keyof Api) => {
        if (name === 'create') return (...all: Parameters<Api['create']>) =>
          around('create', () => api.create(...all))
        if (name === 'update') return (...all: Parameters<Api['update']>) =>
          around('update', () => api.update(...all))
        if (name === 'watch') return async function* (...all: Parameters<Api['watch']>) {
          for await (const event of api.watch(...all)) {
            if (lateMs() > 0) await new Promise<void>((done) => env.after(lateMs(), done))
            yield event
          }
        }
        return target[name].bind(target)
      },
    })
  }
}

test('a change is planned and written, and its echo brings nothing new', async () => {
  const bed = await Bed.open()
  await bed.put('a', '1')
  await bed.env.advance(3_000)
  await bed.put('a', '2')
  await bed.env.advance(3_000)
  expect([await bed.copy('a'), bed.writes]).toEqual(['2', ['create', 'update']])
  await bed.close()
})

test('a key is not planned before the cache shows what was written for it', async () => {
  const bed = await Bed.open()
  bed.lateMs = 700
  await bed.put('a', '1')
  await bed.env.advance(720)
  expect([bed.writes, bed.plans]).toEqual([['create'], ['default/a']])
  await bed.put('a', '2')
  await bed.env.advance(600)
  // The second value is not known, the first copy is not shown yet: no look, no second create.
  expect(bed.plans).toEqual(['default/a'])
  await bed.env.advance(5_000)
  expect([await bed.copy('a'), bed.writes]).toEqual(['2', ['create', 'update']])
  await bed.close()
})

test.each<[Fault, string[]]>([
  ['lost before', ['create lost before', 'create']],
  ['lost after', ['create lost after']],
])('a write that was %s the server had it is settled by a live read', async (fault, writes) => {
  const bed = await Bed.open()
  bed.faults.push(fault)
  await bed.put('a', '1')
  await bed.env.advance(10_000)
  expect([await bed.copy('a'), bed.writes]).toEqual(['1', writes])
  await bed.close()
})

test('a lost race is no failure: it is looked at again soon', async () => {
  const bed = await Bed.open()
  bed.faults.push('conflict')
  await bed.put('a', '1')
  await bed.env.advance(200)
  expect([await bed.copy('a'), bed.writes]).toEqual(['1', ['create conflict', 'create']])
  await bed.close()
})

test('nothing is looked at after the end', async () => {
  const bed = await Bed.open()
  await bed.close()
  await bed.put('a', '1')
  await bed.env.advance(5_000)
  expect([bed.plans, bed.writes]).toEqual([[], []])
})

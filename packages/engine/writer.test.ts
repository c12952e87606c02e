import { type Api, StatusError, cause, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { openRegistry, createApi } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { resourceTable } from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'
import type { Step } from './plan.ts'
import { Writer, effectUnknown } from './writer.ts'

async function withApi(run: (api: Api) => Promise<void>): Promise<void> {
  const env = nodeEnv()
  const store = openMemoryStore(env)
  const registry = await openRegistry({ env, store, resources: resourceTable })
  const api = createApi(registry, { name: 'test', groups: ['system:masters'] })
  try {
    await api.create(resources.namespaces, { metadata: { name: 'default' } })
    await run(api)
  } finally {
    await registry.close()
    await store.close()
  }
}

const create = (name: string): Step => ({
  verb: 'create',
  ref: resources.configmaps,
  object: { metadata: { name, namespace: 'default' } },
})
const remove = (name: string, uid: string): Step => ({
  verb: 'delete',
  ref: resources.configmaps,
  item: { name, namespace: 'default' },
  uid,
})

test('steps run in order and say what the cache has to show', () =>
  withApi(async (api) => {
    const writer = new Writer({ api, manager: 'test' })
    const { results, expected, error } = await writer.run({ steps: [create('a'), create('b')] })
    expect(error).toBeUndefined()
    expect(results.map((one) => one.ok && one.object?.metadata.name)).toEqual(['a', 'b'])
    expect(expected).toEqual(
      results.map(
        (one) =>
          one.ok && {
            resource: 'configmaps',
            uid: one.object?.metadata.uid,
            at: one.object?.metadata.resourceVersion,
          },
      ),
    )
    expect(writer.counts.create).toBe(2)
  }))

test('the first refusal ends a run, also a parallel one', () =>
  withApi(async (api) => {
    const writer = new Writer({ api, manager: 'test' })
    const steps = [create('A!'), create('b'), create('c')]
    for (const parallel of [{}, { parallel: true as const }]) {
      const { results, error } = await writer.run({ steps, ...parallel })
      expect(results).toHaveLength(1)
      expect(error).toBeInstanceOf(StatusError)
    }
  }))

test('a parallel run doubles its batches', () =>
  withApi(async (api) => {
    let most = 0
    let under = 0
    const counting = new Proxy(api, {
      get: (target, name: keyof Api) =>
        name !== 'create'
          ? target[name]
          : async (...args: never[]) => {
              most = Math.max(most, ++under)
              try {
                return await (target.create as (...all: never[]) => Promise<unknown>).apply(
                  target,
                  args,
                )
              } finally {
                under--
              }
            },
    })
    const writer = new Writer({ api: counting, manager: 'test' })
    const steps = Array.from({ length: 15 }, (_, n) => create(`m${n}`))
    expect((await writer.run({ steps, parallel: true })).results).toHaveLength(15)
    expect(most).toBe(8)
    most = 0
    const more = Array.from({ length: 7 }, (_, n) => create(`n${n}`))
    expect((await writer.run({ steps: more, parallel: 'creates' })).results).toHaveLength(7)
    expect(most).toBe(4)
  }))

const stale = { resourceVersion: '1' }

test('where only creates are parallel, what follows them goes one by one', () =>
  withApi(async (api) => {
    const writer = new Writer({ api, manager: 'test' })
    const made = await writer.run({ steps: [create('a'), create('b'), create('c')] })
    const [a, b, c] = made.results.map((one) => (one.ok ? one.object : undefined))
    const updates = [a, b, c].map((object) => ({
      verb: 'update', ref: resources.configmaps,
      object: { ...object, metadata: { ...object?.metadata, ...(object === b && stale) } },
    } as Step))
    const { results, error } = await writer.run({ steps: updates, parallel: 'creates' })
    expect(results.map(({ ok }) => ok)).toEqual([true, false])
    expect(error).toMatchObject({ reason: 'Conflict' })
  }))

test('deleting what is gone is done; another uid is never touched', () =>
  withApi(async (api) => {
    const writer = new Writer({ api, manager: 'test' })
    expect((await writer.run({ steps: [remove('nobody', 'u')] })).error).toBeUndefined()
    const made = await api.create(resources.configmaps, {
      metadata: { name: 'a', namespace: 'default' },
    })
    const { error } = await writer.run({
      steps: [remove('a', '00000000-0000-4000-8000-000000000001')],
    })
    expect(error).toMatchObject({ reason: 'Conflict' })
    const done = await writer.run({ steps: [remove('a', made.metadata.uid)] })
    expect(done.expected).toEqual([
      { resource: 'configmaps', uid: made.metadata.uid, at: 'gone' },
    ])
  }))

test('a quiet failure ends the run without an error', () =>
  withApi(async (api) => {
    const writer = new Writer({
      api,
      manager: 'test',
      endsQuietly: (error) => error.reason === 'Invalid',
    })
    const { error, results } = await writer.run({ steps: [create('A!'), create('b')] })
    expect(error).toBeUndefined()
    expect(results).toHaveLength(1)
  }))

test('only a clear refusal had no effect', () => {
  void cause
  expect(effectUnknown(new Error('connection lost'))).toBe(true)
})

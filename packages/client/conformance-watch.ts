import { resources } from '@slicewise/kube'
import { expect } from 'vitest'
import { type OpenApi, refusal, scene, summary, watched } from './conformance-subject.ts'

const { configmaps } = resources
const own = { labelSelector: 'suite' }
const mine = { labels: { suite: 'x' } }

export function watchingCases(open: OpenApi): void {
  startsOfWatches(open)
  selectedWatches(open)
}

function startsOfWatches(open: OpenApi): void {
  scene(open, 'a watch from a list misses and repeats nothing', async given => {
    const { api, namespace, configMap } = given
    await configMap('before', {}, mine)
    const { resourceVersion } = (await api.list(configmaps, { namespace })).metadata
    const made = await configMap('a', { k: '1' }, mine)
    const from = { namespace, resourceVersion, ...own }
    const events = await watched(api, configmaps, from, seen => seen.length === 3, async () => {
      await api.update(configmaps, { ...made, data: { k: '2' } })
      await api.delete(configmaps, { namespace, name: 'a' })
    })
    expect(summary(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
    const revisions = events.map(one => (one.type === 'BOOKMARK' ? 0
      : Number(one.object.metadata.resourceVersion)))
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b))
    expect(new Set(revisions).size).toBe(3)
    const last = events[2]
    expect(last?.type === 'DELETED' && last.object.data).toEqual({ k: '2' })
  })

  scene(open, 'a watch without a revision starts with what is there', async given => {
    const { api, namespace, configMap } = given
    await configMap('a', {}, mine)
    await configMap('b', {}, mine)
    const events = await watched(api, configmaps, { namespace, ...own }, seen => seen.length >= 3,
      async () => { await configMap('c', {}, mine) })
    expect(summary(events).sort()).toEqual(['ADDED a', 'ADDED b', 'ADDED c'])
  })

  scene(open, 'a watch-list says when the state is complete', async given => {
    const { api, namespace, configMap } = given
    await configMap('a', {}, mine)
    const options = { namespace, ...own, sendInitialEvents: true, allowWatchBookmarks: true }
    let more = false
    const events = await watched(api, configmaps, options, seen => {
      if (!more && seen.some(one => one.type === 'BOOKMARK')) {
        more = true
        void configMap('b', {}, mine)
      }
      return seen.length === 3
    })
    expect(summary(events)).toEqual(['ADDED a', 'BOOKMARK', 'ADDED b'])
    const mark = events[1]
    expect(mark?.type === 'BOOKMARK' && mark.initialEventsEnd).toBe(true)
  })
}

function selectedWatches(open: OpenApi): void {
  scene(open, 'entering and leaving a selection are ADDED and DELETED', async given => {
    const { api, namespace, configMap } = given
    const made = await configMap('a', { k: 'old' })
    const { resourceVersion } = (await api.list(configmaps, { namespace })).metadata
    const from = { namespace, resourceVersion, labelSelector: 'on=yes' }
    const events = await watched(api, configmaps, from, seen => seen.length === 3, async () => {
      const on = await api.update(configmaps,
        { ...made, metadata: { ...made.metadata, labels: { on: 'yes' } } })
      const changed = await api.update(configmaps, { ...on, data: { k: 'new' } })
      await api.update(configmaps,
        { ...changed, data: { k: 'newer' }, metadata: { ...changed.metadata, labels: {} } })
    })
    expect(summary(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
    const [, modified, left] = events
    if (modified?.type !== 'MODIFIED' || left?.type !== 'DELETED') throw new Error('other events')
    expect(left.object.data).toEqual({ k: 'new' })
    expect(Number(left.object.metadata.resourceVersion))
      .toBeGreaterThan(Number(modified.object.metadata.resourceVersion))
  })

  scene(open, 'one object is watched by its name', async ({ api, namespace, configMap }) => {
    const options = { namespace, fieldSelector: 'metadata.name=b' }
    const events = await watched(api, configmaps, options, seen => seen.length === 1, async () => {
      await configMap('a')
      await configMap('b')
    })
    expect(summary(events)).toEqual(['ADDED b'])
  })

  scene(open, 'a watch ends when its time is over', async ({ api, namespace }) => {
    const events: unknown[] = []
    const { resourceVersion } = (await api.list(configmaps, { namespace })).metadata
    const options = { namespace, resourceVersion, timeoutSeconds: 1 }
    for await (const event of api.watch(configmaps, options)) events.push(event)
    expect(events).toEqual([])
  })

  scene(open, 'a watch of what is wrong is refused', async ({ api, namespace }) => {
    const read = async (options: object): Promise<void> => {
      for await (const _ of api.watch(configmaps, { namespace, ...options })) return
    }
    expect(await refusal(read({ fieldSelector: 'data.k=v' }))).toMatchObject({ code: 400 })
    expect(await refusal(read({ labelSelector: 'a=b=c' }))).toMatchObject({ code: 400 })
  })
}

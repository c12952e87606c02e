import fc from 'fast-check'
import type { Change, ConfigMap, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Cache } from './cache.ts'
import { stored, testEnv } from './test-objects.ts'

/** `a@1` for a state with its uid's number and revision; what happened to which name. */
const told = ({ key, before, after }: Change<ConfigMap>): string => {
  const state = (one: Stored<ConfigMap> | undefined): string =>
    one === undefined ? '-' : `${one.metadata.uid}@${one.metadata.resourceVersion}`
  return `${key.split('/').at(-1)} ${state(before)} ${state(after)}`
}

function recorded(): { cache: Cache<ConfigMap>; changes: string[] } {
  const cache = new Cache<ConfigMap>({ env: testEnv() })
  const changes: string[] = []
  cache.onChange((change) => changes.push(told(change)))
  return { cache, changes }
}

const a = (revision: number, uid = 'u'): Stored<ConfigMap> => stored('a', revision, { uid })

type Feed = (cache: Cache<ConfigMap>) => void

test.each<[string, Feed, string[]]>([
  ['a new object', (cache) => cache.event('ADDED', a(2)), ['a - u@2']],
  ['a newer state', (cache) => {
    cache.event('ADDED', a(2))
    cache.event('MODIFIED', a(3))
  }, ['a - u@2', 'a u@2 u@3']],
  ['a state that is known, or older', (cache) => {
    cache.event('ADDED', a(3))
    cache.event('MODIFIED', a(3))
    cache.event('MODIFIED', a(2))
  }, ['a - u@3']],
  ['a deletion, twice', (cache) => {
    cache.event('ADDED', a(2))
    cache.event('DELETED', a(3))
    cache.event('DELETED', a(3))
  }, ['a - u@2', 'a u@2 -']],
  ['another object of the same name', (cache) => {
    cache.event('ADDED', a(2))
    cache.event('ADDED', a(5, 'v'))
  }, ['a - u@2', 'a u@2 -', 'a - v@5']],
  ['the late deletion of an earlier object', (cache) => {
    cache.event('ADDED', a(5, 'v'))
    cache.event('DELETED', a(4, 'u'))
  }, ['a - v@5']],
  ['a list without it', (cache) => {
    cache.event('ADDED', a(2))
    cache.replace([], '9')
  }, ['a - u@2', 'a u@2 -']],
  ['a list with it, newer', (cache) => {
    cache.event('ADDED', a(2))
    cache.replace([a(4)], '9')
  }, ['a - u@2', 'a u@2 u@4']],
  ['a list with another of its name', (cache) => {
    cache.event('ADDED', a(2))
    cache.replace([a(4, 'v')], '9')
  }, ['a - u@2', 'a u@2 -', 'a - v@4']],
])('Changes of %s', (_what, feed, expected) => {
  const { cache, changes } = recorded()
  feed(cache)
  expect(changes).toEqual(expected)
})

test('it is synced by the first complete state, and stays so', async () => {
  const { cache } = recorded()
  let synced = false
  void cache.whenSynced().then(() => {
    synced = true
  })
  cache.event('ADDED', a(2))
  await Promise.resolve()
  expect([cache.synced, synced]).toEqual([false, false])
  cache.replace([a(2)], '3')
  await cache.whenSynced()
  expect([cache.synced, synced]).toEqual([true, true])
})

test('progress is told after the Changes it covers, and never goes back', () => {
  const { cache, changes } = recorded()
  const progress: string[] = []
  cache.onProgress(() => progress.push(`${cache.revision} after ${changes.length}`))
  expect(cache.reached('1')).toBe(false)
  cache.replace([a(2)], '5')
  cache.progress('4')
  cache.progress('10')
  cache.event('MODIFIED', a(11))
  expect(progress).toEqual(['5 after 1', '10 after 1', '11 after 2'])
  expect([cache.reached('11'), cache.reached('12'), cache.reached('9')])
    .toEqual([true, false, true])
})

test('a listener that comes late may ask for what is there', () => {
  const { cache } = recorded()
  cache.replace([a(2), stored('b', 3)], '5')
  const replayed: string[] = []
  const silent: string[] = []
  cache.onChange((change) => replayed.push(told(change)), { replay: true })
  cache.onChange((change) => silent.push(told(change)))
  cache.event('DELETED', a(6))
  expect(replayed).toEqual(['a - u@2', 'b - uid-b@3', 'a u@2 -'])
  expect(silent).toEqual(['a u@2 -'])
})

test('objects are frozen where that is checked', () => {
  const { cache } = recorded()
  cache.event('ADDED', stored('b', 2, { labels: { x: 'y' } }))
  const labels = cache.get('default/b' as never)?.metadata.labels as Record<string, string>
  expect(() => {
    labels['x'] = 'z'
  }).toThrow(TypeError)
})

/** One step of what a server may send. */
const step = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  what: fc.constantFrom('put', 'put', 'delete', 'recreate', 'repeat', 'list'),
})

test('Changes are continuous, and indexes equal what a scan finds', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const cache = new Cache<ConfigMap>({ env: testEnv() })
    const byLabel = cache.index((one) => [one.metadata.labels?.['group'] ?? 'none', 'all'])
    const last = new Map<string, Stored<ConfigMap>>()
    cache.onChange(({ key, before, after }) => {
      expect(before).toBe(last.get(key))
      if (before !== undefined && after !== undefined) {
        expect(after.metadata.uid).toBe(before.metadata.uid)
      }
      if (after === undefined) last.delete(key)
      else last.set(key, after)
    })
    const truth = new Map<string, Stored<ConfigMap>>()
    for (const [at, { name, what }] of steps.entries()) {
      apply(cache, truth, { name, what, revision: at + 2 })
      expect(Object.fromEntries([...cache.values()].map((one) => [one.metadata.name, one])))
        .toEqual(Object.fromEntries(truth))
      for (const group of ['g0', 'g1', 'g2', 'all', 'none']) {
        const scan = [...cache.values()].filter((one) =>
          group === 'all' || (one.metadata.labels?.['group'] ?? 'none') === group)
        expect(new Set(byLabel.of(group))).toEqual(new Set(scan))
        expect(byLabel.count(group)).toBe(scan.length)
      }
    }
  }), { numRuns: 200 })
})

function apply(
  cache: Cache<ConfigMap>, truth: Map<string, Stored<ConfigMap>>,
  { name, what, revision }: { name: string; what: string; revision: number },
): void {
  const present = truth.get(name)
  if (what === 'list') return cache.replace([...truth.values()], String(revision))
  if (what === 'repeat') {
    if (present !== undefined) cache.event('MODIFIED', structuredClone(present))
    return
  }
  if (what === 'delete') {
    if (present === undefined) return
    truth.delete(name)
    return cache.event('DELETED', stored(name, revision, { uid: present.metadata.uid }))
  }
  const labels = { group: `g${revision % 3}` }
  const uid = what === 'recreate' ? `uid-${revision}` : present?.metadata.uid ?? `uid-${revision}`
  const next = stored(name, revision, { uid, labels })
  truth.set(name, next)
  cache.event(present === undefined ? 'ADDED' : 'MODIFIED', next)
}

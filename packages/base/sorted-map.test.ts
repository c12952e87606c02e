import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BugError } from './assert.ts'
import { SortedMap } from './sorted-map.ts'

const byKey = (a: [string, number], b: [string, number]): number => (a[0] < b[0] ? -1 : 1)

function sortedEntries(model: Map<string, number>): [string, number][] {
  return [...model].sort(byKey)
}

function expectSame(map: SortedMap<number>, model: Map<string, number>, from: string): void {
  const all = sortedEntries(model)
  expect(map.size).toBe(model.size)
  expect([...map]).toEqual(all)
  expect([...map.entries(from)]).toEqual(all.filter(([key]) => key >= from))
}

/** Few distinct keys, so that replacing and deleting hit; several share prefixes. */
const keys = fc.oneof(
  fc.nat(2000).map(n => `/k/${n}`),
  fc.nat(50).map(n => `/k/${'a'.repeat(n % 7)}/${n}`),
)
const steps = fc.array(fc.tuple(keys, fc.nat(9), fc.nat()), { minLength: 1, maxLength: 2500 })

test('a sorted map behaves as a plain map that is sorted when read', () => {
  fc.assert(
    fc.property(steps, keys, (run, from) => {
      const map = new SortedMap<number>()
      const model = new Map<string, number>()
      for (const [key, kind, value] of run) {
        if (kind < 3) expect(map.delete(key)).toBe(model.delete(key))
        else {
          expect(map.set(key, value)).toBe(!model.has(key))
          model.set(key, value)
        }
        expect(map.get(key)).toBe(model.get(key))
      }
      expectSame(map, model, from)
    }),
    { seed: 11, numRuns: 60 },
  )
})

test.each([
  ['in order', (n: number) => n],
  ['backwards', (n: number) => 99_999 - n],
  ['mixed', (n: number) => (n * 61_813) % 100_000],
])('100,000 keys that come %s are walked in order, then deleted to nothing', (_, place) => {
  const map = new SortedMap<number>()
  for (let n = 0; n < 100_000; n++) map.set(`/p/${String(place(n)).padStart(6, '0')}`, n)
  expect(map.size).toBe(100_000)
  let last = ''
  for (const key of map.keys()) {
    if (key <= last) throw new Error(`${key} after ${last}`)
    last = key
  }
  for (let n = 0; n < 100_000; n += 2) map.delete(`/p/${String(n).padStart(6, '0')}`)
  expect(map.size).toBe(50_000)
  expect(map.entries('/p/050000').next().value?.[0]).toBe('/p/050001')
  for (let n = 1; n < 100_000; n += 2) map.delete(`/p/${String(n).padStart(6, '0')}`)
  expect([...map]).toEqual([])
})

test('walk visits the keys of a prefix from a key on until it is told to stop', () => {
  const map = new SortedMap<number>()
  for (const key of ['/a', '/a/1', '/a/2', '/a/3', '/ab/1', '/b/1']) map.set(key, map.size)
  const seen = (prefix: string, from: string, limit = 99): string[] => {
    const found: string[] = []
    map.walk(prefix, from, (_, key) => found.push(key) < limit)
    return found
  }
  expect(seen('/a', '')).toEqual(['/a', '/a/1', '/a/2', '/a/3', '/ab/1'])
  expect(seen('/a/', '')).toEqual(['/a/1', '/a/2', '/a/3'])
  expect(seen('/a/', '/a/2')).toEqual(['/a/2', '/a/3'])
  expect(seen('/a/', '/a/', 2)).toEqual(['/a/1', '/a/2'])
  expect(seen('/a/', '/b/')).toEqual([])
  expect(seen('/c', '')).toEqual([])
})

test('a walk over a map that lost or gained a key stops with a bug', () => {
  const map = new SortedMap<number>()
  for (const key of ['a', 'b', 'c']) map.set(key, 1)
  expect(() => {
    for (const [key] of map) map.delete(key)
  }).toThrow(BugError)
  expect(() => map.walk('', '', () => void map.set('z', 1))).toThrow(BugError)
  for (const [key] of map) map.set(key, 2)
  expect([...map].map(([, value]) => value)).toEqual([2, 2, 2])
})

test('has, get and clear', () => {
  const map = new SortedMap<undefined | number>()
  expect([map.has('a'), map.get('a'), map.delete('a')]).toEqual([false, undefined, false])
  map.set('a', undefined)
  expect([map.has('a'), map.get('a')]).toEqual([true, undefined])
  map.clear()
  expect([map.has('a'), map.size]).toEqual([false, 0])
})

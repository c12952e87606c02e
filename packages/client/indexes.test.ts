import type { ConfigMap, ObjectKey } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Index } from './indexes.ts'
import { stored } from './test-objects.ts'

const key = (name: string): ObjectKey => `default/${name}` as ObjectKey
const groups = (text: string): Record<string, string> => ({ groups: text })

function indexed(): Index<ConfigMap> {
  return new Index<ConfigMap>((one) => one.metadata.labels?.['groups']?.split('.') ?? [])
}

test('an object stands in each of its groups, in its newest state', () => {
  const index = indexed()
  const first = stored('a', 2, { labels: groups('x.y') })
  const second = stored('a', 3, { labels: groups('y.z') })
  index.apply(key('a'), undefined, first)
  expect([index.of('x'), index.of('y'), index.of('z')]).toEqual([[first], [first], []])
  index.apply(key('a'), first, second)
  expect([index.of('x'), index.of('y'), index.of('z')]).toEqual([[], [second], [second]])
  index.apply(key('a'), second, undefined)
  expect(['x', 'y', 'z'].map((text) => index.count(text))).toEqual([0, 0, 0])
})

test('a group keeps the order in which objects joined', () => {
  const index = indexed()
  const states = ['c', 'a', 'b'].map((name, at) => stored(name, at + 2, { labels: groups('x') }))
  for (const one of states) index.apply(key(one.metadata.name), undefined, one)
  const newer = stored('c', 9, { labels: groups('x') })
  index.apply(key('c'), states[0], newer)
  expect(index.of('x').map((one) => one.metadata.resourceVersion)).toEqual(['9', '3', '4'])
})

test('what it gave stays as it was', () => {
  const index = indexed()
  index.apply(key('a'), undefined, stored('a', 2, { labels: groups('x') }))
  const given = index.of('x')
  index.apply(key('b'), undefined, stored('b', 3, { labels: groups('x') }))
  expect(given).toHaveLength(1)
})

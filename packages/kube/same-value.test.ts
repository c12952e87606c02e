import { expect, test } from 'vitest'
import { sameValue } from './same-value.ts'

const pairs: [string, unknown, unknown, boolean][] = [
  ['nothing and null', undefined, null, true],
  ['nothing and an empty list', undefined, [], true],
  ['an empty map and an empty list', {}, [], true],
  ['a map of empty things', { a: {}, b: [] }, undefined, true],
  ['a list of empty things', [{}], [], false],
  ['zero is something', 0, undefined, false],
  ['an empty text is something', '', undefined, false],
  ['an absent and an empty member', { a: 1, b: [] }, { a: 1 }, true],
  ['another member', { a: 1 }, { a: 1, b: 2 }, false],
  ['lists in another order', [1, 2], [2, 1], false],
  ['a name that every object inherits', {}, { constructor: 'x' }, false],
  ['the same name and nothing in it', {}, { constructor: null }, true],
]
test.each(pairs)('%s', (_name, left, right, same) => {
  expect(sameValue(left, right)).toBe(same)
  expect(sameValue(right, left)).toBe(same)
})

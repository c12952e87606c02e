import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameJson } from './equal.ts'

const pairs: [string, unknown, unknown, boolean][] = [
  ['numbers', 1, 1, true],
  ['a number and a text', 1, '1', false],
  ['null and nothing', null, undefined, false],
  ['null and an empty object', null, {}, false],
  ['lists in order', [1, 2], [1, 2], true],
  ['lists in another order', [1, 2], [2, 1], false],
  ['a longer list', [1], [1, 2], false],
  ['a list and an object', [], {}, false],
  ['a list and an object with its members', ['a'], { 0: 'a' }, false],
  ['members in another order', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ['a member too many', { a: 1 }, { a: 1, b: 2 }, false],
  ['another name', { a: 1 }, { b: 1 }, false],
  ['undefined members are absent', { a: 1, b: undefined }, { a: 1, c: undefined }, true],
  ['a null member is there', { a: null }, {}, false],
  ['inherited names are no members', { constructor: {} }, {}, false],
  ['nor are they on the other side', {}, { toString: {} }, false],
  ['a member called __proto__', JSON.parse('{"__proto__":{}}'), {}, false],
  ['the same member called __proto__',
    JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}'), true],
  ['another member called __proto__',
    JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}'), false],
]
test.each(pairs)('%s', (_name, a, b, same) => {
  expect(sameJson(a, b)).toBe(same)
  expect(sameJson(b, a)).toBe(same)
})

/** Text with sorted members: equal exactly where the values are. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const members = Object.entries(value).map(([name, one]) =>
    `${JSON.stringify(name)}:${canonical(one)}`)
  return `{${members.sort().join()}}`
}

test('it agrees with a text of sorted members', () => {
  const options = { maxDepth: 3, noUnicodeString: true }
  fc.assert(fc.property(fc.jsonValue(options), fc.jsonValue(options), (a, b) => {
    expect(sameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true)
    expect(sameJson(a, b)).toBe(canonical(a) === canonical(b))
  }), { seed: 20_260_101, numRuns: 500 })
})

import { describe, expect, test } from 'vitest'
import {
  everything, matchesSelector, nothing, parseSelector, printSelector, selectorFrom,
  selectorFromLabels,
} from './selector.ts'

const printed: readonly (readonly [text: string, printed: string])[] = [
  ['', ''],
  [' ', ''],
  ['a=b', 'a=b'],
  ['a==b', 'a=b'],
  [' a = b , c != d', 'a=b,c!=d'],
  ['z=1,a=2', 'a=2,z=1'],
  ['x=', 'x='],
  ['x=,z= ', 'x=,z='],
  ['!x', '!x'],
  ['x', 'x'],
  ['x>1', 'x>1'],
  ['x in (b,a,b)', 'x in (a,b)'],
  ['x in ()', 'x in ()'],
  ['x notin (, a)', 'x notin (,a)'],
  ['x in (a,,)', 'x in (,a)'],
  ['a in (x,y,notin, z,in)', 'a in (in,notin,x,y,z)'],
  ['this-is.domain.com/key_with in (so,what)', 'this-is.domain.com/key_with in (so,what)'],
  ['in=in', 'in=in'],
  ['x in (abc),y', 'x in (abc),y'],
]

test.each(printed)('%j is read', (text, expected) => {
  const selector = parseSelector(text)
  expect(printSelector(selector)).toBe(expected)
  expect(parseSelector(expected)).toEqual(selector)
})

const refused: readonly (readonly [text: string, part: string])[] = [
  ['a in', "found '' expected: '('"],
  ['a in (xyz),', "expected: identifier after ','"],
  ['a in (xyz)b notin ()', "expected: ',' or 'end of string'"],
  ['a in (xyz abc)', "expected: ',' or ')'"],
  ['x nott in (y)', "found 'nott', expected: in, notin, =, ==, !=, gt, lt"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['=b', "expected: !, identifier, or 'end of string'"],
  ['!', 'expected: identifier'],
  ['x>b', 'must be an integer'],
  ['x>99999999999999999999', 'must be an integer'],
  ['A/B/C=x', 'Invalid value: "A/B/C"'],
  ['x=-a', 'Invalid value: "-a"'],
  [`x=${'a'.repeat(64)}`, 'a valid label'],
  ['!x=a', "found '='"],
]

test.each(refused)('%j is refused', (text, part) => {
  expect(() => parseSelector(text)).toThrow(expect.objectContaining({
    reason: 'BadRequest', message: expect.stringContaining(part),
  }))
})

const labels = { app: 'web', tier: '', size: '10', big: '9223372036854775807' }
const matching: readonly (readonly [text: string, matches: boolean])[] = [
  ['', true],
  ['app=web', true], ['app=db', false], ['app!=db', true], ['app!=web', false],
  ['missing!=x', true], ['missing=', false], ['tier=', true], ['tier', true], ['!tier', false],
  ['app in (db,web)', true], ['app notin (db)', true], ['missing notin (a)', true],
  ['missing in (a)', false], ['tier in ()', true],
  ['size>9', true], ['size>10', false], ['size<11', true], ['app>1', false], ['missing<1', false],
  ['big>9223372036854775806', true],
  ['app=web,size=11', false], ['toString', false], ['!toString', true],
]

test.each(matching)('%j matches: %s', (text, matches) => {
  expect(matchesSelector(parseSelector(text), labels)).toBe(matches)
})

describe('LabelSelector objects', () => {
  test('absent selects nothing, empty everything', () => {
    expect(selectorFrom(undefined)).toBe(nothing)
    expect(matchesSelector(nothing, {})).toBe(false)
    expect(selectorFrom({})).toEqual(everything)
    expect(matchesSelector(everything, undefined)).toBe(true)
  })
  test('labels and expressions become one sorted selector', () => {
    const selector = selectorFrom({
      matchLabels: { z: '1', a: '2' },
      matchExpressions: [
        { key: 'm', operator: 'In', values: ['y', 'x'] },
        { key: 'k', operator: 'DoesNotExist' },
        { key: 'e', operator: 'Exists', values: [] },
        { key: 'n', operator: 'NotIn', values: ['q'] },
      ],
    })
    expect(printSelector(selector)).toBe('a=2,e,!k,m in (x,y),n notin (q),z=1')
  })
  test.each([
    [{ key: 'a', operator: 'Near' }, '"Near" is not a valid label selector operator'],
    [{ key: 'a', operator: 'toString' }, 'is not a valid label selector operator'],
    [{ key: 'a', operator: 'In' }, "values set can't be empty"],
    [{ key: 'a', operator: 'Exists', values: ['b'] }, 'values set must be empty'],
  ])('%j is refused', (expression, part) => {
    expect(() => selectorFrom({ matchExpressions: [expression] })).toThrow(part)
  })
  test('the selector of a Service demands every label', () => {
    expect(printSelector(selectorFromLabels({ b: '2', a: '1' }))).toBe('a=1,b=2')
  })
})

import { expect, test } from 'vitest'
import {
  type FieldSelector, checkFieldSelector, exactFieldValue, matchesFieldSelector,
  parseFieldSelector, printFieldSelector,
} from './field-selector.ts'

test.each<[string, FieldSelector]>([
  ['', []],
  ['a=b', [{ field: 'a', operator: '=', value: 'b' }]],
  ['a==b,c!=d', [
    { field: 'a', operator: '=', value: 'b' }, { field: 'c', operator: '!=', value: 'd' },
  ]],
  ['a=', [{ field: 'a', operator: '=', value: '' }]],
  ['a=x\\,y\\=z\\\\', [{ field: 'a', operator: '=', value: 'x,y=z\\' }]],
  [',a=b,', [{ field: 'a', operator: '=', value: 'b' }]],
])('%j is read and printed', (text, expected) => {
  const selector = parseFieldSelector(text)
  expect(selector).toEqual(expected)
  expect(parseFieldSelector(printFieldSelector(selector))).toEqual(selector)
})

test.each([
  ['foo', "invalid selector: 'foo'; can't understand 'foo'"],
  ['a=x\\q', 'invalid field selector: invalid escape sequence: \\q'],
  ['a=x\\', 'invalid field selector: invalid escape sequence: \\'],
  ['a!==b', 'unescaped character in value: 61'],
])('%j is refused', (text, message) => {
  expect(() => parseFieldSelector(text)).toThrow(
    expect.objectContaining({ reason: 'BadRequest', message: expect.stringContaining(message) }),
  )
})

test('unknown fields are refused', () => {
  const known = (field: string): boolean => field === 'metadata.name'
  checkFieldSelector(parseFieldSelector('metadata.name!=a'), known)
  expect(() => checkFieldSelector(parseFieldSelector('foo=a'), known))
    .toThrow('field label not supported: foo')
})

test.each([
  ['', true], ['metadata.name=a', true], ['metadata.name!=a', false], ['status.phase=', true],
  ['status.phase!=Running', true], ['metadata.name=a,status.phase=Running', false],
])('%j matches: %s', (text, matches) => {
  const valueOf = (field: string): string => (field === 'metadata.name' ? 'a' : '')
  expect(matchesFieldSelector(parseFieldSelector(text), valueOf)).toBe(matches)
})

test('an exact demand is found', () => {
  const selector = parseFieldSelector('spec.nodeName!=b,metadata.name=a')
  expect(exactFieldValue(selector, 'metadata.name')).toBe('a')
  expect(exactFieldValue(selector, 'spec.nodeName')).toBeUndefined()
})

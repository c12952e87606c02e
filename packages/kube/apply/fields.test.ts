import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type FieldSet, FieldCollector, type FieldsV1, covers, difference, fieldSetOf, intersection,
  isEmpty, noFields, parseFields, pathsOf, printFields, printPath, touches, union, without,
} from './fields.ts'

const element = fc.oneof(
  fc.constantFrom('f:a', 'f:b', 'f:c', 'f:__proto__', 'f:x.y/z'),
  fc.constantFrom('k:{"name":"a"}', 'k:{"port":80,"protocol":"TCP"}', 'v:"x"', 'v:1'),
)
const path = fc.array(element, { minLength: 1, maxLength: 4 })
const arbitrarySet = fc.array(path, { maxLength: 8 }).map((paths): FieldSet => {
  const set = new FieldCollector()
  for (const one of paths) set.add(one, one.length)
  return set
})
const texts = (set: FieldSet): string[] => [...pathsOf(set)].map((one) => one.join(' '))
const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort()

/** The algebra is checked against sets of paths. */
describe('the algebra of sets', () => {
  const laws: Record<string, (left: string[], right: string[]) => string[]> = {
    union: (left, right) => [...left, ...right],
    difference: (left, right) => left.filter((one) => !right.includes(one)),
    intersection: (left, right) => left.filter((one) => right.includes(one)),
    without: (left, right) => left.filter((one) =>
      !right.some((gone) => one === gone || one.startsWith(`${gone} `))),
  }
  const own = { union, difference, intersection, without }
  test.each(Object.entries(own))('%s', (name, operation) => {
    fc.assert(fc.property(arbitrarySet, arbitrarySet, (left, right) => {
      const before = [texts(left), texts(right)]
      const result = operation(left, right)
      expect(sorted(texts(result))).toEqual(sorted(laws[name]!(texts(left), texts(right))))
      expect([texts(left), texts(right)]).toEqual(before)
      expect(isEmpty(result)).toBe(texts(result).length === 0)
    }), { seed: 5, numRuns: 300 })
  })
})

test('fieldsV1 comes back as it was', () => {
  fc.assert(fc.property(arbitrarySet, (set) => {
    const fields = JSON.parse(JSON.stringify(printFields(set))) as FieldsV1
    expect(texts(parseFields(fields))).toEqual(texts(set))
    expect(printFields(parseFields(fields))).toEqual(fields)
  }), { seed: 6, numRuns: 300 })
})

test('written fields answer as the set does', () => {
  fc.assert(fc.property(arbitrarySet, arbitrarySet, (left, right) => {
    const fields = printFields(left)
    expect(touches(fields, right)).toBe(!isEmpty(intersection(left, right)))
    expect(covers(fields, right)).toBe(isEmpty(difference(right, left)))
  }), { seed: 8, numRuns: 300 })
})

test.each<[readonly string[], string]>([
  [['f:spec', 'f:replicas'], '.spec.replicas'],
  [['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:name'],
    '.spec.ports[port=80,protocol="TCP"].name'],
  [['f:metadata', 'f:finalizers', 'v:"a.b/c"'], '.metadata.finalizers[="a.b/c"]'],
  [['f:list', 'i:3'], '.list[3]'],
])('%j is %s', (given, text) => expect(printPath(given)).toBe(text))

test('keys are brought into order', () => {
  expect(printFields(parseFields({ 'k:{"protocol": "TCP", "port": 80}': {} })))
    .toEqual({ 'k:{"port":80,"protocol":"TCP"}': {} })
})

test.each([
  'x', 5, [], { 'f:a': 1 }, { 'q:a': {} }, { 'k:{': {} }, { 'v:x': {} }, { 'i:x': {} }, { '': {} },
  JSON.parse(`${'{"f:a":'.repeat(5000)}{}${'}'.repeat(5000)}`),
])('%.40j is no fieldsV1', (fields) => expect(() => parseFields(fields)).toThrow(RangeError))

test('sets by name', () => {
  expect(texts(fieldSetOf([['status'], ['metadata', 'labels']])))
    .toEqual(['f:metadata f:labels', 'f:status'])
  expect(isEmpty(noFields)).toBe(true)
})

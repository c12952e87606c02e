import { expect, test } from 'vitest'
import { resourceTable } from '../resources.ts'
import { mergePatch } from './merge.ts'
import { type JsonObject, decodePatched } from './result.ts'

test.each<[JsonObject, unknown, JsonObject]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{}, { a: [null, { b: null }] }, { a: [null, {}] }],
  [{ a: 1 }, JSON.parse('{"__proto__":{"x":1}}'),
    JSON.parse('{"a":1,"__proto__":{"x":1}}') as JsonObject],
])('%j and %j', (document, patch, merged) => {
  expect(JSON.stringify(mergePatch(structuredClone(document), patch))).toBe(JSON.stringify(merged))
})

test.each([[[]], ['x'], [null], [5]])('%j is refused', (patch) => {
  expect(() => mergePatch({}, patch)).toThrow(expect.objectContaining({ code: 400 }))
})

test('hostile nesting is refused', () => {
  const deep = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`) as unknown
  expect(() => mergePatch({}, deep)).toThrow('exceeded max depth')
})

const { schema } = resourceTable.find((row) => row.resource === 'configmaps')!

test.each<[string, object, string]>([
  ['a wrong type', { data: { a: 5 } },
    'cannot unmarshal number into Go struct field ConfigMap.data'],
  ['an unknown field', { foo: 1 }, 'strict decoding error: unknown field "foo"'],
])('%s is one cause of the field patch', (_, patch, part) => {
  expect(() => decodePatched(schema, mergePatch({ data: { b: '1' } }, patch), 'Strict'))
    .toThrow(expect.objectContaining({
      code: 422,
      details: expect.objectContaining({ causes: [{
        field: 'patch', reason: 'FieldValueInvalid', message: expect.stringContaining(part),
      }] }),
    }))
})

test('findings of the patch come first and are dropped when ignored', () => {
  const read = (mode: 'Ignore' | 'Warn'): readonly string[] =>
    decodePatched(schema, { foo: 1 }, mode, ['duplicate field "data.a"']).findings
  expect(read('Warn')).toEqual(['duplicate field "data.a"', 'unknown field "foo"'])
  expect(read('Ignore')).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { applyJsonPatch, readJsonPatch } from './json.ts'
import type { JsonObject } from './result.ts'

const live = { metadata: { name: 'x' }, data: { a: '1', b: '2' }, list: ['p', 'q'] }
const run = (patch: unknown, on: object = live): JsonObject =>
  applyJsonPatch(structuredClone(on) as JsonObject, readJsonPatch(patch))

test.each<[string, unknown, object]>([
  ['add a member', [{ op: 'add', path: '/data/c', value: '3' }],
    { data: { a: '1', b: '2', c: '3' } }],
  ['add replaces', [{ op: 'add', path: '/data/a', value: '3' }], { data: { a: '3', b: '2' } }],
  ['add without a value adds null', [{ op: 'add', path: '/data/a' }],
    { data: { a: null, b: '2' } }],
  ['add to a list', [
    { op: 'add', path: '/list/0', value: 'o' }, { op: 'add', path: '/list/-', value: 'r' },
    { op: 'add', path: '/list/4', value: 's' },
  ], { list: ['o', 'p', 'q', 'r', 's'] }],
  ['remove', [{ op: 'remove', path: '/data/a' }, { op: 'remove', path: '/list/0' }],
    { data: { b: '2' }, list: ['q'] }],
  ['remove from the end', [{ op: 'remove', path: '/list/-1' }], { list: ['p'] }],
  ['replace what is missing', [{ op: 'replace', path: '/data/c', value: '3' }],
    { data: { a: '1', b: '2', c: '3' } }],
  ['replace in a list', [{ op: 'replace', path: '/list/1', value: 'z' }], { list: ['p', 'z'] }],
  ['replace the whole', [{ op: 'replace', path: '', value: { z: 1 } }],
    { z: 1, metadata: undefined, data: undefined, list: undefined }],
  ['move', [{ op: 'move', from: '/data/a', path: '/data/c' }], { data: { b: '2', c: '1' } }],
  ['move in a list', [{ op: 'move', from: '/list/0', path: '/list/1' }], { list: ['q', 'p'] }],
  ['copy is a copy', [
    { op: 'copy', from: '/data', path: '/other' }, { op: 'add', path: '/other/a', value: '9' },
  ], { data: { a: '1', b: '2' }, other: { a: '9', b: '2' } }],
  ['copy what is missing', [{ op: 'copy', from: '/data/z', path: '/data/c' }],
    { data: { a: '1', b: '2', c: null } }],
  ['escapes', [{ op: 'add', path: '/data/q~1r~0~01', value: '5' }],
    { data: { a: '1', b: '2', 'q/r~~1': '5' } }],
  ['a path without its slash', [{ op: 'add', path: 'nothing/data/c', value: '5' }],
    { data: { a: '1', b: '2', c: '5' } }],
  ['tests that hold', [
    { op: 'test', path: '/data', value: { b: '2', a: '1' } },
    { op: 'test', path: '/none', value: null },
    { op: 'test', path: '', value: live }, { op: 'test', path: '/list/-1', value: 'q' },
  ], {}],
  ['a value used twice is two values', [
    { op: 'add', path: '/x', value: { y: [] } }, { op: 'add', path: '/x/y/-', value: 1 },
  ], { x: { y: [1] } }],
])('%s', (_, patch, changed) => {
  const given = structuredClone(patch)
  expect(run(patch)).toEqual({ ...live, ...changed })
  expect(patch).toEqual(given)
})

test.each<[string, unknown]>([
  ['remove what is missing', [{ op: 'remove', path: '/data/x' }]],
  ['a failed test', [{ op: 'test', path: '/data/a', value: '2' }]],
  ['a failed test of a type', [{ op: 'test', path: '/data', value: ['1', '2'] }]],
  ['an unknown operation', [{ op: 'foo', path: '/data/x' }]],
  ['no operation', [{ path: '/data/x' }]],
  ['no path', [{ op: 'add' }]],
  ['a path that is no text', [{ op: 'add', path: 5 }]],
  ['a missing parent', [{ op: 'add', path: '/x/y/z', value: 1 }]],
  ['a parent that is text', [{ op: 'add', path: '/data/a/z', value: 1 }]],
  ['the whole', [{ op: 'add', path: '', value: {} }]],
  ['the whole by a list', [{ op: 'replace', path: '', value: [] }]],
  ['beyond the list', [{ op: 'add', path: '/list/5', value: 'x' }]],
  ['before the list', [{ op: 'remove', path: '/list/-3' }]],
  ['no index', [{ op: 'add', path: '/list/x', value: 'x' }]],
  ['move what is missing', [{ op: 'move', from: '/data/z', path: '/data/c' }]],
  ['inherited members', [{ op: 'add', path: '/constructor/prototype/x', value: 1 }]],
  ['the prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }]],
  ['copies without end', Array.from({ length: 60 }, (_, at) =>
    ({ op: 'copy', from: '', path: `/data/c${at}` }))],
  ['copies that double', [{ op: 'add', path: '/d', value: {} },
    ...Array.from({ length: 60 }, (_, at) => ({ op: 'copy', from: '/d', path: `/d/c${at}` }))]],
])('cannot be done: %s', (_, patch) => {
  expect(() => run(patch)).toThrow(expect.objectContaining({
    code: 422, details: {},
    message: 'the server rejected our request due to an error in our request',
  }))
})

describe('reading', () => {
  test.each([
    [{}, 'cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    [[1], 'cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    [null, 'error decoding patch'],
  ])('%j is refused', (patch, part) => {
    expect(() => readJsonPatch(patch)).toThrow(
      expect.objectContaining({ code: 400, message: expect.stringContaining(part) }))
  })
  test('more than ten thousand operations are refused', () => {
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a' }))
    expect(() => readJsonPatch(many)).toThrow(expect.objectContaining({ code: 413 }))
    expect(readJsonPatch(many.slice(1)).operations).toHaveLength(10_000)
  })
  test('unknown members are found', () => {
    expect(readJsonPatch([{ op: 'add', path: '/a' }, { op: 'add', path: '/a', foo: 1 }]).findings)
      .toEqual(['json patch unknown field "[1].foo"'])
  })
})

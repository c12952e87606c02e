import { describe, expect, test } from 'vitest'
import { decodeObject, decodeText } from './decode.ts'
import { endpointSlice } from './kinds/endpoint-slice.ts'
import { objectMeta } from './kinds/meta.ts'
import {
  always, bool, bytes, field, inline, int32, int64, intOrString, list, map, message, microTime,
  quantity, raw, string, time,
} from './schema.ts'

const inner = message('io.k8s.api.test.v1.Inner', {
  name: always(1, string), note: field(2, string), count: field(3, int32, { pointer: true }),
})
const source = message('io.k8s.api.test.v1.Source', {
  alpha: field(1, inner, { pointer: true }), beta: field(2, bool),
})
const kind = message('io.k8s.api.test.v1.Thing', {
  metadata: field(1, objectMeta),
  text: field(2, string), pointed: field(3, string, { pointer: true }), stands: always(4, string),
  number: field(5, int32), big: field(6, int64), replicas: field(7, int32, { pointer: true }),
  flag: field(8, bool), bytes: field(9, bytes), when: field(10, time),
  stamped: always(11, time), micro: field(12, microTime, { pointer: true }),
  amount: field(13, quantity, { pointer: true }), divisor: always(14, quantity),
  port: field(15, intOrString), strings: field(16, list(string)), ints: field(17, list(int32)),
  inners: field(18, list(inner)), nils: always(19, list(inner)), labels: field(20, map(string)),
  blobs: field(21, map(bytes)), amounts: field(22, map(quantity)), any: field(23, raw),
  source: inline(24, source), struct: field(25, inner),
  pointer: field(26, inner, { pointer: true }),
  selector: always(27, inner, { pointer: true }), lists: field(28, map(list(string))),
})

const empty = {
  metadata: {}, stands: '', stamped: null, divisor: '0', nils: null, struct: { name: '' },
  selector: null,
}
const read = (json: unknown): unknown => decodeText(kind, JSON.stringify(json), 'Strict').value

const kept: readonly (readonly [given: Record<string, unknown>, added: object])[] = [
  [{}, {}],
  [{ kind: 'Thing', apiVersion: 'test/v1' }, { kind: 'Thing', apiVersion: 'test/v1' }],
  [{ text: '', number: 0, big: 0, flag: false, bytes: '', strings: [], labels: {}, port: 0 }, {}],
  [{ text: null, replicas: null, inners: null, struct: null, nils: null, metadata: null }, {}],
  [{ pointed: '', replicas: 0 }, { pointed: '', replicas: 0 }],
  [{ pointer: {} }, { pointer: { name: '' } }],
  [{ nils: [] }, { nils: null }],
  [{ inners: [null, { note: '', count: 0 }] }, { inners: [{ name: '' }, { name: '', count: 0 }] }],
  [{ strings: ['', null] }, { strings: ['', ''] }],
  [{ ints: [1, null] }, { ints: [1, 0] }],
  [{ labels: { a: null, b: '' } }, { labels: { a: '', b: '' } }],
  [{ blobs: { a: 'YWI=', b: null } }, { blobs: { a: 'YWI=', b: '' } }],
  [{ bytes: 'YWJj\nZGVm' }, { bytes: 'YWJjZGVm' }],
  [{ bytes: 'AB==', blobs: { a: 'AAF=' } }, { bytes: 'AA==', blobs: { a: 'AAE=' } }],
  [{ amounts: { cpu: 0.1, memory: '1.5Gi', n: 2, z: null } },
    { amounts: { cpu: '100m', memory: '1536Mi', n: '2', z: '0' } }],
  [{ amount: '0' }, { amount: '0' }],
  [{ alpha: { count: 1 }, beta: true }, { alpha: { name: '', count: 1 }, beta: true }],
  [{ any: { deep: [null, { x: 0 }] } }, { any: { deep: [null, { x: 0 }] } }],
  [{ lists: { a: ['x'], b: null } }, { lists: { a: ['x'], b: null } }],
  [{ port: 'http' }, { port: 'http' }],
  [{ when: '2026-01-01T02:00:00.9+02:00' }, { when: '2026-01-01T00:00:00Z' }],
  [{ when: '0001-01-01T00:00:00Z', stamped: '2024-02-29T23:59:59Z' },
    { stamped: '2024-02-29T23:59:59Z' }],
  [{ micro: '2026-01-01T02:00:00.123456+02:00' }, { micro: '2026-01-01T00:00:00.123456Z' }],
  [{ metadata: { creationTimestamp: null, labels: { a: 'b' }, ownerReferences: [{ uid: 'u' }] } }, {
    metadata: {
      labels: { a: 'b' }, ownerReferences: [{ uid: 'u', kind: '', name: '', apiVersion: '' }],
    },
  }],
]

test.each(kept)('%j is read as Go would write it back', (given, added) => {
  const value = read(given)
  expect(value).toEqual({ ...empty, ...added })
  expect(read(value)).toEqual(value)
})

test('null is an empty object', () => {
  expect(decodeText(kind, 'null', 'Strict').value).toEqual(empty)
})

const refused: readonly (readonly [given: unknown, part: string])[] = [
  [{ text: 1 }, 'json: cannot unmarshal number into Go struct field Thing.text of type string'],
  [{ metadata: { name: 5 } },
    'number into Go struct field ObjectMeta.metadata.name of type string'],
  [{ metadata: { labels: ['x'] } },
    'array into Go struct field ObjectMeta.metadata.labels of type map[string]string'],
  [{ metadata: 'a' }, 'string into Go struct field Thing.metadata of type v1.ObjectMeta'],
  [{ labels: { a: 1 } }, 'number into Go struct field Thing.labels of type string'],
  [{ inners: [{}, { count: '1' }] },
    'string into Go struct field Inner.inners.count of type int32'],
  [{ inners: {} }, 'object into Go struct field Thing.inners of type []v1.Inner'],
  [{ inners: [1] }, 'number into Go struct field Thing.inners of type v1.Inner'],
  [{ flag: 'true' }, 'string into Go struct field Thing.flag of type bool'],
  [{ number: 1.5 }, 'number 1.5 into Go struct field Thing.number of type int32'],
  [{ number: 2147483648 }, 'into Go struct field Thing.number of type int32'],
  [{ big: 1e19 }, 'of type int64'],
  [{ port: true }, 'bool into Go struct field Thing.port of type int32'],
  [{ port: 1.5 }, 'number 1.5 into Go struct field Thing.port of type int32'],
  [{ text: [] }, 'array into'],
  [{ strings: ['a', {}] }, 'object into Go struct field Thing.strings'],
  [{ bytes: '!!' }, 'illegal base64 data: bytes'], [{ blobs: { a: 'YQ' } }, 'data: blobs.a'],
  [{ amounts: { cpu: 'abc' } }, 'quantities must match'],
  [{ amount: true }, 'quantities must match'],
  [{ when: 'xx' }, 'parsing time "xx" as "2006-01-02T15:04:05Z07:00": cannot parse "xx": when'],
  [{ when: 5 }, 'number into Go struct field Thing.when of type string'],
  [{ when: '2026-02-29T00:00:00Z' }, 'parsing time'], [{ when: '2026-13-01T00:00:00Z' }, 'parsing'],
  [{ when: '2026-01-01 00:00:00Z' }, 'parsing time'], [{ when: '2026-01-01T24:00:00Z' }, 'parsing'],
  [{ micro: '2026-01-01T00:00:00Z' }, '.000000Z07:00'],
  [{ micro: '2026-01-01T00:00:00.123Z' }, '.0'],
  [[], 'couldn\'t get version/kind; json parse error: json: cannot unmarshal array'],
  ['x', 'cannot unmarshal string into Go value'], [{ source: {} }, 'unknown field "source"'],
]

test.each(refused)('%j is refused', (given, part) => {
  expect(() => read(given)).toThrow(expect.objectContaining({
    reason: 'BadRequest', message: expect.stringContaining(part),
  }))
})

test.each(['', '{', '{"metadata":{},}', '{} x', '{"a"'])('%j is not JSON', (text) => {
  expect(() => decodeText(kind, text, 'Ignore')).toThrow(
    expect.objectContaining({
      reason: 'BadRequest', message: expect.stringContaining('json parse error'),
    }),
  )
})

const found: readonly (readonly [text: string, findings: readonly string[]])[] = [
  ['{"text":"a","foo":1,"Text":"b"}', ['unknown field "foo"', 'unknown field "Text"']],
  ['{"labels":{"a":"1","a":"2"}}', ['duplicate field "labels.a"']],
  ['{"inners":[{},{"name":"x", "name" : "y","foo":{"a":1,"a":2}}]}',
    ['unknown field "inners[1].foo"', 'duplicate field "inners[1].name"']],
  ['{"text":":a","pointed":"{\\"text\\":1,\\"text\\":2}\\\\"}', []],
  ['{"a":1,"a":2}', ['unknown field "a"']],
  ['{"\\u0074ext":"a","text":"b"}', ['duplicate field "text"']],
  ['{"__proto__":{"text":"x"},"struct":{"__proto__":1}}',
    ['unknown field "__proto__"', 'unknown field "struct.__proto__"']],
  ['{"labels":{"__proto__":"x"}}', []],
]

describe('findings', () => {
  test.each(found)('%s', (text, findings) => {
    expect(decodeText(kind, text, 'Warn').findings).toEqual(findings)
    expect(decodeText(kind, text, 'Ignore').findings).toEqual([])
    if (findings.length === 0) return void decodeText(kind, text, 'Strict')
    expect(() => decodeText(kind, text, 'Strict')).toThrow(
      'Thing in version "v1" cannot be handled as a Thing: strict decoding error: '
        + findings.join(', '))
  })
  test('unknown fields are dropped, also __proto__; in maps it is a key like any other', () => {
    const text = '{"__proto__":{"text":"x"},"labels":{"__proto__":"x"}}'
    const { value } = decodeText(kind, text, 'Warn')
    expect(Object.hasOwn(value, '__proto__')).toBe(false)
    expect((value as { text?: string }).text).toBeUndefined()
    expect(JSON.stringify((value as { labels?: object }).labels)).toBe('{"__proto__":"x"}')
    expect(({} as { text?: string }).text).toBeUndefined()
  })
  test('are cut at a hundred', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f${at}`, at]))
    expect(decodeText(kind, JSON.stringify(many), 'Warn').findings).toHaveLength(100)
  })
  test('the v1beta1 field of an endpoint is named', () => {
    const endpoints = [{ addresses: ['10.0.0.1'], topology: { zone: 'a' } }]
    expect(() => decodeObject(endpointSlice, { addressType: 'IPv4', endpoints }, 'Strict'))
      .toThrow('unknown field "endpoints[0].topology"')
  })
})

describe('nesting', () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
  test('of unknown fields is harmless', () => {
    const { findings } = decodeText(kind, `{"foo":${nested(200_000)}}`, 'Warn')
    expect(findings).toEqual(['unknown field "foo"'])
  })
  test('of free-form values is bounded', () => {
    decodeText(kind, `{"any":${nested(900)}}`, 'Warn')
    expect(() => decodeText(kind, `{"any":${nested(5000)}}`, 'Ignore'))
      .toThrow('exceeded max depth')
  })
  test('beside a duplicate is walked without recursion', () => {
    const text = `{"text":"a","text":"b","foo":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`
    expect(decodeText(kind, text, 'Warn').findings).toContain('duplicate field "text"')
  })
})

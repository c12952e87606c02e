import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOf } from '../../tools/testkit/schema-arbitrary.ts'
import { decodeObject } from './decode.ts'
import { deleteOptions } from './kinds/meta.ts'
import { decodeProtobuf, encodeEnvelope, encodeProtobuf, readEnvelope } from './protobuf.ts'
import fixtures from './protobuf.fixtures.json' with { type: 'json' }
import { base64Of, bytesOfBase64 } from './protobuf-wire.ts'
import { resourceTable } from './resources.ts'
import {
  type MessageType, bytes, double, field, int32, int64, intOrString, list, map, message, microTime,
  raw, string, time,
} from './schema.ts'

const kinds: readonly (readonly [kind: string, schema: MessageType<unknown>])[] = [
  ...resourceTable.map((row) => [row.kind, row.schema] as const),
  ['DeleteOptions', deleteOptions] as const,
]

test.each(kinds)('%s comes back as it was sent', (_, schema) => {
  fc.assert(fc.property(arbitraryOf(schema), (given) => {
    const object = decodeObject(schema, JSON.parse(JSON.stringify(given)), 'Ignore').value
    const sent = encodeProtobuf(schema, object)
    expect(decodeProtobuf(schema, sent)).toEqual(object)
  }), { seed: 7, numRuns: 30 })
})

describe('bytes that the reference sent', () => {
  test.each(fixtures.map(({ json, base64 }) => [json.kind, json, base64] as const))(
    '%s', (kind, json, base64) => {
      const envelope = readEnvelope(bytesOfBase64(base64))
      const { schema } = resourceTable.find((row) => row.kind === kind)!
      const { kind: _, apiVersion, ...rest } = json
      expect([envelope.kind, envelope.apiVersion]).toEqual([kind, apiVersion])
      const object = decodeProtobuf(schema, envelope.raw)
      expect(object).toEqual(rest)
      expect(base64Of(encodeProtobuf(schema, object))).toBe(base64Of(envelope.raw))
    },
  )
})

const thing = message('io.k8s.api.test.v1.Thing', {
  text: field(1, string, { pointer: true }), ints: field(2, list(int32)),
  inner: field(3, message('io.k8s.api.test.v1.Inner', {
    a: field(1, string), b: field(2, string),
  }), { pointer: true }),
  when: field(4, time), micro: field(5, microTime), any: field(6, raw),
  port: field(7, intOrString), big: field(8, int64), half: field(9, double),
  blobs: field(10, map(bytes)), amount: field(11, int32, { pointer: true }),
})

const hex = (text: string): Uint8Array => Uint8Array.from(
  (text.replaceAll(' ', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
)

test.each<[string, object]>([
  ['10 01 10 02', { ints: [1, 2] }],
  ['12 03 01 ac 02', { ints: [1, 300] }],
  ['10 ff ff ff ff ff ff ff ff ff 01', { ints: [-1] }],
  ['1a 03 0a 01 78 1a 03 12 01 79', { inner: { a: 'x', b: 'y' } }],
  ['22 00', {}],
  ['22 02 08 01', { when: '1970-01-01T00:00:01Z' }],
  ['2a 07 08 01 10 e8 bc ee 01', { micro: '1970-01-01T00:00:01.003907Z' }],
  ['32 09 0a 07 7b 22 61 22 3a 31 7d', { any: { a: 1 } }],
  ['32 02 0a 00', {}],
  ['3a 08 08 01 10 00 1a 02 68 69', { port: 'hi' }],
  ['49 00 00 00 00 00 00 e0 3f', { half: 0.5 }],
  ['52 07 0a 01 61 12 02 ff 00', { blobs: { a: '/wA=' } }],
  ['52 03 0a 01 61', { blobs: { a: '' } }],
  ['0a 00 58 00', { text: '', amount: 0 }],
  ['f8 06 05 fa 06 01 00 fb 06 08 01 fc 06 fd 06 00 00 00 00', {}],
  ['0a 02 c3 28', { text: '\ufffd(' }],
])('%s is read', (text, json) => {
  const plain = decodeProtobuf(thing, hex(text)) as object
  expect(plain).toEqual(json)
})

test.each([
  '0a', '0a 05 61', '0a ff ff ff ff 0f', '10', '10 ff ff ff ff ff ff ff ff ff ff 01', '08 01',
  '00 00', '1a 02 0a 05', 'fb 06', 'fc 06', 'ff 06', '32 03 0a 01 7b',
  '22 09 08 ff ff ff ff ff ff ff 7f',
  '40 ff ff ff ff ff ff ff ff 7f', '12 01 80', '4a 00',
])('%s is refused', (text) => {
  expect(() => decodeProtobuf(thing, hex(text)))
    .toThrow(expect.objectContaining({ reason: 'BadRequest' }))
})

describe('the envelope', () => {
  test('holds kind and version', () => {
    const sent = encodeEnvelope(deleteOptions, 'v1', 'DeleteOptions', { gracePeriodSeconds: 0 })
    const { apiVersion, kind, raw: inside } = readEnvelope(sent)
    expect([apiVersion, kind]).toEqual(['v1', 'DeleteOptions'])
    expect(decodeProtobuf(deleteOptions, inside)).toEqual({ gracePeriodSeconds: 0 })
  })
  test.each(['', '78', '6b 38 73', '6b 38 73 01'])('is missing in %j', (text) => {
    expect(() => readEnvelope(hex(text))).toThrow('expected prefix [107 56 115 0]')
  })
})

test('damaged bytes are refused or read, never worse', () => {
  const { schema } = resourceTable.find((row) => row.resource === 'pods')!
  fc.assert(fc.property(arbitraryOf(schema), fc.nat(), fc.nat(255), (given, where, byte) => {
    const sent = encodeEnvelope(schema, 'v1', 'Pod',
      decodeObject(schema, JSON.parse(JSON.stringify(given)), 'Ignore').value)
    sent[where % sent.length] = byte
    try {
      decodeProtobuf(schema, readEnvelope(sent).raw)
    } catch (error) {
      expect(error).toMatchObject({ reason: 'BadRequest' })
    }
  }), { seed: 11, numRuns: 300 })
})

test('base64 goes both ways', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (some) => {
    expect(base64Of(some)).toBe(btoa(String.fromCharCode(...some)))
    expect(bytesOfBase64(base64Of(some))).toEqual(some)
  }), { seed: 3 })
})

/**
 * Objects on the wire as Go's clients send them: the `k8s` envelope and, by schema, any message.
 * Values pass through `decodeObject`, so that both media types give one canonical JSON.
 */
import { decodeObject } from './decode.ts'
import { isoSeconds } from './decode-scalar.ts'
import {
  WireReader, WireWriter, base64Of, bytesOfBase64, malformed, wire,
} from './protobuf-wire.ts'
import type { AnyType, Field, MessageType } from './schema.ts'
import { StatusError } from './status.ts'

export interface Envelope {
  readonly apiVersion: string
  readonly kind: string
  /** The object's own message. */
  readonly raw: Uint8Array
}

const magic = [0x6b, 0x38, 0x73, 0x00] as const
const utf8 = new TextDecoder()

/** Opens the envelope of a body. Throws `BadRequest` without the prefix or when malformed. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (magic.some((byte, at) => bytes[at] !== byte)) {
    throw new StatusError('BadRequest', 'provided data does not appear to be a protobuf message, '
      + 'expected prefix [107 56 115 0]')
  }
  const reader = new WireReader(bytes, magic.length)
  const found = { apiVersion: '', kind: '', raw: new Uint8Array(0) }
  while (!reader.done) {
    const { number, type } = reader.tag()
    if (type !== wire.bytes || number < 1 || number > 4) reader.skip(type)
    else if (number === 1) readTypeMeta(reader.message(), found)
    else if (number === 2) found.raw = reader.bytes() as Uint8Array<ArrayBuffer>
    else if (reader.text() !== '') throw malformed('the envelope has an encoding of its own')
  }
  return found
}

function readTypeMeta(reader: WireReader, found: { apiVersion: string; kind: string }): void {
  while (!reader.done) {
    const { number, type } = reader.tag()
    if (type === wire.bytes && number === 1) found.apiVersion = reader.text()
    else if (type === wire.bytes && number === 2) found.kind = reader.text()
    else reader.skip(type)
  }
}

/** A message as canonical JSON, without `kind` and `apiVersion`. Throws `BadRequest`. */
export function decodeProtobuf<T>(schema: MessageType<T>, raw: Uint8Array): T {
  const json: Json = {}
  readMessage(schema, new WireReader(raw), json)
  return decodeObject(schema, json, 'Ignore').value
}

type Json = Record<string, unknown>
type NumberedField = Field & { readonly name: string }

const numbered = new WeakMap<MessageType<unknown>, readonly (NumberedField | undefined)[]>()

function fieldsByNumber(type: MessageType<unknown>): readonly (NumberedField | undefined)[] {
  let fields = numbered.get(type)
  if (fields === undefined) {
    const made: (NumberedField | undefined)[] = []
    for (const [name, field] of Object.entries(type.fields)) made[field.number] = { ...field, name }
    numbered.set(type, fields = made)
  }
  return fields
}

function readMessage(schema: MessageType<unknown>, reader: WireReader, into: Json): void {
  const fields = fieldsByNumber(schema)
  while (!reader.done) {
    const { number, type } = reader.tag()
    const field = fields[number]
    if (field === undefined) reader.skip(type)
    else readField(field, reader, type, into)
  }
}

function readField(field: NumberedField, reader: WireReader, type: number, into: Json): void {
  const { name, type: fieldType } = field
  switch (fieldType.kind) {
    case 'list': {
      const values = (into[name] ??= []) as unknown[]
      if (type === wire.bytes && isNumeric(fieldType.of)) {
        const packed = reader.message()
        while (!packed.done) values.push(readScalar(fieldType.of, packed, wire.varint))
      } else values.push(readValue(fieldType.of, reader, type, undefined))
      return
    }
    case 'map': {
      expectBytes(type)
      readEntry(fieldType.of, reader.message(), (into[name] ??= {}) as Json)
      return
    }
    case 'message':
      expectBytes(type)
      if (field.inline) readMessage(fieldType, reader.message(), into)
      else into[name] = readValue(fieldType, reader, type, into[name])
      return
    default: into[name] = readScalar(fieldType, reader, type)
  }
}

/** A message that comes twice is merged, as the wire format demands. */
function readValue(of: AnyType, reader: WireReader, type: number, before: unknown): unknown {
  if (of.kind !== 'message') return readScalar(of, reader, type)
  expectBytes(type)
  const value = (before ?? {}) as Json
  readMessage(of, reader.message(), value)
  return value
}

function readEntry(of: AnyType, reader: WireReader, into: Json): void {
  let key = ''
  let value: unknown = null
  while (!reader.done) {
    const { number, type } = reader.tag()
    if (number === 1) key = readScalar({ kind: 'string' }, reader, type) as string
    else if (number !== 2) reader.skip(type)
    else if (of.kind === 'list') {
      expectBytes(type)
      value = readItems(of.of, reader.message())
    } else value = readValue(of, reader, type, undefined)
  }
  Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true })
}

/** A list inside a map stands in a message of its own. */
function readItems(of: AnyType, reader: WireReader): unknown[] {
  const items: unknown[] = []
  while (!reader.done) {
    const { number, type } = reader.tag()
    if (number === 1) items.push(readValue(of, reader, type, undefined))
    else reader.skip(type)
  }
  return items
}

function expectBytes(type: number): void {
  if (type !== wire.bytes) throw malformed(`wire type ${type} where a message is expected`)
}

const isNumeric = (type: AnyType): boolean =>
  type.kind === 'int32' || type.kind === 'int64' || type.kind === 'bool'

function readScalar(of: AnyType, reader: WireReader, type: number): unknown {
  const expected = isNumeric(of) ? wire.varint : of.kind === 'double' ? wire.fixed64 : wire.bytes
  if (type !== expected) throw malformed(`wire type ${type} where ${expected} is expected`)
  switch (of.kind) {
    case 'string': return reader.text()
    case 'bool': return reader.bool()
    case 'int32': return reader.int32()
    case 'int64': return reader.int64()
    case 'double': return reader.double()
    case 'bytes': return base64Of(reader.bytes())
    case 'time': return readMoment(reader.message(), false)
    case 'microTime': return readMoment(reader.message(), true)
    case 'quantity': return readParts(reader.message())[1] ?? '0'
    case 'intOrString': {
      const parts = readParts(reader.message())
      return parts[1] === 1 ? (parts[3] ?? '') : (parts[2] ?? 0)
    }
    case 'raw':
    case 'fieldsV1': return readJson(reader.message())
    default: throw malformed(`a ${of.kind} cannot stand here`)
  }
}

/** Fields of a small message: numbers as 64 bits, everything else as text. */
function readParts(reader: WireReader): (number | string | undefined)[] {
  const parts: (number | string | undefined)[] = []
  while (!reader.done) {
    const { number, type } = reader.tag()
    if (number > 3 || (type !== wire.varint && type !== wire.bytes)) reader.skip(type)
    else parts[number] = type === wire.varint ? reader.int64() : reader.text()
  }
  return parts
}

/** Seconds since the epoch that have four digits of year. */
const secondsMin = -62_167_219_200, secondsMax = 253_402_300_799

function readMoment(reader: WireReader, micro: boolean): string | null {
  if (reader.empty) return null
  const parts = readParts(reader)
  const seconds = Number(parts[1] ?? 0), nanos = Number(parts[2] ?? 0)
  if (!(seconds >= secondsMin && seconds <= secondsMax) || !(nanos >= 0 && nanos < 1e9)) {
    throw malformed('a time is out of range')
  }
  const iso = isoSeconds(seconds)
  return micro ? `${iso}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${iso}Z`
}

function readJson(reader: WireReader): unknown {
  let json: unknown = null
  while (!reader.done) {
    const { number, type } = reader.tag()
    if (number !== 1 || type !== wire.bytes) {
      reader.skip(type)
      continue
    }
    const bytes = reader.bytes()
    try {
      json = bytes.length === 0 ? null : JSON.parse(utf8.decode(bytes))
    } catch {
      throw malformed('a free-form value is not JSON')
    }
  }
  return json
}

/** The whole body of an object: what `readEnvelope` and `decodeProtobuf` read back. */
export function encodeEnvelope<T>(
  schema: MessageType<T>, apiVersion: string, kind: string, object: T,
): Uint8Array {
  const meta = new WireWriter()
  writeText(meta, 1, apiVersion)
  writeText(meta, 2, kind)
  const out = new WireWriter()
  out.raw(Uint8Array.from(magic))
  writeBytes(out, 1, meta.finish())
  writeBytes(out, 2, encodeProtobuf(schema, object))
  writeText(out, 3, '')
  writeText(out, 4, '')
  return out.finish()
}

/** One message in the form Go writes: whatever is no pointer is written even when it is zero. */
export function encodeProtobuf<T>(schema: MessageType<T>, object: T): Uint8Array {
  const out = new WireWriter()
  const json = object as Json
  for (const field of fieldsByNumber(schema)) {
    if (field === undefined) continue
    const value = field.inline ? json : json[field.name]
    const absent = value === undefined || value === null
    if (absent && (field.pointer === true || isSlice(field.type))) continue
    writeField(out, field, absent ? undefined : value)
  }
  return out.finish()
}

const isSlice = (type: AnyType): boolean =>
  type.kind === 'list' || type.kind === 'map' || type.kind === 'bytes'

function writeField(out: WireWriter, field: NumberedField, value: unknown): void {
  const { number, type } = field
  if (type.kind === 'list') {
    for (const item of value as unknown[]) writeValue(out, number, type.of, item)
  } else if (type.kind === 'map') {
    for (const [key, item] of Object.entries(value as Json).sort(byKey)) {
      const entry = new WireWriter()
      writeText(entry, 1, key)
      if (type.of.kind === 'list') {
        const items = new WireWriter()
        for (const one of item as unknown[]) writeValue(items, 1, type.of.of, one)
        writeBytes(entry, 2, items.finish())
      } else writeValue(entry, 2, type.of, item)
      writeBytes(out, number, entry.finish())
    }
  } else writeValue(out, number, type, value)
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1)

function writeValue(out: WireWriter, number: number, of: AnyType, value: unknown): void {
  switch (of.kind) {
    case 'string': return writeText(out, number, (value ?? '') as string)
    case 'bool':
    case 'int32':
    case 'int64':
      out.tag(number, wire.varint)
      return out.varint(BigInt(Number(value ?? 0)))
    case 'double':
      out.tag(number, wire.fixed64)
      return out.double((value ?? 0) as number)
    case 'bytes': return writeBytes(out, number, bytesOfBase64(value as string))
    case 'message': return writeBytes(out, number, encodeProtobuf(of, (value ?? {}) as Json))
    default: return writeBytes(out, number, specialBytes(of, value))
  }
}

function specialBytes(of: AnyType, value: unknown): Uint8Array {
  const out = new WireWriter()
  switch (of.kind) {
    case 'time':
    case 'microTime': {
      if (typeof value !== 'string') break
      const fraction = /\.(\d{6})/.exec(value)?.[1] ?? '0'
      writeValue(out, 1, { kind: 'int64' }, Math.floor(Date.parse(value) / 1000))
      writeValue(out, 2, { kind: 'int32' }, Number(fraction) * 1000)
      break
    }
    case 'quantity': writeText(out, 1, (value ?? '0') as string); break
    case 'intOrString':
      writeValue(out, 1, { kind: 'int64' }, typeof value === 'string' ? 1 : 0)
      writeValue(out, 2, { kind: 'int32' }, typeof value === 'number' ? value : 0)
      writeText(out, 3, typeof value === 'string' ? value : '')
      break
    default: if (value !== undefined) writeText(out, 1, JSON.stringify(value))
  }
  return out.finish()
}

function writeText(out: WireWriter, number: number, value: string): void {
  out.tag(number, wire.bytes)
  out.text(value)
}

function writeBytes(out: WireWriter, number: number, value: Uint8Array): void {
  out.tag(number, wire.bytes)
  out.bytes(value)
}

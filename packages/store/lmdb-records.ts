import { assert } from '@slicewise/base'

/** Where one version stands in the log: its revision and its number in its commit. */
export interface Place {
  readonly revision: number
  readonly n: number
}

/** No version: what stands before a created key. */
export const nowhere: Place = { revision: 0, n: 0 }

/** One version of a key, or its deletion, as the log keeps it. */
export interface LogRecord {
  readonly kind: 'put' | 'delete'
  readonly key: string
  /** The version that this one replaces or deletes. */
  readonly previous: Place
  readonly created: number
  readonly header: Uint8Array | undefined
  readonly value: Uint8Array
}

/** The newest version of a key, as the index keeps it: all but the value. */
export interface IndexRecord extends Place {
  readonly created: number
  readonly size: number
  readonly header: Uint8Array | undefined
}

/** A record that breaks the format: the file is damaged, or not ours. */
export class RecordDamaged extends Error {
  override readonly name = 'RecordDamaged'
}

/** Revisions are exact up to 2^53: 24,000 commits a second for 10,000 years. */
export function writeRevision(target: Buffer, revision: number, at: number): number {
  target.writeUInt32BE(Math.floor(revision / 0x1_0000_0000), at)
  return target.writeUInt32BE(revision >>> 0, at + 4)
}

export function readRevision(bytes: Buffer, at: number): number {
  const revision = bytes.readUInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4)
  if (!Number.isSafeInteger(revision)) throw new RecordDamaged('a revision is out of range')
  return revision
}

/** Keys of the log sort as (revision, n). */
export const placeKey = {
  size: 12,
  writeKey(place: Place, target: Buffer, at: number): number {
    return target.writeUInt32BE(place.n, writeRevision(target, place.revision, at))
  },
  readKey(bytes: Buffer, start: number, end: number): Place {
    if (end - start !== placeKey.size) throw new RecordDamaged('a log key has a wrong length')
    return { revision: readRevision(bytes, start), n: bytes.readUInt32BE(start + 8) }
  },
}

/** Keys of the index and of the settings are their ASCII bytes. */
export const textKey = {
  writeKey(key: string, target: Buffer, at: number): number {
    return at + target.write(key, at, 'latin1')
  },
  readKey(bytes: Buffer, start: number, end: number): string {
    return bytes.toString('latin1', start, end)
  },
}

// First byte of a log record. lmdb's compression reserves first bytes from 250 on.
const kindPut = 1
const kindPutWithHeader = 2
const kindDelete = 3

const logFixed = 1 + 2 + 4 + 8 + 8 + 4

/**
 * kind, key length (2), header length (4), created (8), previous (8 + 4), key, header, value; the
 * value goes on to the end.
 */
export const logRecord = {
  size: (record: LogRecord): number =>
    logFixed + record.key.length + (record.header?.length ?? 0) + record.value.length,

  encode(record: LogRecord, target: Buffer, at: number): number {
    const { key, header, value } = record
    const kind = header === undefined ? kindPut : kindPutWithHeader
    at = target.writeUInt8(record.kind === 'delete' ? kindDelete : kind, at)
    at = target.writeUInt16BE(key.length, at)
    at = target.writeUInt32BE(header?.length ?? 0, at)
    at = writeRevision(target, record.created, at)
    at = placeKey.writeKey(record.previous, target, at)
    at = textKey.writeKey(key, target, at)
    if (header !== undefined) {
      target.set(header, at)
      at += header.length
    }
    target.set(value, at)
    return at + value.length
  },

  decode(bytes: Buffer): LogRecord {
    if (bytes.length < logFixed) throw new RecordDamaged('a log record is too short')
    const kind = bytes.readUInt8(0)
    if (kind < kindPut || kind > kindDelete) throw new RecordDamaged('a log record has no kind')
    const headerAt = logFixed + bytes.readUInt16BE(1)
    const valueAt = headerAt + bytes.readUInt32BE(3)
    if (valueAt > bytes.length) throw new RecordDamaged('a log record is cut')
    return {
      kind: kind === kindDelete ? 'delete' : 'put',
      key: textKey.readKey(bytes, logFixed, headerAt),
      previous: placeKey.readKey(bytes, 15, logFixed),
      created: readRevision(bytes, 7),
      header: kind === kindPutWithHeader ? bytes.subarray(headerAt, valueAt) : undefined,
      value: bytes.subarray(valueAt),
    }
  },
}

const indexFixed = 1 + 8 + 4 + 8 + 4

/** has header (1), revision (8), n (4), created (8), size of the value (4), header. */
export const indexRecord = {
  size: (record: IndexRecord): number => indexFixed + (record.header?.length ?? 0),

  encode(record: IndexRecord, target: Buffer, at: number): number {
    const { header } = record
    assert(record.size <= 0xffff_ffff, 'a value is too long for the index')
    at = target.writeUInt8(header === undefined ? 0 : 1, at)
    at = placeKey.writeKey(record, target, at)
    at = writeRevision(target, record.created, at)
    at = target.writeUInt32BE(record.size, at)
    if (header === undefined) return at
    target.set(header, at)
    return at + header.length
  },

  decode(bytes: Buffer): IndexRecord {
    if (bytes.length < indexFixed) throw new RecordDamaged('an index record is too short')
    const hasHeader = bytes.readUInt8(0)
    if (hasHeader > 1) throw new RecordDamaged('an index record has no kind')
    if (hasHeader === 0 && bytes.length > indexFixed) {
      throw new RecordDamaged('an index record is too long')
    }
    return {
      ...placeKey.readKey(bytes, 1, 1 + placeKey.size),
      created: readRevision(bytes, 13),
      size: bytes.readUInt32BE(21),
      header: hasHeader === 1 ? bytes.subarray(indexFixed) : undefined,
    }
  },
}

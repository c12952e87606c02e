import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type IndexRecord,
  type LogRecord,
  type Place,
  RecordDamaged,
  indexRecord,
  logRecord,
  placeKey,
  textKey,
} from './lmdb-records.ts'

interface Codec<T> {
  size(record: T): number
  encode(record: T, target: Buffer, at: number): number
  decode(bytes: Buffer): T
}

const revision = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))
const place: fc.Arbitrary<Place> = fc.record({ revision, n: fc.nat(0xffff_ffff) })
const header = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined })
const key = fc.string({ minLength: 1, maxLength: 200 }).filter(text => /^[!-~]+$/.test(text))
const value = fc.uint8Array({ maxLength: 400 })

const log: fc.Arbitrary<LogRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    key,
    previous: place,
    created: revision,
    header,
    value,
  }),
  fc.record({ key, previous: place, created: revision }).map(fields => ({
    ...fields,
    kind: 'delete' as const,
    header: undefined,
    value: new Uint8Array(),
  })),
)
const index: fc.Arbitrary<IndexRecord> = fc
  .record({ place, created: revision, size: fc.nat(0xffff_ffff), header })
  .map(fields => ({
    ...fields.place,
    created: fields.created,
    size: fields.size,
    header: fields.header,
  }))

/** Plain bytes, so that a view and a copy compare equal. */
const plain = <T extends { header: Uint8Array | undefined; value?: Uint8Array }>(
  record: T,
): unknown => ({
  ...record,
  header: record.header === undefined ? 'none' : [...record.header],
  value: record.value === undefined ? 'none' : [...record.value],
})

function roundTrips<T extends { header: Uint8Array | undefined }>(
  codec: Codec<T>,
  records: fc.Arbitrary<T>,
): void {
  fc.assert(
    fc.property(records, fc.nat(40), (record, at) => {
      const target = Buffer.alloc(at + codec.size(record) + 3, 0xee)
      const end = codec.encode(record, target, at)
      expect(end).toBe(at + codec.size(record))
      expect(target.subarray(end)).toEqual(Buffer.alloc(3, 0xee))
      expect(plain(codec.decode(target.subarray(at, end)))).toEqual(plain(record))
    }),
    { seed: 5, numRuns: 300 },
  )
}

test('a log record is read back as it was written, at any offset', () =>
  roundTrips(logRecord, log))

test('an index record is read back as it was written, at any offset', () =>
  roundTrips(indexRecord, index))

test('an empty header is not an absent one', () => {
  for (const header of [new Uint8Array(), undefined]) {
    const record: IndexRecord = { revision: 9, n: 0, created: 3, size: 1, header }
    const bytes = Buffer.alloc(indexRecord.size(record))
    indexRecord.encode(record, bytes, 0)
    expect(indexRecord.decode(bytes).header?.length).toBe(header?.length)
  }
})

test('log keys sort by revision, then number', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const [left, right] = [a, b].map(one => {
        const bytes = Buffer.alloc(placeKey.size)
        placeKey.writeKey(one, bytes, 0)
        expect(placeKey.readKey(bytes, 0, bytes.length)).toEqual(one)
        return bytes
      }) as [Buffer, Buffer]
      expect(Math.sign(Buffer.compare(left, right))).toBe(
        Math.sign(a.revision - b.revision || a.n - b.n),
      )
    }),
    { seed: 6 },
  )
})

test('index keys are their bytes', () => {
  const bytes = Buffer.alloc(20, 0)
  expect(textKey.writeKey('/pods/a', bytes, 2)).toBe(9)
  expect(textKey.readKey(bytes, 2, 9)).toBe('/pods/a')
})

test('cut and foreign records are damaged, not misread', () => {
  const record: LogRecord = {
    kind: 'put',
    key: '/a',
    previous: { revision: 1, n: 0 },
    created: 2,
    header: new Uint8Array(5),
    value: new Uint8Array(),
  }
  const bytes = Buffer.alloc(logRecord.size(record))
  logRecord.encode(record, bytes, 0)
  for (let length = 0; length < bytes.length; length++) {
    expect(() => logRecord.decode(bytes.subarray(0, length))).toThrow(RecordDamaged)
  }
  expect(() => logRecord.decode(Buffer.alloc(60, 0xff))).toThrow(RecordDamaged)
  expect(() => indexRecord.decode(Buffer.alloc(24))).toThrow(RecordDamaged)
  expect(() => indexRecord.decode(Buffer.alloc(60, 0xff))).toThrow(RecordDamaged)
  expect(() => indexRecord.decode(Buffer.alloc(26))).toThrow(RecordDamaged)
})

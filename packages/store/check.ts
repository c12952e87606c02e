import type { Env } from '@slicewise/base'
import { takeFolder } from './lmdb-folder.ts'
import { type IndexRecord, type LogRecord, type Place, indexRecord } from './lmdb-records.ts'
import { Tables } from './lmdb-tables.ts'

export type Invariant =
  | 'SettingsInOrder'
  | 'NothingNewerThanTheCounter'
  | 'RecordsReadable'
  | 'IndexHasItsVersion'
  | 'IndexEqualsItsVersion'
  | 'IndexIsNewest'
  | 'HistoryIsWhole'
  | 'PreviousIsThere'
  | 'CreatedIsKept'
  | 'CompactedIsGone'

/** A broken promise of a data folder. */
export interface Finding {
  readonly invariant: Invariant
  readonly text: string
}

/** Walks every invariant of a data folder that nobody has open. Throws what opening it throws. */
export async function checkStore(dir: string, env: Env): Promise<readonly Finding[]> {
  const folder = takeFolder(dir, env)
  try {
    // A first start that was cut off: nothing was acknowledged, and the next start begins anew.
    if (folder.isNew) return []
    const tables = new Tables(dir, new Uint8Array())
    try {
      return checkTables(tables)
    } finally {
      await tables.close()
    }
  } finally {
    folder.release()
  }
}

interface Version {
  readonly at: Place
  readonly record: LogRecord
}

/** The tables as they were read, with what was found on the way. */
interface Walk {
  readonly revision: number
  readonly compacted: number
  readonly swept: number
  readonly index: Map<string, IndexRecord>
  /** By `placeText`, in log order. */
  readonly log: Map<string, Version>
  find(invariant: Invariant, text: string): void
}

/** As `checkStore`, of open tables. */
export function checkTables(tables: Tables): readonly Finding[] {
  const findings: Finding[] = []
  const walk: Walk = {
    revision: tables.setting('revision') ?? 0,
    compacted: tables.setting('compacted') ?? 0,
    swept: tables.setting('swept') ?? 0,
    index: new Map(),
    log: new Map(),
    find: (invariant, text) => findings.push({ invariant, text }),
  }
  readIndex(tables, walk)
  readLog(tables, walk)
  checkSettings(walk)
  checkIndex(walk)
  checkNewest(walk)
  checkHistory(walk)
  checkCompaction(walk)
  return findings
}

const placeText = ({ revision, n }: Place): string => `${revision}.${n}`

function readIndex(tables: Tables, walk: Walk): void {
  for (const { key, value } of tables.index()) {
    try {
      walk.index.set(key, indexRecord.decode(value))
    } catch (error) {
      walk.find('RecordsReadable', `index ${key}: ${(error as Error).message}`)
    }
  }
}

function readLog(tables: Tables, walk: Walk): void {
  try {
    const [from, to] = [
      { revision: 0, n: 0 },
      { revision: Number.MAX_SAFE_INTEGER, n: 0 },
    ]
    for (const version of tables.versions(from, to)) {
      // A long header or key must not keep the whole value in memory.
      const record = { ...version.record, header: copyOf(version.record.header) }
      walk.log.set(placeText(version.at), { at: version.at, record: withoutValue(record) })
    }
  } catch (error) {
    walk.find('RecordsReadable', `log: ${(error as Error).message}`)
  }
}

const copyOf = (bytes: Uint8Array | undefined): Uint8Array | undefined =>
  bytes === undefined ? undefined : Uint8Array.from(bytes)

/** Only the length of the value is looked at, so only that is kept. */
function withoutValue(record: LogRecord): LogRecord {
  return { ...record, value: { length: record.value.length } as Uint8Array }
}

function checkSettings({ revision, compacted, swept, find }: Walk): void {
  if (swept <= compacted && compacted <= revision && revision >= 1) return
  find('SettingsInOrder', `swept ${swept}, compacted ${compacted}, revision ${revision}`)
}

function checkIndex({ index, log, revision, find }: Walk): void {
  for (const [key, entry] of index) {
    if (entry.revision > revision) {
      find('NothingNewerThanTheCounter', `index ${key} ${entry.revision} > ${revision}`)
    }
    const version = log.get(placeText(entry))?.record
    if (version === undefined || version.kind === 'delete' || version.key !== key) {
      find('IndexHasItsVersion', `${key} ${placeText(entry)}`)
      continue
    }
    const same =
      version.created === entry.created &&
      version.value.length === entry.size &&
      sameBytes(version.header, entry.header)
    if (!same) find('IndexEqualsItsVersion', `${key} ${placeText(entry)}`)
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

function checkNewest({ index, log, find }: Walk): void {
  const newest = new Map<string, Version>()
  for (const version of log.values()) newest.set(version.record.key, version)
  for (const [key, { at, record }] of newest) {
    const entry = index.get(key)
    const expected = record.kind === 'delete' ? undefined : placeText(at)
    const found = entry === undefined ? undefined : placeText(entry)
    if (found !== expected) find('IndexIsNewest', `${key} is ${expected}, the index has ${found}`)
  }
}

/** After the compacted revision every change is there, with what it replaced. */
function checkHistory(walk: Walk): void {
  const { log, revision, find } = walk
  const compacted = Math.max(walk.compacted, 1)
  let last: Place = { revision: compacted, n: -1 }
  for (const version of log.values()) {
    const { at } = version
    if (at.revision > revision)
      find('NothingNewerThanTheCounter', `log ${placeText(at)} > ${revision}`)
    checkPrevious(walk, version)
    if (at.revision <= compacted) continue
    if (!follows(at, last)) find('HistoryIsWhole', `${placeText(at)} after ${placeText(last)}`)
    last = at
  }
  if (last.revision < revision && revision > compacted) {
    find('HistoryIsWhole', `ends at ${last.revision}, the counter is ${revision}`)
  }
}

/** A revision each, counted within a commit; in old folders a commit may have one for all. */
function follows(at: Place, last: Place): boolean {
  if (at.revision === last.revision) return at.n === last.n + 1
  // Compaction may end within a commit, so the first one may have any number.
  const goesOn = at.n === 0 || at.n === last.n + 1 || last.n === -1
  return at.revision === last.revision + 1 && goesOn
}

function checkPrevious({ log, compacted, find }: Walk, { at, record }: Version): void {
  const { key, kind, previous } = record
  if (previous.revision === 0) {
    if (kind === 'delete') find('PreviousIsThere', `${key} ${placeText(at)} deletes nothing`)
    else if (record.created !== at.revision) find('CreatedIsKept', `${key} ${placeText(at)}`)
    return
  }
  const before = log.get(placeText(previous))?.record
  if (before === undefined && at.revision <= compacted) return
  if (before === undefined || before.key !== key || before.kind === 'delete') {
    find('PreviousIsThere', `${key} ${placeText(at)} needs ${placeText(previous)}`)
  } else if (kind === 'put' && record.created !== before.created) {
    find('CreatedIsKept', `${key} ${placeText(at)}`)
  }
}

/** Up to the swept revision only current versions are left, and those that history still needs. */
function checkCompaction({ index, log, swept, find }: Walk): void {
  const needed = new Set<string>()
  for (const entry of index.values()) needed.add(placeText(entry))
  for (const { at, record } of log.values()) {
    if (at.revision > swept) needed.add(placeText(record.previous))
  }
  for (const [place, { at, record }] of log) {
    if (at.revision <= swept && !needed.has(place)) {
      find('CompactedIsGone', `${record.key} ${place}, swept up to ${swept}`)
    }
  }
}

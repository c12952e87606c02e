import { join } from 'node:path'
import { StoreClosed, StoreUnusable } from './contract.ts'
import { Current } from './current.ts'
import { HeaderBlocks, type ReadVersion, StoredEntry } from './lmdb-entry.ts'
import { type Folder, damaged, dataName, whyNotWritten } from './lmdb-folder.ts'
import { RecordDamaged, indexRecord } from './lmdb-records.ts'
import { Reserve } from './lmdb-reserve.ts'
import { Tables } from './lmdb-tables.ts'

/** What a folder holds, without its values. */
export interface Loaded {
  readonly tables: Tables
  readonly reserve: Reserve
  readonly revision: number
  readonly compacted: number
  readonly swept: number
  readonly current: Current<StoredEntry>
  readonly read: ReadVersion
}

/** Opens the tables of a folder, new or old, and reads the index. */
export async function loadTables(folder: Folder, newDictionary: Uint8Array): Promise<Loaded> {
  const tables = openTables(folder, newDictionary)
  try {
    if (tables.setting('revision') === undefined) {
      if (!folder.isNew) throw damaged(folder.dir, 'its counter is missing')
      await tables.store([{ table: 'settings', setting: 'revision', value: 1 }])
      folder.complete()
    }
    const loaded = load(folder, tables)
    return { ...loaded, reserve: await Reserve.open(join(folder.dir, dataName)) }
  } catch (error) {
    await tables.close()
    throw notOpened(folder.dir, error)
  }
}

function notOpened(dir: string, error: unknown): StoreUnusable {
  if (error instanceof StoreUnusable) return error
  if (error instanceof RecordDamaged) return damaged(dir, error.message, error)
  // lmdb's own codes are negative, the system's are not.
  const { code, message } = error as { code?: number; message: string }
  if (code === undefined || code < 0) return damaged(dir, `lmdb says: ${message}`, error)
  const why = whyNotWritten(dir, error)
  return new StoreUnusable(`${dir} cannot be opened (${why}): see its disk`, { cause: error })
}

function openTables(folder: Folder, newDictionary: Uint8Array): Tables {
  try {
    return new Tables(folder.dir, newDictionary)
  } catch (error) {
    throw notOpened(folder.dir, error)
  }
}

function load(folder: Folder, tables: Tables): Omit<Loaded, 'reserve'> {
  const revision = tables.setting('revision') ?? 1
  const read = versionReader(tables)
  const current = new Current<StoredEntry>(revision)
  const headers = new HeaderBlocks()
  for (const { key, value } of tables.index()) {
    const record = indexRecord.decode(value)
    if (record.revision > revision) throw damaged(folder.dir, `${key} is newer than the counter`)
    const fields = { ...record, key, header: undefined }
    current.load(new StoredEntry(fields, read, headers.keep(record.header)))
  }
  const compacted = tables.setting('compacted') ?? 0
  const swept = tables.setting('swept') ?? 0
  const last = tables.lastPlace()?.revision ?? 1
  if (last > revision) throw damaged(folder.dir, 'its log is newer than the counter')
  if (swept > compacted || compacted > revision) {
    throw damaged(folder.dir, 'its compaction is newer than the counter')
  }
  return { tables, revision, compacted, swept, current, read }
}

function versionReader(tables: Tables): ReadVersion {
  return (at, key, borrowed = false) => {
    if (tables.closed) throw new StoreClosed()
    const record = tables.version(at, borrowed)
    if (record !== undefined) return record
    throw new Error(`${key} of revision ${at.revision} is compacted`)
  }
}

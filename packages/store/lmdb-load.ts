import { type Folder, damaged } from './lmdb-folder.ts'
import type { StoredEntryFields } from './lmdb-entry.ts'
import { RecordDamaged, indexRecord } from './lmdb-records.ts'
import { Tables } from './lmdb-tables.ts'

/** What a folder holds, without its values. */
export interface Loaded {
  readonly tables: Tables
  readonly revision: number
  readonly compacted: number
  readonly swept: number
  /** In key order. */
  readonly entries: readonly StoredEntryFields[]
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
    return load(folder, tables)
  } catch (error) {
    await tables.close()
    throw error instanceof RecordDamaged ? damaged(folder.dir, error.message, error) : error
  }
}

function openTables(folder: Folder, newDictionary: Uint8Array): Tables {
  try {
    return new Tables(folder.dir, newDictionary)
  } catch (error) {
    throw damaged(folder.dir, `lmdb says: ${(error as Error).message}`, error)
  }
}

function load(folder: Folder, tables: Tables): Loaded {
  const revision = tables.setting('revision') ?? 1
  const entries: StoredEntryFields[] = []
  for (const { key, value } of tables.index()) {
    const record = indexRecord.decode(value)
    if (record.revision > revision) throw damaged(folder.dir, `${key} is newer than the counter`)
    entries.push({ key, ...record })
  }
  const compacted = tables.setting('compacted') ?? 0
  const swept = tables.setting('swept') ?? 0
  const last = tables.lastPlace()?.revision ?? 1
  if (last > revision) throw damaged(folder.dir, 'its log is newer than the counter')
  if (swept > compacted || compacted > revision) {
    throw damaged(folder.dir, 'its compaction is newer than the counter')
  }
  return { tables, revision, compacted, swept, entries }
}

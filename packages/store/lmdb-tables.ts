import { assert } from '@slicewise/base'
import { type Database, type RootDatabase, open } from 'lmdb'
import {
  type IndexRecord,
  type LogRecord,
  type Place,
  indexRecord,
  logRecord,
  placeKey,
  readRevision,
  textKey,
  writeRevision,
} from './lmdb-records.ts'
import { limits } from './limits.ts'

/** Numbers that the folder keeps beside its records. */
export type Setting = 'revision' | 'compacted' | 'swept'

/** One change to the tables; a list of them is stored whole or not at all. */
export type TableWrite =
  | { readonly table: 'log'; readonly at: Place; readonly record: LogRecord }
  | { readonly table: 'log'; readonly at: Place; readonly record?: undefined }
  | { readonly table: 'index'; readonly key: string; readonly record: IndexRecord | undefined }
  | { readonly table: 'settings'; readonly setting: Setting; readonly value: number }

/**
 * The three tables of a data folder: the log (place -> version), the index (key -> newest version
 * without its value) and the settings. Reading is synchronous, writing ends when it is durable.
 */
export class Tables {
  readonly #dir: string
  readonly #newDictionary: Uint8Array
  #open: OpenTables
  #closed = false

  constructor(dir: string, newDictionary: Uint8Array) {
    this.#dir = dir
    this.#newDictionary = newDictionary
    this.#open = openTables(dir, newDictionary)
  }

  setting(name: Setting): number | undefined {
    const bytes = this.#open.settings.get(name)
    return bytes === undefined ? undefined : readRevision(bytes, 0)
  }

  index(): Iterable<{ key: string; value: Buffer }> {
    return this.#open.index.getRange({ start: '\0' })
  }

  /**
   * The version at `at`; undefined when it was compacted, or never was. A borrowed one lies in
   * memory that the next read overwrites: a list makes no garbage.
   */
  version(at: Place, borrowed = false): LogRecord | undefined {
    const read = borrowed ? borrowedBytes : ownBytes
    const found = read(this.#open.log, at)
    if (found !== undefined) return logRecord.decode(found)
    // The snapshot of this turn may be older than the last commit: look again in a new one.
    this.#open.root.resetReadTxn()
    const newer = read(this.#open.log, at)
    return newer === undefined ? undefined : logRecord.decode(newer)
  }

  /** Versions from `from` on, up to `to`, which is excluded. */
  *versions(from: Place, to: Place): IterableIterator<{ at: Place; record: LogRecord }> {
    // The snapshot of this turn may be older than the last commit.
    this.#open.root.resetReadTxn()
    const range = this.#open.log.getRange({ start: from as never, end: to as never })
    for (const { key, value } of range) {
      yield { at: key as Place, record: logRecord.decode(value) }
    }
  }

  lastPlace(): Place | undefined {
    const start = { revision: Number.MAX_SAFE_INTEGER, n: 0 } as never
    const [last] = this.#open.log.getKeys({ start, reverse: true, limit: 1 })
    return last
  }

  /** Stores all of `writes` or none; resolves when they are durable. */
  async store(writes: readonly TableWrite[]): Promise<void> {
    const arena = Buffer.allocUnsafeSlow(writes.reduce((size, write) => size + sizeOf(write), 0))
    let end = 0
    const stored = this.#open.root.batch(() => {
      for (const write of writes) end = this.#queue(write, arena, end)
    })
    assert(end === arena.length, 'a record has another size than it said')
    await stored.catch(rethrowCause)
  }

  /**
   * After a failed `store`. When lmdb could not write its meta page it refuses reads too, and the
   * next write would never end: then the file is opened anew. No turn of the event loop ends
   * meanwhile, so nobody reads a closed table.
   */
  async recover(): Promise<void> {
    if (!this.#isStuck()) return
    await this.#open.root.close()
    this.#open = openTables(this.#dir, this.#newDictionary)
  }

  #isStuck(): boolean {
    try {
      this.#open.root.resetReadTxn()
      return this.setting('revision') === undefined
    } catch {
      return true
    }
  }

  get closed(): boolean {
    return this.#closed
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#open.root.close()
  }

  #queue(write: TableWrite, arena: Buffer, at: number): number {
    switch (write.table) {
      case 'log': {
        if (write.record === undefined) {
          void this.#open.log.remove(write.at as never)
          return at
        }
        const end = logRecord.encode(write.record, arena, at)
        void this.#open.log.put(write.at as never, arena.subarray(at, end))
        return end
      }
      case 'index': {
        if (write.record === undefined) {
          void this.#open.index.remove(write.key)
          return at
        }
        const end = indexRecord.encode(write.record, arena, at)
        void this.#open.index.put(write.key, arena.subarray(at, end))
        return end
      }
      case 'settings': {
        const end = writeRevision(arena, write.value, at)
        void this.#open.settings.put(write.setting, arena.subarray(at, end))
        return end
      }
    }
  }
}

type Log = OpenTables['log']

const ownBytes = (log: Log, at: Place): Buffer | undefined => log.getBinary(at as never)

function borrowedBytes(log: Log, at: Place): Buffer | undefined {
  const bytes: (Buffer & { readonly isGlobal?: boolean }) | undefined =
    log.getBinaryFast(at as never)
  // A value that is too long for lmdb's one buffer comes otherwise, and rarely.
  if (bytes?.isGlobal !== true) return bytes && log.getBinary(at as never)
  // lmdb writes the length into the buffer, which is longer.
  return bytes.subarray(0, bytes.length)
}

interface OpenTables {
  readonly root: RootDatabase<Buffer, string>
  readonly settings: Database<Buffer, string>
  readonly index: Database<Buffer, string>
  readonly log: Database<Buffer, never>
}

function openTables(dir: string, newDictionary: Uint8Array): OpenTables {
  const root = open<Buffer, string>({
    path: dir,
    // The folder's own file names, whether or not the folder has a dot in its name.
    noSubdir: false,
    encoding: 'binary',
    // Secrets are in there; the library's typings do not know of it.
    ...{ permissionsMode: 0o600 },
    maxDbs: 3,
    mapSize: limits.mapBytes,
    pageSize: limits.pageBytes,
    // A commit resolves when it is on the disk, not when it is visible.
    overlappingSync: false,
    // We batch ourselves. lmdb's own batch of a turn has a promise that nobody can reach, and
    // when a write fails its rejection would end the process.
    eventTurnBatching: false,
    cache: false,
  } as Parameters<typeof open>[0]) as RootDatabase<Buffer, string>
  const table = (
    name: string,
    keyEncoder: object,
    more: object = {},
  ): Database<Buffer, string> => {
    const options = { encoding: 'binary' as const, keyEncoder, ...more }
    return root.openDB<Buffer, string>(name, options)
  }
  const settings = table('settings', textKey)
  const compression = {
    threshold: limits.compressFrom,
    dictionary: dictionaryOf(settings, newDictionary),
  }
  const log = table('log', placeKey, { compression }) as unknown as Database<Buffer, never>
  return { root, settings, index: table('index', textKey), log }
}

/** Values are compressed against the dictionary that the folder was created with. */
function dictionaryOf(settings: Database<Buffer, string>, newDictionary: Uint8Array): Buffer {
  const stored = settings.getBinary('dictionary')
  if (stored !== undefined) return Buffer.from(stored)
  settings.putSync('dictionary', Buffer.from(newDictionary))
  return Buffer.from(newDictionary)
}

function sizeOf(write: TableWrite): number {
  if (write.table === 'settings') return 8
  if (write.record === undefined) return 0
  return write.table === 'log' ? logRecord.size(write.record) : indexRecord.size(write.record)
}

/** lmdb rejects with a general error that carries a promise of the real one. */
async function rethrowCause(error: Error & { commitError?: Promise<never> }): Promise<never> {
  await error.commitError
  throw error
}

import { type Env, assert } from '@slicewise/base'
import {
  type Commit,
  type Committed,
  type Put,
  type Range,
  type RangeOptions,
  type Store,
  type StoreWatcher,
  PreconditionFailed,
  StoreClosed,
  WriteRefused,
} from './contract.ts'
import type { Current } from './current.ts'
import { dictionary } from './dictionary.ts'
import { Feed, type History } from './feed.ts'
import { limits } from './limits.ts'
import { type ReadVersion, StoredEntry } from './lmdb-entry.ts'
import { type Folder, takeFolder, whyNotWritten } from './lmdb-folder.ts'
import { RecentHistory, type StoredCommit, commitsInLog } from './lmdb-history.ts'
import { type Loaded, loadTables } from './lmdb-load.ts'
import { type LogRecord, type Place, nowhere } from './lmdb-records.ts'
import type { Reserve } from './lmdb-reserve.ts'
import { sweepStep } from './lmdb-sweep.ts'
import type { TableWrite, Tables } from './lmdb-tables.ts'
import { type Change, type PutPlace, planCommit } from './plan.ts'
import { type QueuedWrite, WriteQueue } from './write-queue.ts'

export { type Finding, type Invariant, checkStore } from './check.ts'

export interface LmdbOptions {
  /** Text that values are likely to share; only a new folder takes it, an old one has its own. */
  readonly dictionary?: Uint8Array
}

/**
 * A store in a folder, durable: a commit resolves when it is on the disk. One process at a time
 * has the folder. Rejects with `StoreUnusable` when the folder cannot be used.
 */
export async function openLmdbStore(
  dir: string,
  env: Env,
  options: LmdbOptions = {},
): Promise<LmdbStore> {
  const folder = takeFolder(dir, env)
  try {
    const loaded = await loadTables(folder, options.dictionary ?? dictionary)
    folder.refuseGone()
    return new LmdbStore(folder, env, loaded)
  } catch (error) {
    folder.release()
    throw error
  }
}

interface TableQueuedWrite extends QueuedWrite {
  readonly writes: readonly TableWrite[]
}

/** See `Store`. Made by `openLmdbStore`. */
export class LmdbStore implements Store, History {
  readonly #folder: Folder
  readonly #env: Env
  readonly #tables: Tables
  readonly #reserve: Reserve
  readonly #current: Current<StoredEntry>
  readonly #read: ReadVersion
  readonly #recent = new RecentHistory()
  readonly #feed: Feed
  readonly #queue: WriteQueue<TableQueuedWrite>
  /** Newest planned entry of each key with a write on its way; null for a deletion. */
  readonly #pending = new Map<string, StoredEntry | null>()
  /** Revision of the newest commit on its way, or the durable one. */
  #planned: number
  #compacted: number
  /** Up to here compaction has removed what it had to. */
  #swept: number
  #sweeping: Promise<void> | undefined
  /** The last write failed, and what the disk holds now was not looked at yet. */
  #failed = false
  #closed: Promise<void> | undefined

  constructor(folder: Folder, env: Env, loaded: Loaded) {
    this.#folder = folder
    this.#env = env
    this.#tables = loaded.tables
    this.#reserve = loaded.reserve
    this.#current = loaded.current
    this.#read = loaded.read
    this.#planned = loaded.revision
    this.#compacted = loaded.compacted
    this.#swept = loaded.swept
    this.#feed = new Feed(env, this)
    this.#queue = new WriteQueue({
      store: batch => this.#store(batch),
      refusal: cause => this.#refusal(cause),
      onFailure: () => this.#forgetPlans(),
      onSettled: () => this.#feed.committed(),
      batchBytesMax: limits.batchBytesMax,
    })
    this.#startSweep()
  }

  /** Names the data for good, over restarts. */
  get id(): string {
    return this.#folder.id
  }

  get revision(): number {
    return this.#current.revision
  }

  get compacted(): number {
    return this.#compacted
  }

  async commit(change: Commit): Promise<Committed> {
    this.#refuseWhenClosed()
    const newest = this.#planned
    const enter = (put: Put, at: PutPlace): StoredEntry => {
      const { key, header, value } = put
      const fields = { ...at, key, header, size: value.length }
      return new StoredEntry(fields, this.#read).remember(value)
    }
    const changes = planCommit(change, newest, key => this.#newest(key), enter)
    if (changes instanceof PreconditionFailed) {
      await this.#planDurable()
      throw changes
    }
    if (changes.length === 0) {
      await this.#planDurable()
      return { revision: newest, changes }
    }
    return this.#enqueue({ revision: newest + changes.length, changes })
  }

  async range(prefix: string, options?: RangeOptions): Promise<Range> {
    this.#refuseWhenClosed()
    return this.#current.range(prefix, options)
  }

  watch(prefix: string, after: number, watcher: StoreWatcher): { stop(): void } {
    this.#refuseWhenClosed()
    return this.#feed.watch(prefix, after, watcher)
  }

  async compact(revision: number): Promise<void> {
    this.#refuseWhenClosed()
    assert(revision <= this.revision, 'a revision of the future cannot be compacted')
    if (revision > this.#compacted) {
      await this.#write([{ table: 'settings', setting: 'compacted', value: revision }], () => {
        this.#compacted = Math.max(revision, this.#compacted)
        this.#feed.compacted()
      })
      this.#startSweep()
    }
    await this.#sweeping
  }

  /** For the feed only. */
  since(after: number, limit: number): readonly StoredCommit[] {
    const recent = this.#recent.since(after, limit)
    return recent ?? commitsInLog(this.#tables, this.#read, after, this.revision, limit)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#queue.drained()
    await this.#sweeping
    this.#feed.close()
    await this.#tables.close()
    await this.#reserve.close()
    this.#folder.release()
  }

  #refuseWhenClosed(): void {
    if (this.#closed !== undefined) throw new StoreClosed()
  }

  #newest(key: string): StoredEntry | undefined {
    const pending = this.#pending.get(key)
    return pending === undefined ? this.#current.get(key) : (pending ?? undefined)
  }

  /** An answer that rests on writes on their way holds only when these are durable. */
  async #planDurable(): Promise<void> {
    if (!this.#queue.idle) await this.#write([], () => {})
  }

  #enqueue(commit: StoredCommit): Promise<Committed> {
    if (this.#queue.waitingBytes > limits.waitingBytesMax) {
      throw new WriteRefused('too much is waiting for the disk')
    }
    this.#planned = commit.revision
    for (const { key, after } of commit.changes) this.#pending.set(key, after ?? null)
    return this.#write(commitWrites(commit), () => {
      this.#current.apply(commit.revision, commit.changes)
      this.#recent.push(commit)
      for (const { key, after } of commit.changes) {
        if (this.#pending.get(key) === (after ?? null)) this.#pending.delete(key)
      }
      return commit
    })
  }

  #write<T>(writes: readonly TableWrite[], settled: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => resolve(settled())
      this.#queue.add({ writes, bytes: bytesOf(writes), settle, refuse: reject })
    })
  }

  async #store(batch: readonly TableQueuedWrite[]): Promise<void> {
    if (this.#failed) await this.#recover()
    this.#folder.refuseGone()
    const writes = this.#tableWrites(batch)
    // Without room nothing reaches lmdb, so there is nothing to recover from.
    await this.#reserve.ask(roomFor(writes))
    try {
      await this.#tables.store(writes)
    } catch (error) {
      this.#failed = true
      await this.#recover().catch(() => {})
      throw error
    }
  }

  /** Makes sure, after a failure, that the disk holds what was acknowledged and nothing else. */
  async #recover(): Promise<void> {
    await this.#tables.recover()
    if (this.#tables.setting('revision') !== this.revision) {
      throw new Error('the disk has a commit that it refused: close the store and open it again')
    }
    this.#reserve.forget()
    this.#failed = false
  }

  #tableWrites(batch: readonly TableQueuedWrite[]): TableWrite[] {
    const writes = batch.flatMap(item => item.writes)
    const newest = writes.findLast(write => write.table === 'log' && write.record !== undefined)
    if (newest?.table === 'log') {
      writes.push({ table: 'settings', setting: 'revision', value: newest.at.revision })
    }
    return writes
  }

  #refusal(cause: unknown): WriteRefused {
    const reason = whyNotWritten(this.#folder.dir, cause)
    this.#env.log.error('the data folder refuses a write', { dir: this.#folder.dir, reason })
    return new WriteRefused(`the data folder refuses a write: ${reason}`, { cause })
  }

  #forgetPlans(): void {
    this.#pending.clear()
    this.#planned = this.#current.revision
  }

  #startSweep(): void {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined
    })
  }

  async #sweep(): Promise<void> {
    try {
      while (this.#swept < this.#compacted && this.#closed === undefined) {
        const { writes, swept } = sweepStep(this.#tables, this.#swept, this.#compacted)
        await this.#write(writes, () => {
          this.#swept = swept
        })
      }
    } catch (error) {
      // What was left is removed by the next compaction, or after the next start.
      this.#env.log.warn('compaction stopped', { reason: String(error) })
    }
  }
}

function commitWrites({ changes }: StoredCommit): TableWrite[] {
  return changes.flatMap((change, n) => changeWrites(change, { revision: change.revision, n }))
}

function changeWrites({ key, before, after }: Change<StoredEntry>, at: Place): TableWrite[] {
  const previous: Place = before ?? nowhere
  const record: LogRecord =
    after === undefined
      ? { kind: 'delete', key, previous, created: 0, header: undefined, value: new Uint8Array() }
      : {
          kind: 'put',
          key,
          previous,
          created: after.created,
          header: after.header,
          value: after.value(),
        }
  return [
    { table: 'log', at, record },
    { table: 'index', key, record: after },
  ]
}

/** What the writes hold in memory, roughly. */
function bytesOf(writes: readonly TableWrite[]): number {
  let bytes = 0
  for (const write of writes) {
    bytes += 64 + (write.table === 'log' ? (write.record?.value.length ?? 0) : 0)
  }
  return bytes
}

/** Bytes by which the file may grow in one transaction, at most. */
function roomFor(writes: readonly TableWrite[]): number {
  return bytesOf(writes) + (writes.length + 8) * limits.pagesPerWrite * limits.pageBytes
}

import { type Env, assert } from '@slicewise/base'
import {
  type Commit,
  type Committed,
  type Entry,
  type Put,
  type Range,
  type RangeOptions,
  type Store,
  type StoreWatcher,
  PreconditionFailed,
  StoreClosed,
} from './contract.ts'
import { CommitLog } from './commit-log.ts'
import { Current } from './current.ts'
import { Feed, type History } from './feed.ts'
import { type PutPlace, planCommit } from './plan.ts'

/**
 * A store that lasts as long as the process. Commits take effect inside the call of `commit`;
 * history grows until `compact`. Any number of users may share one instance.
 */
export function openMemoryStore(env: Env): Store {
  return new MemoryStore(env)
}

class MemoryEntry implements Entry {
  readonly key: string
  readonly revision: number
  readonly created: number
  readonly header: Uint8Array | undefined
  readonly #value: Uint8Array

  constructor(put: Put, { revision, created }: PutPlace) {
    this.key = put.key
    this.revision = revision
    this.created = created
    this.header = put.header
    this.#value = put.value
  }

  get size(): number {
    return this.#value.length
  }

  borrow(): Uint8Array {
    return this.value()
  }

  value(): Uint8Array {
    return this.#value
  }
}

class MemoryStore implements Store, History {
  readonly #current = new Current<MemoryEntry>(1)
  readonly #feed: Feed
  readonly #log = new CommitLog<Committed>()
  #compacted = 0
  #closed = false

  constructor(env: Env) {
    this.#feed = new Feed(env, this)
  }

  get revision(): number {
    return this.#current.revision
  }

  get compacted(): number {
    return this.#compacted
  }

  async commit(change: Commit): Promise<Committed> {
    if (this.#closed) throw new StoreClosed()
    const current = this.#current
    const enter = (put: Put, at: PutPlace): MemoryEntry => new MemoryEntry(put, at)
    const changes = planCommit(change, current.revision, key => current.get(key), enter)
    if (changes instanceof PreconditionFailed) throw changes
    const committed = { revision: current.revision + changes.length, changes }
    if (changes.length === 0) return committed
    current.apply(committed.revision, changes)
    this.#log.push(committed)
    this.#feed.committed()
    return committed
  }

  async range(prefix: string, options?: RangeOptions): Promise<Range> {
    if (this.#closed) throw new StoreClosed()
    return this.#current.range(prefix, options)
  }

  watch(prefix: string, after: number, watcher: StoreWatcher): { stop(): void } {
    return this.#feed.watch(prefix, after, watcher)
  }

  async compact(revision: number): Promise<void> {
    if (this.#closed) throw new StoreClosed()
    assert(revision <= this.revision, 'a revision of the future cannot be compacted')
    if (revision <= this.#compacted) return
    this.#log.dropUpTo(revision)
    this.#compacted = revision
    this.#feed.compacted()
  }

  /** For the feed only. */
  since(after: number, limit: number): readonly Committed[] {
    return this.#log.since(after, limit)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.resolve()
    this.#feed.close()
  }
}

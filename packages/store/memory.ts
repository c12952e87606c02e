import { type Env, assert } from '@slicewise/base'
import {
  type Commit,
  type Entry,
  type Put,
  type Range,
  type RangeOptions,
  type Store,
  type StoreWatcher,
  PreconditionFailed,
  StoreClosed,
} from './contract.ts'
import { Current } from './current.ts'
import { type Committed, Feed, type History } from './feed.ts'
import { planCommit } from './plan.ts'

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

  constructor(put: Put, revision: number, created: number) {
    this.key = put.key
    this.revision = revision
    this.created = created
    this.header = put.header
    this.#value = put.value
  }

  get size(): number {
    return this.#value.length
  }

  value(): Uint8Array {
    return this.#value
  }
}

class MemoryStore implements Store, History {
  readonly #current = new Current<MemoryEntry>(1)
  readonly #feed: Feed
  /** One commit for each revision after `#logStart`, oldest first. */
  #log: Committed[] = []
  #logStart = 1
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

  async commit(change: Commit): Promise<number> {
    if (this.#closed) throw new StoreClosed()
    const current = this.#current
    const revision = current.revision + 1
    const enter = (put: Put, created: number): MemoryEntry =>
      new MemoryEntry(put, revision, created || revision)
    const changes = planCommit(change, key => current.get(key), enter)
    if (changes instanceof PreconditionFailed) throw changes
    if (changes.length === 0) return current.revision
    current.apply(revision, changes)
    this.#log.push({ revision, changes })
    this.#feed.committed()
    return revision
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
    this.#log = this.#log.slice(Math.max(0, revision - this.#logStart))
    this.#logStart = Math.max(revision, this.#logStart)
    this.#compacted = revision
    this.#feed.compacted()
  }

  /** For the feed only. */
  since(after: number, limit: number): readonly Committed[] {
    const start = Math.max(0, after - this.#logStart)
    return this.#log.slice(start, start + limit)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.resolve()
    this.#feed.close()
  }
}

import { type Cancel, type Deferred, type Env, deferred } from '@slicewise/base'
import { type ResourceSpec, StatusError } from '@slicewise/kube'
import type { Entry, KeyChange, Store, StoreWatcher } from '@slicewise/store'
import { type Cached, cachedContext } from './cached.ts'
import { type PastChange, Collection } from './collection.ts'
import type { CachedChange } from './history.ts'
import { collectionId, splitStoreKey } from './keys.ts'
import { limits } from './limits.ts'
import { readPast } from './past.ts'
import { Ring } from './ring.ts'
import { Watches } from './watches.ts'

interface Waiter {
  readonly revision: number
  readonly done: Deferred<void>
}

/** Objects and watches of one resource. */
export interface Kept {
  readonly collection: Collection
  readonly watches: Watches
}

/**
 * The store's newest state of every resource, in memory: references to bytes, slim records and a
 * window of changes. All lists and watches are served from it. It follows the store, so it also
 * shows what other servers on the same store write.
 */
export class WatchCache {
  readonly #env: Env
  readonly #store: Store
  readonly #kept = new Map<string, Kept>()
  readonly #bySpec = new WeakMap<ResourceSpec, Kept>()
  /** The server's own bookkeeping keys. */
  readonly #internal = new Map<string, Entry>()
  #revision = 0
  /** The revision it was opened at: what was before is only in the store. */
  #opened = 0
  #recalled: Promise<void> | undefined
  #waiters: Waiter[] = []
  #stopStore: () => void = () => {}
  #cancelSweep: Cancel = () => {}
  #cancelTurn: Cancel | undefined
  #turnFrom = 0
  /** Revisions at the times of the last sweeps, for dropping by age. */
  #marks: { readonly revision: number; readonly ms: number }[] = []
  #closed = false

  private constructor(env: Env, store: Store) {
    this.#env = env
    this.#store = store
  }

  /** Reads keys and headers of the whole store, no values. */
  static async open(
    env: Env, store: Store, specs: readonly ResourceSpec[],
  ): Promise<WatchCache> {
    const cache = new WatchCache(env, store)
    const { revision, entries } = await store.range('/')
    cache.#revision = revision
    cache.#opened = revision
    cache.#prepare(specs)
    for (const entry of entries) {
      const place = splitStoreKey(entry.key)
      if (place === undefined) cache.#internal.set(entry.key, entry)
      else cache.#kept.get(place.collection)?.collection.load(place.key, entry)
    }
    cache.#follow()
    cache.#sweepLater()
    return cache
  }

  get revision(): number {
    return this.#revision
  }

  get closed(): boolean {
    return this.#closed
  }

  of(spec: ResourceSpec): Kept {
    let kept = this.#bySpec.get(spec)
    if (kept !== undefined) return kept
    kept = this.#kept.get(collectionId(spec))
    if (kept === undefined) throw new StatusError('NotFound', `${spec.resource} is not served`)
    this.#bySpec.set(spec, kept)
    return kept
  }

  /** The value of a bookkeeping key. */
  internal(key: string): Uint8Array | undefined {
    return this.#internal.get(key)?.value()
  }

  internalKeys(): Iterable<string> {
    return this.#internal.keys()
  }

  hasInternal(key: string): boolean {
    return this.#internal.has(key)
  }

  /** Resolves when the cache shows what the store has confirmed up to now. */
  async latest(): Promise<void> {
    const { revision } = this.#store
    if (this.#revision < revision) await this.atLeast(revision)
  }

  async atLeast(revision: number): Promise<void> {
    if (this.#revision >= revision) return
    if (this.#closed) throw stopped()
    const waiter = { revision, done: deferred() }
    this.#waiters.push(waiter)
    await waiter.done.promise
  }

  /**
   * Resolves when the history of `collection` goes back to `revision`, if the store can still
   * tell of it: who was watching before a restart goes on, and pages of a list do. Nothing of
   * this is read before somebody asks for it, and it is read once for all resources.
   */
  async recall({ history }: Collection, revision: number): Promise<void> {
    if (revision >= history.floor || history.floor > this.#opened) return
    const from = Math.max(this.#store.compacted, this.#opened - limits.recalledRevisionsMax)
    if (revision < from || this.#closed) return
    this.#recalled ??= this.#recall(from)
    await this.#recalled
  }

  async #recall(from: number): Promise<void> {
    const changes = await readPast(this.#store, from, this.#opened)
    if (changes === undefined) return
    const byCollection = new Map<string, PastChange[]>()
    for (const { key, ...change } of changes) {
      const place = splitStoreKey(key)
      if (place === undefined) continue
      const found = byCollection.get(place.collection)
      if (found === undefined) byCollection.set(place.collection, [{ ...change, key: place.key }])
      else found.push({ ...change, key: place.key })
    }
    for (const [id, { collection }] of this.#kept) {
      collection.recall(byCollection.get(id) ?? [], { after: from, until: this.#opened })
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#cancelSweep()
    this.#cancelTurn?.()
    this.#stopStore()
    for (const { watches } of this.#kept.values()) watches.endAll()
    for (const { done } of this.#waiters) done.reject(stopped())
    this.#waiters = []
  }

  #prepare(specs: readonly ResourceSpec[]): void {
    const parsed = new Ring<Cached>(limits.parsedKept)
    const recent = new Ring<CachedChange>(limits.eventsKept)
    const keep = this.#env.checked ? deepFreeze : <T>(object: T): T => object
    for (const spec of specs) {
      const id = collectionId(spec)
      // A view shares the collection of the row in whose form it is stored.
      if (spec.view !== undefined || this.#kept.has(id)) continue
      const context = cachedContext(spec.fieldSelectors, parsed, keep)
      const collection = new Collection(
        { id, namespaced: spec.namespaced }, context, recent, this.#revision)
      const watches = new Watches(this.#env, collection, { request: () => this.#turnLater() })
      this.#kept.set(id, { collection, watches })
    }
  }

  #follow(): void {
    const watcher: StoreWatcher = {
      commit: (revision, changes) => this.#apply(revision, changes),
      end: reason => {
        if (reason !== 'stopped' && !this.#closed) this.#lost(reason)
      },
    }
    this.#stopStore = this.#store.watch('/', this.#revision, watcher).stop
  }

  #apply(revision: number, changes: readonly KeyChange[]): void {
    for (const { key, revision: at, after } of changes) {
      const place = splitStoreKey(key)
      if (place !== undefined) {
        this.#kept.get(place.collection)?.collection.apply(at, place.key, after)
      } else if (after === undefined) this.#internal.delete(key)
      else this.#internal.set(key, after)
    }
    this.#revision = revision
    this.#release()
    this.#turnLater()
  }

  #release(): void {
    if (this.#waiters.length === 0) return
    const waiting: Waiter[] = []
    for (const waiter of this.#waiters) {
      if (waiter.revision <= this.#revision) waiter.done.resolve()
      else waiting.push(waiter)
    }
    this.#waiters = waiting
  }

  #turnLater(): void {
    this.#cancelTurn ??= this.#env.after(0, () => {
      this.#cancelTurn = undefined
      this.#turn()
    })
  }

  #turn(): void {
    const until = this.#env.nowMs() + limits.fanOutTurnMs
    const going = (): boolean => this.#env.nowMs() < until
    const all = [...this.#kept.values()]
    let more = false
    // The next turn begins where this one ran out of time: no resource waits for a busier one.
    let first: number | undefined
    for (let n = 0; n < all.length; n++) {
      const at = (this.#turnFrom + n) % all.length
      more = all[at]?.watches.advance(going) === true || more
      if (first === undefined && !going()) first = (at + 1) % all.length
    }
    this.#turnFrom = first ?? this.#turnFrom
    if (more && !this.#closed) this.#turnLater()
  }

  /** The store ended the watch: whatever happened since is unknown, so everything is read again. */
  #lost(reason: string): void {
    this.#env.log.warn('the store ended the watch', { reason })
    if (reason === 'closed') {
      void this.close()
      return
    }
    for (const { watches } of this.#kept.values()) {
      watches.endAll(new StatusError('Expired', 'history was lost: list again'))
    }
    this.#reload().catch((error: unknown) => {
      this.#env.log.error('the store cannot be read', { error })
      this.#env.after(1000, () => this.#closed || this.#lost('lost'))
    })
  }

  async #reload(): Promise<void> {
    const { revision, entries } = await this.#store.range('/')
    const found = new Map(entries.map(entry => [entry.key, entry]))
    const changes: KeyChange[] = []
    for (const [id, { collection }] of this.#kept) {
      collection.walk({ namespace: '', from: '' }, (cached, key) => {
        const now = found.get(`/${id}/${key}`)
        if (now?.revision === cached.revision) found.delete(`/${id}/${key}`)
        else if (now === undefined) changes.push({ key: `/${id}/${key}`, revision })
      })
    }
    for (const key of this.#internal.keys()) if (!found.has(key)) changes.push({ key, revision })
    for (const [key, after] of found) changes.push({ key, revision: after.revision, after })
    this.#apply(revision, changes)
    for (const { collection } of this.#kept.values()) collection.history.restart(revision)
    this.#follow()
  }

  #sweepLater(): void {
    this.#cancelSweep = this.#env.after(limits.sweepEveryMs, () => {
      this.#sweep()
      if (!this.#closed) this.#sweepLater()
    })
  }

  #sweep(): void {
    const ms = this.#env.nowMs()
    this.#marks.push({ revision: this.#revision, ms })
    let horizon = 0
    while ((this.#marks[0]?.ms ?? Infinity) <= ms - limits.historyAgeMs) {
      horizon = this.#marks.shift()?.revision ?? horizon
    }
    for (const { collection, watches } of this.#kept.values()) {
      if (horizon > 0) collection.history.dropUpTo(horizon)
      watches.sweep()
    }
    if (horizon > this.#store.compacted) {
      this.#store.compact(horizon).catch((error: unknown) => {
        this.#env.log.warn('the store cannot forget history', { error })
      })
    }
  }
}

const stopped = (): StatusError =>
  new StatusError('ServiceUnavailable', 'the server is stopping')

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const one of Object.values(value)) deepFreeze(one)
  return Object.freeze(value)
}

import { SortedMap } from '@slicewise/base'
import type { Entry, KeyChange } from '@slicewise/store'
import { type CachedContext, Cached } from './cached.ts'
import { CachedChange, History } from './history.ts'
import { itemKey } from './keys.ts'
import type { Ring } from './ring.ts'

/** A reader's place in a list: what it selects and from where it goes on. */
export interface Range {
  /** '' for all namespaces. */
  readonly namespace: string
  /** First key, inclusive; '' for the beginning. */
  readonly from: string
}

/** A change that the store tells of after the fact; `key` is the object's. */
export type PastChange = KeyChange

/** The objects of one resource, their keys sorted, with the history of their changes. */
export class Collection {
  readonly id: string
  readonly namespaced: boolean
  readonly context: CachedContext
  readonly history: History
  readonly #objects = new SortedMap<Cached>()
  readonly #recent: Ring<CachedChange>
  /** Written here, not yet delivered by the store; by key. */
  readonly #arrivals = new Map<string, Cached>()

  constructor(
    kind: { readonly id: string; readonly namespaced: boolean },
    context: CachedContext, recent: Ring<CachedChange>, floor: number,
  ) {
    this.id = kind.id
    this.namespaced = kind.namespaced
    this.context = context
    this.#recent = recent
    this.history = new History(floor)
  }

  get size(): number {
    return this.#objects.size
  }

  keyOf(namespace: string, name: string): string {
    return itemKey(namespace, name)
  }

  get(key: string): Cached | undefined {
    return this.#objects.get(key)
  }

  /** Enters what was there when the store was opened. */
  load(key: string, entry: Entry): void {
    this.#objects.set(key, new Cached(this.context, key, entry.revision, entry))
  }

  /** A write of this server that the store has confirmed and will deliver soon. */
  arrives(key: string, cached: Cached): void {
    const known = this.#objects.get(key)
    if ((known?.revision ?? 0) < cached.revision) this.#arrivals.set(key, cached)
  }

  apply(revision: number, key: string, entry: Entry | undefined): CachedChange | undefined {
    const before = this.#objects.get(key)
    const after = entry === undefined ? undefined : this.#enter(key, entry)
    if (before === undefined && after === undefined) return undefined
    if (after === undefined) {
      this.#objects.delete(key)
      this.#arrivals.delete(key)
    } else {
      this.#objects.set(key, after)
    }
    const seq = this.history.nextSeq()
    const change = new CachedChange(seq, revision, key, { before, after }, this.#recent)
    this.history.push(change)
    return change
  }

  /**
   * Takes what happened before the objects were loaded, oldest first, complete after `after`.
   * Does nothing when history does not begin at `until` any more.
   */
  recall(past: readonly PastChange[], { after, until }: { after: number; until: number }): void {
    const { history } = this
    if (history.floor !== until) return
    /** What later changes found, so that each version is kept once. */
    const found = new Map<string, Cached | undefined>()
    const one = (key: string, entry: Entry | undefined): Cached | undefined =>
      entry && new Cached(this.context, key, entry.revision, entry)
    const changes: CachedChange[] = []
    for (let n = past.length - 1; n >= 0; n--) {
      const { key, revision, before, after: entry } = past[n] as PastChange
      const sides = { before: one(key, before), after: found.get(key) ?? one(key, entry) }
      found.set(key, sides.before)
      const seq = history.firstSeq - 1 - changes.length
      changes.push(new CachedChange(seq, revision, key, sides, this.#recent))
    }
    history.recall(changes, after)
  }

  #enter(key: string, entry: Entry): Cached {
    const own = this.#arrivals.get(key)
    if (own !== undefined && own.revision <= entry.revision) this.#arrivals.delete(key)
    if (own?.revision !== entry.revision) {
      return new Cached(this.context, key, entry.revision, entry)
    }
    own.settle(entry)
    return own
  }

  /** Visits the present objects in key order until `visit` returns false. */
  walk({ namespace, from }: Range, visit: (object: Cached, key: string) => boolean | void): void {
    this.#objects.walk(prefixOf(namespace), from, visit)
  }

  /** The same for the objects as they were at `revision`; undefined when that is forgotten. */
  walkAt(
    revision: number, range: Range, visit: (object: Cached, key: string) => boolean | void,
  ): boolean {
    if (revision < this.history.floor) return false
    const undo = this.history.undo(revision)
    if (undo.size === 0) this.walk(range, visit)
    else this.#walkUndone(undo, range, visit)
    return true
  }

  #walkUndone(
    undo: ReadonlyMap<string, Cached | undefined>,
    range: Range,
    visit: (object: Cached, key: string) => boolean | void,
  ): void {
    const prefix = prefixOf(range.namespace)
    const gone = [...undo.keys()]
      .filter(key => key >= range.from && key.startsWith(prefix) && !this.#objects.has(key))
      .sort()
    let next = 0
    const show = (object: Cached | undefined, key: string): boolean =>
      object === undefined || visit(object, key) !== false
    let going = true
    this.walk(range, (object, key) => {
      for (; going && next < gone.length && (gone[next] as string) < key; next++) {
        going = show(undo.get(gone[next] as string), gone[next] as string)
      }
      going &&= show(undo.has(key) ? undo.get(key) : object, key)
      return going
    })
    for (; going && next < gone.length; next++) {
      going = show(undo.get(gone[next] as string), gone[next] as string)
    }
  }
}

const prefixOf = (namespace: string): string => (namespace === '' ? '' : `${namespace}/`)

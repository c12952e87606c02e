import { Queue } from '@slicewise/base'
import { type Cached } from './cached.ts'
import type { CachedEvent, CachedObject } from './contract.ts'
import { limits } from './limits.ts'
import type { Ring } from './ring.ts'

/** How objects of a collection look to one of its resources (events have two views). */
export interface View {
  readonly id: string
  show(object: CachedObject): CachedObject
}

/** What one commit did to one object. `before` is absent for a creation, `after` for a deletion. */
export class CachedChange {
  /** Counts the changes of one collection, without gaps. */
  readonly seq: number
  readonly revision: number
  readonly key: string
  readonly namespace: string
  readonly before: Cached | undefined
  readonly after: Cached | undefined
  readonly #recent: Ring<CachedChange>
  #events: Map<string, CachedEvent> | undefined

  constructor(
    seq: number, revision: number, key: string,
    sides: { before: Cached | undefined; after: Cached | undefined },
    recent: Ring<CachedChange>,
  ) {
    this.seq = seq
    this.revision = revision
    this.key = key
    this.before = sides.before
    this.after = sides.after
    this.namespace = (sides.after ?? sides.before)?.namespace ?? ''
    this.#recent = recent
  }

  /** The one event of this type, shared by all watches that get it through the same view. */
  event(type: CachedEvent['type'], view: View): CachedEvent {
    if (this.#events === undefined) {
      this.#events = new Map()
      this.#recent.add(this)
    }
    const id = view.id + type
    let event = this.#events.get(id)
    if (event === undefined) {
      const state = type === 'DELETED' ? this.before?.at(this.revision) : this.after
      event = { type, object: view.show(state as Cached), encoded: undefined }
      this.#events.set(id, event)
    }
    return event
  }

  /** Called by the ring. */
  forget(): void {
    this.#events = undefined
  }
}

/** The latest changes of one collection, oldest first; older ones are dropped by count and size. */
export class History {
  readonly #changes = new Queue<CachedChange>()
  #bytes = 0
  #seq = 0
  /** Every change after this revision is still here. */
  #floor: number

  constructor(floor: number) {
    this.#floor = floor
  }

  /** Number of the newest change. */
  get seq(): number {
    return this.#seq
  }

  get floor(): number {
    return this.#floor
  }

  /** Number of the oldest change that is here, or of the next one. */
  get firstSeq(): number {
    return this.#seq - this.#changes.size + 1
  }

  nextSeq(): number {
    return this.#seq + 1
  }

  push(change: CachedChange): void {
    this.#seq = change.seq
    this.#changes.push(change)
    this.#bytes += change.before?.size ?? 0
    while (this.#tooMuch()) this.#drop()
  }

  /** Undefined when it was dropped or has not happened. */
  get(seq: number): CachedChange | undefined {
    return this.#changes.peek(seq - this.firstSeq)
  }

  /** Number of the last change not after `revision`; undefined when older history is gone. */
  seqAt(revision: number): number | undefined {
    if (revision < this.#floor) return undefined
    let low = 0
    let high = this.#changes.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#changes.peek(middle) as CachedChange).revision <= revision) low = middle + 1
      else high = middle
    }
    return this.firstSeq + low - 1
  }

  /** What `revision` had instead of what is there now, by key; undefined: it had nothing. */
  undo(revision: number): Map<string, Cached | undefined> {
    const found = new Map<string, Cached | undefined>()
    for (let n = this.#changes.size - 1; n >= 0; n--) {
      const change = this.#changes.peek(n) as CachedChange
      if (change.revision <= revision) break
      found.set(change.key, change.before)
    }
    return found
  }

  /**
   * Puts older changes in front, newest first, numbered down from the oldest one here; together
   * they are all that happened after `floor`. The window takes no more than ever.
   */
  recall(older: readonly CachedChange[], floor: number): void {
    const newer = this.#changes.slice(0, this.#changes.size)
    for (const change of older) this.#bytes += change.before?.size ?? 0
    this.#changes.clear()
    for (let n = older.length - 1; n >= 0; n--) this.#changes.push(older[n] as CachedChange)
    for (const change of newer) this.#changes.push(change)
    this.#floor = floor
    while (this.#tooMuch()) this.#drop()
  }

  /** Forgets everything up to `revision`. */
  dropUpTo(revision: number): void {
    while ((this.#changes.peek()?.revision ?? Infinity) <= revision) this.#drop()
    this.#floor = Math.max(this.#floor, revision)
  }

  /** Forgets everything: what happened between is unknown. */
  restart(floor: number): void {
    this.#changes.clear()
    this.#bytes = 0
    this.#floor = floor
  }

  #tooMuch(): boolean {
    const { size } = this.#changes
    if (size > limits.historyChangesMax) return true
    return size > limits.historyChangesMin && this.#bytes > limits.historyBytesMax
  }

  #drop(): void {
    const change = this.#changes.take() as CachedChange
    this.#bytes -= change.before?.size ?? 0
    this.#floor = change.revision
    // Changes of one commit go together: a reader after `floor` must find all of the next.
    while (this.#changes.peek()?.revision === change.revision) {
      this.#bytes -= this.#changes.take()?.before?.size ?? 0
    }
  }
}

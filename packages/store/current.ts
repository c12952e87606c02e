import { SortedMap } from '@slicewise/base'
import type { Entry, Range, RangeOptions } from './contract.ts'
import type { Change } from './plan.ts'

/** The newest entry of every key, in key order, at one revision. */
export class Current<E extends Entry> {
  readonly #entries = new SortedMap<E>()
  #revision: number

  constructor(revision: number) {
    this.#revision = revision
  }

  get revision(): number {
    return this.#revision
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): E | undefined {
    return this.#entries.get(key)
  }

  /** Enters what was read from a folder; the revision does not move. */
  load(entry: E): void {
    this.#entries.set(entry.key, entry)
  }

  apply(revision: number, changes: readonly Change<E>[]): void {
    for (const { key, after } of changes) {
      if (after === undefined) this.#entries.delete(key)
      else this.#entries.set(key, after)
    }
    this.#revision = revision
  }

  range(prefix: string, options: RangeOptions = {}): Range {
    const entries: E[] = []
    const limit = options.limit ?? Infinity
    let next: string | undefined
    this.#entries.walk(prefix, options.from ?? '', (entry, key) => {
      if (entries.length < limit) entries.push(entry)
      else next = key
      return next === undefined
    })
    return { revision: this.#revision, entries, ...(next === undefined ? {} : { next }) }
  }
}

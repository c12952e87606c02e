import { Queue } from '@slicewise/base'
import type { Committed } from './contract.ts'

/** Commits in memory, oldest first, none missing between two of them. */
export class CommitLog<C extends Committed> {
  readonly #commits = new Queue<C>()

  get size(): number {
    return this.#commits.size
  }

  push(commit: C): void {
    this.#commits.push(commit)
  }

  takeOldest(): C | undefined {
    return this.#commits.take()
  }

  /** Drops the commits that are over at `revision`. */
  dropUpTo(revision: number): void {
    while ((this.#commits.peek()?.revision ?? Infinity) <= revision) this.#commits.take()
  }

  /** Whether the change after revision `after` is here. */
  reaches(after: number): boolean {
    return (this.#commits.peek()?.changes[0]?.revision ?? Infinity) <= after + 1
  }

  /** Up to `limit` commits; the first is cut when `after` lies within it. */
  since(after: number, limit: number): readonly C[] {
    const start = this.#placeAfter(after)
    const found = this.#commits.slice(start, limit)
    const first = found[0]
    if (first === undefined || (first.changes[0]?.revision ?? 0) > after) return found
    const changes = first.changes.filter(({ revision }) => revision > after)
    return [{ ...first, changes }, ...found.slice(1)]
  }

  /** Of the first commit that is not over at `after`. */
  #placeAfter(after: number): number {
    let low = 0
    let high = this.#commits.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#commits.peek(middle)?.revision ?? 0) <= after) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Slots before the head that may stay empty before the rest moves down. */
const deadSlotsMax = 1024

/**
 * First in, first out. Taking moves a head index instead of the elements, so that draining a long
 * queue is linear (`Array.shift` moves everything behind it).
 */
export class Queue<T> {
  #slots: (T | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#slots.length - this.#head
  }

  push(item: T): void {
    this.#slots.push(item)
  }

  /** The oldest item, removed; `undefined` when empty. */
  take(): T | undefined {
    if (this.#head === this.#slots.length) return undefined
    const item = this.#slots[this.#head]
    this.#slots[this.#head++] = undefined
    if (this.#head > deadSlotsMax && this.#head * 2 > this.#slots.length) this.#moveDown()
    return item
  }

  /** The oldest item, or the one `index` places behind it; `undefined` outside the queue. */
  peek(index = 0): T | undefined {
    return index < 0 ? undefined : this.#slots[this.#head + index]
  }

  clear(): void {
    this.#slots = []
    this.#head = 0
  }

  /** Copies up to `limit` items from the one at `start` on, oldest first. */
  slice(start: number, limit: number): T[] {
    const from = this.#head + Math.max(0, start)
    return this.#slots.slice(from, from + limit) as T[]
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.size; index++) yield this.peek(index) as T
  }

  #moveDown(): void {
    this.#slots = this.#slots.slice(this.#head)
    this.#head = 0
  }
}

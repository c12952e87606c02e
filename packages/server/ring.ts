/** Remembers the last `size` things added; what falls out is told to forget what it holds. */
export class Ring<T extends { forget(): void }> {
  readonly #slots: (T | undefined)[]
  #next = 0

  constructor(size: number) {
    this.#slots = Array.from({ length: size }, () => undefined)
  }

  add(one: T): void {
    const oldest = this.#slots[this.#next]
    this.#slots[this.#next] = one
    this.#next = (this.#next + 1) % this.#slots.length
    // Added twice in a row: the later slot keeps it.
    if (oldest !== undefined && oldest !== one) oldest.forget()
  }
}

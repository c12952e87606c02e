import { assert } from './assert.ts'

/** Keys of one run; a full run is split. Moving this many is cheaper than a tree's hops. */
const runLengthMax = 512
/** Two neighbours that fit together in this become one run. */
const runLengthJoined = 192

interface Run<V> {
  readonly keys: string[]
  readonly values: V[]
}

/**
 * A map that is walked in the order of its keys (UTF-16 units, for ASCII the same as bytes).
 * Two levels: a sorted list of runs, each a sorted array; finding is two binary searches, and
 * setting or deleting moves at most one run. The map must not change while it is walked
 * (replacing the value of a present key is allowed); a walk that goes on after that throws.
 */
export class SortedMap<V> {
  #runs: Run<V>[] = []
  #size = 0
  /** Grows when keys come or go, so that a walk notices. */
  #shape = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    const run = this.#runs[this.#runOf(key)]
    if (run === undefined) return undefined
    const at = lowerBound(run.keys, key)
    return run.keys[at] === key ? run.values[at] : undefined
  }

  has(key: string): boolean {
    const run = this.#runs[this.#runOf(key)]
    return run !== undefined && run.keys[lowerBound(run.keys, key)] === key
  }

  /** Returns true when the key is new. */
  set(key: string, value: V): boolean {
    const index = this.#runOf(key)
    const run = this.#runs[index]
    if (run === undefined) {
      this.#runs.push({ keys: [key], values: [value] })
      return this.#grew()
    }
    const at = lowerBound(run.keys, key)
    if (run.keys[at] === key) {
      run.values[at] = value
      return false
    }
    if (run.keys.length < runLengthMax) insert(run, at, key, value)
    else this.#insertIntoFull(index, at, key, value)
    return this.#grew()
  }

  /** Returns false when the key was absent. */
  delete(key: string): boolean {
    const index = this.#runOf(key)
    const run = this.#runs[index]
    if (run === undefined) return false
    const at = lowerBound(run.keys, key)
    if (run.keys[at] !== key) return false
    run.keys.splice(at, 1)
    run.values.splice(at, 1)
    this.#size--
    this.#shape++
    if (run.keys.length === 0) this.#runs.splice(index, 1)
    else this.#join(index)
    return true
  }

  clear(): void {
    this.#runs = []
    this.#size = 0
    this.#shape++
  }

  /** Entries from the first key that is `from` or behind it, in order. */
  *entries(from = ''): IterableIterator<[string, V]> {
    const shape = this.#shape
    let index = this.#runOf(from)
    let run = this.#runs[index]
    let at = run === undefined ? 0 : lowerBound(run.keys, from)
    while (run !== undefined) {
      for (; at < run.keys.length; at++) {
        yield [run.keys[at] as string, run.values[at] as V]
        assert(shape === this.#shape, 'a sorted map changed while it was walked')
      }
      run = this.#runs[++index]
      at = 0
    }
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.entries()
  }

  *keys(from = ''): IterableIterator<string> {
    for (const [key] of this.entries(from)) yield key
  }

  /**
   * Calls `visit` for every key that starts with `prefix` and is not before `from`, in order,
   * until it returns false. The fastest walk: no objects are made on the way.
   */
  walk(prefix: string, from: string, visit: (value: V, key: string) => boolean | void): void {
    const start = from > prefix ? from : prefix
    const shape = this.#shape
    let index = this.#runOf(start)
    let run = this.#runs[index]
    let at = run === undefined ? 0 : lowerBound(run.keys, start)
    while (run !== undefined) {
      for (; at < run.keys.length; at++) {
        const key = run.keys[at] as string
        if (!key.startsWith(prefix)) return
        if (visit(run.values[at] as V, key) === false) return
        assert(shape === this.#shape, 'a sorted map changed while it was walked')
      }
      run = this.#runs[++index]
      at = 0
    }
  }

  /** The last run whose first key is not behind `key`; 0 when there is none. */
  #runOf(key: string): number {
    let low = 0
    let high = this.#runs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (((this.#runs[middle] as Run<V>).keys[0] as string) <= key) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : low - 1
  }

  #grew(): true {
    this.#size++
    this.#shape++
    return true
  }

  #insertIntoFull(index: number, at: number, key: string, value: V): void {
    const run = this.#runs[index] as Run<V>
    // Keys that arrive in order fill runs whole: only the new one opens the next run.
    const half = at === runLengthMax ? runLengthMax : runLengthMax / 2
    const upper: Run<V> = { keys: run.keys.splice(half), values: run.values.splice(half) }
    this.#runs.splice(index + 1, 0, upper)
    if (at < half) insert(run, at, key, value)
    else insert(upper, at - half, key, value)
  }

  #join(index: number): void {
    const left = index > 0 ? index - 1 : index
    const [run, next] = [this.#runs[left], this.#runs[left + 1]]
    if (run === undefined || next === undefined) return
    if (run.keys.length + next.keys.length > runLengthJoined) return
    run.keys.push(...next.keys)
    run.values.push(...next.values)
    this.#runs.splice(left + 1, 1)
  }
}

function insert<V>(run: Run<V>, at: number, key: string, value: V): void {
  run.keys.splice(at, 0, key)
  run.values.splice(at, 0, value)
}

/** Index of the first key that is not before `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

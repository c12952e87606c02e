import type { Env } from '@slicewise/base'
import type { Collection } from './collection.ts'
import type { WatchSink } from './contract.ts'
import type { CachedChange } from './history.ts'
import { fieldOf } from './selection.ts'
import { Watch, type WatchGroup, type WatchStart } from './watch.ts'

/** Runs work in slices of a turn. */
export interface Turns {
  request(): void
}

/** All watches of one collection. Those in step are indexed by what can concern them. */
export class Watches implements WatchGroup {
  readonly collection: Collection
  readonly #env: Env
  readonly #turns: Turns
  readonly #all = new Set<Watch>()
  readonly #awake = new Set<Watch>()
  /** In step, by namespace; '' for all namespaces. */
  readonly #byNamespace = new Map<string, Set<Watch>>()
  /** In step and with an exact field: by field, then value. */
  readonly #byField = new Map<string, Map<string, Set<Watch>>>()
  #fanned: number

  constructor(env: Env, collection: Collection, turns: Turns) {
    this.collection = collection
    this.#env = env
    this.#turns = turns
    this.#fanned = collection.history.seq
  }

  get fanned(): number {
    return this.#fanned
  }

  get size(): number {
    return this.#all.size
  }

  open(start: WatchStart, sink: WatchSink): Watch {
    const watch = new Watch(this.#env, this, start, sink)
    this.#all.add(watch)
    this.wake(watch)
    return watch
  }

  /** Hands changes to those in step, then lets others catch up, while `going`. True: more to do. */
  advance(going: () => boolean): boolean {
    const { history } = this.collection
    while (this.#fanned < history.seq) {
      if (!going()) return true
      const change = history.get(this.#fanned + 1)
      if (change === undefined) this.#skipLost()
      else this.#fanOut(change)
    }
    const awake = [...this.#awake]
    for (const watch of awake) {
      if (!watch.advance()) this.#awake.delete(watch)
      if (!going()) break
    }
    return this.#awake.size > 0
  }

  /** Cuts those whose place in history is gone. */
  sweep(): void {
    for (const watch of this.#all) watch.cutIfLost()
  }

  /** Ends every watch: history was lost, or the server stops. */
  endAll(error?: Parameters<Watch['end']>[0]): void {
    for (const watch of this.#all) watch.end(error)
  }

  wake(watch: Watch): void {
    this.#awake.add(watch)
    this.#turns.request()
  }

  inStep(watch: Watch): void {
    const { exact, namespace } = watch.selection
    if (exact === undefined) {
      entry(this.#byNamespace, namespace, () => new Set<Watch>()).add(watch)
    } else {
      const byValue = entry(this.#byField, exact.field, () => new Map<string, Set<Watch>>())
      entry(byValue, exact.value, () => new Set<Watch>()).add(watch)
    }
  }

  outOfStep(watch: Watch): void {
    const { exact, namespace } = watch.selection
    if (exact === undefined) return remove(this.#byNamespace, namespace, watch)
    const byValue = this.#byField.get(exact.field)
    if (byValue === undefined) return
    remove(byValue, exact.value, watch)
    if (byValue.size === 0) this.#byField.delete(exact.field)
  }

  ended(watch: Watch): void {
    this.#all.delete(watch)
    this.#awake.delete(watch)
  }

  /** History was dropped faster than it was handed out: those in step have missed some. */
  #skipLost(): void {
    for (const watch of this.#all) watch.lose()
    this.#fanned = this.collection.history.seq
  }

  #fanOut(change: CachedChange): void {
    for (const watches of this.#concerned(change)) {
      for (const watch of watches) watch.deliver(change)
    }
    // After delivery: a watch that pauses in the middle goes on with this change if it lacks it.
    this.#fanned = change.seq
  }

  #concerned(change: CachedChange): Set<Watch>[] {
    const found: Set<Watch>[] = []
    const add = (watches: Set<Watch> | undefined): void => {
      if (watches !== undefined && watches.size > 0) found.push(watches)
    }
    add(this.#byNamespace.get(''))
    if (change.namespace !== '') add(this.#byNamespace.get(change.namespace))
    for (const [field, byValue] of this.#byField) {
      const was = change.before && fieldOf(change.before, field)
      const is = change.after && fieldOf(change.after, field)
      if (was !== undefined) add(byValue.get(was))
      if (is !== undefined && is !== was) add(byValue.get(is))
    }
    return found
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

function remove(map: Map<string, Set<Watch>>, key: string, watch: Watch): void {
  const watches = map.get(key)
  watches?.delete(watch)
  if (watches?.size === 0) map.delete(key)
}

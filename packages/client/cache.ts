import { type Env, type Revision, assert, compareRevisions, deferred } from '@slicewise/base'
import {
  type Change, type KubeObject, type ObjectKey, type Stored, objectKey,
} from '@slicewise/kube'
import type { ReflectorSink } from './reflector.ts'
import { Index } from './indexes.ts'

export type ChangeListener<T extends KubeObject> = (change: Change<T>) => void

export interface CacheOptions {
  readonly env: Env
}

/**
 * The newest known state of one collection, fed by one reflector.
 *
 * States of one object arrive in order, some may be skipped; nothing is promised across objects.
 * `before` and `after` of a Change always have one uid: an object that was deleted and made again
 * under the same name arrives as two Changes. Listeners run one at a time, in the order they were
 * added, inside the turn of the event; they must not throw and must not await. Objects are shared:
 * nobody may change them (checked environments freeze them).
 */
export class Cache<T extends KubeObject> implements ReflectorSink<T> {
  readonly #env: Env
  readonly #objects = new Map<ObjectKey, Stored<T>>()
  readonly #indexes: Index<T>[] = []
  readonly #listeners: ChangeListener<T>[] = []
  readonly #progressListeners: (() => void)[] = []
  #revision: Revision = ''
  readonly #whenSynced = deferred()
  #synced = false

  constructor(options: CacheOptions) {
    this.#env = options.env
  }

  /** True once a complete state has been applied; never false again. */
  get synced(): boolean {
    return this.#synced
  }

  whenSynced(): Promise<void> {
    return this.#whenSynced.promise
  }

  /** Every event up to this revision has been applied; empty before the first state. */
  get revision(): Revision {
    return this.#revision
  }

  /** True when the cache shows everything that was written up to `revision`. */
  reached(revision: Revision): boolean {
    return this.#revision !== '' && compareRevisions(this.#revision, revision) >= 0
  }

  get size(): number {
    return this.#objects.size
  }

  get(key: ObjectKey): Stored<T> | undefined {
    return this.#objects.get(key)
  }

  /** In no particular order. */
  values(): IterableIterator<Stored<T>> {
    return this.#objects.values()
  }

  /** Groups objects by the texts that `keysOf` gives for each; kept up to date from now on. */
  index(keysOf: (object: Stored<T>) => readonly string[]): Index<T> {
    const index = new Index<T>(keysOf)
    for (const [key, object] of this.#objects) index.apply(key, undefined, object)
    this.#indexes.push(index)
    return index
  }

  /** `listener` hears every later Change; with `replay`, first one for each object there is. */
  onChange(listener: ChangeListener<T>, options: { replay?: boolean } = {}): void {
    this.#listeners.push(listener)
    if (options.replay !== true) return
    for (const [key, after] of this.#objects) {
      listener({ key, before: undefined, after, revision: after.metadata.resourceVersion })
    }
  }

  /** Hears each time `revision` grew, after the Changes that it covers. */
  onProgress(listener: () => void): void {
    this.#progressListeners.push(listener)
  }

  replace(items: readonly Stored<T>[], revision: Revision): void {
    const gone = new Set(this.#objects.keys())
    for (const item of items) {
      gone.delete(objectKey(item.metadata))
      this.#put(item, item.metadata.resourceVersion)
    }
    for (const key of gone) this.#remove(key, revision)
    this.#progress(revision)
    if (this.#synced) return
    this.#synced = true
    this.#whenSynced.resolve()
  }

  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Stored<T>): void {
    const revision = object.metadata.resourceVersion
    if (type === 'DELETED') this.#removeIf(object, revision)
    else this.#put(object, revision)
    this.#progress(revision)
  }

  progress(revision: Revision): void {
    this.#progress(revision)
  }

  #put(object: Stored<T>, revision: Revision): void {
    const key = objectKey(object.metadata)
    const before = this.#objects.get(key)
    const kept = this.#env.checked ? freeze(object) : object
    if (before === undefined) return this.#emit(key, undefined, kept, revision)
    if (before.metadata.uid !== object.metadata.uid) {
      this.#emit(key, before, undefined, revision)
      return this.#emit(key, undefined, kept, revision)
    }
    const order = compareRevisions(object.metadata.resourceVersion, before.metadata.resourceVersion)
    if (order > 0) this.#emit(key, before, kept, revision)
  }

  /** A late DELETED event of an earlier object of that name must not remove its successor. */
  #removeIf(object: Stored<T>, revision: Revision): void {
    const key = objectKey(object.metadata)
    const before = this.#objects.get(key)
    if (before?.metadata.uid === object.metadata.uid) this.#remove(key, revision)
  }

  #remove(key: ObjectKey, revision: Revision): void {
    const before = this.#objects.get(key)
    if (before !== undefined) this.#emit(key, before, undefined, revision)
  }

  #emit(
    key: ObjectKey, before: Stored<T> | undefined, after: Stored<T> | undefined, revision: Revision,
  ): void {
    assert(before !== undefined || after !== undefined, 'a change without a state')
    if (after === undefined) this.#objects.delete(key)
    else this.#objects.set(key, after)
    for (const index of this.#indexes) index.apply(key, before, after)
    const change: Change<T> = { key, before, after, revision }
    for (const listener of this.#listeners) listener(change)
  }

  #progress(revision: Revision): void {
    if (this.#revision !== '' && compareRevisions(revision, this.#revision) <= 0) return
    this.#revision = revision
    for (const listener of this.#progressListeners) listener()
  }
}

function freeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
  return value
}

import type { KubeObject, ObjectKey, Stored } from '@slicewise/kube'

/** Objects of one cache grouped by derived texts, such as `node name` or `namespace/owner uid`. */
export class Index<T extends KubeObject> {
  readonly #keysOf: (object: Stored<T>) => readonly string[]
  readonly #groups = new Map<string, Map<ObjectKey, Stored<T>>>()

  constructor(keysOf: (object: Stored<T>) => readonly string[]) {
    this.#keysOf = keysOf
  }

  /** The objects of one group, in the order they joined it. */
  of(text: string): readonly Stored<T>[] {
    const group = this.#groups.get(text)
    return group === undefined ? [] : [...group.values()]
  }

  count(text: string): number {
    return this.#groups.get(text)?.size ?? 0
  }

  apply(key: ObjectKey, before: Stored<T> | undefined, after: Stored<T> | undefined): void {
    const next = after === undefined ? [] : this.#keysOf(after)
    if (before !== undefined) {
      for (const text of this.#keysOf(before)) if (!next.includes(text)) this.#leave(text, key)
    }
    for (const text of next) this.#join(text, key, after as Stored<T>)
  }

  #join(text: string, key: ObjectKey, object: Stored<T>): void {
    const group = this.#groups.get(text)
    if (group === undefined) this.#groups.set(text, new Map([[key, object]]))
    else group.set(key, object)
  }

  #leave(text: string, key: ObjectKey): void {
    const group = this.#groups.get(text)
    if (group === undefined) return
    group.delete(key)
    if (group.size === 0) this.#groups.delete(text)
  }
}

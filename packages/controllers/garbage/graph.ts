import type { Revision } from '@slicewise/base'
import type { KubeObject, OwnerReference, ResourceRef, Stored } from '@slicewise/kube'

/** What the collector remembers of one object: who owns it and how it is being deleted. */
export interface Item {
  readonly uid: string
  readonly ref: ResourceRef
  readonly namespace: string | undefined
  readonly name: string
  readonly revision: Revision
  readonly owners: readonly OwnerReference[]
  readonly finalizers: readonly string[]
  readonly deleting: boolean
}

const none: readonly never[] = []

export function itemOf(ref: ResourceRef, object: Stored<KubeObject>): Item {
  const { metadata } = object
  return {
    uid: metadata.uid,
    ref,
    namespace: metadata.namespace,
    name: metadata.name,
    revision: metadata.resourceVersion,
    owners: metadata.ownerReferences ?? none,
    finalizers: metadata.finalizers ?? none,
    deleting: Boolean(metadata.deletionTimestamp),
  }
}

/** Every object by uid, and who depends on whom. Owners may be named before they are seen. */
export class Graph {
  readonly #items = new Map<string, Item>()
  readonly #dependents = new Map<string, Set<string>>()

  get size(): number {
    return this.#items.size
  }

  get(uid: string): Item | undefined {
    return this.#items.get(uid)
  }

  *dependentsOf(uid: string): IterableIterator<Item> {
    for (const dependent of this.#dependents.get(uid) ?? none) {
      const item = this.#items.get(dependent)
      if (item !== undefined) yield item
    }
  }

  /** Uids of all objects of one resource. */
  *uidsOf(ref: ResourceRef): IterableIterator<string> {
    for (const item of this.#items.values()) if (item.ref === ref) yield item.uid
  }

  set(item: Item): void {
    this.remove(item.uid)
    this.#items.set(item.uid, item)
    for (const owner of item.owners) {
      const known = this.#dependents.get(owner.uid)
      if (known === undefined) this.#dependents.set(owner.uid, new Set([item.uid]))
      else known.add(item.uid)
    }
  }

  remove(uid: string): void {
    const item = this.#items.get(uid)
    if (item === undefined) return
    this.#items.delete(uid)
    for (const owner of item.owners) {
      const known = this.#dependents.get(owner.uid)
      known?.delete(uid)
      if (known?.size === 0) this.#dependents.delete(owner.uid)
    }
  }
}

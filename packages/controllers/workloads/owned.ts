import type { Cache, Index } from '@slicewise/client'
import {
  type Change, type KubeObject, type LabelSelector, type Stored, matchesSelector, objectKey,
  selectorFrom,
} from '@slicewise/kube'
import { controllerOf, type KeyQueue } from '@slicewise/engine'

type Selecting = KubeObject & { readonly spec?: { readonly selector?: LabelSelector } }

export interface OwnedOptions<Owner extends Selecting, Child extends KubeObject> {
  /** Kind of the owners, as owner references name it. */
  readonly kind: string
  readonly owners: Cache<Owner>
  readonly children: Cache<Child>
  readonly queue: KeyQueue
  /** A change of a child is looked at at once; otherwise such changes gather. */
  readonly atOnce?: true
}

/**
 * Leads from children (Pods of a ReplicaSet, ReplicaSets of a Deployment) to the keys of their
 * owners: by owner reference, or, for those without a controller, by the selectors of the
 * namespace.
 */
export class Owned<Owner extends Selecting, Child extends KubeObject> {
  readonly #options: OwnedOptions<Owner, Child>
  readonly #byController: Index<Child>

  constructor(options: OwnedOptions<Owner, Child>) {
    this.#options = options
    this.#byController = byController(options.children)
  }

  /** Every change of an owner or of one of its children makes the owner's key dirty. */
  listen(): void {
    const { owners, children, queue } = this.#options
    owners.onChange(({ key }) => queue.addNow(key), { replay: true })
    children.onChange((change) => this.#onChild(change))
  }

  /** Children that the owner controls, and orphans of its namespace that it might adopt. */
  candidatesOf(owner: Stored): readonly Stored<Child>[] {
    const { uid, namespace } = owner.metadata
    return [...this.#byController.of(uid), ...this.#byController.of(orphans(namespace))]
  }

  /** Children that the object of this uid controls. */
  controlledBy(uid: string): readonly Stored<Child>[] {
    return this.#byController.of(uid)
  }

  #onChild(change: Change<Child>): void {
    const { before, after } = change as unknown as Change<KubeObject>
    // Most changes leave the owner alone, so that one of both says enough.
    const same = before !== undefined && after !== undefined &&
      controllerOf(after) !== undefined && controllerOf(before)?.uid === controllerOf(after)?.uid
    if (before !== undefined) this.#touch(before as Stored)
    if (after !== undefined && !same) this.#touch(after as Stored)
  }

  #touch(child: Stored): void {
    const { kind, owners } = this.#options
    const owner = controllerOf(child)
    if (owner !== undefined) {
      if (owner.kind === kind) this.#add(objectKey({ ...child.metadata, name: owner.name }))
      return
    }
    if (Object.keys(child.metadata.labels ?? {}).length === 0) return
    for (const one of owners.values()) {
      const { metadata, spec } = one as Stored<Selecting>
      if (metadata.namespace === child.metadata.namespace &&
        matchesSelector(selectorFrom(spec?.selector), child.metadata.labels)) {
        this.#add(objectKey(metadata))
      }
    }
  }

  #add(key: string): void {
    if (this.#options.atOnce) this.#options.queue.addNow(key)
    else this.#options.queue.add(key)
  }
}

const indexes = new WeakMap<Cache<KubeObject>, Index<KubeObject>>()

/** Objects by the uid of their controller, or as orphans of their namespace; one index a cache. */
export function byController<T extends KubeObject>(cache: Cache<T>): Index<T> {
  const objects = cache as unknown as Cache<KubeObject>
  const index = indexes.get(objects) ??
    objects.index((one) => [controllerOf(one)?.uid ?? orphans(one.metadata.namespace)])
  indexes.set(objects, index)
  return index as unknown as Index<T>
}

function orphans(namespace: string | undefined): string {
  return `orphan ${namespace}`
}

import type { Cache, Index } from '@slicewise/client'
import {
  type Change, type KubeObject, type LabelSelector, type Pod, type Stored, matchesSelector,
  objectKey, selectorFrom,
} from '@slicewise/kube'
import { controllerOf, type KeyQueue } from '@slicewise/engine'

type Selecting = KubeObject & { readonly spec?: { readonly selector?: LabelSelector } }

export interface OwnedPodsOptions<T extends Selecting> {
  /** Kind of the owners, as owner references name it. */
  readonly kind: string
  readonly owners: Cache<T>
  readonly pods: Cache<Pod>
  readonly queue: KeyQueue
}

/**
 * Leads from Pods to the keys of their owners: by owner reference, or, for Pods without a
 * controller, by the selectors of the namespace.
 */
export class OwnedPods<T extends Selecting> {
  readonly #options: OwnedPodsOptions<T>
  readonly #byOwner: Index<Pod>

  constructor(options: OwnedPodsOptions<T>) {
    this.#options = options
    this.#byOwner = options.pods.index((pod) =>
      [controllerOf(pod)?.uid ?? orphans(pod.metadata.namespace)])
  }

  /** Every change of an owner or of one of its Pods makes the owner's key dirty. */
  listen(): void {
    const { owners, pods, queue } = this.#options
    owners.onChange(({ key }) => queue.addNow(key), { replay: true })
    pods.onChange((change) => this.#onPod(change))
  }

  /** Pods that the owner controls, and orphans of its namespace that it might adopt. */
  candidatesOf(owner: Stored): readonly Stored<Pod>[] {
    const { uid, namespace } = owner.metadata
    return [...this.#byOwner.of(uid), ...this.#byOwner.of(orphans(namespace))]
  }

  /** Pods that the object of this uid controls. */
  controlledBy(uid: string): readonly Stored<Pod>[] {
    return this.#byOwner.of(uid)
  }

  #onPod({ before, after }: Change<Pod>): void {
    if (before !== undefined) this.#touch(before)
    if (after !== undefined) this.#touch(after)
  }

  #touch(pod: Stored<Pod>): void {
    const { kind, owners, queue } = this.#options
    const owner = controllerOf(pod)
    if (owner !== undefined) {
      if (owner.kind === kind) queue.add(objectKey({ ...pod.metadata, name: owner.name }))
      return
    }
    if (Object.keys(pod.metadata.labels ?? {}).length === 0) return
    for (const one of owners.values()) {
      const { metadata, spec } = one as Stored<Selecting>
      if (metadata.namespace === pod.metadata.namespace &&
        matchesSelector(selectorFrom(spec?.selector), pod.metadata.labels)) {
        queue.add(objectKey(metadata))
      }
    }
  }
}

function orphans(namespace: string | undefined): string {
  return `orphan ${namespace}`
}

import { controllerOf } from '@slicewise/engine'
import type { OwnerReference, Pod, Stored } from '@slicewise/kube'
import { isReady } from '../workloads/pods.ts'

/** What a budget needs to know of one of its Pods. */
interface Facts {
  readonly uid: string
  readonly ready: boolean
  /** It has a deletion time. */
  readonly ending: boolean
  readonly owner: OwnerReference | undefined
}

/** A controller of some of the Pods, and the name of one of them. */
export interface OwnerOfPods {
  readonly owner: OwnerReference
  readonly example: string
}

/** Evicted Pods, by name, with the time of their eviction. */
export type Disrupted = Readonly<Record<string, Time>>
type Time = string | null

interface Counted {
  readonly owner: OwnerReference
  readonly pods: Set<string>
}

/**
 * The Pods that one budget selects, counted as they come, change and go: what a change costs does
 * not depend on how many there are.
 */
export class Members {
  readonly #pods = new Map<string, Facts>()
  readonly #owners = new Map<string, Counted>()
  /** Which Pod an entry of `disruptedPods` meant when it was seen first, by the Pod's name. */
  readonly #meant = new Map<string, { readonly time: Time; readonly uid: string | undefined }>()
  #healthy = 0
  #unmanaged = 0

  /** All of them, finished and ending ones too. */
  get size(): number {
    return this.#pods.size
  }

  /** Ready and not ending. */
  get healthy(): number {
    return this.#healthy
  }

  /** Without a controller. */
  get unmanaged(): number {
    return this.#unmanaged
  }

  get owners(): readonly OwnerOfPods[] {
    return [...this.#owners.values()]
      .map(({ owner, pods }) => ({ owner, example: pods.values().next().value ?? '' }))
  }

  isOwner(uid: string): boolean {
    return this.#owners.has(uid)
  }

  /** Whether a Pod of this name is there and not ending, and whether it is ready. */
  staying(name: string): { readonly ready: boolean } | undefined {
    const facts = this.#pods.get(name)
    return facts === undefined || facts.ending ? undefined : facts
  }

  /** Takes a Pod in, or as it is now; false when that changes nothing. */
  put(pod: Stored<Pod>): boolean {
    const { name } = pod.metadata
    const next = factsOf(pod)
    const before = this.#pods.get(name)
    if (before !== undefined && sameFacts(before, next)) return false
    if (before !== undefined) this.#count(name, before, -1)
    this.#pods.set(name, next)
    this.#count(name, next, 1)
    return true
  }

  /** False when there was no such Pod. */
  remove(name: string): boolean {
    const before = this.#pods.get(name)
    if (before === undefined) return false
    this.#pods.delete(name)
    this.#count(name, before, -1)
    return true
  }

  /** Remembers which Pods the entries mean, so that a successor of the same name is not meant. */
  noteDisrupted(disrupted: Disrupted): void {
    for (const name of this.#meant.keys()) if (!(name in disrupted)) this.#meant.delete(name)
    for (const [name, time] of Object.entries(disrupted)) {
      if (this.#meant.get(name)?.time === time) continue
      this.#meant.set(name, { time, uid: this.#pods.get(name)?.uid })
    }
  }

  /** Whether the Pod that an entry means has made way for another one of its name. */
  isReplaced(name: string): boolean {
    const meant = this.#meant.get(name)
    return meant !== undefined && meant.uid !== this.#pods.get(name)?.uid
  }

  #count(name: string, { ready, ending, owner }: Facts, by: 1 | -1): void {
    if (ready && !ending) this.#healthy += by
    if (owner === undefined) {
      this.#unmanaged += by
      return
    }
    const counted = this.#owners.get(owner.uid) ?? { owner, pods: new Set<string>() }
    if (by === 1) counted.pods.add(name)
    else counted.pods.delete(name)
    if (counted.pods.size === 0) this.#owners.delete(owner.uid)
    else this.#owners.set(owner.uid, counted)
  }
}

function factsOf(pod: Stored<Pod>): Facts {
  const { uid, deletionTimestamp } = pod.metadata
  return {
    uid, ready: isReady(pod), ending: Boolean(deletionTimestamp), owner: controllerOf(pod),
  }
}

function sameFacts(a: Facts, b: Facts): boolean {
  return a.uid === b.uid && a.ready === b.ready && a.ending === b.ending &&
    a.owner?.uid === b.owner?.uid
}

import { type PodAddresses, SelectorIndex, addressesOf } from '@slicewise/discovery'
import { type Change, type Pod, type Service, type Stored, objectKey } from '@slicewise/kube'

/** One Pod, with all that every Service which selects it needs to know. */
export interface PodEntry {
  readonly name: string
  readonly namespace: string
  pod: Stored<Pod>
  addresses: PodAddresses
}

/** What a controller keeps for one Service: hears of each Pod that the selector selects. */
export interface Members {
  /** The Pod is selected; called again whenever it changes. */
  setPod(entry: PodEntry): void
  /** It is selected no longer, or gone. */
  removePod(entry: PodEntry): void
}

interface Entry<M> extends PodEntry {
  selectedBy: readonly Selection<M>[]
}

interface Selection<M> {
  readonly members: M
  readonly selector: Texts | undefined
  readonly entries: Set<Entry<M>>
}

/**
 * Which Services select which Pods, kept while both come and go: a change of a Pod reaches the
 * Services that it concerns without asking the others, and costs its labels. Until `start`, Pods
 * and Services are only collected, so that each Pod is matched once.
 */
export class SelectedPods<M extends Members> {
  readonly #selectors = new SelectorIndex()
  readonly #selections = new Map<string, Selection<M>>()
  readonly #namespaces = new Map<string, Map<string, Entry<M>>>()
  #started = false

  /** Candidates compared so far; a measure of work. */
  get compared(): number {
    return this.#selectors.compared
  }

  get(namespace: string, name: string): PodEntry | undefined {
    return this.#namespaces.get(namespace)?.get(name)
  }

  /** Tells all Services of a Pod of it again: something that it stands on has changed. */
  retell(namespace: string, name: string): void {
    const entry = this.#namespaces.get(namespace)?.get(name)
    if (!this.#started || entry === undefined) return
    for (const { members } of entry.selectedBy) members.setPod(entry)
  }

  start(): void {
    this.#started = true
    for (const pods of this.#namespaces.values()) {
      for (const entry of pods.values()) this.#match(entry)
    }
  }

  /**
   * Selects Pods for a Service: `members`, in place of earlier ones, hears of each of them at once.
   * With the selector that it had before it costs its Pods, with another those of the namespace.
   */
  set(service: Stored<Service>, members: M): void {
    const { namespace = '', name } = service.metadata
    const { selector } = service.spec ?? {}
    const before = this.#leave(service)
    const selection: Selection<M> = { members, selector, entries: new Set() }
    this.#selectors.set(namespace, name, selector)
    this.#selections.set(objectKey(service.metadata), selection)
    if (!this.#started) return
    const same = before !== undefined && sameTexts(before.selector, selector)
    for (const entry of same ? before.entries : this.#namespaces.get(namespace)?.values() ?? []) {
      if (!this.#selectors.selects(namespace, name, entry.pod.metadata.labels)) continue
      entry.selectedBy = [...entry.selectedBy, selection]
      selection.entries.add(entry)
      members.setPod(entry)
    }
  }

  /** Ends it: its members hear nothing more, not even of the Pods that they lose. */
  delete(service: Stored<Service>): void {
    this.#leave(service)
  }

  applyPod({ before, after }: Change<Pod>): void {
    const meta = (after ?? before)?.metadata
    if (meta === undefined) return
    const { namespace = '', name } = meta
    const known = this.#namespaces.get(namespace)?.get(name)
    if (after === undefined) return known && this.#remove(known)
    if (known === undefined) return this.#add(namespace, after)
    const relabelled = !sameTexts(known.pod.metadata.labels, after.metadata.labels)
    known.pod = after
    known.addresses = addressesOf(after)
    if (!this.#started) return
    if (relabelled) this.#match(known)
    else for (const { members } of known.selectedBy) members.setPod(known)
  }

  #leave(service: Stored<Service>): Selection<M> | undefined {
    const { namespace = '', name } = service.metadata
    const key = objectKey(service.metadata)
    const selection = this.#selections.get(key)
    if (selection === undefined) return undefined
    this.#selectors.delete(namespace, name)
    this.#selections.delete(key)
    for (const entry of selection.entries) {
      entry.selectedBy = entry.selectedBy.filter((one) => one !== selection)
    }
    return selection
  }

  #add(namespace: string, pod: Stored<Pod>): void {
    const { name } = pod.metadata
    const entry: Entry<M> = { name, namespace, pod, addresses: addressesOf(pod), selectedBy: [] }
    const pods = this.#namespaces.get(namespace)
    if (pods === undefined) this.#namespaces.set(namespace, new Map([[name, entry]]))
    else pods.set(name, entry)
    if (this.#started) this.#match(entry)
  }

  #remove(entry: Entry<M>): void {
    const pods = this.#namespaces.get(entry.namespace)
    pods?.delete(entry.name)
    if (pods?.size === 0) this.#namespaces.delete(entry.namespace)
    for (const { entries, members } of entry.selectedBy) {
      entries.delete(entry)
      members.removePod(entry)
    }
  }

  /** Finds the Services of a Pod; those that no longer select it lose it first. */
  #match(entry: Entry<M>): void {
    const { namespace, selectedBy: before } = entry
    const next: Selection<M>[] = []
    for (const name of this.#selectors.matches(namespace, entry.pod.metadata.labels)) {
      const selection = this.#selections.get(objectKey({ namespace, name }))
      if (selection !== undefined) next.push(selection)
    }
    entry.selectedBy = next
    for (const selection of before) {
      if (next.includes(selection)) continue
      selection.entries.delete(entry)
      selection.members.removePod(entry)
    }
    for (const selection of next) {
      selection.entries.add(entry)
      selection.members.setPod(entry)
    }
  }
}

type Texts = Readonly<Record<string, string>>

/** Equal maps; an absent one is not an empty one, and a careless server may send null for it. */
function sameTexts(a: Texts | null | undefined, b: Texts | null | undefined): boolean {
  if (a === b) return true
  if (!a || !b) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

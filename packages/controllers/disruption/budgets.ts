import { sameJson } from '@slicewise/base'
import { SelectorIndex } from '@slicewise/discovery'
import {
  type Change, type LabelSelector, type Pod, type PodDisruptionBudget, type Selector, type Stored,
  matchesSelector, nothing, objectKey, selectorFrom,
} from '@slicewise/kube'
import { Members } from './members.ts'

interface Selection {
  readonly key: string
  readonly source: LabelSelector | undefined
  readonly selector: Selector
  readonly members: Members
  /** Why the selector cannot be read. */
  readonly problem?: string
}

/**
 * Which budgets select which Pods, kept while both come and go. A change of a Pod reaches the
 * budgets that select it without asking the others of its namespace.
 */
export class Budgets {
  readonly #podsOf: (namespace: string) => readonly Stored<Pod>[]
  /** By the equal labels that a selector asks for; its expressions are tried after that. */
  readonly #candidates = new SelectorIndex()
  readonly #namespaces = new Map<string, Map<string, Selection>>()

  /** `podsOf` gives the Pods of a namespace that `applyPod` has been told of. */
  constructor(podsOf: (namespace: string) => readonly Stored<Pod>[]) {
    this.#podsOf = podsOf
  }

  /** The Pods of a budget, and what is wrong with its selector. */
  get(budget: Stored<PodDisruptionBudget>): Pick<Selection, 'members' | 'problem'> | undefined {
    const { namespace = '', name } = budget.metadata
    return this.#namespaces.get(namespace)?.get(name)
  }

  /** With the selector that it had before this costs nothing, else the Pods of its namespace. */
  set({ metadata, spec }: Stored<PodDisruptionBudget>): void {
    const { namespace = '', name } = metadata
    const known = this.#namespaces.get(namespace)
    const before = known?.get(name)
    const source = spec?.selector
    if (before !== undefined && sameJson(before.source, source)) return
    const selection = { key: objectKey(metadata), source, members: new Members(), ...read(source) }
    if (known === undefined) this.#namespaces.set(namespace, new Map([[name, selection]]))
    else known.set(name, selection)
    const filed = selection.selector.nothing ? undefined : source?.matchLabels ?? {}
    this.#candidates.set(namespace, name, filed)
    if (filed === undefined) return
    for (const pod of this.#podsOf(namespace)) {
      if (matchesSelector(selection.selector, pod.metadata.labels)) selection.members.put(pod)
    }
  }

  delete({ metadata }: Stored<PodDisruptionBudget>): void {
    const { namespace = '', name } = metadata
    const known = this.#namespaces.get(namespace)
    this.#candidates.delete(namespace, name)
    known?.delete(name)
    if (known?.size === 0) this.#namespaces.delete(namespace)
  }

  /** Keys of the budgets that count otherwise now. */
  applyPod({ before, after }: Change<Pod>): string[] {
    const touched: string[] = []
    const selecting = after === undefined ? [] : this.#selecting(after)
    for (const selection of before === undefined ? [] : this.#selecting(before)) {
      if (selecting.includes(selection)) continue
      if (selection.members.remove((before as Stored<Pod>).metadata.name)) {
        touched.push(selection.key)
      }
    }
    for (const { key, members } of selecting) {
      if (members.put(after as Stored<Pod>)) touched.push(key)
    }
    return touched
  }

  /** Keys of the budgets that select a Pod, sorted. */
  keysFor(pod: Stored<Pod>): string[] {
    return this.#selecting(pod).map(({ key }) => key).sort()
  }

  /** Keys of the budgets that have Pods of these controllers. */
  keysOfOwners(namespace: string, uids: readonly string[]): string[] {
    return [...this.#namespaces.get(namespace)?.values() ?? []]
      .filter(({ members }) => uids.some((uid) => members.isOwner(uid)))
      .map(({ key }) => key)
  }

  #selecting({ metadata: { namespace = '', labels } }: Stored<Pod>): Selection[] {
    const known = this.#namespaces.get(namespace)
    if (known === undefined) return []
    return this.#candidates.matches(namespace, labels)
      .flatMap((name) => known.get(name) ?? [])
      .filter(({ selector }) => matchesSelector(selector, labels))
  }
}

/** Servers check selectors; one of another make may have let a bad one through. */
function read(source: LabelSelector | undefined): Pick<Selection, 'selector' | 'problem'> {
  try {
    return { selector: selectorFrom(source) }
  } catch (error) {
    return { selector: nothing, problem: error instanceof Error ? error.message : String(error) }
  }
}

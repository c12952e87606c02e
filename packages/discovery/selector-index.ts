import { selects } from './membership.ts'
import type { Labels } from './service-labels.ts'

interface Entry {
  readonly name: string
  readonly selector: Labels
}
interface Namespace {
  readonly entries: Map<string, Entry>
  /** By the one required `key=value` an entry is filed under. */
  readonly byPair: Map<string, Set<Entry>>
  /** Empty selectors: every Pod is theirs. */
  readonly takingAll: Set<Entry>
}

/**
 * Which Services select a Pod, found without asking every Service: each is filed under one pair
 * that its selector requires, so a Pod's labels lead to the few that can match. Cost of a question:
 * the Pod's labels plus the candidates under them.
 */
export class SelectorIndex {
  readonly #namespaces = new Map<string, Namespace>()
  /** Candidates compared so far; a measure of work for tests and benchmarks. */
  compared = 0

  /** Files or refiles a Service; without a selector it selects nothing and is taken out. */
  set(namespace: string, name: string, selector: Labels | undefined): void {
    this.delete(namespace, name)
    if (selector === undefined) return
    const space = this.#space(namespace)
    const entry = { name, selector }
    space.entries.set(name, entry)
    const pair = rarestPair(space, selector)
    if (pair === undefined) space.takingAll.add(entry)
    else fileUnder(space.byPair, pair, entry)
  }

  delete(namespace: string, name: string): void {
    const space = this.#namespaces.get(namespace)
    const entry = space?.entries.get(name)
    if (space === undefined || entry === undefined) return
    space.entries.delete(name)
    if (space.entries.size === 0) return void this.#namespaces.delete(namespace)
    space.takingAll.delete(entry)
    for (const pair of pairsOf(entry.selector)) {
      const filed = space.byPair.get(pair)
      if (filed?.delete(entry) && filed.size === 0) space.byPair.delete(pair)
    }
  }

  /** Whether one filed Service selects these labels. */
  selects(namespace: string, name: string, labels: Labels | undefined): boolean {
    const entry = this.#namespaces.get(namespace)?.entries.get(name)
    return entry !== undefined && selects(entry.selector, labels)
  }

  /** Names of the Services of `namespace` that select these labels, in no promised order. */
  matches(namespace: string, labels: Labels | undefined): string[] {
    const space = this.#namespaces.get(namespace)
    const found: string[] = []
    if (space === undefined) return found
    for (const entry of space.takingAll) found.push(entry.name)
    for (const key in labels) {
      const candidates = space.byPair.get(pairText(key, labels[key] as string))
      if (candidates === undefined) continue
      for (const entry of candidates) {
        this.compared++
        if (selects(entry.selector, labels)) found.push(entry.name)
      }
    }
    return found
  }

  #space(namespace: string): Namespace {
    let space = this.#namespaces.get(namespace)
    if (space === undefined) {
      space = { entries: new Map(), byPair: new Map(), takingAll: new Set() }
      this.#namespaces.set(namespace, space)
    }
    return space
  }
}

/** The pair that the fewest Services are filed under, so that no common label gathers them all. */
function rarestPair(space: Namespace, selector: Labels): string | undefined {
  let best: string | undefined
  let bestSize = Infinity
  for (const pair of pairsOf(selector)) {
    const size = space.byPair.get(pair)?.size ?? 0
    if (size < bestSize) [best, bestSize] = [pair, size]
  }
  return best
}

function fileUnder(byPair: Map<string, Set<Entry>>, pair: string, entry: Entry): void {
  const filed = byPair.get(pair)
  if (filed === undefined) byPair.set(pair, new Set([entry]))
  else filed.add(entry)
}

const pairText = (key: string, value: string): string => `${key}=${value}`
const pairsOf = (selector: Labels): string[] =>
  Object.keys(selector).map((key) => pairText(key, selector[key] as string))

import { type ZoneRatios, changesCapacity, isOverloaded, zoneRatios } from '@slicewise/discovery'
import type { Node, Stored } from '@slicewise/kube'
import type { ServiceState } from './service-state.ts'

/**
 * The capacity of zones, and which Services were given hints by it. Counted anew only after changes
 * that the reference counts it after: a Node that comes, goes, turns ready or not, or moves.
 */
export class Topology {
  readonly #nodes: ReadonlyMap<string, Stored<Node>>
  readonly #hinted = new Set<string>()
  #ratios: ZoneRatios | undefined
  #uncounted = true
  #unchecked = false

  constructor(nodes: ReadonlyMap<string, Stored<Node>>) {
    this.#nodes = nodes
  }

  applyNode(before: Stored<Node> | undefined, after: Stored<Node> | undefined): void {
    if (!changesCapacity(before, after)) return
    this.#uncounted = true
    this.#unchecked = true
  }

  get ratios(): ZoneRatios | undefined {
    if (this.#uncounted) {
      this.#uncounted = false
      this.#ratios = zoneRatios(this.#nodes.values())
    }
    return this.#ratios
  }

  /** Notes whether hints by topology are given to a Service now. */
  note(state: ServiceState): void {
    if (state.memory.given.size > 0) this.#hinted.add(state.key)
    else this.#hinted.delete(state.key)
  }

  forget(key: string): void {
    this.#hinted.delete(key)
  }

  /** Services whose hints overload a zone since capacity changed; each change is told once. */
  overloaded(get: (key: string) => ServiceState | undefined): string[] {
    if (!this.#unchecked) return []
    this.#unchecked = false
    return [...this.#hinted].filter((key) =>
      [...get(key)?.memory.given.values() ?? []].some((given) => isOverloaded(given, this.ratios)))
  }
}

import type { Endpoint } from '@slicewise/kube'
import type { HintMode } from './mode.ts'
import { type HintTally, increase, tallyHints } from './tally.ts'

/** Something that has hints: an observed slice. */
interface Hinted {
  readonly name: string
  readonly hints: HintTally
}

/** The hints of all observed slices of one family, kept as slices come, change and go. */
export class HintLedger<Entry extends Hinted> {
  readonly mode: HintMode
  /** Slices in which any endpoint has hints. */
  readonly hinted = new Set<Entry>()
  /** Slices whose hints are wrong whatever the rest of the Service says. */
  readonly faulty = new Set<Entry>()
  /** Slices that need no write for their endpoints or labels, by name. */
  readonly clean = new Map<string, Entry>()
  /** Hints of ready endpoints in all those. */
  readonly totals = { zones: new Map<string, number>(), foreign: new Map<string, number>() }

  constructor(mode: HintMode) {
    this.mode = mode
  }

  tally(endpoints: readonly Endpoint[]): HintTally {
    return tallyHints(endpoints, this.mode)
  }

  show(entry: Entry): void {
    if (entry.hints.hinted) this.hinted.add(entry)
    if (entry.hints.faulty) this.faulty.add(entry)
  }

  hide(entry: Entry): void {
    this.hinted.delete(entry)
    this.faulty.delete(entry)
  }

  /** A slice needs no write any more. */
  settle(entry: Entry): void {
    this.clean.set(entry.name, entry)
    this.#count(entry.hints, 1)
  }

  /** A slice that needed no write needs one, or goes. */
  unsettle(entry: Entry): void {
    this.clean.delete(entry.name)
    this.#count(entry.hints, -1)
  }

  #count({ zones, foreign }: HintTally, by: 1 | -1): void {
    for (const [zone, count] of zones) increase(this.totals.zones, zone, by * count)
    for (const [zone, count] of foreign) increase(this.totals.foreign, zone, by * count)
  }
}

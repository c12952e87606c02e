import type { Env } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'
import type { Cached } from './cached.ts'
import type { Collection } from './collection.ts'
import type { CachedEvent, WatchHandle, WatchSink } from './contract.ts'
import type { CachedChange, View } from './history.ts'
import { limits } from './limits.ts'
import { type Selection, selects } from './selection.ts'

export interface WatchStart {
  readonly selection: Selection
  readonly view: View
  /** Objects to be sent as ADDED before anything else, with the state's revision. */
  readonly initial?: { readonly objects: readonly Cached[]; readonly revision: number }
  /** Changes after this number are delivered, */
  readonly seq: number
  /** and of those only the ones after this revision, which may lie in the future. */
  readonly after: number
  /** End the initial events with an annotated bookmark. */
  readonly markInitialEnd: boolean
}

/** What a watch tells the group it belongs to. */
export interface WatchGroup {
  /** Number of the last change that all watches in step have been given. */
  readonly fanned: number
  readonly collection: Collection
  /** The watch has something to do in a turn of its own. */
  wake(watch: Watch): void
  inStep(watch: Watch): void
  outOfStep(watch: Watch): void
  ended(watch: Watch): void
}

/**
 * One watch. It is `behind` while it works through initial objects or history at its own pace,
 * `inStep` when the group hands it each change as it comes, `paused` while its reader is slow,
 * which keeps nothing but a position.
 */
export class Watch implements WatchHandle {
  readonly selection: Selection
  readonly #view: View
  readonly #group: WatchGroup
  readonly #sink: WatchSink
  readonly #env: Env
  readonly #markInitialEnd: boolean
  readonly #after: number
  #at: 'behind' | 'inStep' | 'ended' = 'behind'
  #paused = false
  #initial: WatchStart['initial']
  #initialSent = 0
  /** Number of the last change seen. */
  #seq: number

  constructor(env: Env, group: WatchGroup, start: WatchStart, sink: WatchSink) {
    this.selection = start.selection
    this.#view = start.view
    this.#group = group
    this.#sink = sink
    this.#env = env
    this.#initial = start.initial
    this.#markInitialEnd = start.markInitialEnd
    this.#after = start.after
    this.#seq = start.seq
  }

  get seq(): number {
    return this.#seq
  }

  /** Everything of the collection's past was delivered and nothing is held back. */
  get upToDate(): boolean {
    return this.#at === 'inStep' && !this.#paused
      && this.#group.fanned === this.#group.collection.history.seq
  }

  pause(): void {
    if (this.#paused || this.#at === 'ended') return
    this.#paused = true
    this.#leaveStep('behind')
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#at !== 'ended') this.#group.wake(this)
  }

  stop(): void {
    if (this.#at === 'ended') return
    this.#leaveStep('ended')
    this.#group.ended(this)
  }

  end(error?: StatusError): void {
    if (this.#at === 'ended') return
    this.stop()
    this.#call(() => this.#sink.end(error))
  }

  /** Tells the reader how far it is, if nothing is held back. */
  bookmark(revision: number): void {
    if (this.upToDate && revision >= this.#after) {
      this.#call(() => this.#sink.bookmark(revision, false))
    }
  }

  /** A change of the group, which this watch may not be interested in. */
  deliver(change: CachedChange): void {
    if (this.#at === 'ended' || change.seq <= this.#seq) return
    this.#seq = change.seq
    if (change.revision <= this.#after) return
    const type = eventType(this.selection, change)
    if (type !== undefined) this.#send(change.event(type, this.#view))
  }

  /** Works for a while at catching up. True: there is more to do. */
  advance(): boolean {
    if (this.#at !== 'behind' || this.#paused) return false
    let budget: number = limits.catchUpEvents
    if (this.#initial !== undefined) budget = this.#advanceInitial(this.#initial, budget)
    const { history } = this.#group.collection
    while (budget > 0 && this.#goesOn() && this.#seq < this.#group.fanned) {
      const change = history.get(this.#seq + 1)
      if (change === undefined) {
        this.end(tooSlow())
        return false
      }
      this.deliver(change)
      budget--
    }
    if (!this.#goesOn()) return false
    if (budget <= 0) return true
    this.#at = 'inStep'
    this.#group.inStep(this)
    return false
  }

  /** Ends the watch when the history it would need to go on is gone. */
  cutIfLost(): void {
    const { history } = this.#group.collection
    if (this.#at === 'behind' && this.#seq < history.seq
      && history.get(this.#seq + 1) === undefined) this.end(tooSlow())
  }

  /** History was dropped before the group handed it out. */
  lose(): void {
    if (this.#at === 'inStep') this.end(tooSlow())
  }

  #goesOn(): boolean {
    return this.#at === 'behind' && !this.#paused
  }

  #advanceInitial(initial: NonNullable<WatchStart['initial']>, budget: number): number {
    const { objects, revision } = initial
    while (budget > 0 && this.#goesOn() && this.#initialSent < objects.length) {
      const object = this.#view.show(objects[this.#initialSent++] as Cached)
      this.#send({ type: 'ADDED', object, encoded: undefined })
      budget--
    }
    if (this.#goesOn() && this.#initialSent === objects.length) {
      this.#initial = undefined
      if (this.#markInitialEnd) this.#call(() => this.#sink.bookmark(revision, true))
    }
    // Changes come only after the last initial object, also when the budget ended with it.
    return this.#initial === undefined ? budget : 0
  }

  #leaveStep(to: 'behind' | 'ended'): void {
    if (this.#at === 'inStep') {
      this.#seq = Math.max(this.#seq, this.#group.fanned)
      this.#group.outOfStep(this)
    }
    this.#at = to
  }

  #send(event: CachedEvent): void {
    this.#call(() => this.#sink.event(event))
  }

  #call(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#env.log.error('a watch failed', { error })
      const ended = this.#at === 'ended'
      this.stop()
      const fault = new StatusError('InternalError', 'the watch failed')
      if (!ended) this.#env.after(0, () => this.#sink.end(fault))
    }
  }
}

/** What a change means to those who see only what the selection lets through. */
export function eventType(
  selection: Selection, { before, after }: CachedChange,
): CachedEvent['type'] | undefined {
  const was = before !== undefined && selects(selection, before)
  const is = after !== undefined && selects(selection, after)
  if (is) return was ? 'MODIFIED' : 'ADDED'
  return was ? 'DELETED' : undefined
}

const tooSlow = (): StatusError =>
  new StatusError('Expired', 'the watch fell too far behind: list again')

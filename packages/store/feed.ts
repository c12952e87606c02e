import type { Cancel, Env } from '@slicewise/base'
import {
  type Committed,
  type KeyChange,
  type StoreWatcher,
  Compacted,
  StoreClosed,
} from './contract.ts'
import { limits } from './limits.ts'

/** What an engine can still tell of its past. Only durable commits appear here. */
export interface History {
  readonly revision: number
  readonly compacted: number
  /**
   * At most `limit` commits after revision `after` (not before `compacted`), oldest first; of the
   * first one only the changes after it.
   */
  since(after: number, limit: number): readonly Committed[]
}

type End = Parameters<StoreWatcher['end']>

interface Watch {
  readonly prefix: string
  readonly watcher: StoreWatcher
  /** Every commit up to this revision was delivered or does not touch the prefix. */
  seen: number
  end?: End
}

/**
 * Gives each watcher, at its own pace, every commit after the revision it has seen. Watchers are
 * only called from turns of `env`, so a watcher may call the store, and a slow or throwing one
 * neither stops a commit nor another watcher from getting its events.
 */
export class Feed {
  readonly #env: Env
  readonly #history: History
  readonly #watches = new Set<Watch>()
  #cancelTurn: Cancel | undefined
  #closed = false

  constructor(env: Env, history: History) {
    this.#env = env
    this.#history = history
  }

  watch(prefix: string, after: number, watcher: StoreWatcher): { stop(): void } {
    if (this.#closed) throw new StoreClosed()
    if (after < this.#history.compacted) throw new Compacted(this.#history.compacted)
    const watch: Watch = { prefix, watcher, seen: after }
    this.#watches.add(watch)
    if (after < this.#history.revision) this.#nextTurn()
    return { stop: () => this.#endNextTurn(watch, ['stopped']) }
  }

  /** New commits can be read from the history. */
  committed(): void {
    if (this.#watches.size > 0) this.#nextTurn()
  }

  /** History went away: whoever has not seen it ends. */
  compacted(): void {
    for (const watch of this.#watches) {
      if (watch.seen < this.#history.compacted) this.#endNextTurn(watch, ['compacted'])
    }
  }

  /** Ends every watch now. Call it from an asynchronous close, not from inside a caller's call. */
  close(): void {
    this.#closed = true
    this.#cancelTurn?.()
    this.#cancelTurn = undefined
    for (const watch of this.#watches) this.#end(watch, watch.end ?? ['closed'])
  }

  #nextTurn(): void {
    this.#cancelTurn ??= this.#env.after(0, () => {
      this.#cancelTurn = undefined
      for (const watch of this.#watches) this.#advance(watch)
    })
  }

  #endNextTurn(watch: Watch, end: End): void {
    if (watch.end !== undefined || !this.#watches.has(watch)) return
    watch.end = end
    this.#nextTurn()
  }

  #advance(watch: Watch): void {
    if (watch.end === undefined && watch.seen < this.#history.revision) this.#deliver(watch)
    if (watch.end !== undefined) this.#end(watch, watch.end)
    else if (watch.seen < this.#history.revision && this.#watches.has(watch)) this.#nextTurn()
  }

  #deliver(watch: Watch): void {
    try {
      for (const commit of this.#history.since(watch.seen, limits.commitsPerTurn)) {
        watch.seen = commit.revision
        const changes = touching(commit.changes, watch.prefix)
        if (changes.length > 0) watch.watcher.commit(commit.revision, changes)
        // The watcher may have stopped its watch, compacted the history or closed the store.
        if (watch.end !== undefined || this.#closed) return
      }
    } catch (error) {
      this.#env.log.error('a watch failed', { prefix: watch.prefix, error })
      watch.end = ['failed', error instanceof Error ? error : new Error(String(error))]
    }
  }

  #end(watch: Watch, end: End): void {
    if (!this.#watches.delete(watch)) return
    try {
      watch.watcher.end(...end)
    } catch (error) {
      this.#env.log.error('a watcher threw at its end', { prefix: watch.prefix, error })
    }
  }
}

function touching(changes: readonly KeyChange[], prefix: string): readonly KeyChange[] {
  if (changes.every(({ key }) => key.startsWith(prefix))) return changes
  return changes.filter(({ key }) => key.startsWith(prefix))
}

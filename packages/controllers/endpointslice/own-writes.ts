import type { Revision } from '@slicewise/base'
import { type RunResult } from '@slicewise/engine'

/** How a slice last changed: its new revision, or that it is gone. */
export type SliceRevision = Revision | 'gone'

/**
 * Tells the echoes of our own writes from what others do to our slices. An event can arrive before
 * the answer of the write that caused it, so events of a key in flight are judged when it lands.
 */
export class OwnWrites {
  readonly #written = new Map<string, Map<string, SliceRevision>>()
  readonly #during = new Map<string, Map<string, SliceRevision>>()

  takeOff(key: string): void {
    this.#during.set(key, new Map())
  }

  /** Returns whether others changed slices of `key` since it took off. */
  land(key: string, results: readonly RunResult[]): boolean {
    const written = new Map<string, SliceRevision>()
    for (const { expected } of results) {
      for (const one of expected) if ('uid' in one) written.set(one.uid, one.at)
    }
    const during = this.#during.get(key) ?? new Map<string, SliceRevision>()
    this.#during.delete(key)
    let foreign = false
    for (const [uid, revision] of during) {
      if (written.get(uid) === revision) written.delete(uid)
      else foreign = true
    }
    if (written.size === 0) this.#written.delete(key)
    else this.#written.set(key, written)
    return foreign
  }

  /** Takes an observed change of a slice. True when it is known to be the doing of others. */
  isForeign(key: string, uid: string, revision: SliceRevision): boolean {
    const during = this.#during.get(key)
    if (during !== undefined) {
      during.set(uid, revision)
      return false
    }
    const written = this.#written.get(key)
    if (written?.get(uid) !== revision) return true
    written.delete(uid)
    if (written.size === 0) this.#written.delete(key)
    return false
  }

  forget(key: string): void {
    this.#written.delete(key)
  }
}

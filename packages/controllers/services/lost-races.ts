import { type Env, type Revision } from '@slicewise/base'
import type { RunResult } from '@slicewise/engine'
import { StatusError } from '@slicewise/kube'
import { limits } from './limits.ts'

/**
 * The newest revision that the cache has of an object, by its uid or else of the key's name;
 * undefined when it has none.
 */
type Seen = (uid: string | undefined) => Revision | undefined

/** What the cache showed when the race was lost: no object, for one that could not be made. */
interface Lost {
  readonly uid: string | undefined
  readonly revision: Revision | undefined
  readonly untilMs: number
}

/**
 * Writes that the server refused because somebody had written or made the object meanwhile. The
 * same write would be refused again, so its key waits until the cache shows what won, at most
 * `lostRaceMsMax`.
 */
export class LostRaces {
  readonly #env: Env
  readonly #keys = new Map<string, Lost>()

  constructor(env: Env) {
    this.#env = env
  }

  /** Takes how the writes of a key ended. */
  note(key: string, { results }: RunResult): void {
    if (results.length > 0) this.#keys.delete(key)
    const untilMs = this.#env.elapsedMs() + limits.lostRaceMsMax
    for (const result of results) {
      if (result.ok || !(result.error instanceof StatusError)) continue
      const { step, error: { reason } } = result
      if (step.verb === 'create' && reason === 'AlreadyExists') {
        this.#keys.set(key, { uid: undefined, revision: undefined, untilMs })
      }
      if (step.verb !== 'update' || reason !== 'Conflict') continue
      const { uid, resourceVersion } = step.object.metadata ?? {}
      if (uid && resourceVersion) this.#keys.set(key, { uid, revision: resourceVersion, untilMs })
    }
  }

  /** Milliseconds to wait for the cache at most; 0 when it may be planned. */
  waitMs(key: string, seen: Seen): number {
    const lost = this.#keys.get(key)
    if (lost === undefined) return 0
    const leftMs = lost.untilMs - this.#env.elapsedMs()
    if (leftMs > 0 && seen(lost.uid) === lost.revision) return leftMs
    this.#keys.delete(key)
    return 0
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }
}

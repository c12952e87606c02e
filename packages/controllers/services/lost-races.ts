import { type Env, type Revision } from '@slicewise/base'
import type { RunResult } from '@slicewise/engine'
import { StatusError } from '@slicewise/kube'
import { limits } from './limits.ts'

/** The newest revision that the cache has of an object; undefined when it has none of that uid. */
type Seen = (uid: string) => Revision | undefined

interface Lost {
  readonly uid: string
  readonly revision: Revision
  readonly untilMs: number
}

/**
 * Updates that the server refused because somebody had written the object meanwhile. The same
 * update would be refused again, so its key waits until the cache shows what won, at most
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
    this.#keys.delete(key)
    for (const result of results) {
      if (result.ok || result.step.verb !== 'update') continue
      const { uid, resourceVersion } = result.step.object.metadata ?? {}
      if (!(result.error instanceof StatusError) || result.error.reason !== 'Conflict') continue
      if (!uid || !resourceVersion) continue
      const untilMs = this.#env.elapsedMs() + limits.lostRaceMsMax
      this.#keys.set(key, { uid, revision: resourceVersion, untilMs })
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

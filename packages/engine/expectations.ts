import { type Env, type Revision, compareRevisions } from '@slicewise/base'
import type { Expected } from './plan.ts'
import { limits } from './limits.ts'

/** What the cache of a resource shows of one object; `undefined` when it has none of that uid. */
export type Seen = (uid: string, resource: string) => Revision | undefined
/** Whether the cache of a resource has heard nothing for long, so that an echo may be lost. */
export type Stalled = (resource: string) => boolean
/** Whether the cache of a resource covers every event up to a revision. */
export type Reached = (revision: Revision, resource: string) => boolean

interface Outstanding {
  readonly resource: string
  readonly at: Revision | 'gone'
}

interface Waiting {
  readonly uids: Map<string, Outstanding>
  unknown: boolean
  sinceMs: number
}

/**
 * Read-your-writes: a key is planned again only when the cache shows what the key wrote last, so a
 * stale cache can never cause a wrong or repeated write. One instance per controller and resource.
 */
export class Expectations {
  readonly #env: Env
  readonly #keys = new Map<string, Waiting>()

  constructor(env: Env) {
    this.#env = env
  }

  /** Notes the outcome of a run of `key`; later notes for the same uid replace earlier ones. */
  note(key: string, expected: readonly Expected[]): void {
    if (expected.length === 0) return
    const waiting = this.#keys.get(key) ?? { uids: new Map(), unknown: false, sinceMs: 0 }
    waiting.sinceMs = this.#env.elapsedMs()
    for (const one of expected) {
      if ('uid' in one) waiting.uids.set(one.uid, one)
      else waiting.unknown = true
    }
    this.#keys.set(key, waiting)
  }

  /**
   * `met`: plan. `waiting`: the cache is behind, look again when it moved. `lost`: the effect is
   * unknown, or the echo is overdue and its cache stands still; read live, rebuild the key, then
   * `forget`. A cache that moves is only slow: reading live would make it slower.
   */
  check(
    key: string, seen: Seen, reached: Reached, stalled: Stalled = () => true,
  ): 'met' | 'waiting' | 'lost' {
    const waiting = this.#keys.get(key)
    if (waiting === undefined) return 'met'
    if (waiting.unknown) return 'lost'
    for (const [uid, { resource, at }] of waiting.uids) {
      const found = seen(uid, resource)
      const shown = at === 'gone'
        ? found === undefined
        : found === undefined ? reached(at, resource) : compareRevisions(found, at) >= 0
      if (shown) waiting.uids.delete(uid)
    }
    if (waiting.uids.size === 0) {
      this.#keys.delete(key)
      return 'met'
    }
    const overdue = this.#env.elapsedMs() - waiting.sinceMs >= limits.echoMsMax
    const still = [...waiting.uids.values()].some(({ resource }) => stalled(resource))
    return overdue && still ? 'lost' : 'waiting'
  }

  forget(key: string): void {
    this.#keys.delete(key)
  }

  waits(key: string): boolean {
    return this.#keys.has(key)
  }
}

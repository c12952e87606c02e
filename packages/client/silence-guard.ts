import type { Cancel, Env } from '@slicewise/base'
import { limits } from './limits.ts'

/** Aborts its signal when the outer one does, or when nothing was heard for a while. */
export class SilenceGuard {
  readonly #env: Env
  readonly #outer: AbortSignal
  readonly #abort = new AbortController()
  readonly #onAbort = (): void => this.#abort.abort(this.#outer.reason)
  #heard = false
  #cancel: Cancel

  constructor(env: Env, outer: AbortSignal) {
    this.#env = env
    this.#outer = outer
    outer.addEventListener('abort', this.#onAbort, { once: true })
    if (outer.aborted) this.#onAbort()
    this.#cancel = this.#arm()
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  heard(): void {
    this.#heard = true
  }

  /** Lets go of the timer and of the outer signal. */
  stop(): void {
    this.#cancel()
    this.#outer.removeEventListener('abort', this.#onAbort)
  }

  /** One timer for many events: silence is noticed after one to two times the limit. */
  #arm(): Cancel {
    return this.#env.after(limits.silentMs, () => {
      if (!this.#heard) return this.#abort.abort(new Error('the watch fell silent'))
      this.#heard = false
      this.#cancel = this.#arm()
    })
  }
}

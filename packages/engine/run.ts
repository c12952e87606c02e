import type { Env } from '@slicewise/base'
import { limits } from './limits.ts'
import type { KeyQueue } from './queue.ts'
import { isGoing } from './refusals.ts'
import { tellDetail } from './story.ts'

/** How a look ended: done, or why it has to be repeated. */
export type Looked = { readonly problem: string; readonly error?: Error } | undefined

export interface RunOptions {
  readonly env: Env
  readonly name: string
  readonly queue: KeyQueue
  readonly concurrency?: number
  readonly signal: AbortSignal
  /** Looks at one key. A thrown error counts as a problem; it never ends the controller. */
  look(key: string): Promise<Looked>
}

/** Works through a queue until the signal aborts, several keys at once, one look per key. */
export function runQueue(options: RunOptions): Promise<void> {
  const { env, name, queue, signal, look } = options
  const concurrency = options.concurrency ?? limits.concurrency
  let inFlight = 0
  return new Promise((resolve) => {
    const one = async (key: string): Promise<void> => {
      let looked: Looked
      try {
        looked = await look(key)
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        looked = { problem: error.message, error }
      }
      inFlight--
      if (looked === undefined) queue.done(key)
      else if (!signal.aborted) {
        const ms = queue.failed(key)
        const fields = { controller: name, key, because: looked.problem, ms }
        if (isGoing(looked.error)) env.log.debug('will look again', fields)
        else env.log.warn('will look again', fields)
      }
      next()
    }
    const next = (): void => {
      if (signal.aborted) {
        if (inFlight === 0) resolve()
        return
      }
      while (inFlight < concurrency) {
        const key = queue.take()
        if (key === undefined) return
        inFlight++
        tellDetail(env.log, 'looking', { controller: name, key })
        void one(key)
      }
    }
    queue.onReady(next)
    signal.addEventListener('abort', () => {
      queue.close()
      next()
    }, { once: true })
    next()
  })
}

import type { Env } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'

/**
 * Says once that a server is away and once that it is back, however many reflectors find out. What
 * a living server refuses is told once for each resource.
 */
export class Outage {
  readonly #env: Env
  /** What is told of already: the resources that failed so, and since when. */
  readonly #told = new Map<string, { readonly resources: Set<string>; readonly sinceMs: number }>()

  constructor(env: Env) {
    this.#env = env
  }

  /** The watch of a resource failed and is tried again after `ms`. */
  failed(resource: string, error: unknown, ms: number): void {
    const because = error instanceof Error ? error.message : String(error)
    const fields = { resource, because, ms: Math.round(ms) }
    const cause = isRefusal(error) ? `${resource} ${error.reason}` : ''
    const told = this.#told.get(cause)
    if (told !== undefined) {
      told.resources.add(resource)
      return this.#env.log.debug('watch failed again', fields)
    }
    this.#told.set(cause, { resources: new Set([resource]), sinceMs: this.#env.elapsedMs() })
    this.#env.log.warn('watch failed, trying again', fields)
  }

  /** The server tells of a resource. A warning too: who read of the trouble reads of its end. */
  worked(resource: string): void {
    if (this.#told.size === 0) return
    for (const [cause, { resources, sinceMs }] of this.#told) {
      if (!resources.has(resource)) continue
      this.#told.delete(cause)
      const ms = Math.round(this.#env.elapsedMs() - sinceMs)
      this.#env.log.warn('watching again', { resource, ms })
    }
  }
}

function isRefusal(error: unknown): error is StatusError {
  return error instanceof StatusError && error.code < 500 && error.reason !== 'TooManyRequests'
}

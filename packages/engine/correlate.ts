import { limits } from './limits.ts'

/** One Event object as it stands in the API, or will in a moment. */
export interface Recorded {
  readonly name: string
  readonly namespace: string
  readonly firstMs: number
  count: number
  /** Resolves when every write so far is done: writes of one object follow each other. */
  written: Promise<void>
}

export interface Told {
  /** Uid of the object that the Event is about. */
  readonly object: string
  /** Type and reason. */
  readonly kind: string
  readonly message: string
  readonly nowMs: number
  /** A name for a new Event object. */
  name(): { readonly name: string; readonly namespace: string }
}

export interface Correlated {
  /** Its count is that of this occurrence; 1 means that the object has to be made. */
  readonly recorded: Recorded
  readonly message: string
}

interface Similar {
  readonly messages: Set<string>
  lastMs: number
}

interface Bucket {
  tokens: number
  atMs: number
}

/**
 * Decides what becomes of an Event, as client-go's correlator does with its defaults: equal ones
 * are counted, from the tenth similar one on they are combined into one object, and each object
 * may tell 25 at once and one more every five minutes.
 */
export class EventCorrelator {
  readonly #similar = new Recent<Similar>()
  readonly #recorded = new Recent<Recorded>()
  readonly #buckets = new Recent<Bucket>()

  /** Undefined when nothing is to be written. */
  correlate(told: Told): Correlated | undefined {
    const { key, message } = this.#combine(told)
    const known = this.#recorded.get(key)
    const recorded = known ?? {
      ...told.name(), firstMs: told.nowMs, count: 0, written: Promise.resolve(),
    }
    if (known === undefined) this.#recorded.set(key, recorded)
    recorded.count++
    return this.#takeToken(told) ? { recorded, message } : undefined
  }

  #combine({ object, kind, message, nowMs }: Told): { key: string; message: string } {
    const group = `${object}\n${kind}`
    let similar = this.#similar.get(group)
    if (similar === undefined || nowMs - similar.lastMs > limits.similarMsMax) {
      similar = { messages: new Set(), lastMs: nowMs }
      this.#similar.set(group, similar)
    }
    similar.messages.add(message)
    similar.lastMs = nowMs
    if (similar.messages.size < limits.similarEvents) {
      return { key: `${group}\n${message}`, message }
    }
    similar.messages.delete(message)
    return { key: group, message: `(combined from similar events): ${message}` }
  }

  #takeToken({ object, nowMs }: Told): boolean {
    const bucket = this.#buckets.get(object) ?? { tokens: limits.eventBurst, atMs: nowMs }
    const refill = Math.max(0, nowMs - bucket.atMs) / limits.eventRefillMs
    bucket.tokens = Math.min(limits.eventBurst, bucket.tokens + refill)
    bucket.atMs = nowMs
    this.#buckets.set(object, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }
}

/** Keeps what was used last, up to a limit. */
class Recent<T> {
  readonly #entries = new Map<string, T>()

  get(key: string): T | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: string, value: T): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= limits.eventKeys) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}

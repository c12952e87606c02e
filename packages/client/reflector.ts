import { type Env, type Revision, compareRevisions, sleep } from '@slicewise/base'
import {
  type Api, type KubeObject, type ResourceRef, type Selection, StatusError, type Stored,
  type WatchEvent,
} from '@slicewise/kube'
import { limits } from './limits.ts'
import { Outage } from './outage.ts'
import { SilenceGuard } from './silence-guard.ts'

/** Where a reflector stands; `state` can be printed at any time. */
export type Reflecting =
  | { readonly at: 'listing'; readonly seen: number }
  | { readonly at: 'watching'; readonly revision: Revision }
  | { readonly at: 'waiting'; readonly untilMs: number; readonly because: string }
  | { readonly at: 'stopped' }

/**
 * Receives one collection. Calls come one at a time; a complete state comes first. Objects come
 * without managedFields, as in the informers of kube-controller-manager: no loop reads them, they
 * are a third to a half of an object, and a server keeps them for who writes without.
 */
export interface ReflectorSink<T extends KubeObject> {
  /** The complete state at `revision`; objects that are not in it are gone. */
  replace(items: readonly Stored<T>[], revision: Revision): void
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Stored<T>): void
  /** Nothing else happened up to `revision`. */
  progress(revision: Revision): void
}

export interface ReflectorOptions<T extends KubeObject> {
  readonly api: Api
  readonly ref: ResourceRef<T>
  readonly selection?: Selection
  readonly env: Env
  readonly sink: ReflectorSink<T>
  /** Shared by the reflectors of one server, so that its absence is told once. */
  readonly outage?: Outage
  readonly signal: AbortSignal
}

/**
 * Keeps a sink equal to a collection of any Kubernetes API until its signal aborts. It asks for a
 * watch-list and falls back to list and watch where a server refuses that; an expired watch lists
 * again; a lost connection resumes from the last revision.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>
  readonly #outage: Outage
  #state: Reflecting = { at: 'listing', seen: 0 }
  #revision: Revision = ''
  #watchList = true
  #failures = 0
  #lists = 0

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#outage = options.outage ?? new Outage(options.env)
  }

  get state(): Reflecting {
    return this.#state
  }

  /** How often the whole state had to be read; 1 after a start without trouble. */
  get lists(): number {
    return this.#lists
  }

  /** Resolves when the signal aborted; never rejects. */
  async run(): Promise<void> {
    const { env, signal } = this.#options
    while (!signal.aborted) {
      const startedMs = env.elapsedMs()
      try {
        if (this.#revision === '') await this.#start()
        else await this.#watch()
        if (env.elapsedMs() - startedMs > limits.healthyMs) this.#failures = 0
      } catch (error) {
        if (signal.aborted) break
        await this.#recover(error, env.elapsedMs() - startedMs)
      }
    }
    this.#state = { at: 'stopped' }
  }

  async #start(): Promise<void> {
    if (!this.#watchList) return this.#list()
    try {
      await this.#watchInitial()
    } catch (error) {
      if (!(error instanceof StatusError) || this.#revision !== '') throw error
      if (error.reason === 'Expired' || error.code === 429 || error.code >= 500) throw error
      this.#watchList = false
      this.#options.env.log.info('the server refuses watch-lists, falling back to lists', {
        resource: this.#options.ref.resource, reason: error.reason,
      })
      await this.#list()
    }
  }

  async #list(): Promise<void> {
    const { api, ref, selection, signal, sink } = this.#options
    const items: Stored<T>[] = []
    let token: string | undefined
    for (;;) {
      this.#state = { at: 'listing', seen: items.length }
      const page = await api.list(ref, {
        ...selection, signal, limit: limits.listPage, ...(token ? { continue: token } : {}),
      })
      for (const item of page.items) items.push(withoutManagers(item))
      token = page.metadata.continue
      if (token) continue
      this.#replace(sink, items, page.metadata.resourceVersion)
      return
    }
  }

  /** One stream: the initial state up to its marking bookmark, then the live events. */
  async #watchInitial(): Promise<void> {
    const items: Stored<T>[] = []
    const stream = this.#stream({ sendInitialEvents: true })
    this.#state = { at: 'listing', seen: 0 }
    let initial = true
    for await (const event of stream) {
      if (!initial) {
        this.#apply(event)
      } else if (event.type !== 'BOOKMARK') {
        items.push(withoutManagers(event.object))
      } else if (event.initialEventsEnd) {
        initial = false
        this.#replace(this.#options.sink, items, event.resourceVersion)
      }
    }
    if (initial) throw new Error('the watch-list ended before its initial events were complete')
  }

  async #watch(): Promise<void> {
    const { env } = this.#options
    const startedMs = env.elapsedMs()
    let events = 0
    for await (const event of this.#stream({ resourceVersion: this.#revision })) {
      events++
      this.#apply(event)
    }
    if (events === 0 && env.elapsedMs() - startedMs < limits.shortWatchMs) {
      throw new Error('the watch ended at once without an event')
    }
  }

  /** The events of one watch; throws when it fell silent or the reflector was stopped. */
  async *#stream(
    start: { sendInitialEvents: true } | { resourceVersion: Revision },
  ): AsyncGenerator<WatchEvent<T>> {
    const { api, env, ref, selection, signal } = this.#options
    const spread = limits.watchSecondsMax - limits.watchSecondsMin
    const timeoutSeconds = Math.round(limits.watchSecondsMin + env.random() * spread)
    const guard = new SilenceGuard(env, signal)
    try {
      const events = api.watch(ref, {
        ...selection, ...start, allowWatchBookmarks: true, timeoutSeconds, signal: guard.signal,
      })
      for await (const event of events) {
        guard.heard()
        yield event
      }
    } finally {
      guard.stop()
    }
  }

  #replace(sink: ReflectorSink<T>, items: readonly Stored<T>[], revision: Revision): void {
    this.#lists++
    this.#failures = 0
    this.#watching(revision)
    sink.replace(items, revision)
  }

  #apply(event: WatchEvent<T>): void {
    const { sink } = this.#options
    const revision = event.type === 'BOOKMARK'
      ? event.resourceVersion : event.object.metadata.resourceVersion
    // A repeated event must not bring back what was deleted since.
    if (compareRevisions(revision, this.#revision) < 0) return
    this.#watching(revision)
    if (event.type === 'BOOKMARK') sink.progress(revision)
    else sink.event(event.type, withoutManagers(event.object))
  }

  #watching(revision: Revision): void {
    this.#outage.worked(this.#options.ref.resource)
    this.#revision = revision
    this.#state = { at: 'watching', revision }
  }

  /** Decides what a failure means: list again at once, or wait and go on where we were. */
  async #recover(error: unknown, livedMs: number): Promise<void> {
    const { env, ref, signal } = this.#options
    const expired = error instanceof StatusError &&
      (error.reason === 'Expired' || error.reason === 'Gone')
    if (expired && this.#revision !== '') {
      this.#revision = ''
      env.log.info('watch expired, listing again', { resource: ref.resource })
      return
    }
    if (livedMs > limits.healthyMs) this.#failures = 0
    const longest = Math.min(limits.retryMsMax, limits.retryMsMin * 2 ** this.#failures)
    const ms = longest * (0.5 + env.random() / 2)
    this.#failures++
    const because = error instanceof Error ? error.message : String(error)
    this.#state = { at: 'waiting', untilMs: env.nowMs() + ms, because }
    this.#outage.failed(ref.resource, error, ms)
    await sleep(env, ms, signal).catch(() => undefined)
  }
}

function withoutManagers<T extends KubeObject>(object: Stored<T>): Stored<T> {
  if (object.metadata.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

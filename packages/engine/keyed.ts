import { compareRevisions, sleep } from '@slicewise/base'
import type { Cache, Index } from '@slicewise/client'
import {
  type KubeObject, type ResourceRef, type Selection, StatusError,
} from '@slicewise/kube'
import type { ControllerContext } from './controller.ts'
import { EventRecorder } from './events.ts'
import { Expectations } from './expectations.ts'
import { limits } from './limits.ts'
import { LiveReads } from './live.ts'
import type { Plan, PlannedEvent, RunResult, StepResult } from './plan.ts'
import { KeyQueue } from './queue.ts'
import { isTerminating } from './refusals.ts'
import { type Looked, runQueue } from './run.ts'
import { tellDetail, tellPlan, tellRun } from './story.ts'
import { Writer } from './writer.ts'

/** A collection in which the controller writes. */
interface Written {
  readonly ref: ResourceRef
  readonly cache: Cache<KubeObject>
  readonly byUid: Index<KubeObject>
  /** When the cache moved last, wall clock ms. */
  movedMs: number
}

export interface KeyedOptions {
  readonly context: ControllerContext
  /** Controller name: field manager, event component and log name. */
  readonly name: string
  /** Event component, when kube-controller-manager has another name for it. */
  readonly component?: string
  /** Name of its work queue in metrics; default its name without `-controller`. */
  readonly queueName?: string
  readonly queue?: KeyQueue
  readonly concurrency?: number
  /** Decides about one key from caches alone: no await, no writing. */
  plan(key: string): Plan
  /** Events about what was done, beside those of the plan. */
  eventsOf?(key: string, results: readonly StepResult[]): readonly PlannedEvent[]
  /** Looks begin a turn after what caused them: events that arrive together are one change. */
  readonly nextTurn?: true
  /** Hears how the writes of a plan ended, before anything else becomes of the key. */
  concluded?(key: string, result: RunResult, ms: number): void
  /** Where the key's objects live, read when the effect of a write is not known. */
  scope(key: string): Selection
}

/**
 * The loop of a controller that plans by key: it waits for its own writes to come back, plans,
 * writes, records events and retries. Collections it writes to are announced by `writes`.
 */
export class KeyedController {
  readonly queue: KeyQueue
  readonly writer: Writer
  readonly #options: KeyedOptions
  readonly #events: EventRecorder
  readonly #expectations: Expectations
  readonly #live: LiveReads
  readonly #written = new Map<string, Written>()
  /** Since when the caches seem to stand still, seen by a look; undefined when they move. */
  #doubtMs: number | undefined
  /** Keys that wait for the caches to show what was last written for them. */
  readonly #waiting = new Set<string>()
  #waking = false

  constructor(options: KeyedOptions) {
    const { context, name } = options
    this.#options = options
    this.queue = options.queue ?? new KeyQueue(context.env)
    this.writer = new Writer({
      api: context.api, manager: name, signal: context.signal,
      endsQuietly: (error, step) => step.verb === 'create' && isTerminating(error),
    })
    this.#events = new EventRecorder({
      api: context.api, env: context.env, component: options.component ?? name,
    })
    this.#expectations = new Expectations(context.env)
    this.#live = new LiveReads(context.api, context.env)
  }

  /** The cache of a collection that plans write to. */
  writes<T extends KubeObject>(ref: ResourceRef<T>): Cache<T> {
    const cache = this.#options.context.caches.of(ref)
    const { env } = this.#options.context
    const byUid = byUidOf(cache)
    const member = { ref, cache, byUid, movedMs: env.elapsedMs() }
    cache.onProgress(() => {
      member.movedMs = env.elapsedMs()
      this.#doubtMs = undefined
      this.#wakeLater()
    })
    this.#written.set(ref.resource, member as unknown as Written)
    return cache
  }

  /** Runs until the context's signal aborts. Listeners have to stand before this is called. */
  async run(): Promise<void> {
    const { context, name, concurrency } = this.#options
    const queueName = this.#options.queueName ?? name.replace(/-controller$/, '')
    await untilAborted(context.caches.whenSynced(), context.signal)
    if (context.signal.aborted) return
    context.metrics?.add(() => this.queue.families(queueName))
    await runQueue({
      env: context.env, name, queue: this.queue, signal: context.signal,
      ...(concurrency === undefined ? {} : { concurrency }),
      look: (key) => this.#look(key),
    })
  }

  async #look(key: string): Promise<Looked> {
    if (this.#options.nextTurn === true) await sleep(this.#options.context.env, 0)
    const state = this.#check(key)
    if (state === 'waiting') {
      this.#waiting.add(key)
      tellDetail(this.#options.context.env.log, 'waits for its own writes to be seen',
        { controller: this.#options.name, key })
      const inDoubt = this.#doubtMs !== undefined
      this.queue.addAfter(key, inDoubt ? limits.doubtMs : limits.echoMsMax)
      return undefined
    }
    this.#waiting.delete(key)
    if (state === 'lost') {
      if (!await this.#agreesWithLive(key)) return { problem: 'the cache is behind the server' }
      this.#expectations.forget(key)
    }
    return this.#carryOut(key, this.#options.plan(key))
  }

  #check(key: string): 'met' | 'waiting' | 'lost' {
    return this.#expectations.check(key,
      (uid, resource) => this.#revisionOf(uid, resource),
      (revision, resource) => this.#written.get(resource)?.cache.reached(revision) ?? true,
      () => this.#isStalled())
  }

  /** Once for all events of a turn. */
  #wakeLater(): void {
    if (this.#waiting.size === 0 || this.#waking) return
    this.#waking = true
    this.#options.context.env.after(0, () => this.#wake())
  }

  /** Looks at waiting keys whose writes the caches show by now. */
  #wake(): void {
    this.#waking = false
    for (const key of this.#waiting) {
      if (this.#check(key) === 'waiting') continue
      this.#waiting.delete(key)
      this.queue.addNow(key)
    }
  }

  async #carryOut(key: string, plan: Plan): Promise<Looked> {
    const { context: { env }, name } = this.#options
    const { log } = env
    const sinceMs = env.elapsedMs()
    tellPlan(log, name, key, plan)
    const result = await this.writer.run(plan)
    tellRun(log, name, key, result)
    const { expected, error, results } = result
    this.#expectations.note(key, expected)
    this.#options.concluded?.(key, result, env.elapsedMs() - sinceMs)
    for (const { ok, step } of results) if (ok && step.event) this.#events.record(step.event)
    for (const event of plan.events ?? []) this.#events.record(event)
    if (results.length > 0) {
      this.queue.wrote(key)
      for (const event of this.#options.eventsOf?.(key, results) ?? []) this.#events.record(event)
    }
    if (plan.againMs !== undefined) this.queue.addAfter(key, plan.againMs)
    if (error instanceof StatusError && error.reason === 'Conflict') {
      // Somebody wrote meanwhile: the cache will show it at once, so this is no failure.
      this.queue.addAfter(key, limits.conflictMs)
      return undefined
    }
    if (error !== undefined) return { problem: error.message, error }
    return plan.problem === undefined ? undefined : { problem: plan.problem }
  }

  /**
   * Behind a server under load all collections come late together: one that moves excuses all. And
   * a process that stood still itself finds its events waiting in line: it looks twice.
   */
  #isStalled(): boolean {
    const nowMs = this.#options.context.env.elapsedMs()
    const movedMs = Math.max(...[...this.#written.values()].map((one) => one.movedMs))
    if (nowMs - movedMs < limits.echoMsMax) return false
    this.#doubtMs ??= nowMs
    return nowMs - this.#doubtMs >= limits.doubtMs
  }

  #revisionOf(uid: string, resource: string): string | undefined {
    return this.#written.get(resource)?.byUid.of(uid)[0]?.metadata.resourceVersion
  }

  /** Whether the caches show everything that the server has in the key's scope. */
  async #agreesWithLive(key: string): Promise<boolean> {
    const selection = this.#options.scope(key)
    for (const { ref, byUid, cache } of this.#written.values()) {
      const live = await this.#live.read(ref, selection)
      if (cache.reached(live.revision)) continue
      for (const [uid, revision] of live.revisions) {
        const found = byUid.of(uid)[0]?.metadata.resourceVersion
        if (found === undefined || compareRevisions(found, revision) < 0) return false
      }
    }
    return true
  }
}

/** The scope of a key that is itself the only object written: a live read of one, not of all. */
export function onlyObject(key: string): Selection {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), fieldSelector: `metadata.name=${key.slice(slash + 1)}` }
}

const byUids = new WeakMap<object, Index<KubeObject>>()

/** One index a cache, however many controllers write to its collection. */
function byUidOf<T extends KubeObject>(cache: Cache<T>): Index<T> {
  const known = byUids.get(cache) as Index<T> | undefined
  if (known !== undefined) return known
  const made = cache.index((object) => [object.metadata.uid])
  byUids.set(cache, made as unknown as Index<KubeObject>)
  return made
}

/** Resolves with `promise`, or when the signal aborts, whichever is first. */
export function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    promise.then(resolve, reject)
  })
}

import type { Cancel, Env } from '@slicewise/base'
import { deferred, sleep } from '@slicewise/base'
import { type Api, type Lease, type Stored, StatusError, resources } from '@slicewise/kube'
import { EventRecorder } from './events.ts'
import {
  type LeaseTerms, decideLease, recordMs, recordOf, releasedLease, retryFactorMax,
} from './lease.ts'

export interface ElectionOptions {
  readonly env: Env
  /** Not behind the fence: it has to reach the lease whoever leads. */
  readonly api: Api
  /** Unique among all candidates, and among all lives of one of them. */
  readonly identity: string
  /** Of the Lease. */
  readonly name: string
  readonly namespace: string
  readonly terms: LeaseTerms
}

/** Where a candidate is; `lost` and `left` are final. */
export type Electing =
  | { readonly at: 'waiting'; readonly holder: string | undefined }
  /** Ends when either clock says so: one is set now and then, one stands still in a suspension. */
  | { readonly at: 'leading'; readonly untilMs: number; readonly untilElapsedMs: number }
  | { readonly at: 'lost'; readonly because: string }
  | { readonly at: 'left' }

/**
 * One candidate for a Lease, by client-go's rules: a record that stands still for its duration, by
 * one's own timer, may be taken. A leader that could not renew for `renewMs`, counted from before
 * its last good renewal was sent, has lost: from then on `mayWrite` says no, while others still
 * leave the lease alone. A process that was paused finds that out by the clock before any timer.
 */
export class Election {
  readonly #options: ElectionOptions
  readonly #events: EventRecorder
  readonly #abort = new AbortController()
  readonly #led = deferred<boolean>()
  readonly #lost = deferred<string>()
  #state: Electing = { at: 'waiting', holder: undefined }
  #stored: Stored<Lease> | undefined
  #record: string | undefined
  #expired = false
  #cancelExpiry: Cancel = () => {}
  #cancelDeadline: Cancel = () => {}
  #run: Promise<void> | undefined
  /** Renewals that had to read the lease first; client-go counts them. */
  slowPaths = 0

  constructor(options: ElectionOptions) {
    this.#options = options
    const { api, env } = options
    this.#events = new EventRecorder({ api, env, component: options.name })
  }

  get state(): Electing {
    return this.#state
  }

  /** True when it leads; false when it left before it ever did. */
  get whenLeading(): Promise<boolean> {
    return this.#led.promise
  }

  /** Resolves with the reason when it has led and lost; it never leads again. */
  get whenLost(): Promise<string> {
    return this.#lost.promise
  }

  /** Whether what is sent now may be sent in the leader's name. */
  mayWrite(): boolean {
    if (this.#state.at !== 'leading') return false
    const { env } = this.#options
    const { untilMs, untilElapsedMs } = this.#state
    if (env.elapsedMs() < untilElapsedMs && env.nowMs() < untilMs) return true
    this.#lose('the lease was not renewed in time')
    return false
  }

  start(): void {
    this.#run ??= this.#tryOn()
  }

  /** Gives the lease up if it holds it; everything that was written must be answered before. */
  async leave(): Promise<void> {
    const leads = this.#state.at === 'leading'
    if (this.#state.at !== 'lost') this.#state = { at: 'left' }
    this.#abort.abort()
    this.#cancelDeadline()
    this.#cancelExpiry()
    this.#led.resolve(false)
    await this.#run
    if (leads) await this.#release()
  }

  async #tryOn(): Promise<void> {
    const { env, terms } = this.#options
    const { signal } = this.#abort
    while (!signal.aborted && this.#state.at !== 'lost') {
      const sent = { ms: env.nowMs(), elapsedMs: env.elapsedMs() }
      const held = await this.#tryOnce()
      if (signal.aborted) return
      if (held) this.#renewed(sent)
      const factor = this.#state.at === 'leading' ? 1 : 1 + (retryFactorMax - 1) * env.random()
      await sleep(env, terms.retryMs * factor, signal).catch(() => {})
    }
  }

  /** Whether the lease is ours now. Never rejects: what fails is tried again. */
  async #tryOnce(): Promise<boolean> {
    try {
      if (this.#state.at === 'leading' && this.#stored !== undefined) {
        const renewed = await this.#renewKnown(this.#stored)
        if (renewed) return true
        this.slowPaths++
      }
      return await this.#readAndTake()
    } catch (error) {
      const { name, identity } = this.#options
      this.#options.env.log.info('the lease could not be read or written', {
        lease: name, identity, because: error instanceof Error ? error.message : String(error),
      })
      return false
    }
  }

  /** Without reading it first, as nobody else should have touched it. */
  async #renewKnown(stored: Stored<Lease>): Promise<boolean> {
    const decision = decideLease(this.#view(stored))
    if (decision.do !== 'update') return false
    try {
      await this.#write('update', decision.lease)
      return true
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return false
    }
  }

  async #readAndTake(): Promise<boolean> {
    const { name, namespace, identity } = this.#options
    const stored = await this.#inTime((signal) =>
      this.#options.api.get<Lease>(resources.leases, { name, namespace }, { signal })
        .catch((error: unknown) => {
          if (error instanceof StatusError && error.reason === 'NotFound') return undefined
          throw error
        }))
    this.#see(stored)
    const decision = decideLease(this.#view(stored))
    if (decision.do !== 'wait') {
      await this.#write(decision.do, decision.lease)
      return true
    }
    if (this.#state.at === 'leading') this.#lose(`${decision.holder} has taken the lease`)
    else if (this.#state.at === 'waiting' && this.#state.holder !== decision.holder) {
      const fields = { lease: name, identity, leader: decision.holder }
      this.#options.env.log.info('waiting to lead', fields)
      this.#state = { at: 'waiting', holder: decision.holder }
    }
    return false
  }

  #view(stored: Stored<Lease> | undefined) {
    const { env, name, namespace, identity, terms } = this.#options
    const expired = this.#expired
    return { name, namespace, identity, terms, stored, expired, nowMs: env.nowMs() }
  }

  /** A timer, not the clock, says when a record has stood still: clocks are set now and then. */
  #see(stored: Stored<Lease> | undefined): void {
    this.#stored = stored
    const record = stored === undefined ? undefined : recordOf(stored)
    if (record === this.#record) return
    this.#record = record
    this.#expired = false
    this.#cancelExpiry()
    if (stored === undefined) return
    this.#cancelExpiry = this.#options.env.after(recordMs(stored), () => {
      this.#expired = true
    })
  }

  async #write(verb: 'create' | 'update', lease: Lease): Promise<void> {
    const { api } = this.#options
    this.#see(await this.#inTime((signal) =>
      api[verb]<Lease>(resources.leases, lease, { signal, fieldManager: this.#options.name })))
  }

  /** A try that hangs must leave time for another one before the deadline. */
  async #inTime<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { env, terms } = this.#options
    const late = new AbortController()
    const stop = (): void => late.abort(new Error('no answer in time'))
    const cancel = env.after(terms.renewMs / 2, stop)
    const over = deferred<never>()
    late.signal.addEventListener('abort', () => over.reject(late.signal.reason), { once: true })
    try {
      return await Promise.race([call(late.signal), over.promise])
    } finally {
      cancel()
    }
  }

  #renewed(sent: { readonly ms: number; readonly elapsedMs: number }): void {
    if (this.#state.at === 'lost') return
    const { env, terms, name, identity } = this.#options
    const isNew = this.#state.at === 'waiting'
    const untilElapsedMs = sent.elapsedMs + terms.renewMs
    this.#state = { at: 'leading', untilMs: sent.ms + terms.renewMs, untilElapsedMs }
    this.#cancelDeadline()
    this.#cancelDeadline = env.after(untilElapsedMs - env.elapsedMs(), () =>
      this.#lose('the lease was not renewed in time'))
    if (!isNew || !this.mayWrite()) return
    env.log.info('leading', { lease: name, identity })
    this.#tell('became leader')
    this.#led.resolve(true)
  }

  #lose(because: string): void {
    if (this.#state.at !== 'leading') return
    this.#state = { at: 'lost', because }
    this.#cancelDeadline()
    this.#options.env.log.error('no longer leading', {
      lease: this.#options.name, identity: this.#options.identity, because,
    })
    this.#tell('stopped leading')
    this.#lost.resolve(because)
  }

  async #release(): Promise<void> {
    const { env, name } = this.#options
    if (this.#stored === undefined) return
    try {
      this.#tell('stopped leading')
      await this.#write('update', releasedLease(this.#stored, env.nowMs()))
    } catch (error) {
      env.log.info('the lease was not given up, it ends by itself',
        { lease: name, because: error instanceof Error ? error.message : String(error) })
    }
  }

  #tell(what: string): void {
    if (this.#stored === undefined) return
    this.#events.record({
      regarding: this.#stored, regardingKind: 'Lease',
      regardingApiVersion: 'coordination.k8s.io/v1', type: 'Normal', reason: 'LeaderElection',
      message: `${this.#options.identity} ${what}`,
    })
  }
}

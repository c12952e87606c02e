import { type Cancel, type Env, sleep } from '@slicewise/base'
import { type Api, type Lease, StatusError, resourceTable, resources } from '@slicewise/kube'
import { createApi, openRegistry } from '@slicewise/server'
import { openMemoryStore } from '@slicewise/store'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { Election } from './election.ts'
import { FencedApi } from './fence.ts'
import { type LeaseTerms, defaultTerms } from './lease.ts'

export const lease = { name: 'loops', namespace: 'kube-system' }

/** One server and one true clock; what candidates see of both may be spoiled for each of them. */
export class Court {
  readonly env: VirtualEnv
  readonly api: Api
  readonly close: () => Promise<void>
  /** Who holds the lease by the server's word, at any time. */
  holder = ''

  constructor(env: VirtualEnv, api: Api, close: () => Promise<void>) {
    this.env = env
    this.api = api
    this.close = close
  }

  static async open(seed = 1): Promise<Court> {
    const env = new VirtualEnv({ seed })
    const store = openMemoryStore(env)
    const opening = openRegistry({ env, store, resources: resourceTable })
    await env.advance(10)
    const registry = await opening
    const api = createApi(registry, { name: 'test', groups: ['system:masters'] })
    const made = ['default', lease.namespace]
      .map((name) => api.create(resources.namespaces, { metadata: { name } }))
    await env.advance(10)
    await Promise.all(made)
    return new Court(env, api, async () => {
      const closing = registry.close().then(() => store.close())
      await env.advance(1_000)
      await closing
    })
  }

  async stored(): Promise<Lease> {
    const reading = this.api.get<Lease>(resources.leases, lease)
    await this.env.advance(1)
    return reading
  }
}

/** A candidate whose clock, timers and connection a test can spoil. */
export class Candidate {
  readonly name: string
  readonly court: Court
  readonly election: Election
  /** Writes as the leader; what the loops of this process would hold. */
  readonly api: Api
  /** Added to its wall clock, ms. */
  skewMs = 0
  /** How long a request travels, and its answer, ms. */
  delayMs: () => number = () => 1
  /** Whether a request is lost on its way, or its answer, or refused. */
  fault: () => 'request' | 'answer' | 'refused' | undefined = () => undefined
  #paused = false
  readonly #held: (() => void)[] = []

  constructor(court: Court, name: string, terms: LeaseTerms = defaultTerms) {
    this.name = name
    this.court = court
    const spoiled = this.#spoiled(court.api)
    this.election = new Election({
      env: this.#env(), api: spoiled, identity: name, terms, ...lease,
    })
    this.api = new FencedApi(court.api, () => this.election.mayWrite())
  }

  get at(): string {
    return this.election.state.at
  }

  pause(): void {
    this.#paused = true
  }

  get paused(): boolean {
    return this.#paused
  }

  /** What fell due meanwhile comes at once. */
  resume(): void {
    this.#paused = false
    for (const run of this.#held.splice(0)) run()
  }

  #env(): Env {
    const { env } = this.court
    return {
      nowMs: () => env.nowMs() + this.skewMs,
      elapsedMs: () => env.elapsedMs(),
      after: (ms, run): Cancel => env.after(ms, () => this.#run(run)),
      random: env.random, uid: () => env.uid(), log: env.log, checked: true,
    }
  }

  #run(run: () => void): void {
    if (this.#paused) this.#held.push(run)
    else run()
  }

  #spoiled(api: Api): Api {
    const spoil = <T>(call: () => Promise<T>): Promise<T> => this.#spoil(call)
    return {
      list: (...all) => api.list(...all),
      watch: (...all) => api.watch(...all),
      get: (...all) => spoil(() => api.get(...all)),
      create: (...all) => spoil(() => api.create(...all)),
      update: (...all) => spoil(() => api.update(...all)),
      patch: (...all) => spoil(() => api.patch(...all)),
      delete: (...all) => spoil(() => api.delete(...all)),
      deleteCollection: (...all) => api.deleteCollection(...all),
    }
  }

  async #spoil<T>(call: () => Promise<T>): Promise<T> {
    const { env } = this.court
    const fault = this.fault()
    await sleep(env, this.delayMs())
    if (fault === 'request') return new Promise(() => {})
    if (fault === 'refused') throw new StatusError('InternalError', 'spoiled')
    const answer = await call()
    this.#note(answer)
    if (fault === 'answer') return new Promise(() => {})
    await sleep(env, this.delayMs())
    await new Promise<void>((resolve) => this.#run(resolve))
    return answer
  }

  #note(answer: unknown): void {
    const { spec, metadata } = answer as Partial<Lease>
    if (metadata?.name === lease.name && spec !== undefined) {
      this.court.holder = spec.holderIdentity ?? ''
    }
  }
}

/** What lies between a process and its server, and everything that goes wrong there. */
import { type Env, sleep } from '@slicewise/base'
import { type Api, type ResourceRef, StatusError, type WatchEvent } from '@slicewise/kube'
import { type FaultOptions, faultyApi } from '../../client/test-faults.ts'

/** Shares of calls that something befalls, 0 to 1. */
export interface Weather {
  readonly writes: number
  readonly reads: number
  readonly watches: number
  /** Longest time by which the events of one watch come late, ms; their order is kept. */
  readonly lateMs: number
}

export const calm: Weather = { writes: 0, reads: 0, watches: 0, lateMs: 0 }
export const storm: Weather = { writes: 0.35, reads: 0.2, watches: 0.5, lateMs: 300 }

/** What may befall a write. */
const before = ['conflict', 'busy', 'refused', 'unavailable', 'lost'] as const
const after = ['failed', 'timeout', 'late', 'ghost'] as const
const faults = [...before, ...after] as const
type Fault = (typeof faults)[number]

/** Longest time for which all events of one watch are held up, ms: longer than an echo's limit. */
const stallMsMax = 8_000

/**
 * An Api that loses, repeats and delays as networks and servers do. Within a watch the order is
 * that of the server, as Kubernetes promises; watches of different collections run apart.
 */
export class Network {
  readonly api: Api
  /** Writes of slices and Endpoints that took effect, in order. */
  readonly written: string[] = []
  readonly injected = new Map<string, number>()
  readonly #env: Env
  readonly #random: () => number
  readonly #watching: FaultOptions
  #weather: Weather
  /** Writes until the process dies; undefined: it lives. */
  #lives: number | undefined
  #dead = false
  #gate: Promise<void> | undefined
  #held: readonly string[] | undefined
  #open: () => void = () => {}

  constructor(inner: Api, env: Env, random: () => number, weather: Weather) {
    this.#env = env
    this.#random = random
    this.#weather = weather
    this.#watching = {
      random, share: weather.watches, watchLists: weather.watches === 0 || random() < 0.8,
      faults: ['expired', 'dropped', 'silent', 'repeated', 'ended', 'unavailable'],
      ...(weather.watches === 0 ? {} : { pageMax: 3, expiredPages: 0.1 }),
    }
    const watched = faultyApi(inner, this.#watching)
    this.injected = watched.injected
    const { api } = watched
    this.api = {
      // A server pages only where it is asked to.
      list: (ref, options) => this.#read(() =>
        (options?.limit === undefined ? inner : api).list(ref, options)),
      get: (...all) => this.#read(() => api.get(...all)),
      watch: (ref, options) =>
        this.#late(ref.resource, api.watch(ref, options), options?.signal) as never,
      create: (ref, object, options) => this.#write('create', ref,
        object.metadata?.name ?? object.metadata?.generateName ?? '',
        () => inner.create(ref, object, options)),
      update: (ref, object, options) => this.#write('update', ref, object.metadata?.name ?? '',
        () => inner.update(ref, object, options)),
      patch: (ref, item, patch, options) => this.#write('patch', ref, item.name,
        () => inner.patch(ref, item, patch, options)),
      delete: (ref, item, options) => this.#write('delete', ref, item.name,
        () => inner.delete(ref, item, options)),
      deleteCollection: (...all) => inner.deleteCollection(...all),
    }
  }

  get dead(): boolean {
    return this.#dead
  }

  set weather(weather: Weather) {
    this.#weather = weather
    this.#watching.share = weather.watches
  }

  /** The process dies right after its next `writes` writes have taken effect; 0: now. */
  kill(writes: number): void {
    if (writes === 0) this.#dead = true
    else this.#lives = writes
  }

  /** Holds the events of collections back, of all unless said, until `release`. */
  hold(only?: readonly string[]): void {
    this.#held = only
    this.#gate ??= new Promise((resolve) => {
      this.#open = resolve
    })
  }

  release(): void {
    this.#gate = undefined
    this.#open()
  }

  #count(what: string): void {
    (this.injected as Map<string, number>).set(what, (this.injected.get(what) ?? 0) + 1)
  }

  async #read<R>(run: () => Promise<R>): Promise<R> {
    if (this.#dead) throw new Error('socket hang up')
    if (this.#random() >= this.#weather.reads) return run()
    const fault = this.#pick(['busy', 'unavailable', 'lost', 'slow'])
    this.#count(`read ${fault}`)
    if (fault === 'busy') throw tooMany()
    if (fault === 'unavailable') throw new StatusError('InternalError', 'etcdserver: no leader')
    if (fault === 'lost') throw new Error('socket hang up')
    const found = await run()
    await sleep(this.#env, Math.floor(this.#random() * 3_000))
    return found
  }

  async #write<R>(verb: string, ref: ResourceRef, name: string, run: () => Promise<R>): Promise<R> {
    if (this.#dead) throw new Error('socket hang up')
    const isMeant = ref.resource === 'endpointslices' || ref.resource === 'endpoints'
    const effect = async (): Promise<R> => {
      const result = await run()
      if (isMeant) this.written.push(`${verb} ${ref.resource} ${name}`)
      if (isMeant && this.#lives !== undefined && --this.#lives <= 0) this.#dead = true
      return result
    }
    const fault = this.#random() < this.#weather.writes ? this.#pick(faults) : undefined
    if (fault !== undefined) this.#count(fault)
    await this.#refuse(fault, verb)
    if (fault === 'ghost') {
      // The request is on its way for longer than its author waits.
      this.#env.after(1_000 + this.#random() * 3_000, () => void effect().catch(() => {}))
      await sleep(this.#env, 1_000)
      throw new Error('timeout')
    }
    const result = await effect()
    if (this.#dead) throw new Error('socket hang up')
    if (fault === 'failed') throw new StatusError('InternalError', 'etcdserver: request timed out')
    if (fault === 'late') await sleep(this.#env, this.#random() * 200)
    if (fault !== 'timeout') return result
    await sleep(this.#env, 1_000)
    throw new Error('timeout')
  }

  async #refuse(fault: Fault | undefined, verb: string): Promise<void> {
    if (fault === 'conflict' && verb !== 'create') {
      throw new StatusError('Conflict', 'the object has been modified')
    }
    if (fault === 'busy') throw tooMany()
    if (fault === 'refused') throw new StatusError('InternalError', 'no endpoints for the webhook')
    if (fault === 'unavailable') throw new StatusError('ServiceUnavailable', 'try again')
    if (fault === 'lost') throw new Error('socket hang up')
  }

  async *#late<E extends WatchEvent<never>>(
    resource: string, events: AsyncIterable<unknown>, signal: AbortSignal | undefined,
  ): AsyncGenerator<E> {
    for await (const event of events) {
      const ms = this.#lateMs()
      if (ms > 0) await sleep(this.#env, ms, signal)
      while (this.#gate !== undefined && this.#held?.includes(resource) !== false) {
        await this.#gate
      }
      if (this.#dead) throw new Error('socket hang up')
      yield event as E
    }
  }

  #lateMs(): number {
    const { lateMs } = this.#weather
    if (lateMs === 0) return 0
    const roll = this.#random()
    if (roll < 0.02) return Math.floor(this.#random() * stallMsMax)
    return roll < 0.4 ? Math.floor(this.#random() * lateMs) : 0
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T
  }
}

const tooMany = (): StatusError =>
  new StatusError('TooManyRequests', 'try again', { details: { retryAfterSeconds: 1 } })

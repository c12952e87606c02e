import type { Env } from '@slicewise/base'
import type { Api, KubeObject, ResourceRef, Selection } from '@slicewise/kube'
import { Cache } from './cache.ts'
import { Outage } from './outage.ts'
import { Reflector } from './reflector.ts'

export interface CacheSetOptions {
  readonly api: Api
  readonly env: Env
  /** Ends every reflector. */
  readonly signal: AbortSignal
}

interface Member {
  readonly cache: Cache<KubeObject>
  readonly reflector: Reflector<KubeObject>
  readonly run: Promise<void>
}

/** The caches that controllers of one process share: one reflector per collection and selection. */
export class CacheSet {
  readonly #options: CacheSetOptions
  readonly #members = new Map<string, Member>()
  readonly #outage: Outage

  constructor(options: CacheSetOptions) {
    this.#options = options
    this.#outage = new Outage(options.env)
  }

  /** The cache of a collection; the first call starts its reflector. */
  of<T extends KubeObject>(ref: ResourceRef<T>, selection: Selection = {}): Cache<T> {
    const { namespace = '', labelSelector = '', fieldSelector = '' } = selection
    const key = [ref.group, ref.version, ref.resource, namespace, labelSelector, fieldSelector]
    const name = key.join('|')
    const known = this.#members.get(name)
    if (known !== undefined) return known.cache as unknown as Cache<T>
    const { api, env, signal } = this.#options
    const cache = new Cache<T>({ env })
    const outage = this.#outage
    const reflector = new Reflector<T>({ api, ref, selection, env, sink: cache, outage, signal })
    const member = { cache, reflector, run: reflector.run() }
    this.#members.set(name, member as unknown as Member)
    return cache
  }

  /** Resolves when every cache asked for so far has its first complete state. */
  async whenSynced(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.cache.whenSynced()))
  }

  /** Resolves when the signal aborted and every reflector ended. */
  async whenStopped(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.run))
  }
}

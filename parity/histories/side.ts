/** One of the two systems that histories are played on: its Api, and what stands in it. */
import { type Cache, CacheSet, HttpApi } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import {
  type Api, type EndpointSlice, type Endpoints, type KubeObject, type ResourceRef, type Service,
  type Stored, resources,
} from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'

export interface Writes {
  slices: number
  endpoints: number
}

export class Side {
  readonly name: string
  readonly api: Api
  readonly #abort = new AbortController()
  readonly #caches: CacheSet
  readonly #changedMs = new Map<string, number>()
  readonly #writes = new Map<string, Writes>()
  readonly #close: () => Promise<void>

  private constructor(name: string, api: Api, close: () => Promise<void>) {
    this.name = name
    this.api = api
    this.#close = close
    this.#caches = new CacheSet({ api, env: nodeEnv(), signal: this.#abort.signal })
  }

  static async open(name: string, kubeconfig: string): Promise<Side> {
    const transport = httpTransport(await parseKubeconfig(kubeconfig, '.'))
    const api = new HttpApi({ transport, userAgent: 'parity' })
    const side = new Side(name, api, () => transport.close())
    side.#listen(resources.endpointslices, (writes) => writes.slices++)
    side.#listen(resources.endpoints, (writes) => writes.endpoints++)
    side.#caches.of(resources.services)
    await side.#caches.whenSynced()
    return side
  }

  slices(namespace: string): Stored<EndpointSlice>[] {
    return this.#of(resources.endpointslices, namespace)
  }

  endpoints(namespace: string): Stored<Endpoints>[] {
    return this.#of(resources.endpoints as ResourceRef<Endpoints>, namespace)
  }

  service(namespace: string, name: string): Stored<Service> | undefined {
    return this.#caches.of<Service>(resources.services).get(`${namespace}/${name}`)
  }

  /** How often slices and Endpoints of the namespace have changed. */
  writes(namespace: string): Writes {
    const known = this.#writes.get(namespace) ?? { slices: 0, endpoints: 0 }
    this.#writes.set(namespace, known)
    return known
  }

  /** How long neither has changed, ms. */
  quietMs(namespace: string): number {
    return performance.now() - (this.#changedMs.get(namespace) ?? 0)
  }

  async close(): Promise<void> {
    this.#abort.abort()
    await this.#caches.whenStopped()
    await this.#close()
  }

  #of<T extends KubeObject>(ref: ResourceRef<T>, namespace: string): Stored<T>[] {
    return [...this.#caches.of<T>(ref).values()]
      .filter((one) => (one as Stored).metadata.namespace === namespace) as Stored<T>[]
  }

  #listen(ref: ResourceRef, count: (writes: Writes) => void): void {
    const cache = this.#caches.of(ref) as Cache<KubeObject>
    cache.onChange(({ before, after }) => {
      const { namespace = '' } = ((after ?? before) as Stored).metadata
      this.#changedMs.set(namespace, performance.now())
      count(this.writes(namespace))
    })
  }
}

/** One of the two systems that a history runs on: its Api and a view of everything in it. */
import { type Cache, CacheSet, HttpApi } from '@slicewise/client'
import { httpTransport, parseKubeconfig } from '@slicewise/client/node'
import {
  type Api, type ControllerRevision, type DaemonSet, type Deployment, type KubeObject,
  type Namespace, type Node, type Pod, type ReplicaSet, type ResourceRef, type StatefulSet,
  type Stored, resources,
} from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'

export interface CoreEvent extends KubeObject {
  involvedObject: { kind: string; name: string; uid?: string }
  type: string
  reason: string
  message: string
  count?: number
}
const events: ResourceRef<CoreEvent> = {
  group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true,
}

/** Everything of one namespace, and all Nodes. */
export interface View {
  readonly namespace: Stored<Namespace> | undefined
  readonly deployments: readonly Stored<Deployment>[]
  readonly replicaSets: readonly Stored<ReplicaSet>[]
  readonly statefulSets: readonly Stored<StatefulSet>[]
  readonly daemonSets: readonly Stored<DaemonSet>[]
  readonly revisions: readonly Stored<ControllerRevision>[]
  readonly pods: readonly Stored<Pod>[]
  readonly configMaps: readonly Stored[]
  readonly events: readonly Stored<CoreEvent>[]
  readonly nodes: readonly Stored<Node>[]
}

export class Side {
  readonly name: string
  readonly api: Api
  readonly #abort = new AbortController()
  readonly #caches: CacheSet
  readonly #changedMs = new Map<string, number>()
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
    const watched = [
      resources.namespaces, resources.deployments, resources.replicasets, resources.statefulsets,
      resources.daemonsets, resources.controllerrevisions, resources.pods, resources.configmaps,
      events, resources.nodes,
    ] as ResourceRef[]
    for (const ref of watched) side.#listen(side.#caches.of(ref))
    await side.#caches.whenSynced()
    return side
  }

  view(namespace: string): View {
    const of = <T extends KubeObject>(ref: ResourceRef<T>): Stored<T>[] =>
      [...this.#caches.of(ref).values()]
        .filter((one) => (one as Stored).metadata.namespace === namespace)
    return {
      namespace: this.#caches.of<Namespace>(resources.namespaces).get(namespace),
      deployments: of(resources.deployments), replicaSets: of(resources.replicasets),
      statefulSets: of(resources.statefulsets), daemonSets: of(resources.daemonsets),
      revisions: of(resources.controllerrevisions as ResourceRef<ControllerRevision>),
      pods: of(resources.pods as ResourceRef<Pod>), configMaps: of(resources.configmaps),
      events: of(events), nodes: [...this.#caches.of<Node>(resources.nodes).values()],
    }
  }

  /** How long nothing has changed in the namespace, ms. */
  quietMs(namespace: string): number {
    return Date.now() - (this.#changedMs.get(namespace) ?? 0)
  }

  async close(): Promise<void> {
    this.#abort.abort()
    await this.#caches.whenStopped()
    await this.#close()
  }

  #listen(cache: Cache<KubeObject>): void {
    cache.onChange(({ before, after }) => {
      const { metadata } = (after ?? before) as Stored
      // A Node belongs to the history whose label it bears.
      const place = metadata.namespace ?? metadata.labels?.['history'] ?? metadata.name
      this.#changedMs.set(place, Date.now())
    }, { replay: true })
  }
}

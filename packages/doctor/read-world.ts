import { selects, whySelectsNothing, whyUnfit } from '@slicewise/discovery'
import {
  type Api, type KubeObject, type Node, type ResourceRef, type Selection, type Service, StatusError,
  type Stored, resources,
} from '@slicewise/kube'
import { limits } from './limits.ts'
import type { ItemName } from './why-service.ts'
import type { Unread, Workload, World } from './world.ts'

export interface ReadOptions {
  readonly api: Api
  readonly item: ItemName
  readonly nowMs: number
  readonly signal?: AbortSignal
}

/**
 * Reads what explains one Service: itself, the Pods of its namespace, their Nodes, its slices and
 * Endpoints; and only when that does not answer it, workloads and Pods of other namespaces. Gets
 * and lists alone. What may not be read becomes `unread`; rejects when the server cannot be asked.
 */
export async function readServiceWorld({ api, item, nowMs, signal }: ReadOptions): Promise<World> {
  const { name, namespace } = item
  const ask = new Reader(api, signal)
  const [service, pods, slices, endpoints, home] = await Promise.all([
    ask.one(resources.services, item),
    ask.all('pods', resources.pods, { namespace }),
    ask.all('endpointslices', resources.endpointslices, {
      namespace, labelSelector: `kubernetes.io/service-name=${name}`,
    }),
    ask.one(resources.endpoints, item),
    ask.one(resources.namespaces, { name: namespace }),
  ])
  const selecting = service !== undefined && whySelectsNothing(service) === undefined
  const own = selecting
    ? (pods ?? []).filter(({ metadata }) => selects(service.spec?.selector, metadata.labels)) : []
  const nodes = await ask.nodes(own.map(({ spec }) => spec?.nodeName ?? ''))
  const living = own.some((pod) =>
    !pod.metadata.deletionTimestamp && whyUnfit(pod) !== 'PodFinished')
  const workloads = selecting && !living ? await ask.workloads(namespace) : []
  const elsewhere = selecting && own.length === 0 && pods !== undefined
    ? await ask.podsElsewhere(service) : []
  return {
    nowMs, namespaces: home === undefined ? [] : [home],
    services: service === undefined ? await ask.otherServices(item) : [service],
    pods: pods && [...pods, ...elsewhere], nodes, slices,
    endpoints: endpoints === undefined ? [] : [endpoints],
    workloads, unread: ask.unread,
  }
}

/** Reads what explains one Pod: itself, its Node, the Services of its namespace, their slices. */
export async function readPodWorld({ api, item, nowMs, signal }: ReadOptions): Promise<World> {
  const { namespace } = item
  const ask = new Reader(api, signal)
  const before = ask.unread.length
  const [pod, services] = await Promise.all([
    ask.one(resources.pods, item), ask.all('services', resources.services, { namespace }),
  ])
  const podUnread = pod === undefined
    && ask.unread.slice(before).some(({ what }) => what === `pods "${item.name}"`)
  const nodes = await ask.nodes([pod?.spec?.nodeName ?? ''])
  const selecting = (services ?? []).filter(({ spec }) =>
    selects(spec?.selector, pod?.metadata.labels)).map(({ metadata }) => metadata.name)
  const slices = selecting.length === 0 ? [] : await ask.all('endpointslices',
    resources.endpointslices, {
      namespace, labelSelector: `kubernetes.io/service-name in (${selecting.join(',')})`,
    })
  const elsewhere = selecting.length > 0 || pod === undefined ? []
    : (await ask.all('services of other namespaces', resources.services) ?? [])
      .filter(({ metadata }) => metadata.namespace !== namespace)
  return {
    nowMs, namespaces: [], services: [...services ?? [], ...elsewhere],
    pods: podUnread ? undefined : pod === undefined ? [] : [pod],
    nodes, slices, endpoints: [], workloads: [], unread: ask.unread,
  }
}

/** Reads for one World and keeps what could not be read. */
class Reader {
  readonly unread: Unread[] = []
  readonly #api: Api
  readonly #signal: AbortSignal | undefined

  constructor(api: Api, signal: AbortSignal | undefined) {
    this.#api = api
    this.#signal = signal
  }

  /** Undefined when there is none, or when it may not be read. */
  async one<T extends KubeObject>(
    ref: ResourceRef<T>, item: { name: string; namespace?: string },
  ): Promise<Stored<T> | undefined> {
    const read = this.#api.get(ref, item, this.#options())
    return this.#attempt(`${ref.resource} "${item.name}"`, read, true)
  }

  /** Undefined when it may not be read. */
  async all<T extends KubeObject>(
    what: string, ref: ResourceRef<T>, selection: Selection = {},
  ): Promise<Stored<T>[] | undefined> {
    return this.#attempt(what, this.#pages(ref, selection), false)
  }

  /** These Nodes by name, one by one while they are few. Undefined when they may not be read. */
  async nodes(named: readonly string[]): Promise<ReadonlyMap<string, Stored<Node>> | undefined> {
    const names = [...new Set(named)].filter((name) => name !== '')
    if (names.length > limits.nodesSingly) {
      const all = await this.all('nodes', resources.nodes)
      return all && new Map(all.map((node) => [node.metadata.name, node]))
    }
    const found = new Map<string, Stored<Node>>()
    const before = this.unread.length
    await Promise.all(names.map(async (name) => {
      const node = await this.one(resources.nodes, { name })
      if (node !== undefined) found.set(name, node)
    }))
    const [refused] = this.unread.splice(before)
    if (refused === undefined) return found
    this.unread.push({ ...refused, what: 'nodes' })
    return undefined
  }

  async workloads(namespace: string): Promise<Workload[]> {
    const [deployments, replicaSets, statefulSets, daemonSets] = await Promise.all([
      this.all('deployments', resources.deployments, { namespace }),
      this.all('replicasets', resources.replicasets, { namespace }),
      this.all('statefulsets', resources.statefulsets, { namespace }),
      this.all('daemonsets', resources.daemonsets, { namespace }),
    ])
    return [
      ...(deployments ?? []).map((object): Workload => ({ kind: 'Deployment', object })),
      ...(replicaSets ?? []).map((object): Workload => ({ kind: 'ReplicaSet', object })),
      ...(statefulSets ?? []).map((object): Workload => ({ kind: 'StatefulSet', object })),
      ...(daemonSets ?? []).map((object): Workload => ({ kind: 'DaemonSet', object })),
    ]
  }

  /** Pods of other namespaces that the selector would take. */
  async podsElsewhere({ metadata, spec }: Stored<Service>) {
    const pairs = Object.entries(spec?.selector ?? {})
    if (pairs.length === 0) return []
    const labelSelector = pairs.map(([key, value]) => `${key}=${value}`).join(',')
    const all = await this.all('pods of other namespaces', resources.pods, { labelSelector })
    return (all ?? []).filter((pod) => pod.metadata.namespace !== metadata.namespace)
  }

  /** For a Service that is not there: those of its namespace, and its name elsewhere. */
  async otherServices({ name, namespace }: ItemName): Promise<Stored<Service>[]> {
    const refused = this.unread.some(({ what }) => what === `services "${name}"`)
    if (refused) return []
    const [here, elsewhere] = await Promise.all([
      this.all('services', resources.services, { namespace }),
      this.all('services of other namespaces', resources.services, {
        fieldSelector: `metadata.name=${name}`,
      }),
    ])
    const others = (elsewhere ?? []).filter(({ metadata }) => metadata.namespace !== namespace)
    return [...here ?? [], ...others]
  }

  async #pages<T extends KubeObject>(
    ref: ResourceRef<T>, selection: Selection,
  ): Promise<Stored<T>[]> {
    const items: Stored<T>[] = []
    let token: string | undefined
    do {
      const page = await this.#api.list(ref, {
        ...selection, ...this.#options(), limit: limits.listPage,
        ...(token ? { continue: token } : {}),
      })
      items.push(...page.items)
      token = page.metadata.continue
    } while (token)
    return items
  }

  #options(): { signal?: AbortSignal } {
    return this.#signal === undefined ? {} : { signal: this.#signal }
  }

  async #attempt<T>(what: string, read: Promise<T>, missing: boolean): Promise<T | undefined> {
    try {
      return await read
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      if (error.reason === 'NotFound' && missing) return undefined
      if (error.reason === 'Unauthorized') throw error
      const why = error.reason === 'Forbidden' ? 'Forbidden'
        : error.reason === 'NotFound' ? 'NotServed' : 'Failed'
      this.unread.push({ what, why, message: error.message })
      return undefined
    }
  }
}

import { type ReflectorSink, Reflector } from '@slicewise/client'
import {
  type KubeObject, type OwnerReference, type ResourceRef, type ResourceSpec, StatusError,
  type Stored, findKind, resourceTable,
} from '@slicewise/kube'
import { type Revision, deferred } from '@slicewise/base'
import {
  type ControllerContext, type ControllerSpec, KeyQueue, type Looked, runQueue, Writer,
} from '@slicewise/engine'
import { decide } from './decide.ts'
import { Graph, type Item, itemOf } from './graph.ts'

/** Deletes objects whose owners are gone and finishes foreground and orphaning deletions. */
export const garbageCollector: ControllerSpec = {
  name: 'garbage-collector-controller',
  run: (context) => new GarbageCollector(context).run(),
}

/** Kinds whose objects can own or be owned; Events are neither, as in the reference. */
export function collectable(): ResourceSpec[] {
  return resourceTable.filter((row) =>
    row.resource !== 'events' && row.verbs.includes('delete') && row.verbs.includes('watch'))
}

class GarbageCollector {
  readonly #context: ControllerContext
  readonly #graph = new Graph()
  readonly #queue: KeyQueue
  readonly #writer: Writer
  /** Owners that a live read did not find. A uid never comes back. */
  readonly #absent = new Set<string>()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#queue = new KeyQueue(context.env)
    this.#writer = new Writer({
      api: context.api, manager: garbageCollector.name, signal: context.signal,
    })
  }

  async run(): Promise<void> {
    const { api, env, signal } = this.#context
    const feeds = collectable().map((ref) => {
      const feed = new Feed(ref, this.#graph, (item) => this.#touch(item))
      return { feed, run: new Reflector({ api, ref, env, sink: feed, signal }).run() }
    })
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([Promise.all(feeds.map(({ feed }) => feed.synced)), stopped])
    if (!signal.aborted) {
      await runQueue({
        env, name: garbageCollector.name, queue: this.#queue, signal, concurrency: 20,
        look: (key) => this.#look(key),
      })
    }
    await Promise.all(feeds.map(({ run }) => run))
  }

  /** One object changed: it, those that depend on it and those it depends on are looked at. */
  #touch(item: Item): void {
    if (item.owners.length > 0 || item.deleting) this.#queue.addNow(item.uid)
    for (const dependent of this.#graph.dependentsOf(item.uid)) this.#queue.addNow(dependent.uid)
    for (const owner of item.owners) {
      if (this.#graph.get(owner.uid)?.deleting === true) this.#queue.addNow(owner.uid)
    }
  }

  async #look(uid: string): Promise<Looked> {
    const item = this.#graph.get(uid)
    if (item === undefined) return undefined
    const { plan, lookUp } = decide(item, this.#graph, (owner) => this.#absent.has(owner.uid))
    for (const owner of lookUp) if (!await this.#isThere(owner, item)) this.#absent.add(owner.uid)
    if (lookUp.some((owner) => this.#absent.has(owner.uid))) {
      this.#queue.addNow(uid)
      return undefined
    }
    const { error } = await this.#writer.run(plan)
    if (error === undefined || isOvertaken(error)) return undefined
    return { problem: error.message, error }
  }

  /** Asks the server, because the graph may be behind; unknown kinds count as present. */
  async #isThere(owner: OwnerReference, item: Item): Promise<boolean> {
    const [group, version] = splitApiVersion(owner.apiVersion)
    const ref = findKind(group, owner.kind)
    if (ref === undefined || ref.version !== version) return true
    if (ref.namespaced && item.namespace === undefined) return true
    try {
      const namespace = ref.namespaced ? { namespace: item.namespace as string } : {}
      const found = await this.#context.api.get(ref, { name: owner.name, ...namespace })
      return found.metadata.uid === owner.uid
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'NotFound') return false
      throw error
    }
  }
}

/** The object changed or went meanwhile: its own event brings the next look. */
function isOvertaken(error: Error): boolean {
  return error instanceof StatusError &&
    (error.reason === 'Conflict' || error.reason === 'NotFound' || error.reason === 'Invalid')
}

function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
}

/** Keeps the graph's part of one resource. */
class Feed implements ReflectorSink<KubeObject> {
  readonly #ref: ResourceRef
  readonly #graph: Graph
  readonly #touch: (item: Item) => void
  readonly #synced = deferred()

  constructor(ref: ResourceRef, graph: Graph, touch: (item: Item) => void) {
    this.#ref = ref
    this.#graph = graph
    this.#touch = touch
  }

  get synced(): Promise<void> {
    return this.#synced.promise
  }

  replace(items: readonly Stored[], _revision: Revision): void {
    const gone = new Set(this.#graph.uidsOf(this.#ref))
    for (const object of items) {
      gone.delete(object.metadata.uid)
      this.#set(object)
    }
    for (const uid of gone) this.#remove(uid)
    this.#synced.resolve()
  }

  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Stored): void {
    if (type === 'DELETED') this.#remove(object.metadata.uid)
    else this.#set(object)
  }

  progress(): void {}

  #set(object: Stored): void {
    const item = itemOf(this.#ref, object)
    const before = this.#graph.get(item.uid)
    this.#graph.set(item)
    // An owner that is no longer named may have waited for this one.
    if (before !== undefined) this.#touch({ ...item, owners: [...before.owners, ...item.owners] })
    else this.#touch(item)
  }

  #remove(uid: string): void {
    const item = this.#graph.get(uid)
    if (item === undefined) return
    this.#graph.remove(uid)
    this.#touch(item)
  }
}

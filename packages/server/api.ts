import { Queue } from '@slicewise/base'
import {
  type Api, type DeleteOptions, type ItemRef, type KubeObject, type ListOptions, type ObjectList,
  type Patch, type ResourceRef, type ResourceSpec, type Selection, type Status, type Stored,
  StatusError, type WatchEvent, type WatchOptions, type WriteOptions,
} from '@slicewise/kube'
import type {
  Answer, CachedEvent, CachedObject, Caller, Registry, User, WatchHandle, WatchSink, WriteRequest,
} from './contract.ts'
import { limits } from './limits.ts'
import { notFound } from './refusals.ts'
import { copyJson } from './copy-json.ts'

export interface ApiOptions {
  /** Names the field manager when a call does not; default `slicewise`. */
  readonly userAgent?: string
  /** Takes warnings of the server. */
  warn?(text: string): void
}

/**
 * The registry as the `Api` that controllers use, without bytes in between. What comes out is
 * shared with the server and other readers, so it must not be changed; what goes in is copied.
 */
export function createApi(registry: Registry, user: User, options: ApiOptions = {}): Api {
  return new InProcessApi(registry, {
    user,
    userAgent: options.userAgent ?? 'slicewise',
    warn: text => options.warn?.(text),
  })
}

class InProcessApi implements Api {
  readonly #registry: Registry
  readonly #caller: Caller
  readonly #rows = new Map<string, ResourceSpec>()

  constructor(registry: Registry, caller: Caller) {
    this.#registry = registry
    this.#caller = caller
    for (const row of registry.resources) this.#rows.set(rowKey(row), row)
  }

  async list<T extends KubeObject>(
    ref: ResourceRef<T>, options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const { signal, ...rest } = options
    signal?.throwIfAborted()
    const request = { ...rest, ...this.#collection(ref, options.namespace) }
    const answer = await this.#registry.list(request)
    const metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number } =
      { resourceVersion: String(answer.revision) }
    if (answer.continue !== undefined) metadata.continue = answer.continue
    if (answer.remaining !== undefined) metadata.remainingItemCount = answer.remaining
    return { metadata, items: answer.items.map(item => item.object() as Stored<T>) }
  }

  async *watch<T extends KubeObject>(
    ref: ResourceRef<T>, options: WatchOptions = {},
  ): AsyncIterable<WatchEvent<T>> {
    const { signal, ...rest } = options
    signal?.throwIfAborted()
    const reader = new WatchReader<T>(ref)
    const match = options.sendInitialEvents === true
      ? { resourceVersionMatch: 'NotOlderThan' } : {}
    const request = { ...rest, ...match, ...this.#collection(ref, options.namespace) }
    const handle = await this.#registry.watch(request, reader)
    yield* reader.read(handle, signal)
  }

  async get<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef,
    options: { subresource?: string; signal?: AbortSignal } = {},
  ): Promise<Stored<T>> {
    options.signal?.throwIfAborted()
    return this.#answer(ref, await this.#registry.get(this.#item(ref, item, options.subresource)))
  }

  async create<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options: WriteOptions & { item?: ItemRef } = {},
  ): Promise<Stored<T>> {
    options.signal?.throwIfAborted()
    const { namespace = '' } = object.metadata ?? {}
    const item = options.item ?? { name: '', namespace }
    const body = { value: copyJson(object) }
    const answer = await this.#registry.create({ ...this.#write(ref, item, options), body })
    return this.#answer(ref, answer)
  }

  async update<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options: WriteOptions = {},
  ): Promise<Stored<T>> {
    options.signal?.throwIfAborted()
    const { name = '', namespace = '' } = object.metadata ?? {}
    const body = { value: copyJson(object) }
    const request = this.#write(ref, { name, namespace }, options)
    return this.#answer(ref, await this.#registry.update({ ...request, body }))
  }

  async patch<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, patch: Patch, options: WriteOptions = {},
  ): Promise<Stored<T>> {
    options.signal?.throwIfAborted()
    const body = { value: copyJson(patch.patch) }
    const force = patch.type === 'apply' && patch.force !== undefined ? { force: patch.force } : {}
    const request = { ...this.#write(ref, item, options), type: patch.type, body, ...force }
    return this.#answer(ref, await this.#registry.patch(request))
  }

  async delete<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, options: DeleteOptions = {},
  ): Promise<Stored<T> | Status> {
    const request = { ...this.#item(ref, item), options: copyJson(options) }
    return this.#answer(ref, await this.#registry.delete(request))
  }

  async deleteCollection<T extends KubeObject>(
    ref: ResourceRef<T>, selection: Selection, options: DeleteOptions = {},
  ): Promise<void> {
    const request = { ...selection, ...this.#collection(ref, selection.namespace) }
    await this.#registry.deleteCollection({ ...request, options: copyJson(options) })
  }

  #row(ref: RowName): ResourceSpec {
    const row = this.#rows.get(rowKey(ref))
    if (row === undefined) throw notFound(ref, '')
    return row
  }

  #collection(ref: RowName, namespace = ''): {
    caller: Caller; spec: ResourceSpec; namespace: string
  } {
    const spec = this.#row(ref)
    return { caller: this.#caller, spec, namespace: spec.namespaced ? namespace : '' }
  }

  #item(ref: RowName, { name, namespace }: ItemRef, subresource?: string): WriteRequest {
    const request = { ...this.#collection(ref, namespace), name }
    return subresource === undefined ? request : { ...request, subresource }
  }

  #write(ref: RowName, item: ItemRef, options: WriteOptions): WriteRequest {
    const { fieldManager, fieldValidation = 'Ignore', dryRun, subresource } = options
    return {
      ...this.#item(ref, item, subresource), fieldValidation,
      ...(fieldManager === undefined ? {} : { fieldManager }),
      ...(dryRun === true ? { dryRun: ['All'] } : {}),
    }
  }

  #answer<T extends KubeObject>(ref: ResourceRef<T>, answer: Answer): Stored<T> {
    if (answer.object === undefined) return answer.plain as Stored<T>
    return typed(ref, answer.object)
  }
}

type RowName = Pick<ResourceRef, 'group' | 'version' | 'resource'>

const rowKey = ({ group, version, resource }: RowName): string =>
  `${group}/${version}/${resource}`

function typed<T extends KubeObject>(ref: ResourceRef<T>, object: CachedObject): Stored<T> {
  const apiVersion = ref.group === '' ? ref.version : `${ref.group}/${ref.version}`
  return { kind: ref.kind, apiVersion, ...object.object() } as unknown as Stored<T>
}

/** Between the registry's push and the reader's pull; a slow reader pauses the watch. */
class WatchReader<T extends KubeObject> implements WatchSink {
  readonly #ref: ResourceRef<T>
  readonly #waiting = new Queue<WatchEvent<T>>()
  #handle: WatchHandle | undefined
  #paused = false
  #over: { readonly error: unknown } | undefined
  #wake: () => void = () => {}

  constructor(ref: ResourceRef<T>) {
    this.#ref = ref
  }

  event({ type, object }: CachedEvent): void {
    this.#push({ type, object: typed(this.#ref, object) })
    if (this.#waiting.size < limits.readerEventsMax) return
    this.#paused = true
    this.#handle?.pause()
  }

  bookmark(revision: number, initialEventsEnd: boolean): void {
    this.#push({ type: 'BOOKMARK', resourceVersion: String(revision), initialEventsEnd })
  }

  end(error?: StatusError): void {
    this.#over = { error }
    this.#wake()
  }

  async *read(handle: WatchHandle, signal: AbortSignal | undefined): AsyncIterable<WatchEvent<T>> {
    this.#handle = handle
    const abort = (): void => this.#wake()
    signal?.addEventListener('abort', abort)
    try {
      while (true) {
        signal?.throwIfAborted()
        const event = this.#waiting.take()
        if (event !== undefined) yield event
        else if (this.#over !== undefined) {
          if (this.#over.error !== undefined) throw this.#over.error
          return
        } else await this.#more()
      }
    } finally {
      signal?.removeEventListener('abort', abort)
      handle.stop()
    }
  }

  #more(): Promise<void> {
    if (this.#paused) {
      this.#paused = false
      this.#handle?.resume()
    }
    return new Promise(resolve => { this.#wake = resolve })
  }

  #push(event: WatchEvent<T>): void {
    this.#waiting.push(event)
    this.#wake()
  }
}

import {
  type Api, type DeleteOptions, type ItemRef, type KubeObject, type ListOptions, type ObjectList,
  type Patch, type ResourceRef, type Selection, type Status, StatusError, type StatusReason,
  type Stored, type WatchEvent, type WatchOptions, type WriteOptions, statusCodes,
} from '@slicewise/kube'
import {
  collectionPath, deleteBody, itemPath, listQuery, queryText, selectionQuery, watchQuery,
  writeQuery,
} from './paths.ts'
import { Echoes, type Sent, bodyOf, sentOf } from './echoes.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

const patchTypes: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

const wholeAnswer = 'application/json'
const metadataAnswer = `${wholeAnswer};as=PartialObjectMetadata;g=meta.k8s.io;v=v1,${wholeAnswer}`

/** The Api of any Kubernetes API server, over a transport. JSON goes in and out as it is. */
export class HttpApi implements Api {
  readonly #transport: Transport
  readonly #userAgent: string
  /** By path of a resource in all namespaces. */
  readonly #echoes = new Map<string, Echoes>()

  constructor(options: { transport: Transport; userAgent: string }) {
    this.#transport = options.transport
    this.#userAgent = options.userAgent
  }

  async list<T extends KubeObject>(
    ref: ResourceRef<T>, options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const path = collectionPath(ref, options.namespace) + listQuery(options)
    const list = await this.#json({ method: 'GET', path, ...signalOf(options) })
    return { ...(list as ObjectList<T>), items: (list as ObjectList<T>).items ?? [] }
  }

  async *watch<T extends KubeObject>(
    ref: ResourceRef<T>, options: WatchOptions = {},
  ): AsyncGenerator<WatchEvent<T>> {
    const path = collectionPath(ref, options.namespace) + watchQuery(options)
    const response = await this.#send({ method: 'GET', path, stream: true, ...signalOf(options) })
    const echoes = this.#echoesOf(ref)
    const end = echoes.listen()
    try {
      for await (const line of response.lines()) {
        if (line !== '') yield (echoes.take(line) as WatchEvent<T>) ?? watchEvent<T>(line)
      }
    } finally {
      end()
    }
  }

  async get<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef,
    options: { subresource?: string; signal?: AbortSignal } = {},
  ): Promise<Stored<T>> {
    const path = itemPath(ref, item, options.subresource)
    return await this.#json({ method: 'GET', path, ...signalOf(options) }) as Stored<T>
  }

  async create<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options: WriteOptions & { item?: ItemRef } = {},
  ): Promise<Stored<T>> {
    const { item, subresource } = options
    const path = item === undefined
      ? collectionPath(ref, object.metadata?.namespace)
      : itemPath(ref, item, subresource)
    const request = { method: 'POST', path: path + writeQuery(options) } as const
    if (subresource !== undefined) return await this.#write(request, object, options) as Stored<T>
    const body = typed(ref, object)
    if (options.metadataOnly !== true) return await this.#write(request, body, options) as Stored<T>
    return await this.#writeBlind(ref, request, sentOf('ADDED', body), options) as Stored<T>
  }

  async update<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options: WriteOptions = {},
  ): Promise<Stored<T>> {
    const item = { name: object.metadata?.name ?? '', ...namespaceOf(object) }
    const path = itemPath(ref, item, options.subresource) + writeQuery(options)
    const request = { method: 'PUT', path } as const
    if (options.subresource === 'scale') {
      return await this.#write(request, object, options) as Stored<T>
    }
    const body = typed(ref, object)
    const isWhole = options.metadataOnly !== true || options.subresource !== undefined
    if (isWhole) return await this.#write(request, body, options) as Stored<T>
    return await this.#writeBlind(ref, request, sentOf('MODIFIED', body), options) as Stored<T>
  }

  async patch<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, patch: Patch, options: WriteOptions = {},
  ): Promise<Stored<T>> {
    const force = patch.type === 'apply' && patch.force === true
    const path = itemPath(ref, item, options.subresource) + writeQuery(options, force)
    const headers = { 'content-type': patchTypes[patch.type] }
    const request = { method: 'PATCH', path, headers } as const
    return await this.#write(request, patch.patch, options) as Stored<T>
  }

  async delete<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, options?: DeleteOptions,
  ): Promise<Stored<T> | Status> {
    const body = deleteBody(options)
    return await this.#json({
      method: 'DELETE', path: itemPath(ref, item),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }) as Stored<T> | Status
  }

  async deleteCollection<T extends KubeObject>(
    ref: ResourceRef<T>, selection: Selection, options?: DeleteOptions,
  ): Promise<void> {
    const body = deleteBody(options)
    const query = queryText(selectionQuery(selection))
    await this.#json({
      method: 'DELETE', path: collectionPath(ref, selection.namespace) + query,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  #write(request: TransportRequest, body: unknown, options: WriteOptions): Promise<unknown> {
    const accept = options.metadataOnly === true ? metadataAnswer : wholeAnswer
    const headers = { accept, ...request.headers }
    return this.#json({
      ...request, headers, body: JSON.stringify(body), ...signalOf(options),
    })
  }

  /** A write of which the caller knows all but the metadata, as this Api does then. */
  async #writeBlind(
    ref: ResourceRef, request: TransportRequest, sent: Sent, options: WriteOptions,
  ): Promise<unknown> {
    const response = await this.#send({
      ...request, headers: { accept: metadataAnswer }, body: bodyOf(sent), ...signalOf(options),
    })
    const text = await response.text()
    const answered = JSON.parse(text) as Stored
    if (options.dryRun !== true) this.#echoesOf(ref).expect(sent, text, answered)
    return answered
  }

  #echoesOf(ref: ResourceRef): Echoes {
    const path = collectionPath(ref, undefined)
    const known = this.#echoes.get(path)
    if (known !== undefined) return known
    const echoes = new Echoes()
    this.#echoes.set(path, echoes)
    return echoes
  }

  async #json(request: TransportRequest): Promise<unknown> {
    const response = await this.#send(request)
    return JSON.parse(await response.text()) as unknown
  }

  async #send(request: TransportRequest): Promise<TransportResponse> {
    const type = request.body === undefined ? {} : { 'content-type': 'application/json' }
    const headers = {
      accept: wholeAnswer, 'user-agent': this.#userAgent, ...type, ...request.headers,
    }
    const response = await this.#transport.request({ ...request, headers })
    if (response.status >= 200 && response.status < 300) return response
    throw statusError(response.status, await response.text())
  }
}

/** The StatusError of a failed answer; a body that is no Status gives one by the HTTP code. */
export function statusError(code: number, body: string): StatusError {
  try {
    const status = JSON.parse(body) as Status
    if (status.kind === 'Status') return fromStatus(status)
  } catch {
    // A proxy or a text answer: the code has to do.
  }
  return new StatusError(reasonOf(code), `${code}: ${body.slice(0, 200).trim()}`)
}

function fromStatus(status: Status): StatusError {
  const known = status.reason !== undefined && status.reason in statusCodes
  const reason = known ? (status.reason as StatusReason) : reasonOf(status.code ?? 500)
  return new StatusError(reason, status.message ?? reason, {
    ...(status.details === undefined ? {} : { details: status.details }),
    ...(status.metadata?.continue === undefined ? {} : { continue: status.metadata.continue }),
  })
}

function reasonOf(code: number): StatusReason {
  for (const [reason, its] of Object.entries(statusCodes)) {
    if (its === code) return reason as StatusReason
  }
  return code >= 400 && code < 500 ? 'BadRequest' : 'InternalError'
}

function watchEvent<T extends KubeObject>(line: string): WatchEvent<T> {
  const event = JSON.parse(line) as { type: string; object: Stored<T> & Status }
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: event.object }
    case 'BOOKMARK': {
      const { resourceVersion, annotations } = event.object.metadata as Stored<T>['metadata']
      const initialEventsEnd = annotations?.['k8s.io/initial-events-end'] === 'true'
      return { type: 'BOOKMARK', resourceVersion, initialEventsEnd }
    }
    case 'ERROR':
      throw fromStatus(event.object)
    default:
      throw new Error(`unknown watch event ${event.type}`)
  }
}

function typed<T extends KubeObject>(
  ref: ResourceRef<T>, object: T,
): KubeObject & { kind: string; apiVersion: string } {
  const apiVersion = ref.group === '' ? ref.version : `${ref.group}/${ref.version}`
  return { kind: ref.kind, apiVersion, ...object }
}

function namespaceOf(object: KubeObject): { namespace?: string } {
  const namespace = object.metadata?.namespace
  return namespace === undefined ? {} : { namespace }
}

function signalOf(options: { readonly signal?: AbortSignal }): { signal?: AbortSignal } {
  return options.signal === undefined ? {} : { signal: options.signal }
}

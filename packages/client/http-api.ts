import {
  type Api, type DeleteOptions, type ItemRef, type KubeObject, type ListOptions, type ObjectList,
  type Patch, type ResourceRef, type Selection, type Status, StatusError, type StatusReason,
  type Stored, type WatchEvent, type WatchOptions, type WriteOptions, statusCodes,
} from '@slicewise/kube'
import {
  collectionPath, deleteBody, itemPath, listQuery, queryText, selectionQuery, watchQuery,
  writeQuery,
} from './paths.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

const patchTypes: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

/** The Api of any Kubernetes API server, over a transport. JSON goes in and out as it is. */
export class HttpApi implements Api {
  readonly #transport: Transport
  readonly #userAgent: string

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
    const response = await this.#send({ method: 'GET', path, ...signalOf(options) })
    for await (const line of response.lines()) {
      if (line !== '') yield watchEvent<T>(line)
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
    const body = subresource === undefined ? typed(ref, object) : object
    return await this.#json({
      method: 'POST', path: path + writeQuery(options), body: JSON.stringify(body),
      ...signalOf(options),
    }) as Stored<T>
  }

  async update<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options: WriteOptions = {},
  ): Promise<Stored<T>> {
    const item = { name: object.metadata?.name ?? '', ...namespaceOf(object) }
    const body = options.subresource === 'scale' ? object : typed(ref, object)
    return await this.#json({
      method: 'PUT', path: itemPath(ref, item, options.subresource) + writeQuery(options),
      body: JSON.stringify(body), ...signalOf(options),
    }) as Stored<T>
  }

  async patch<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, patch: Patch, options: WriteOptions = {},
  ): Promise<Stored<T>> {
    const force = patch.type === 'apply' && patch.force === true
    return await this.#json({
      method: 'PATCH',
      path: itemPath(ref, item, options.subresource) + writeQuery(options, force),
      headers: { 'content-type': patchTypes[patch.type] },
      body: JSON.stringify(patch.patch), ...signalOf(options),
    }) as Stored<T>
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

  async #json(request: TransportRequest): Promise<unknown> {
    const response = await this.#send(request)
    return JSON.parse(await response.text()) as unknown
  }

  async #send(request: TransportRequest): Promise<TransportResponse> {
    const type = request.body === undefined ? {} : { 'content-type': 'application/json' }
    const headers = {
      accept: 'application/json', 'user-agent': this.#userAgent, ...type, ...request.headers,
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

function typed<T extends KubeObject>(ref: ResourceRef<T>, object: T): KubeObject {
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

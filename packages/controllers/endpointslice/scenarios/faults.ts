import { type Env, sleep } from '@slicewise/base'
import { type Api, type KubeObject, StatusError, type Stored } from '@slicewise/kube'

export type Fault =
  /** Refused, nothing happened. */
  | 'conflict'
  /** Refused because the namespace is being deleted. */
  | 'namespace'
  /** The connection broke before the request arrived. */
  | 'lost'
  /** It happened, and the answer says 500. */
  | 'failed'
  /** It happened, and no answer came in time. */
  | 'timeout'
  /** It happened, and the answer takes a while: the watch event is there first. */
  | 'late'

export interface FaultOptions {
  readonly env: Env
  /** Whose writes and events are meant; `endpointslices` unless said. */
  readonly resource?: string
  /** Asked before each write of a slice; undefined lets it pass. */
  next(verb: string, count: number): Fault | undefined
  /** Milliseconds by which each event of a slice comes late; order is kept. */
  eventDelayMs?(): number
}

/** Writes of slices that went wrong or well, in order. */
export interface FaultyApi extends Api {
  readonly calls: string[]
}

/** An Api in front of another one that loses, repeats and delays as networks and servers do. */
export function faultyApi(api: Api, options: FaultOptions): FaultyApi {
  const { env, resource: meant = 'endpointslices' } = options
  const calls: string[] = []
  const around = async <R>(resource: string, verb: string, name: string, run: () => Promise<R>) => {
    if (resource !== meant) return run()
    const fault = options.next(verb, calls.length)
    calls.push([verb, name, ...fault === undefined ? [] : [fault]].join(' '))
    if (fault === 'conflict') throw new StatusError('Conflict', 'the object has been modified')
    if (fault === 'namespace') throw namespaceTerminating()
    if (fault === 'lost') throw new Error('socket hang up')
    const result = await run()
    if (fault === 'failed') throw new StatusError('InternalError', 'etcdserver: no leader')
    if (fault === 'timeout') {
      await sleep(env, 1_000)
      throw new Error('timeout')
    }
    if (fault === 'late') await sleep(env, 40)
    return result
  }
  return {
    calls,
    list: (ref, listOptions) => api.list(ref, listOptions),
    get: (ref, item, getOptions) => api.get(ref, item, getOptions),
    patch: (ref, item, patch, writeOptions) => api.patch(ref, item, patch, writeOptions),
    deleteCollection: (ref, selection, deleteOptions) =>
      api.deleteCollection(ref, selection, deleteOptions),
    watch: (ref, watchOptions) => {
      const stream = api.watch(ref, watchOptions)
      return ref.resource === meant ? delayed(stream, options) : stream
    },
    create: (ref, object, writeOptions) => around(ref.resource, 'create', '',
      () => api.create(ref, object, writeOptions)),
    update: <T extends KubeObject>(ref: Parameters<Api['update']>[0], object: T, writeOptions = {}) =>
      around(ref.resource, 'update', object.metadata?.name ?? '',
        () => api.update(ref, object, writeOptions) as Promise<Stored<T>>),
    delete: (ref, item, deleteOptions) => around(ref.resource, 'delete', item.name,
      () => api.delete(ref, item, deleteOptions)),
  } as FaultyApi
}

function namespaceTerminating(): StatusError {
  const message = 'unable to create new content in namespace shop because it is being terminated'
  return new StatusError('Forbidden', message, {
    details: { causes: [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }] },
  })
}

async function* delayed<E>(stream: AsyncIterable<E>, options: FaultOptions): AsyncIterable<E> {
  for await (const event of stream) {
    const ms = options.eventDelayMs?.() ?? 0
    if (ms > 0) await sleep(options.env, ms)
    yield event
  }
}

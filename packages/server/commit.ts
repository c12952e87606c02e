import { assert, sleep } from '@slicewise/base'
import { type KubeObject, type ResourceSpec, StatusError, cause, invalid } from '@slicewise/kube'
import {
  type Commit, type KeyChange, type Precondition, type Put,
  PreconditionFailed, StoreClosed, WriteRefused,
} from '@slicewise/store'
import { Cached, encodeStored } from './cached.ts'
import type { Core } from './core.ts'
import { storedRow } from './core.ts'
import { type Header, encodeHeader, headerOf } from './header.ts'
import { limits } from './limits.ts'
import { collectionId, itemKey, storeKey } from './keys.ts'

/** One thing a commit does. Objects are in the form of their row; they are taken over. */
export type Write =
  | { readonly do: 'put'; readonly spec: ResourceSpec; readonly object: KubeObject
    /** What it replaces; undefined: the key must be absent. */
    readonly before: { readonly revision: number } | undefined }
  | { readonly do: 'remove'; readonly spec: ResourceSpec; readonly object: Cached }
  /** The key must be at this revision, 0 for absent. */
  | { readonly do: 'require'; readonly key: string; readonly revision: number }
  /** A bookkeeping key that must be absent. */
  | { readonly do: 'claim'; readonly key: string; readonly value: Uint8Array }
  | { readonly do: 'release'; readonly key: string }

export interface Committed {
  /** The written objects, one for each `put`, in order. */
  readonly objects: readonly Cached[]
  readonly changes: readonly KeyChange[]
}

/** Another write came first: `key` is the store's. */
export class Lost extends Error {
  override readonly name = 'Lost'
  readonly key: string
  constructor(key: string) {
    super(`${key} was written meanwhile`)
    this.key = key
  }
}

export function keyOf(core: Core, spec: ResourceSpec, namespace: string, name: string): string {
  return storeKey(collectionId(storedRow(core, spec)), itemKey(namespace, name))
}

/**
 * Writes all or nothing; the promise follows the engine's flush. Rejects with `Lost` when a
 * precondition does not hold, after the cache has seen what is in the way.
 */
export async function commit(core: Core, writes: readonly Write[]): Promise<Committed> {
  const puts: Put[] = []
  const deletes: string[] = []
  const preconditions: Precondition[] = []
  const made: Made[] = []
  for (const write of writes) {
    switch (write.do) {
      case 'put': {
        const one = encode(core, write.spec, toStored(write.spec, write.object))
        preconditions.push({ key: one.put.key, revision: write.before?.revision ?? 0 })
        puts.push(one.put)
        made.push(one)
        break
      }
      case 'remove': {
        const { namespace, name, revision } = write.object
        const key = keyOf(core, write.spec, namespace, name)
        preconditions.push({ key, revision })
        deletes.push(key)
        break
      }
      case 'require':
        preconditions.push({ key: write.key, revision: write.revision })
        break
      case 'claim':
        preconditions.push({ key: write.key, revision: 0 })
        puts.push({ key: write.key, value: write.value })
        break
      case 'release':
        deletes.push(write.key)
        break
    }
  }
  const changes = await run(core, { preconditions, puts, deletes })
  const objects = made.map(one => arrive(core, one, revisionOf(changes, one.put.key)))
  return { objects, changes }
}

/** Of the change of one key. */
export function revisionOf(changes: readonly KeyChange[], key: string): number {
  const change = changes.find(one => one.key === key)
  assert(change !== undefined, 'a commit did not change what it should have')
  return change.revision
}

function toStored(spec: ResourceSpec, object: KubeObject): KubeObject {
  return spec.view === undefined ? object : spec.view.toStored(object)
}

/** An object on its way into the store. */
interface Made {
  readonly spec: ResourceSpec
  readonly object: KubeObject
  readonly header: Header
  readonly put: Put
}

function encode(core: Core, spec: ResourceSpec, object: KubeObject): Made {
  const { context } = core.cache.of(spec).collection
  const { namespace = '', name = '' } = object.metadata ?? {}
  const writtenMs = spec.ttlSeconds === undefined ? 0 : core.env.nowMs()
  const header = headerOf(object, context.getters, writtenMs)
  const key = keyOf(core, spec, namespace, name)
  if (key.length > limits.keyLengthMax) {
    const fault = cause.tooLong('metadata.name', limits.keyLengthMax)
    throw invalid(spec.kind, spec.group, name, [fault])
  }
  const bytes = encodeHeader(header, context.mark)
  const put: Put = {
    key, value: encodeStored(object), ...(bytes === undefined ? {} : { header: bytes }),
  }
  return { spec, object, header, put }
}

/** The cache takes over what was written when the store delivers it. */
function arrive(core: Core, { spec, object, header, put }: Made, revision: number): Cached {
  const { collection } = core.cache.of(spec)
  const { namespace = '', name = '' } = object.metadata ?? {}
  const key = itemKey(namespace, name)
  const value = (): Uint8Array => put.value
  const cached = new Cached(collection.context, key, revision, {
    header: put.header, size: put.value.length, value, borrow: value,
  })
  cached.remember(object, header)
  collection.arrives(key, cached)
  return cached
}

async function run(core: Core, change: Commit): Promise<readonly KeyChange[]> {
  try {
    return (await core.store.commit(change)).changes
  } catch (error) {
    if (error instanceof PreconditionFailed) {
      if (error.found > 0) await core.cache.atLeast(error.found)
      // Deleted by a commit that may not have been delivered yet.
      else await sleep(core.env, 0).then(() => core.cache.latest())
      throw new Lost(error.key)
    }
    if (error instanceof WriteRefused) {
      core.env.log.error('the store refused a write', { error })
      throw new StatusError('ServiceUnavailable',
        `nothing can be written at present, reads go on: ${error.message}`, { cause: error })
    }
    if (error instanceof StoreClosed) {
      throw new StatusError('ServiceUnavailable', 'the server is stopping', { cause: error })
    }
    throw error
  }
}

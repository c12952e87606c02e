import { type Env, ipFamilyOf } from '@slicewise/base'
import type { ResourceSpec } from '@slicewise/kube'
import type { Store } from '@slicewise/store'
import type {
  Answer, CachedObject, CreateRequest, DeleteCollectionRequest, DeleteRequest, GetRequest,
  ListAnswer, ListRequest, PatchRequest, Registry, UpdateRequest, WatchHandle, WatchRequest,
  WatchSink,
} from './contract.ts'
import { type Core, Rows, type Settings, placeOf } from './core.ts'
import { createObject } from './create.ts'
import { deleteObject } from './delete.ts'
import { deleteListed } from './delete-collection.ts'
import { startExpiry } from './expiry.ts'
import { listPage, pageOf } from './list.ts'
import { type Part, mainPart, specPart, statusPart } from './modify.ts'
import { openWatch } from './open-watch.ts'
import { patchObject, patchScale } from './patch.ts'
import { notAllowed, notFound } from './refusals.ts'
import { parseRevision, tooLarge } from './revisions.ts'
import { type Selection, parseSelection } from './selection.ts'
import { bindPod } from './subresources/binding.ts'
import { evictPod } from './subresources/eviction.ts'
import { finalizePart } from './subresources/finalize.ts'
import { scaleAnswer, updateScale } from './subresources/scale.ts'
import { updateObject } from './update.ts'
import { checkDeleteOptions } from './write-options.ts'
import { WatchCache } from './watch-cache.ts'

export interface RegistryOptions extends Partial<Settings> {
  readonly env: Env
  readonly store: Store
  readonly resources: readonly ResourceSpec[]
}

export const defaultSettings: Settings = {
  serviceCidrs: ['10.96.0.0/16', 'fd00:10:96::/112'],
  loadBalancerCidrs: ['192.0.2.0/24'],
  nodePorts: { first: 30000, last: 32767 },
  rootCa: '',
}

/** Opens the watch cache over the store. Nothing is written until the first write. */
export async function openRegistry(options: RegistryOptions): Promise<OpenRegistry> {
  const { env, store, resources } = options
  const settings: Settings = { ...defaultSettings, ...definedOnly(options) }
  const cache = await WatchCache.open(env, store, resources.filter(row => row.virtual !== true))
  const ipFamilies = settings.serviceCidrs.map(cidr => {
    const family = ipFamilyOf(cidr.split('/')[0] ?? '')
    if (family === undefined) throw new RangeError(`${cidr} is no range of service addresses`)
    return family
  })
  const facts = { env, ipFamilies }
  return new OpenRegistry({ env, store, cache, facts, rows: new Rows(resources), settings })
}

function definedOnly<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<T>
}

/** The API over a store and the resource table. */
export class OpenRegistry implements Registry {
  readonly resources: readonly ResourceSpec[]
  /** For the parts of the server that live inside the registry. */
  readonly core: Core
  /** The objects that every cluster has are there: only then is the server ready. */
  bootstrapped = false

  readonly #expiry: { stop(): void }

  constructor(core: Core) {
    this.core = core
    this.#expiry = startExpiry(core)
    this.resources = core.rows.all
  }

  peek(spec: ResourceSpec, namespace: string, name: string): CachedObject | undefined {
    const { collection, view } = placeOf(this.core, spec)
    const found = collection.get(collection.keyOf(namespace, name))
    return found && view.show(found)
  }

  async get(request: GetRequest): Promise<Answer> {
    const { spec, namespace, name, subresource } = request
    const { cache } = this.core
    const asked = parseRevision(request.resourceVersion)
    await cache.latest()
    if (asked.kind === 'at' && asked.revision > cache.revision) {
      throw tooLarge(asked.revision, cache.revision)
    }
    const found = this.peek(spec, namespace, name)
    if (found === undefined) throw notFound(spec, name)
    if (subresource === 'scale') return scaleAnswer(200, found)
    if (subresource !== undefined) partOf(spec, subresource)
    return { code: 200, object: found }
  }

  async list(request: ListRequest): Promise<ListAnswer> {
    const { cache } = this.core
    const { collection, view } = placeOf(this.core, request.spec)
    const selection = selectionOf(request)
    await cache.latest()
    const page = pageOf(request, cache.revision)
    if (page.at !== undefined) await cache.recall(collection, page.at)
    return listPage(cache, collection, selection, view, page)
  }

  async watch(request: WatchRequest, sink: WatchSink): Promise<WatchHandle> {
    const { cache, env } = this.core
    const { view, ...kept } = placeOf(this.core, request.spec)
    const selection = selectionOf(request)
    await cache.latest()
    return await openWatch({ env, cache, kept, view, selection }, request, sink)
  }

  async create(request: CreateRequest): Promise<Answer> {
    const { spec, subresource } = request
    if (subresource === 'eviction') return await evictPod(this.core, request)
    if (subresource === 'binding' || spec.resource === 'bindings') {
      return await bindPod(this.core, request)
    }
    if (subresource !== undefined || spec.virtual === true) throw notAllowed()
    return await createObject(this.core, request)
  }

  async update(request: UpdateRequest): Promise<Answer> {
    const { subresource } = request
    if (subresource === 'scale') return await updateScale(this.core, request)
    return await updateObject(this.core, request, partOf(request.spec, subresource))
  }

  async patch(request: PatchRequest): Promise<Answer> {
    const { subresource } = request
    if (subresource === 'scale') return await patchScale(this.core, request)
    return await patchObject(this.core, request, partOf(request.spec, subresource))
  }

  delete(request: DeleteRequest): Promise<Answer> {
    return deleteObject(this.core, request)
  }

  async deleteCollection(request: DeleteCollectionRequest): Promise<ListAnswer> {
    checkDeleteOptions(request.options)
    return await deleteListed(this.core, request, await this.list(request))
  }

  checks(): readonly { readonly name: string; readonly ok: boolean }[] {
    return [
      { name: 'watch-cache', ok: !this.core.cache.closed },
      { name: 'bootstrap', ok: this.bootstrapped },
    ]
  }

  async close(): Promise<void> {
    this.#expiry.stop()
    await this.core.cache.close()
  }
}

function partOf(spec: ResourceSpec, subresource: string | undefined): Part {
  switch (subresource) {
    case undefined: return mainPart
    case 'status': return statusPart
    case 'finalize': return finalizePart
  }
  const part = spec.subresources?.find(({ name }) => name === subresource)?.part
  if (part === undefined) throw notAllowed()
  return specPart(part)
}

/** Fields of the other view of events, as the stored form calls them. */
const renamed: Readonly<Record<string, string>> = { reportingController: 'reportingComponent' }

function selectionOf(request: ListRequest | WatchRequest): Selection {
  if (request.spec.view === undefined) return parseSelection(request)
  return parseSelection(request, field =>
    renamed[field] ?? field.replace(/^regarding\./, 'involvedObject.'))
}

import type { Env } from '@slicewise/base'
import type { ClusterFacts, KubeObject, ResourceSpec } from '@slicewise/kube'
import type { Store } from '@slicewise/store'
import { encodeStored } from './cached.ts'
import type { CachedObject } from './contract.ts'
import type { View } from './history.ts'
import { collectionId } from './keys.ts'
import type { Kept, WatchCache } from './watch-cache.ts'

/** What every part of the registry works with. */
export interface Core {
  readonly env: Env
  readonly store: Store
  readonly cache: WatchCache
  readonly facts: ClusterFacts
  readonly rows: Rows
  readonly settings: Settings
}

/** What the server is told about its cluster. */
export interface Settings {
  /** Service ranges, one or two of different families; the first family is the default one. */
  readonly serviceCidrs: readonly string[]
  /** Addresses given to Services of type LoadBalancer, at most one range of each family. */
  readonly loadBalancerCidrs: readonly string[]
  /** First and last port that Services may get on every Node. */
  readonly nodePorts: { readonly first: number; readonly last: number }
  /** PEM text that ConfigMaps `kube-root-ca.crt` hold; absent: those have an empty one. */
  readonly rootCa: string
}

/** The resource table by id, as far as the server itself needs single kinds. */
export class Rows {
  readonly all: readonly ResourceSpec[]
  readonly #byPath: ReadonlyMap<string, ResourceSpec>
  readonly #stored: ReadonlyMap<string, ResourceSpec>

  constructor(all: readonly ResourceSpec[]) {
    this.all = all
    const stored = all.filter(row => row.view === undefined)
    const views = all.filter(row => row.view !== undefined)
    this.#byPath = new Map([...views, ...stored].map(row => [`${row.group}/${row.resource}`, row]))
    this.#stored = new Map(stored.map(row => [collectionId(row), row]))
  }

  find(group: string, resource: string): ResourceSpec | undefined {
    return this.#byPath.get(`${group}/${resource}`)
  }

  get(group: string, resource: string): ResourceSpec {
    const row = this.find(group, resource)
    if (row === undefined) throw new Error(`the table has no ${resource}.${group}`)
    return row
  }

  /** The row that owns a collection of the store; its other rows are views. */
  storedUnder(collection: string): ResourceSpec | undefined {
    return this.#stored.get(collection)
  }
}

/** The row in whose form and key space objects of a row are stored. */
export function storedRow(core: Core, spec: ResourceSpec): ResourceSpec {
  return spec.view === undefined ? spec : core.rows.storedUnder(collectionId(spec)) ?? spec
}

/** The collection of a row and how its objects look through that row. */
export function placeOf(core: Core, spec: ResourceSpec): Kept & { readonly view: View } {
  return { ...core.cache.of(spec), view: viewOf(spec) }
}

const plainView: View = { id: '', show: object => object }
const views = new WeakMap<ResourceSpec, View>()

export function viewOf(spec: ResourceSpec): View {
  const { view } = spec
  if (view === undefined) return plainView
  let found = views.get(spec)
  if (found === undefined) {
    const convert = (from: KubeObject): KubeObject => view.fromStored(from)
    const show = (object: CachedObject): CachedObject => new Shown(object, convert)
    found = { id: `${spec.group}/${spec.version}`, show }
    views.set(spec, found)
  }
  return found
}

/** A stored object seen as another kind. Converted when it is read. */
class Shown implements CachedObject {
  readonly #from: CachedObject
  readonly #convert: (object: KubeObject) => KubeObject
  #bytes: Uint8Array | undefined

  constructor(from: CachedObject, convert: (object: KubeObject) => KubeObject) {
    this.#from = from
    this.#convert = convert
  }

  get key(): string { return this.#from.key }
  get namespace(): string { return this.#from.namespace }
  get name(): string { return this.#from.name }
  get uid(): string { return this.#from.uid }
  get revision(): number { return this.#from.revision }
  get labels(): CachedObject['labels'] { return this.#from.labels }
  get fields(): CachedObject['fields'] { return this.#from.fields }
  get deleting(): boolean { return this.#from.deleting }
  get size(): number { return this.bytes().length }

  borrow(): Uint8Array { return this.bytes() }

  bytes(): Uint8Array {
    this.#bytes ??= encodeStored(this.#convert(this.#from.object()))
    return this.#bytes
  }

  object(): ReturnType<CachedObject['object']> {
    return this.#convert(this.#from.object()) as ReturnType<CachedObject['object']>
  }
}

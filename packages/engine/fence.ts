import type {
  Api, DeleteOptions, ItemRef, KubeObject, ListOptions, Patch, ResourceRef, Selection,
  WatchOptions, WriteOptions,
} from '@slicewise/kube'

/** A write of somebody who does not lead, or no longer; it was not sent. */
export class NotLeading extends Error {
  constructor() {
    super('not written: this process does not lead')
  }
}

/** An Api that reads as before and sends no write when `mayWrite` says no. */
export class FencedApi implements Api {
  readonly #api: Api
  readonly #mayWrite: () => boolean

  constructor(api: Api, mayWrite: () => boolean) {
    this.#api = api
    this.#mayWrite = mayWrite
  }

  list<T extends KubeObject>(ref: ResourceRef<T>, options?: ListOptions) {
    return this.#api.list(ref, options)
  }

  watch<T extends KubeObject>(ref: ResourceRef<T>, options?: WatchOptions) {
    return this.#api.watch(ref, options)
  }

  get<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, options?: { subresource?: string; signal?: AbortSignal },
  ) {
    return this.#api.get(ref, item, options)
  }

  async create<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options?: WriteOptions & { item?: ItemRef },
  ) {
    this.#check()
    return this.#api.create(ref, object, options)
  }

  async update<T extends KubeObject>(ref: ResourceRef<T>, object: T, options?: WriteOptions) {
    this.#check()
    return this.#api.update(ref, object, options)
  }

  async patch<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, patch: Patch, options?: WriteOptions,
  ) {
    this.#check()
    return this.#api.patch(ref, item, patch, options)
  }

  async delete<T extends KubeObject>(ref: ResourceRef<T>, item: ItemRef, options?: DeleteOptions) {
    this.#check()
    return this.#api.delete(ref, item, options)
  }

  async deleteCollection<T extends KubeObject>(
    ref: ResourceRef<T>, selection: Selection, options?: DeleteOptions,
  ) {
    this.#check()
    return this.#api.deleteCollection(ref, selection, options)
  }

  #check(): void {
    if (!this.#mayWrite()) throw new NotLeading()
  }
}

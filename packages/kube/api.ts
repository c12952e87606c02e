import type { Revision } from '@slicewise/base'
import type { DeleteOptions, ListMeta } from './kinds/meta.ts'
import type { KubeObject, Stored } from './object.ts'
import type { Status } from './status.ts'

/** Names one collection of one version. The row of the resource table is one too. */
export interface ResourceRef<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  /** Plural, lower case, as in the path. */
  readonly resource: string
  readonly kind: string
  readonly namespaced: boolean
  readonly __object?: T
}

export interface ObjectList<T extends KubeObject> {
  readonly metadata: ListMeta & { readonly resourceVersion: Revision }
  readonly items: readonly Stored<T>[]
}

export interface Selection {
  /** Absent: all namespaces. Ignored for cluster-scoped resources. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

export interface ListOptions extends Selection {
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: Revision
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly signal?: AbortSignal
}

export interface WatchOptions extends Selection {
  /** Start after this revision; absent or `0`: synthetic ADDED events first. */
  readonly resourceVersion?: Revision
  /** Watch-list: ADDED for all, then a BOOKMARK annotated `k8s.io/initial-events-end`. */
  readonly sendInitialEvents?: boolean
  readonly allowWatchBookmarks?: boolean
  readonly timeoutSeconds?: number
  readonly signal?: AbortSignal
}

export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Stored<T> }
  | {
    readonly type: 'BOOKMARK'
    readonly resourceVersion: Revision
    /** The initial events of a watch-list are complete. */
    readonly initialEventsEnd: boolean
  }

export interface WriteOptions {
  readonly fieldManager?: string
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  readonly dryRun?: boolean
  /** For example `status`, `scale`, `binding`, `eviction`. */
  readonly subresource?: string
  /**
   * Of the answer only metadata is read, and what was sent is plain JSON that nobody changes any
   * more: an Api may leave the rest of the answer out, and share what was sent in the watch event
   * of this very write.
   */
  readonly metadataOnly?: boolean
  readonly signal?: AbortSignal
}

export interface ItemRef {
  readonly name: string
  /** Required for namespaced resources. */
  readonly namespace?: string
}

export type Patch =
  | { readonly type: 'json'; readonly patch: readonly JsonPatchOperation[] }
  | { readonly type: 'merge' | 'strategic'; readonly patch: unknown }
  | { readonly type: 'apply'; readonly patch: unknown; readonly force?: boolean }

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/**
 * A Kubernetes API, ours in process, ours over HTTPS or anybody's real one; a caller cannot tell.
 *
 * Failures are `StatusError`s; a lost connection is any other error. What goes in and comes out is
 * JSON: `undefined` members are dropped, nothing is shared with the caller. Watch events arrive in
 * a turn after the write that caused them, before or after that write's own answer.
 */
export interface Api {
  list<T extends KubeObject>(ref: ResourceRef<T>, options?: ListOptions): Promise<ObjectList<T>>
  /** Ends normally when the server ends the stream; throws `StatusError` for an ERROR event. */
  watch<T extends KubeObject>(
    ref: ResourceRef<T>, options?: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>
  get<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, options?: { subresource?: string; signal?: AbortSignal },
  ): Promise<Stored<T>>
  /** The namespace is taken from the object. With a subresource, `item` names the parent. */
  create<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options?: WriteOptions & { item?: ItemRef },
  ): Promise<Stored<T>>
  update<T extends KubeObject>(
    ref: ResourceRef<T>, object: T, options?: WriteOptions,
  ): Promise<Stored<T>>
  patch<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, patch: Patch, options?: WriteOptions,
  ): Promise<Stored<T>>
  /** The object when it stays or the kind returns it, else a success Status. */
  delete<T extends KubeObject>(
    ref: ResourceRef<T>, item: ItemRef, options?: DeleteOptions,
  ): Promise<Stored<T> | Status>
  deleteCollection<T extends KubeObject>(
    ref: ResourceRef<T>, selection: Selection, options?: DeleteOptions,
  ): Promise<void>
}

import type { DeleteOptions, KubeObject, ResourceSpec, Stored, StatusError } from '@slicewise/kube'

/**
 * The port between the registry (which knows kinds, rules and the store) and whoever speaks a
 * protocol in front of it. The front turns requests into these calls and `CachedObject`s into
 * bytes; it never sees the store. Every call may throw or reject with a `StatusError`, which is
 * the answer; any other error is a fault (500).
 */

/** One state of one object. Immutable; many readers share one instance. */
export interface CachedObject {
  /** `namespace/name`, or `name` for cluster-scoped kinds. */
  readonly key: string
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /**
   * What `metadata.resourceVersion` must say: for the object of a DELETED event the revision of
   * the deletion; 0 where the object has none (a dry-run create): the member is then left out.
   */
  readonly revision: number
  readonly labels: Readonly<Record<string, string>>
  /** Selectable fields of the kind, empty ones left out. Name and namespace are not among them. */
  readonly fields: Readonly<Record<string, string>>
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean
  /** Length of `bytes()`, known without reading them. */
  readonly size: number
  /**
   * UTF-8 JSON that begins `{"metadata":{` and has neither kind, apiVersion nor
   * metadata.resourceVersion: splice them in while copying. Never change them. May be read from
   * disk now; throws a `StatusError` Expired when this state was compacted away meanwhile.
   */
  bytes(): Uint8Array
  /** The same, valid until an object is read again only: for who copies them at once. */
  borrow(): Uint8Array
  /**
   * The parsed form with metadata.resourceVersion, without kind and apiVersion. Shared: never
   * change it. Parsed on demand and soon forgotten, so keep it only as long as you need it.
   */
  object(): Stored
}

export interface User {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

/** On whose behalf a call is made. */
export interface Caller {
  readonly user: User
  /** `User-Agent` header; the part before the first `/` names the field manager by default. */
  readonly userAgent: string
  /** Takes the text of one `Warning` header. Texts may repeat: the front drops duplicates. */
  warn(text: string): void
}

/** Names a collection. `namespace` is '' for cluster-scoped kinds and for all namespaces. */
export interface CollectionRequest {
  readonly caller: Caller
  readonly spec: ResourceSpec
  readonly namespace: string
}

export interface ItemRequest extends CollectionRequest {
  readonly name: string
  /** `status`, `scale`, …; absent for the object itself. */
  readonly subresource?: string
}

export interface GetRequest extends ItemRequest {
  readonly resourceVersion?: string
}

/** Texts as they came; the registry parses and refuses them. */
export interface SelectionRequest extends CollectionRequest {
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

export interface ListRequest extends SelectionRequest {
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: string
  /** Only to refuse it, as the reference does. */
  readonly sendInitialEvents?: boolean
}

export interface ListAnswer {
  readonly revision: number
  /** References into the cache, in key order; cheap however many there are. */
  readonly items: readonly CachedObject[]
  readonly continue?: string
  /** `remainingItemCount`; absent where the reference leaves it out. */
  readonly remaining?: number
}

export interface WatchRequest extends SelectionRequest {
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: string
  readonly sendInitialEvents?: boolean
  readonly allowWatchBookmarks?: boolean
  /** The registry ends the watch by itself; absent: 30 to 60 minutes at random. */
  readonly timeoutSeconds?: number
}

/**
 * One event, the same instance for every watch of the same resource that gets it, so what is made
 * of it is made once: `encoded` belongs to the front (for example frames by content type).
 */
export interface CachedEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** For DELETED the last state in the selection, carrying the revision of the change. */
  readonly object: CachedObject
  encoded: unknown
}

/** Calls come one at a time in order, never before the promise of `watch` has resolved. */
export interface WatchSink {
  /** May call `pause` on its handle; then nothing comes until `resume`. */
  event(event: CachedEvent): void
  /** Everything up to `revision` was delivered. */
  bookmark(revision: number, initialEventsEnd: boolean): void
  /**
   * Nothing comes after this. Without an error the stream just ends (timeout, shutdown); with one
   * it ends by an ERROR event holding its Status (410 when the reader fell too far behind).
   */
  end(error?: StatusError): void
}

/**
 * A paused watch costs nothing and keeps nothing: it goes on from the history window, and ends
 * with Expired when the window has moved past it.
 */
export interface WatchHandle {
  pause(): void
  resume(): void
  /** No more calls, not even `end`. */
  stop(): void
}

export interface WriteRequest extends ItemRequest {
  /** Absent: the user agent up to the first `/`, else `unknown`. */
  readonly fieldManager?: string
  /** Raw value; default Warn. */
  readonly fieldValidation?: string
  /** Raw values of `dryRun`. */
  readonly dryRun?: readonly string[]
}

/**
 * A decoded body: the JSON value of what was sent as JSON, YAML or protobuf (kind and apiVersion
 * included where they were given). The registry takes it over and may change it.
 */
export interface Body {
  readonly value: unknown
  /** Findings of the text parser, such as `duplicate field "data.a"`. */
  readonly findings?: readonly string[]
}

/** `name` is '' on a collection, or the parent's with a subresource (binding, eviction). */
export interface CreateRequest extends WriteRequest {
  readonly body: Body
}

export interface UpdateRequest extends WriteRequest {
  readonly body: Body
}

export interface PatchRequest extends WriteRequest {
  readonly type: 'json' | 'merge' | 'strategic' | 'apply'
  readonly body: Body
  /** Allowed with `apply` only; present on another type it is refused. */
  readonly force?: boolean
}

export interface DeleteRequest extends ItemRequest {
  /** Body and query merged by the front; unknown values are refused by the registry. */
  readonly options: DeleteOptions
}

export interface DeleteCollectionRequest extends ListRequest {
  readonly options: DeleteOptions
}

/** What a call answers: a stored form to be spliced, or plain JSON with kind and apiVersion. */
export type Answer =
  | { readonly code: number; readonly object: CachedObject; readonly plain?: undefined }
  | { readonly code: number; readonly plain: KubeObject; readonly object?: undefined }

export interface Registry {
  /** Every row that is served, in discovery order. */
  readonly resources: readonly ResourceSpec[]
  /** The cache's present state, at once and without waiting for the store's newest. */
  peek(spec: ResourceSpec, namespace: string, name: string): CachedObject | undefined

  get(request: GetRequest): Promise<Answer>
  list(request: ListRequest): Promise<ListAnswer>
  watch(request: WatchRequest, sink: WatchSink): Promise<WatchHandle>
  create(request: CreateRequest): Promise<Answer>
  update(request: UpdateRequest): Promise<Answer>
  patch(request: PatchRequest): Promise<Answer>
  delete(request: DeleteRequest): Promise<Answer>
  /** The list of what was deleted or is now being deleted. */
  deleteCollection(request: DeleteCollectionRequest): Promise<ListAnswer>

  /** Named conditions for the health endpoints. */
  checks(): readonly { readonly name: string; readonly ok: boolean }[]
  /** Ends every watch and all timers. The store is the caller's to close. */
  close(): Promise<void>
}

import type { Env } from '@slicewise/base'
import type { ResourceRef } from './api.ts'
import type { KubeObject, Stored } from './object.ts'
import type { MessageType } from './schema.ts'
import type { Cause } from './status.ts'

export type Verb =
  | 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch'

/** One column of `kubectl get`; `priority` 1 columns are shown by `-o wide` only. */
export interface Column<T extends KubeObject> {
  readonly name: string
  readonly type: 'string' | 'integer' | 'date' | 'boolean'
  readonly format?: string
  readonly priority?: 0 | 1
  readonly doc?: string
  cell(object: Stored<T>, nowMs: number): string | number | boolean | null
}

export interface SubresourceSpec {
  readonly name: string
  /** Group, version and kind of the body when they differ from the parent's. */
  readonly group?: string
  readonly version?: string
  readonly kind?: string
  readonly verbs: readonly ('create' | 'get' | 'patch' | 'update')[]
  /** Of the body when it is not the parent's. */
  readonly schema?: MessageType<unknown>
  /** Some fields of the spec, written by themselves as the status is. */
  readonly part?: SpecPart
}

export interface SpecPart {
  /** Puts back everything else of the spec as it was. */
  keep(next: KubeObject, before: Stored): void
  validateUpdate(next: KubeObject, before: Stored): Cause[]
}

/** One kind stored in the form of another and converted on the way in and out (Events). */
export interface StoredView<T extends KubeObject> {
  /** Name in the resource table of the row that owns the key space. */
  readonly of: string
  /** Both ways the metadata is taken over by reference. */
  fromStored(object: KubeObject): T
  toStored(object: T): KubeObject
}

/** Facts about the cluster that a default or a rule may need. */
export interface ClusterFacts {
  readonly env: Env
  /** Families of the service CIDRs in order, the first is the default. */
  readonly ipFamilies: readonly ('IPv4' | 'IPv6')[]
}

/**
 * Everything that varies by kind: one row of the table. The server is generic over it. Functions
 * that take a mutable object may change it in place: it is a fresh copy nobody else holds.
 */
export interface ResourceSpec<T extends KubeObject = KubeObject> extends ResourceRef<T> {
  readonly singular: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly verbs: readonly Verb[]
  readonly schema: MessageType<T>
  /** A create answers at once and nothing is stored (reviews, bindings). */
  readonly virtual?: true
  readonly view?: StoredView<T>
  /** Objects vanish this long after their last write (events). */
  readonly ttlSeconds?: number
  readonly subresources?: readonly SubresourceSpec[]

  /** What bumps `metadata.generation`; absent: the kind has none. */
  generationChanged?(next: T, before: T): boolean
  /** PUT on a missing name creates it. */
  readonly createOnUpdate?: true
  /** PUT needs a resourceVersion (leases). */
  readonly conditionalUpdateOnly?: true
  /** A `Warning` on every request for the resource, reads and refusals too. */
  readonly deprecation?: string
  /** DELETE answers with the object instead of a Status. */
  readonly deleteReturnsObject?: true
  /** How `metadata.name` is checked. */
  readonly nameRule: 'subdomain' | 'label' | 'serviceLabel' | 'pathSegment' | 'ip'

  /** Fills in what the reference's defaulting fills in, for create, update and patch alike. */
  defaults?(object: T): void
  /** What `defaults` does to the status, for patches of it; absent: `defaults` of the whole. */
  defaultsStatus?(object: T): void
  /** Before validation of a create: clears or sets what clients may not (status, fields). */
  prepareCreate?(object: T, facts: ClusterFacts): void
  /** Before validation of an update: restores or carries over what clients may not change. */
  prepareUpdate?(next: T, before: Stored<T>, facts: ClusterFacts): void
  /** Before validation of a write through `/status`: `next` keeps only what status may change. */
  prepareStatusUpdate?(next: T, before: Stored<T>): void
  validate?(object: T, facts: ClusterFacts): Cause[]
  validateUpdate?(next: T, before: Stored<T>, facts: ClusterFacts): Cause[]
  validateStatusUpdate?(next: T, before: Stored<T>): Cause[]
  /** Texts for `Warning` headers. */
  warnings?(object: T, before: Stored<T> | undefined): string[]

  readonly columns?: readonly Column<T>[]
  /** Row conditions of the table (finished Pods). */
  rowConditions?(object: Stored<T>): RowCondition[]
  /** Field selectors beside metadata.name and metadata.namespace; values compare as text. */
  readonly fieldSelectors?: Readonly<Record<string, FieldReader<T>>>
}

/** Reads one selectable field as text; unset reads as empty. */
export type FieldReader<T> = { read(object: T): string }['read']

export interface RowCondition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
}

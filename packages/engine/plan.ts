import type { Revision } from '@slicewise/base'
import type {
  DeleteOptions, ItemRef, KubeObject, Patch, ResourceRef, Stored,
} from '@slicewise/kube'

/**
 * One call. The object is sent as it is; an update without resourceVersion is unconditional. Its
 * event is recorded when the call succeeded.
 */
export type Step = Call & { readonly event?: PlannedEvent }

export type Call =
  | { readonly verb: 'create'; readonly ref: ResourceRef; readonly object: KubeObject }
  | {
    readonly verb: 'update'
    readonly ref: ResourceRef
    readonly object: KubeObject
    readonly subresource?: string
  }
  | {
    readonly verb: 'patch'
    readonly ref: ResourceRef
    readonly item: ItemRef
    readonly patch: Patch
    readonly subresource?: string
  }
  | {
    readonly verb: 'delete'
    readonly ref: ResourceRef
    readonly item: ItemRef
    /** Of the object that is meant; sent as a precondition. */
    readonly uid: string
    readonly options?: DeleteOptions
  }
  /** A subresource that is created: `binding`, `eviction`. */
  | {
    readonly verb: 'post'
    readonly ref: ResourceRef
    readonly item: ItemRef
    readonly subresource: string
    readonly object: KubeObject
  }

/** What one look at one key decided: a value that can be tested, printed and replayed. */
export interface Plan {
  readonly steps: readonly Step[]
  /**
   * Neighbouring steps of one verb may run at once, in batches that double from one while they
   * succeed, so that a refusal is met once and not a thousand times. `creates`: only those.
   */
  readonly parallel?: true | 'creates'
  /** Recorded after the steps, also when one of them failed. */
  readonly events?: readonly PlannedEvent[]
  /** The look itself found a problem: try the key again later, after doing the steps. */
  readonly problem?: string
  /** Look again after this many milliseconds even if nothing changes. */
  readonly againMs?: number
}

export interface PlannedEvent {
  readonly regarding: KubeObject & { readonly metadata: Stored['metadata'] }
  readonly regardingKind: string
  readonly regardingApiVersion: string
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/** What the cache has to show before the key may be planned again. */
export type Expected =
  | { readonly resource: string; readonly uid: string; readonly at: Revision | 'gone' }
  /** A call whose effect is not known: timeout, lost connection, 5xx. */
  | { readonly at: 'unknown' }

export type StepResult =
  | { readonly step: Step; readonly ok: true; readonly object: Stored | undefined }
  | { readonly step: Step; readonly ok: false; readonly error: Error }

export interface RunResult {
  readonly results: readonly StepResult[]
  readonly expected: readonly Expected[]
  /** The first failure, which ended the run. */
  readonly error: Error | undefined
}

export const noPlan: Plan = { steps: [] }

import type { Lease, Stored } from '@slicewise/kube'

/** Terms of leading, ms; client-go's `LeaderElectionConfig`. */
export interface LeaseTerms {
  /** How long others leave a lease alone that is not renewed. */
  readonly durationMs: number
  /** How long a leader may go without a renewal before it stops; shorter than `durationMs`. */
  readonly renewMs: number
  /** Between two tries to renew or to take the lease. */
  readonly retryMs: number
}

/** kube-controller-manager's. */
export const defaultTerms: LeaseTerms = { durationMs: 15_000, renewMs: 10_000, retryMs: 2_000 }

/** client-go waits up to so many times `retryMs` between two tries to take a lease. */
export const retryFactorMax = 2.2

/** What makes the terms unfit, in one line; undefined when they are fit. */
export function termsFault({ durationMs, renewMs, retryMs }: LeaseTerms): string | undefined {
  if (durationMs < 1_000) return 'the lease duration must be 1s at least'
  if (renewMs >= durationMs) return 'the renew deadline must be shorter than the lease duration'
  if (retryMs <= 0) return 'the retry period must be longer than nothing'
  if (retryMs * 1.2 >= renewMs) return 'the renew deadline must be longer than 1.2 retry periods'
  return undefined
}

/** Another record than before is a sign of life; nothing is read from others' clocks. */
export function recordOf({ spec }: Lease): string {
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } =
    spec ?? {}
  return JSON.stringify(
    [holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions])
}

/** How long to leave a lease alone after its record was seen first, ms. */
export const recordMs = ({ spec }: Lease): number => (spec?.leaseDurationSeconds ?? 0) * 1_000

export type LeaseDecision =
  | { readonly do: 'create' | 'update'; readonly lease: Lease }
  /** Somebody else leads, or has led until a moment ago. */
  | { readonly do: 'wait'; readonly holder: string }

export interface LeaseView {
  readonly name: string
  readonly namespace: string
  readonly identity: string
  readonly terms: LeaseTerms
  /** The lease as the server has it now; undefined when it has none. */
  readonly stored: Stored<Lease> | undefined
  /** Its record has stood still for the whole of its duration, by this process' own timer. */
  readonly expired: boolean
  readonly nowMs: number
}

/** What a candidate or leader does about the lease that it has just read. */
export function decideLease(view: LeaseView): LeaseDecision {
  const { name, namespace, identity, stored, expired } = view
  if (stored === undefined) {
    return {
      do: 'create',
      lease: { metadata: { name, namespace }, spec: { ...fresh(view), leaseTransitions: 0 } },
    }
  }
  const { holderIdentity: holder = '', acquireTime, leaseTransitions = 0 } = stored.spec ?? {}
  if (holder !== '' && holder !== identity && !expired) return { do: 'wait', holder }
  const term = holder === identity && acquireTime !== undefined
    ? { acquireTime, leaseTransitions } : { leaseTransitions: leaseTransitions + 1 }
  // What others keep in the object stays; the revision makes sure that nobody was quicker.
  return { do: 'update', lease: { ...stored, spec: { ...stored.spec, ...fresh(view), ...term } } }
}

/** A lease that was given up: whoever sees it may take it at once. */
export function releasedLease(stored: Stored<Lease>, nowMs: number): Lease {
  const now = microTime(nowMs)
  const { holderIdentity: _, ...spec } = stored.spec ?? {}
  return {
    ...stored, spec: { ...spec, leaseDurationSeconds: 1, renewTime: now, acquireTime: now },
  }
}

function fresh({ identity, terms, nowMs }: LeaseView) {
  const now = microTime(nowMs)
  return {
    holderIdentity: identity, renewTime: now, acquireTime: now,
    // Never less than promised, as a record has whole seconds.
    leaseDurationSeconds: Math.ceil(terms.durationMs / 1_000),
  }
}

const microTime = (ms: number): string => new Date(ms).toISOString().replace(/Z$/, '000Z')

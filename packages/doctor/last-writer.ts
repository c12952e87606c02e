import type { ObjectMeta } from '@slicewise/kube'

/** Who wrote an object last, as its managedFields tell it. */
export interface LastWriter {
  readonly manager: string
  /** Update or Apply. */
  readonly operation: string
  /** RFC 3339; empty when the server does not say. */
  readonly time: string
}

/**
 * Who wrote a field (such as `endpoints`) last, or, where nobody owns it, the object: the newest
 * entry, of equal times the last one. Undefined where managers are not tracked.
 */
export function lastWriter(
  metadata: ObjectMeta | undefined, field: 'endpoints' | 'subsets',
): LastWriter | undefined {
  const entries = metadata?.managedFields ?? []
  const owners = entries.filter(({ fieldsV1 }) => `f:${field}` in (fieldsV1 ?? {}))
  let last: LastWriter | undefined
  for (const { manager = '', operation = '', time } of owners.length > 0 ? owners : entries) {
    const next = { manager, operation, time: time ?? '' }
    if (last === undefined || next.time >= last.time) last = next
  }
  return last
}

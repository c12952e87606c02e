import type { ObjectMeta } from '@slicewise/kube'

/** Who wrote an object last, as its managedFields tell it. */
export interface LastWriter {
  readonly manager: string
  /** Update or Apply. */
  readonly operation: string
  /** RFC 3339; empty when the server does not say. */
  readonly time: string
}

/** The newest entry; of equal times the last one. Undefined where managers are not tracked. */
export function lastWriter(metadata: ObjectMeta | undefined): LastWriter | undefined {
  let last: LastWriter | undefined
  for (const { manager = '', operation = '', time } of metadata?.managedFields ?? []) {
    const next = { manager, operation, time: time ?? '' }
    if (last === undefined || next.time >= last.time) last = next
  }
  return last
}

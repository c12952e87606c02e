import type { ResourceSpec, Stored } from '@slicewise/kube'
import type { Core } from './core.ts'
import type { Draft } from './decode.ts'
import { sameJson } from './same-json.ts'

interface TrackedWrite {
  readonly spec: ResourceSpec
  /** Undefined for a new object. */
  readonly before: Stored | undefined
  readonly next: Draft
  readonly manager: string
  readonly subresource: string | undefined
}

/** Records in `next` whose fields it now has. */
export function trackWrite(_core: Core, _write: TrackedWrite): void {}

/** Times of managedFields alone are no reason to write. */
export function keepManagedTimes(next: Draft, before: Stored): void {
  const [entries, old] = [next.metadata.managedFields, before.metadata.managedFields]
  if (entries === undefined || old === undefined || entries.length !== old.length) return
  const timeless = entries.map(({ time: _, ...entry }) => entry)
  const same = timeless.every((entry, n) => {
    const { time: _, ...other } = old[n] ?? {}
    return sameJson(entry, other)
  })
  const untouched = same && sameJson(
    { ...next, metadata: { ...next.metadata, managedFields: [] } },
    { ...before, metadata: { ...before.metadata, managedFields: [] } },
  )
  if (untouched) next.metadata.managedFields = old
}

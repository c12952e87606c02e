import { sameJson } from '@slicewise/base'
import {
  ElementError, type FieldSet, type ManagedFieldsEntry, type ResourceSpec, type Stored,
  fieldSetOf, noFields, trackUpdate,
} from '@slicewise/kube'
import type { Core } from './core.ts'
import type { Draft } from './decode.ts'
import { timeText } from './times.ts'

interface TrackedWrite {
  readonly spec: ResourceSpec
  /** Undefined for a new object. */
  readonly before: Stored | undefined
  readonly next: Draft
  readonly manager: string
  readonly subresource: string | undefined
  /** The client sent an empty list of managedFields. */
  readonly reset?: boolean
}

/** Records in `next` whose fields it now has. */
export function trackWrite(core: Core, write: TrackedWrite): void {
  const { next } = write
  const entries = entriesAfter(core, write)
  if (entries === undefined) delete next.metadata.managedFields
  else next.metadata.managedFields = entries
}

/** Undefined, as in the reference, when the object is such that its fields cannot be told apart. */
function entriesAfter(core: Core, write: TrackedWrite): ManagedFieldsEntry[] | undefined {
  const { spec, before, next, manager, subresource = '' } = write
  try {
    return trackUpdate({
      schema: spec.schema, before, after: next, manager, subresource,
      apiVersion: apiVersionOf(spec),
      now: timeText(core.env.nowMs()),
      ignored: ignoredFields(spec, subresource),
      reset: write.reset === true,
    })
  } catch (error) {
    if (error instanceof ElementError) return undefined
    throw error
  }
}

export const apiVersionOf = ({ group, version }: ResourceSpec): string =>
  (group === '' ? version : `${group}/${version}`)

/** True when a body says that all ownership is to be forgotten. */
export function forgetsOwners(value: unknown): boolean {
  const { metadata } = (value ?? {}) as { metadata?: { managedFields?: unknown } | null }
  const sent = metadata?.managedFields
  return Array.isArray(sent) && sent.length === 0
}

const status = fieldSetOf([['status']])
const spec = fieldSetOf([['spec']])

/** Writes through `/status` that leave more alone than the spec (GetResetFields there). */
const statusIgnores: Readonly<Record<string, FieldSet>> = {
  deployments: fieldSetOf([['spec'], ['metadata', 'labels']]),
  pods: fieldSetOf([
    ['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences'],
  ]),
  servicecidrs: fieldSetOf([['spec'], ['metadata']]),
}

/** What an endpoint puts back as it was, so that nobody comes to own it there. */
export function ignoredFields(row: ResourceSpec, subresource: string): FieldSet {
  if (subresource === 'status') return statusIgnores[row.resource] ?? spec
  // Through a part of the spec, who writes owns all that was sent, whether it is kept or not.
  const through = row.subresources?.find(({ name }) => name === subresource)
  if (through?.part !== undefined) return noFields
  const hasStatus = row.subresources?.some(({ name }) => name === 'status') === true
  return hasStatus ? status : noFields
}

/** Times of managedFields alone are no reason to write. */
export function keepManagedTimes(next: Draft, before: Stored): void {
  const [entries, old] = [next.metadata.managedFields, before.metadata.managedFields]
  if (entries === old || entries === undefined || old === undefined) return
  if (entries.length !== old.length) return
  const same = entries.every((entry, n) => {
    const other = old[n] ?? {}
    return sameJson({ ...entry, time: null }, { ...other, time: null })
  })
  if (!same) return
  const bare = (object: Draft | Stored): object =>
    ({ ...object, metadata: { ...object.metadata, managedFields: null } })
  if (sameJson(bare(next), bare(before))) next.metadata.managedFields = old
}

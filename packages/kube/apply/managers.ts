import type { ManagedFieldsEntry } from '../kinds/meta.ts'
import { limits } from '../limits.ts'
import { type FieldSet, type FieldsV1, isEmpty, parseFields, printFields, union } from './fields.ts'

/** What one manager owns by one way of writing. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  /** Of the last write that changed the set, RFC 3339; empty when unknown. */
  readonly time: string
  readonly set: FieldSet
}

/** By `managerId`. */
export type Managers = Map<string, Manager>

/** One entry per manager, operation, subresource and, for updates, apiVersion. */
export function managerId(
  of: Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>,
): string {
  return JSON.stringify({
    ...(of.manager === '' ? {} : { manager: of.manager }),
    operation: of.operation,
    ...(of.operation === 'Apply' ? {} : { apiVersion: of.apiVersion }),
    ...(of.subresource === '' ? {} : { subresource: of.subresource }),
  })
}

/** Reads `metadata.managedFields`; undefined when an entry is malformed. */
export function parseManagers(entries: readonly ManagedFieldsEntry[]): Managers | undefined {
  const managers: Managers = new Map()
  for (const entry of entries) {
    const { manager = '', operation, apiVersion = '', subresource = '', fieldsType } = entry
    if (operation !== 'Apply' && operation !== 'Update') return undefined
    if (apiVersion === '' || fieldsType !== 'FieldsV1') return undefined
    let set: FieldSet
    try {
      set = parseFields(entry.fieldsV1 ?? {})
    } catch {
      return undefined
    }
    const read: Manager = {
      manager, operation, apiVersion, subresource, time: entry.time ?? '', set,
    }
    managers.set(managerId(read), read)
  }
  return managers
}

/** The entries in their order; undefined when nobody owns anything. */
export function printManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  const entries = [...managers.values()].filter(({ set }) => !isEmpty(set))
    .map((one) => printManager(one, printFields(one.set)))
  return entries.length === 0 ? undefined : sortEntries(entries)
}

/** `fields` is the manager's set, printed. */
export function printManager(of: Manager, fields: FieldsV1): ManagedFieldsEntry {
  const entry: ManagedFieldsEntry = {}
  if (of.manager !== '') entry.manager = of.manager
  entry.operation = of.operation
  entry.apiVersion = of.apiVersion
  if (of.time !== '') entry.time = of.time
  entry.fieldsType = 'FieldsV1'
  entry.fieldsV1 = fields
  if (of.subresource !== '') entry.subresource = of.subresource
  return entry
}

/** Apply before Update, then by time, manager, apiVersion and subresource. */
export function sortEntries(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const keyOf = (one: ManagedFieldsEntry): readonly string[] => [
    one.operation ?? '', one.time ?? '', one.manager ?? '', one.apiVersion ?? '',
    one.subresource ?? '',
  ]
  return entries.sort((a, b) => compareKeys(keyOf(a), keyOf(b)))
}

function compareKeys(left: readonly string[], right: readonly string[]): number {
  for (let at = 0; at < left.length; at++) {
    if (left[at]! !== right[at]!) return left[at]! < right[at]! ? -1 : 1
  }
  return 0
}

const ancient = 'ancient-changes'

/** Merges the oldest updates of one apiVersion until few enough are left. Changes `managers`. */
export function capUpdates(managers: Managers): void {
  const updates = [...managers].filter(([, one]) => one.operation === 'Update')
  let count = updates.length
  if (count <= limits.updateManagersMax) return
  updates.sort(([a, one], [b, other]) => compareKeys([one.time, a], [other.time, b]))
  const firsts = new Map<string, string>()
  for (const [id, one] of updates) {
    if (count <= limits.updateManagersMax) return
    const first = firsts.get(one.apiVersion)
    const bucket: Manager = { ...one, manager: ancient, subresource: '' }
    const bucketId = managerId(bucket)
    if (first === undefined || id === bucketId) {
      firsts.set(one.apiVersion, id)
      continue
    }
    const oldest = managers.get(bucketId) ?? managers.get(first)
    if (!managers.has(bucketId)) managers.delete(first)
    managers.delete(id)
    managers.set(bucketId, { ...bucket, set: union(one.set, oldest?.set ?? one.set) })
    count--
  }
}

import { sameJson } from '@slicewise/base'
import { decodeObject } from '../decode.ts'
import type { ManagedFieldsEntry } from '../kinds/meta.ts'
import { limits } from '../limits.ts'
import type { KubeObject } from '../object.ts'
import type { MessageType } from '../schema.ts'
import { type Comparison, compareInto, compareObjects } from './compare.ts'
import {
  type FieldSet, FieldMatcher, type FieldsV1, type KnownFields, covers, difference, fieldSetOf,
  isEmpty, isSmall, knownFields, touches, union,
} from './fields.ts'
import {
  type Manager, type Managers, capUpdates, managerId, parseManagers, printManager, printManagers,
  sortEntries,
} from './managers.ts'
import { planOf } from './plan.ts'

/** One write, as ownership sees it. */
export interface Write {
  readonly schema: MessageType<unknown>
  /** `fieldManager`, or what stands for it; empty counts as `unknown`. */
  readonly manager: string
  readonly apiVersion: string
  /** Such as `status`; empty for the object itself. */
  readonly subresource: string
  /** RFC 3339 in whole seconds. */
  readonly now: string
  /** Fields that this endpoint does not write, such as `status` of the object itself. */
  readonly ignored: FieldSet
}

export interface Update extends Write {
  /** The stored object; undefined for a create. */
  readonly before: KubeObject | undefined
  /** The object to be stored, decoded and with its defaults. Its managedFields are the client's. */
  readonly after: KubeObject
  /** The client sent an empty list of managedFields: ownership is forgotten. */
  readonly reset?: boolean
}

/**
 * The `metadata.managedFields` of an object after a create, update or patch (not apply): changed
 * fields go over to the writer, vanished ones leave all sets. Undefined: nobody owns anything, and
 * an object that nobody owned stays so. The stored list itself comes back when nothing changed.
 */
export function trackUpdate(update: Update): ManagedFieldsEntry[] | undefined {
  const { before, after } = update
  const stored = before?.metadata?.managedFields
  const sent = update.subresource === '' ? after.metadata?.managedFields : undefined
  if (update.reset === true || isReset(sent)) {
    return before === undefined ? fresh(update) : undefined
  }
  if (before === undefined && sent === undefined) return fresh(update)
  const changes = changesOf(update)
  if (before !== undefined && (sent === undefined || sameJson(sent, stored))) {
    if (stored === undefined) return undefined
    if (isSame(changes)) return stored
    const renewed = sameOwner(update, stored, changes)
    if (renewed !== undefined) return renewed
  }
  const managers = chosen(sent, stored)
  if (before !== undefined && managers.size === 0) return undefined
  return printManagers(afterUpdate(managers, update, changes))
}

/**
 * What the last created object of a kind came to have: the next one mostly has the same, and it is
 * cheaper to see that than to make a set.
 */
const lastCreated = new WeakMap<MessageType<unknown>, KnownFields>()

function fresh(update: Update): ManagedFieldsEntry[] | undefined {
  const { schema, after, ignored } = update
  const known = lastCreated.get(schema)
  if (known !== undefined) {
    const matcher = new FieldMatcher(known)
    const sinks = { added: matcher, modified: matcher, removed: nowhere }
    compareInto(sinks, planOf(schema), emptyOf(schema), after, tracked(ignored))
    if (matcher.same) return [printManager(writerOf(update, known.set), known.fields)]
  }
  const managers = afterUpdate(new Map(), update, changesOf(update))
  const entries = printManagers(managers)
  for (const { set } of managers.values()) {
    const fields = entries?.[0]?.fieldsV1 as FieldsV1 | undefined
    if (fields !== undefined && isSmall(set, limits.printedSetMax)) {
      lastCreated.set(schema, knownFields(set, fields))
    }
  }
  return entries
}

const nowhere = { add(): void {} }

function isReset(sent: readonly ManagedFieldsEntry[] | undefined): boolean {
  return sent?.length === 0 || (sent?.length === 1 && Object.keys(sent[0]!).length === 0)
}

/** What the client sent, unless it is empty or malformed. */
function chosen(
  sent: readonly ManagedFieldsEntry[] | undefined,
  stored: readonly ManagedFieldsEntry[] | undefined,
): Managers {
  const own = sent === undefined ? undefined : parseManagers(sent)
  if (own !== undefined && own.size > 0) return own
  return parseManagers(stored ?? []) ?? new Map()
}

function changesOf({ schema, before, after, ignored }: Update): Comparison {
  return compareObjects(planOf(schema), before ?? emptyOf(schema), after, tracked(ignored))
}

const isSame = ({ added, modified, removed }: Comparison): boolean =>
  isEmpty(added) && isEmpty(modified) && isEmpty(removed)

/**
 * The usual case: the writer changes values that it owns alone. Only the time of its entry moves.
 */
function sameOwner(
  write: Write, stored: readonly ManagedFieldsEntry[], { added, modified, removed }: Comparison,
): ManagedFieldsEntry[] | undefined {
  if (!isEmpty(added) || !isEmpty(removed)) return undefined
  let own = -1
  for (const [index, entry] of stored.entries()) {
    const fields = (entry.fieldsV1 ?? {}) as FieldsV1
    if (isEntryOf(entry, write)) {
      if (!covers(fields, modified)) return undefined
      own = index
    } else if (touches(fields, modified)) return undefined
  }
  if (own < 0) return undefined
  return sortEntries(stored.map((entry, index) =>
    (index === own ? { ...entry, time: write.now } : entry)))
}

function isEntryOf(entry: ManagedFieldsEntry, write: Write): boolean {
  return entry.manager === (write.manager || 'unknown') && entry.operation === 'Update'
    && entry.apiVersion === write.apiVersion && (entry.subresource ?? '') === write.subresource
}

/** Gives the changed fields to the writer. Changes and returns `managers`. */
export function afterUpdate(managers: Managers, write: Write, changes: Comparison): Managers {
  const changed = union(changes.added, changes.modified)
  for (const [id, one] of managers) {
    const set = difference(difference(one.set, changed), changes.removed)
    if (isEmpty(set)) managers.delete(id)
    else if (set !== one.set) managers.set(id, { ...one, set })
  }
  const own = difference(changed, untracked)
  if (!isEmpty(own)) {
    const writer = writerOf(write, own)
    const id = managerId(writer)
    const previous = managers.get(id)
    managers.set(id, previous === undefined ? writer : { ...writer, set: union(own, previous.set) })
  }
  capUpdates(managers)
  return managers
}

const writerOf = ({ manager, apiVersion, subresource, now }: Write, set: FieldSet): Manager => ({
  manager: manager || 'unknown', operation: 'Update', apiVersion, subresource, time: now, set,
})

/** Nobody owns what the server alone decides. */
const untracked = fieldSetOf([
  ['apiVersion'], ['kind'], ['metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation',
    'managedFields', 'resourceVersion'].map((name) => ['metadata', name]),
])
const untrackedBelow = fieldSetOf([
  ['apiVersion'], ['kind'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation',
    'managedFields', 'resourceVersion'].map((name) => ['metadata', name]),
])

export const withoutUntracked = (set: FieldSet): FieldSet => difference(set, untracked)

const joined = new WeakMap<FieldSet, FieldSet>()

/** `ignored` together with what is never tracked. */
export function tracked(ignored: FieldSet): FieldSet {
  let set = joined.get(ignored)
  if (set === undefined) joined.set(ignored, set = union(untrackedBelow, ignored))
  return set
}

const empties = new WeakMap<MessageType<unknown>, unknown>()

/** What Go's zero value of the kind looks like; a create is compared with it. Never changed. */
export function emptyOf(schema: MessageType<unknown>): KubeObject {
  let empty = empties.get(schema)
  if (empty === undefined) {
    empty = decodeObject(schema, {}, 'Ignore').value
    empties.set(schema, empty)
  }
  return empty as KubeObject
}


import { sameJson } from '@slicewise/base'
import { decodeObject } from '../decode.ts'
import { shortName } from '../decode-plan.ts'
import type { ManagedFieldsEntry } from '../kinds/meta.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { compareObjects } from './compare.ts'
import { faultsOf, fieldsOf } from './configuration.ts'
import {
  type FieldSet, difference, intersection, isEmpty, noFields, union, without,
} from './fields.ts'
import { type Conflict, conflictError } from './conflict.ts'
import { allowedByLastApplied, refreshLastApplied } from './last-applied.ts'
import {
  type Manager, type Managers, managerId, parseManagers, printManagers,
} from './managers.ts'
import { merged, removed } from './merge.ts'
import { type Plan, planOf } from './plan.ts'
import { type Write, afterUpdate, emptyOf, tracked, withoutUntracked } from './track.ts'

export interface Apply extends Write {
  /** The stored object; undefined when the apply creates it. */
  readonly live: KubeObject | undefined
  /** The body as it was sent, with `kind` and `apiVersion`. It is not changed. */
  readonly config: unknown
  /** Takes fields over from other managers instead of refusing. */
  readonly force: boolean
}

/**
 * Server-side apply: the live object with the configuration's values, without what the manager
 * applied before and nobody else owns, and with its new `metadata.managedFields`. The result is
 * decoded but has no defaults yet, and neither `kind` nor `apiVersion`; it shares nothing with the
 * live object.
 *
 * Throws `BadRequest` for a configuration that the schema does not allow, `Conflict` with one cause
 * per field that another manager owns with another value.
 */
export function applyConfiguration(apply: Apply): KubeObject {
  const { schema, live, config } = apply
  const plan = planOf(schema)
  checkConfiguration(apply, plan)
  const stored = live === undefined ? emptyOf(schema) : liveWithout(live)
  const managers = liveManagers(apply, plan, stored)
  const self: Manager = {
    manager: apply.manager, operation: 'Apply', apiVersion: apply.apiVersion,
    subresource: apply.subresource, time: '', set: noFields,
  }
  const id = managerId(self)
  const last = managers.get(id)
  const set = without(fieldsOf(plan, config), apply.ignored)
  managers.set(id, { ...self, time: last?.time ?? '', set })
  const mergedObject = merged(plan, stored, config)
  const pruned = prune(plan, mergedObject, managers, last?.set ?? noFields)
  takeOver(apply, plan, { stored, pruned, managers, id })
  const bare = withoutType(pruned)
  const changed = !sameJson(withoutType(stored), bare)
  const own = managers.get(id)
  if (own !== undefined) {
    const ownSet = withoutUntracked(own.set)
    if (isEmpty(ownSet)) managers.delete(id)
    else managers.set(id, { ...own, set: ownSet, time: changed ? apply.now : own.time })
  }
  const result = changed ? bare : structuredClone(withoutType(stored))
  const object = decodeObject(schema, result, 'Ignore').value as KubeObject
  if (apply.manager === 'kubectl') refreshLastApplied(object, config as KubeObject)
  setManagedFields(object, printManagers(managers))
  return object
}

/** A shallow copy without `kind` and `apiVersion`. */
function withoutType(object: unknown): KubeObject {
  const { kind: _, apiVersion: __, ...rest } = (object ?? {}) as KubeObject
  return rest
}

function setManagedFields(object: KubeObject, entries: ManagedFieldsEntry[] | undefined): void {
  object.metadata ??= {}
  if (entries === undefined) delete object.metadata.managedFields
  else object.metadata.managedFields = entries
}

function liveWithout(live: KubeObject): KubeObject {
  if (live.metadata?.managedFields === undefined) return live
  const { managedFields: _, ...metadata } = live.metadata
  return { ...live, metadata }
}

function checkConfiguration({ schema, config, apiVersion }: Apply, plan: Plan): void {
  const kind = shortName(schema)
  const { apiVersion: given, metadata } = (config ?? {}) as KubeObject
  if (given !== apiVersion) {
    throw new StatusError('BadRequest', 'Incorrect version specified in apply patch. '
      + `Specified patch version: ${given}, expected: ${apiVersion}`)
  }
  if (metadata?.managedFields !== undefined && metadata.managedFields !== null) {
    throw new StatusError('BadRequest', 'metadata.managedFields must be nil')
  }
  const faults = faultsOf(plan, config)
  if (faults.length === 0) return
  const what = faults.length === 1 ? faults[0] : ['errors:', ...faults].join('\n  ')
  throw new StatusError('BadRequest', 'failed to create typed patch object ('
    + `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}; `
    + `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}): ${what}`)
}

/** Before the first apply nobody may be known; then one manager owns all there is. */
function liveManagers(apply: Apply, plan: Plan, stored: KubeObject): Managers {
  const managers = parseManagers(apply.live?.metadata?.managedFields ?? [])
  if (managers === undefined) {
    throw new StatusError('InternalError', 'failed to decode managed fields of the live object')
  }
  if (managers.size > 0 || apply.live === undefined) return managers
  const all = compareObjects(plan, emptyOf(apply.schema), stored, tracked(apply.ignored))
  return afterUpdate(managers, { ...apply, manager: 'before-first-apply' }, all)
}

interface Outcome {
  readonly stored: unknown
  readonly pruned: unknown
  readonly managers: Managers
  /** Of the applying manager. */
  readonly id: string
}

/** Changed fields leave the other managers, by force or not at all; vanished ones leave all. */
function takeOver(apply: Apply, plan: Plan, { stored, pruned, managers, id }: Outcome): void {
  const changes = compareObjects(plan, stored, pruned, tracked(apply.ignored))
  const changed = union(changes.added, changes.modified)
  const conflicts: Conflict[] = []
  for (const [other, one] of managers) {
    if (other === id) continue
    const set = intersection(one.set, changed)
    if (!isEmpty(set)) conflicts.push({ manager: one, set })
  }
  if (!apply.force && conflicts.length > 0) {
    const refused = apply.manager === 'kubectl' && apply.live !== undefined
      ? remaining(conflicts, allowedByLastApplied(plan, apply.live, apply.apiVersion)) : conflicts
    if (refused.length > 0) throw conflictError(refused)
  }
  for (const [other, one] of managers) {
    if (other === id) continue
    const set = difference(difference(one.set, changed), changes.removed)
    if (isEmpty(set)) managers.delete(other)
    else managers.set(other, { ...one, set })
  }
}

function remaining(conflicts: readonly Conflict[], allowed: FieldSet): Conflict[] {
  return conflicts
    .map(({ manager, set }) => ({ manager, set: difference(set, allowed) }))
    .filter(({ set }) => !isEmpty(set))
}

/** Removes what the manager applied last, does not apply now, and nobody else owns. */
function prune(plan: Plan, object: unknown, managers: Managers, last: FieldSet): unknown {
  if (isEmpty(last)) return object
  let owned: FieldSet = noFields
  for (const { set } of managers.values()) owned = union(owned, set)
  const all = withNamed(plan, fieldsOf(plan, object))
  const lastNamed = withNamed(plan, last)
  const bare = removed(plan, object, lastNamed)
  const bareFields = withNamed(plan, fieldsOf(plan, bare))
  const kept = removed(plan, object,
    difference(all, union(bareFields, withNamed(plan, owned))))
  const keptFields = withNamed(plan, fieldsOf(plan, kept))
  return removed(plan, object, intersection(difference(all, keptFields), lastNamed))
}

/** With every struct that holds a field of the set: it may go when its fields go. */
function withNamed(plan: Plan, set: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [element, child] of set.children) {
    const of = plan.of ?? plan.fields?.get(element.slice(2))
    const below = of === undefined ? child : withNamed(of, child)
    const named = plan.kind === 'struct' && child.children.size > 0
    children.set(element, named ? { here: true, children: below.children } : below)
  }
  return { here: set.here, children }
}

import type { ManagedFieldsEntry } from '../kinds/meta.ts'
import { difference, fieldSetOf, intersection, isEmpty } from './fields.ts'
import { type Manager, type Managers, managerId, parseManagers, printManagers } from './managers.ts'

/** Where a scale keeps its replicas, and the workloads that have one too. */
const replicas = fieldSetOf([['spec', 'replicas']])

const scaleVersion = 'autoscaling/v1'

const ownsReplicas = ({ set }: Manager): boolean => !isEmpty(intersection(set, replicas))

/** Who owns the replicas of a workload, as owners of its scale. Malformed entries own nothing. */
export function scaleOwners(
  entries: readonly ManagedFieldsEntry[], apiVersion: string,
): ManagedFieldsEntry[] | undefined {
  const found: Managers = new Map()
  for (const [id, one] of parseManagers(entries) ?? []) {
    if (one.apiVersion !== apiVersion || !ownsReplicas(one)) continue
    found.set(id, { ...one, apiVersion: scaleVersion, set: replicas })
  }
  return printManagers(found)
}

/**
 * The owners of a workload after a write to its scale, of which `after` are the owners then. Who is
 * not among these has lost the replicas. As in the reference, the id of an owner by update names
 * its version, so that it never is the same on both sides: its replicas become an entry without a
 * time.
 */
export function workloadOwners(
  entries: readonly ManagedFieldsEntry[], after: readonly ManagedFieldsEntry[],
  apiVersion: string,
): ManagedFieldsEntry[] | undefined {
  const before = parseManagers(entries) ?? new Map<string, Manager>()
  const scale = parseManagers(after) ?? new Map<string, Manager>()
  const found: Managers = new Map()
  for (const [id, one] of before) {
    if (one.apiVersion !== apiVersion) continue
    if (!ownsReplicas(one)) found.set(id, one)
    else if (scale.delete(id)) found.set(id, one)
    else found.set(id, { ...one, set: difference(one.set, replicas) })
  }
  const list = [...found.values()]
  for (const [id, one] of scale) {
    if (!ownsReplicas(one)) continue
    list.push({ ...one, apiVersion, time: before.get(id)?.time ?? '', set: replicas })
  }
  // Two of one id may stand side by side, so a number tells them apart here.
  return printManagers(new Map(list.map((one, n) => [`${managerId(one)}${n}`, one])))
}

/**
 * The annotation of client-side apply. When kubectl turns to server-side apply, fields that it
 * applied on the client do not count as conflicts, and the annotation is kept up to date.
 */
import type { KubeObject } from '../object.ts'
import { limits } from '../limits.ts'
import { compareObjects } from './compare.ts'
import { faultsOf, fieldsOf } from './configuration.ts'
import { type FieldSet, difference, noFields } from './fields.ts'
import type { Plan } from './plan.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** Fields of the annotation whose values are still the live ones. */
export function allowedByLastApplied(plan: Plan, live: KubeObject, apiVersion: string): FieldSet {
  const text = live.metadata?.annotations?.[annotation]
  if (text === undefined || text === '') return noFields
  let applied: unknown
  try {
    applied = JSON.parse(text)
  } catch {
    return noFields
  }
  const isObject = typeof applied === 'object' && applied !== null
  if (!isObject || (applied as KubeObject).apiVersion !== apiVersion) return noFields
  if (faultsOf(plan, applied).length > 0) return noFields
  const { added, modified, removed } = compareObjects(plan, applied, live, noFields)
  const fields = fieldsOf(plan, applied)
  return difference(difference(difference(fields, modified), added), removed)
}

/** Where the object has the annotation, writes the configuration into it. Changes `object`. */
export function refreshLastApplied(object: KubeObject, config: KubeObject): void {
  const annotations = object.metadata?.annotations
  if (annotations?.[annotation] === undefined || annotations[annotation] === '') return
  const { [annotation]: _, ...rest } = config.metadata?.annotations ?? {}
  const plain = config.metadata?.annotations === undefined ? config
    : { ...config, metadata: { ...config.metadata, annotations: rest } }
  const text = `${JSON.stringify(sorted(plain))}\n`
  annotations[annotation] = text.length > limits.lastAppliedMax ? '' : text
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]))
}

import { ElementError, elementOf, itemsByElement } from './element.ts'
import { FieldCollector, type FieldSet } from './fields.ts'
import { printPath } from './fields.ts'
import type { Plan } from './plan.ts'

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The fields that a value gives: its leaves, the elements of its lists, its empty maps and its
 * nulls. Elements with equal keys are one leaf.
 */
export function fieldsOf(plan: Plan, value: unknown): FieldSet {
  const found = new FieldCollector()
  collect(plan, value, [], found)
  return found
}

function collect(plan: Plan, value: unknown, path: readonly string[], found: FieldCollector): void {
  if (plan.atomic) found.add(path, path.length)
  else if (plan.kind === 'list') {
    if (!Array.isArray(value)) return
    for (const [element, items] of itemsByElement(plan, value)) {
      const below = [...path, element]
      if (items.length === 1) collect(plan.of!, items[0], below, found)
      found.add(below, below.length)
    }
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const of = plan.of ?? plan.fields?.get(name)
      if (of === undefined) continue
      const below = [...path, `f:${name}`]
      const member = value[name]
      collect(of, member, below, found)
      const isEmptyMap = isObject(member) && Object.keys(member).length === 0
      if (member === null || isEmptyMap || plan.kind === 'map') found.add(below, below.length)
    }
  }
}

/** What keeps a configuration from being applied, `.spec.foo: field not declared in schema`. */
export function faultsOf(plan: Plan, config: unknown): string[] {
  const faults: string[] = []
  check(plan, config, [], faults)
  return faults
}

function check(plan: Plan, value: unknown, path: readonly string[], faults: string[]): void {
  if (value === null || value === undefined) return
  const fault = (why: string): void => {
    if (faults.length < faultsMax) faults.push(`${printPath(path)}: ${why}`)
  }
  switch (plan.kind) {
    case 'scalar': {
      const why = scalarFault(plan, value)
      if (why !== undefined) fault(why)
      return
    }
    case 'list':
      if (!Array.isArray(value)) return fault(`expected list, got ${typeName(value)}`)
      return checkItems(plan, value, path, faults)
    default:
      if (!isObject(value)) return fault(`expected map, got ${typeName(value)}`)
      for (const name of Object.keys(value)) {
        const of = plan.of ?? plan.fields?.get(name)
        const below = [...path, `f:${name}`]
        if (of !== undefined) check(of, value[name], below, faults)
        else if (faults.length < faultsMax) {
          faults.push(`${printPath(below)}: field not declared in schema`)
        }
      }
  }
}

/** Further ones would repeat themselves. */
const faultsMax = 20

function checkItems(
  plan: Plan, items: readonly unknown[], path: readonly string[], faults: string[],
): void {
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    let element = `i:${index}`
    if (!plan.atomic) {
      try {
        element = elementOf(plan, item)
      } catch (error) {
        if (!(error instanceof ElementError)) throw error
        faults.push(`${printPath(path)}: element ${index}: ${error.message}`)
        return
      }
      if (seen.has(element) && faults.length < faultsMax) {
        faults.push(`${printPath(path)}: duplicate entries for key ${printPath([element])}`)
      }
      seen.add(element)
    }
    check(plan.of!, item, [...path, element], faults)
  }
}

function scalarFault(plan: Plan, value: unknown): string | undefined {
  switch (plan.scalar) {
    case 'string':
    case 'bytes':
      return typeof value === 'string' ? undefined : `expected string, got ${typeName(value)}`
    case 'bool':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${typeName(value)}`
    case 'int32':
    case 'int64':
    case 'double':
      return typeof value === 'number' ? undefined
        : `expected numeric (int or float), got ${typeName(value)}`
    case 'raw':
    case 'fieldsV1': return undefined
    default:
      return typeof value === 'object' ? `expected any scalar, got ${typeName(value)}` : undefined
  }
}

const typeName = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value)

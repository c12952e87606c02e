import { limits } from '../limits.ts'
import type { Plan } from './plan.ts'

/** Why an element of a list cannot be told from the others. */
export class ElementError extends Error {
  override readonly name = 'ElementError'
}

/** Path element of an item of a keyed list or a set. Throws `ElementError`. */
export function elementOf(plan: Plan, item: unknown): string {
  if (plan.keys === undefined) {
    if (typeof item === 'object') {
      throw new ElementError(item === null
        ? 'associative list without keys has an element that is a null'
        : 'associative list without keys has an element that is a list or map')
    }
    return `v:${JSON.stringify(item)}`
  }
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new ElementError('associative list with keys may not have non-map elements')
  }
  const { keys, known } = plan
  if (known !== undefined) {
    const value = (item as Record<string, unknown>)[keys[0]!.name]
    const element = typeof value === 'string' ? known.get(value) : undefined
    if (element !== undefined) return element
    if (typeof value === 'string' && Object.hasOwn(item, keys[0]!.name)) {
      return learn(known, value, `k:{"${keys[0]!.name}":${JSON.stringify(value)}}`)
    }
  }
  let text = 'k:{'
  for (const { name, preset } of keys) {
    const own = Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : undefined
    const value = own === undefined ? preset : own
    if (value === undefined) {
      throw new ElementError(`associative list with keys has an element that omits key field `
        + `${JSON.stringify(name)} (and doesn't have default value)`)
    }
    text += `${text.length === 3 ? '' : ','}"${name}":${JSON.stringify(value)}`
  }
  return `${text}}`
}

function learn(known: Map<string, string>, value: string, element: string): string {
  if (known.size >= limits.elementsKept) known.clear()
  if (value.length <= limits.elementKeyMax) known.set(value, element)
  return element
}

/** Items by path element, each with all that have it, in order of first appearance. */
export function itemsByElement(plan: Plan, items: readonly unknown[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const item of items) {
    const element = elementOf(plan, item)
    const same = found.get(element)
    if (same === undefined) found.set(element, [item])
    else same.push(item)
  }
  return found
}

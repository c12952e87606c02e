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
  let text = 'k:{'
  for (const { name, preset } of plan.keys) {
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

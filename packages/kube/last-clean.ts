import { sameJson } from '@slicewise/base'

/**
 * The last value that rules found nothing in. Most objects of a kind come from few templates, and
 * to see that two parts are equal is a fifth of the work of the rules. What is kept is a copy, so
 * that nobody can change it; rules that use this look at nothing but the value.
 */
export class LastClean<T> {
  #last: T | undefined

  /** Runs the rules, unless the value equals the last one without findings. */
  findings<F>(value: T, rules: (value: T) => F[]): F[] {
    if (this.#last !== undefined && sameJson(value, this.#last)) return []
    const found = rules(value)
    if (found.length === 0) this.#last = copyOf(value)
    return found
  }
}

function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf) as T
  const copy: Record<string, unknown> = {}
  for (const name in value) {
    const member = copyOf(value[name])
    if (name !== '__proto__') copy[name] = member
    else {
      const descriptor = { value: member, writable: true, enumerable: true, configurable: true }
      Object.defineProperty(copy, name, descriptor)
    }
  }
  return copy as T
}

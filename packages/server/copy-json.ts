type Members = Record<string, unknown>

const ownMember = { configurable: true, enumerable: true, writable: true }

/** A copy nobody shares, as JSON would make it: undefined members are dropped. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyJson) as T
  const copy: Members = {}
  for (const name in value) {
    const member = value[name]
    if (member === undefined) continue
    if (name !== '__proto__') copy[name] = copyJson(member)
    else Object.defineProperty(copy, name, { ...ownMember, value: copyJson(member) })
  }
  return copy as T
}

/** Removes undefined members in place, so that the object is what JSON would give back. */
export function dropUndefined<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const name in value) {
    const member: unknown = value[name]
    if (member === undefined) delete value[name]
    else if (typeof member === 'object') dropUndefined(member)
  }
  return value
}

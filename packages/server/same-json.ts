/** Equal as JSON: the order of members does not matter, an undefined member is an absent one. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && sameLists(a, b)
  return !Array.isArray(b) && sameMembers(a as Members, b as Members)
}

type Members = Record<string, unknown>

function sameLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => sameJson(one, b[index]))
}

function sameMembers(a: Members, b: Members): boolean {
  let count = 0
  for (const name in a) {
    if (a[name] === undefined) continue
    if (!Object.hasOwn(b, name) || !sameJson(a[name], b[name])) return false
    count++
  }
  for (const name in b) if (b[name] !== undefined) count--
  return count === 0
}

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

type Members = Readonly<Record<string, unknown>>

/**
 * Whether two JSON values say the same. The order of members does not count, an undefined member is
 * an absent one, and only a value's own members are looked at: `constructor` is a name like others.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b)
  return !Array.isArray(b) && sameMembers(a as Members, b as Members)
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (!sameJson(a[at], b[at])) return false
  return true
}

function sameMembers(a: Members, b: Members): boolean {
  let left = 0
  for (const name in a) {
    if (a[name] === undefined) continue
    if (!Object.hasOwn(b, name) || !sameJson(a[name], b[name])) return false
    left++
  }
  for (const name in b) if (b[name] !== undefined) left--
  return left === 0
}

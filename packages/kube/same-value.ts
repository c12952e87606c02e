/**
 * Equality of two JSON values as the API compares fields: absent, null, an empty list and an empty
 * map are the same, everything else compares by content.
 */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (isEmpty(left)) return isEmpty(right)
  if (typeof left !== 'object' || typeof right !== 'object' || isEmpty(right)) return false
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length
      && left.every((one, at) => sameValue(one, right[at]))
  }
  if (Array.isArray(right)) return false
  const one = left as Record<string, unknown>
  const other = right as Record<string, unknown>
  for (const key in one) if (!sameValue(one[key], ownMember(other, key))) return false
  for (const key in other) if (!Object.hasOwn(one, key) && !isEmpty(other[key])) return false
  return true
}

/** Labels and data may have any name, `constructor` too. */
const ownMember = (of: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(of, key) ? of[key] : undefined

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value !== 'object') return false
  for (const key in value) {
    if (!isEmpty((value as Record<string, unknown>)[key]) || Array.isArray(value)) return false
  }
  return true
}

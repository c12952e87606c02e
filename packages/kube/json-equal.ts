/** Whether two JSON values say the same; members may stand in any order. */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return false
  }
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false
    for (let at = 0; at < left.length; at++) if (!jsonEqual(left[at], right[at])) return false
    return true
  }
  if (Array.isArray(right)) return false
  let members = 0
  for (const name in left) {
    members++
    if (!Object.hasOwn(right, name)) return false
    const ofRight = (right as Record<string, unknown>)[name]
    if (!jsonEqual((left as Record<string, unknown>)[name], ofRight)) return false
  }
  for (const _ in right) members--
  return members === 0
}

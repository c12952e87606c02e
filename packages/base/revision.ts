/**
 * A resourceVersion as clients see it: decimal text of a counter that only grows, without leading
 * zeros. Outside `store` and `server` it is opaque but for equality and order.
 */
export type Revision = string

/** Negative when `a` is older than `b`. Orders by length, then text, so no integer is parsed. */
export function compareRevisions(a: Revision, b: Revision): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

import { limits } from '../limits.ts'

/**
 * Sets of fields of one object, and their written form `fieldsV1`. An element of a path is text:
 * `f:name` of a field or map key, `k:{"port":80}` of a keyed list element (names sorted), `v:"x"`
 * of a set element. Sets are never changed once made, so they share parts.
 */
export interface FieldSet {
  /** The place itself belongs to the set. */
  readonly here: boolean
  /** None is empty. */
  readonly children: ReadonlyMap<string, FieldSet>
}

/** A `fieldsV1` value: `{}` is the place itself, `.` the place itself beside others. */
export type FieldsV1 = { readonly [element: string]: FieldsV1 }

const noChildren: ReadonlyMap<string, FieldSet> = new Map()
const noPlaces: ReadonlyMap<string, Place> = new Map()
export const noFields: FieldSet = { here: false, children: noChildren }
const leaf: FieldSet = { here: true, children: noChildren }

export const isEmpty = (set: FieldSet): boolean => !set.here && set.children.size === 0

class Place implements FieldSet {
  here = false
  /** Most places have nothing below them. */
  below: Map<string, Place> | undefined

  get children(): ReadonlyMap<string, Place> {
    return this.below ?? noPlaces
  }
}

/** Collects paths; the collected set may be read only when nothing more is added. */
export class FieldCollector implements FieldSet {
  readonly #root = new Place()
  /** The path that was added last, and its places: the next one mostly begins like it. */
  readonly #path: string[] = []
  readonly #places: Place[] = [this.#root]

  get here(): boolean {
    return this.#root.here
  }

  get children(): ReadonlyMap<string, FieldSet> {
    return this.#root.children
  }

  /** Adds the first `depth` elements of the path. */
  add(path: readonly string[], depth: number): void {
    let step = 0
    const known = this.#path.length
    while (step < depth && step < known && this.#path[step] === path[step]) step++
    let at = this.#places[step]!
    for (; step < depth; step++) {
      const element = path[step]!
      const below = at.below ??= new Map()
      let next = below.get(element)
      if (next === undefined) below.set(element, next = new Place())
      this.#path[step] = element
      this.#places[step + 1] = at = next
    }
    this.#path.length = depth
    at.here = true
  }
}

/** Tells whether the paths that are added are those of a known set, all of them; makes nothing. */
export class FieldMatcher {
  /** Paths of the set that were not added yet. */
  #left: number
  #fits = true
  readonly #path: string[] = []
  readonly #places: FieldSet[]

  constructor({ set, size }: KnownFields) {
    this.#left = size
    this.#places = [set]
  }

  get same(): boolean {
    return this.#fits && this.#left === 0
  }

  /** Adds the first `depth` elements of the path; no path is added twice. */
  add(path: readonly string[], depth: number): void {
    if (!this.#fits) return
    let step = 0
    const known = this.#path.length
    while (step < depth && step < known && this.#path[step] === path[step]) step++
    let at = this.#places[step]!
    for (; step < depth; step++) {
      const next = at.children.get(path[step]!)
      if (next === undefined) {
        this.#fits = false
        return
      }
      this.#path[step] = path[step]!
      this.#places[step + 1] = at = next
    }
    this.#path.length = depth
    this.#left--
    if (!at.here) this.#fits = false
  }
}

/** A set with what is known of it. */
export interface KnownFields {
  readonly set: FieldSet
  readonly fields: FieldsV1
  /** Number of its paths. */
  readonly size: number
}

export function knownFields(set: FieldSet, fields: FieldsV1): KnownFields {
  return { set, fields, size: sizeOf(set) }
}

function sizeOf(set: FieldSet): number {
  let size = set.here ? 1 : 0
  for (const child of set.children.values()) size += sizeOf(child)
  return size
}

export function fieldSetOf(paths: readonly (readonly string[])[]): FieldSet {
  const set = new FieldCollector()
  for (const path of paths) set.add(path.map((name) => `f:${name}`), path.length)
  return set
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmpty(right)) return left
  if (isEmpty(left)) return right
  const children = new Map(left.children)
  for (const [element, child] of right.children) {
    const own = children.get(element)
    children.set(element, own === undefined ? child : union(own, child))
  }
  return { here: left.here || right.here, children }
}

/** Without the members of `right`; what stands below a member stays. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return filtered(left, right, (child, other) => difference(child, other), left.here && !right.here)
}

/** Without the members of `right` and all that stands below them. */
export function without(left: FieldSet, right: FieldSet): FieldSet {
  return filtered(left, right,
    (child, other) => (other.here ? noFields : without(child, other)), left.here)
}

function filtered(
  left: FieldSet, right: FieldSet, each: (child: FieldSet, other: FieldSet) => FieldSet,
  here: boolean,
): FieldSet {
  let children: Map<string, FieldSet> | undefined
  for (const [element, other] of right.children) {
    const child = left.children.get(element)
    if (child === undefined) continue
    const rest = each(child, other)
    if (rest === child) continue
    children ??= new Map(left.children)
    if (isEmpty(rest)) children.delete(element)
    else children.set(element, rest)
  }
  if (children === undefined && here === left.here) return left
  return { here, children: children ?? left.children }
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [element, child] of left.children) {
    const other = right.children.get(element)
    if (other === undefined) continue
    const both = intersection(child, other)
    if (!isEmpty(both)) children.set(element, both)
  }
  return { here: left.here && right.here, children }
}

/** Every path of the set, sorted. */
export function* pathsOf(
  set: FieldSet, path: readonly string[] = [],
): Generator<readonly string[]> {
  if (set.here) yield path
  for (const element of [...set.children.keys()].sort()) {
    yield* pathsOf(set.children.get(element)!, [...path, element])
  }
}

/** The form in which messages name a field: `.spec.containers[name="a"].image`. */
export function printPath(path: readonly string[]): string {
  let text = ''
  for (const element of path) {
    const rest = element.slice(2)
    if (element.startsWith('f:')) text += `.${rest}`
    else if (element.startsWith('v:')) text += `[=${rest}]`
    else if (element.startsWith('i:')) text += `[${rest}]`
    else {
      const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>)
      text += `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`
    }
  }
  return text
}

const parsed = new WeakMap<object, FieldSet>()

/**
 * Reads `fieldsV1`, which must not be changed afterwards. Throws `RangeError` for what is not one.
 */
export function parseFields(fields: unknown): FieldSet {
  const known = parsed.get(fields as object)
  if (known !== undefined) return known
  const set: FieldSet = { here: false, children: parseChildren(fields, 0) }
  parsed.set(fields as object, set)
  return set
}

/** No object nests deeper; a bound keeps hostile input from the stack. */
const depthMax = 200

function parseChildren(fields: unknown, depth: number): ReadonlyMap<string, FieldSet> {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields) || depth > depthMax) {
    throw new RangeError('fieldsV1 is not a tree of objects')
  }
  const names = Object.keys(fields)
  if (names.length === 0) return noChildren
  const children = new Map<string, FieldSet>()
  for (const name of names) {
    if (name === '.') continue
    const below = (fields as Record<string, unknown>)[name]
    const inner = parseChildren(below, depth + 1)
    const here = inner.size === 0 || Object.hasOwn(below as object, '.')
    children.set(canonicalElement(name), inner.size === 0 ? leaf : { here, children: inner })
  }
  return children
}

const plainKey = /^k:\{"\w+":(?:"[^"\\]*"|\d+)\}$/

function canonicalElement(element: string): string {
  if (element.startsWith('f:') || plainKey.test(element)) return element
  const rest = element.slice(2)
  try {
    if (element.startsWith('i:') && /^\d+$/.test(rest)) return element
    if (element.startsWith('v:')) return `v:${JSON.stringify(JSON.parse(rest))}`
    if (element.startsWith('k:')) {
      const keys = Object.entries(JSON.parse(rest) as object).sort(([a], [b]) => (a < b ? -1 : 1))
      return `k:{${keys.map(([name, value]) =>
        `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new RangeError(`fieldsV1 has no element ${JSON.stringify(element)}`)
}

interface Printed {
  readonly set: FieldSet
  readonly fields: FieldsV1
}

/** The last few sets that were printed, the newest first. */
const printed: Printed[] = []

/**
 * Elements are sorted. Writers of many alike objects own the same fields of each, so equal sets
 * that follow each other get the same value; it must not be changed.
 */
export function printFields(set: FieldSet): FieldsV1 {
  const at = printed.findIndex((one) => isSameSet(one.set, set))
  if (at === 0) return printed[0]!.fields
  if (at > 0) {
    const [known] = printed.splice(at, 1)
    printed.unshift(known!)
    return known!.fields
  }
  const fields = printBelow(set)
  if (!isSmall(set, limits.printedSetMax)) return fields
  printed.unshift({ set, fields })
  if (printed.length > limits.printedSetsKept) printed.pop()
  return fields
}

/** Whether the set has at most `places` places. */
export const isSmall = (set: FieldSet, places: number): boolean => placesLeft(set, places) >= 0

function placesLeft(set: FieldSet, places: number): number {
  let left = places - 1
  for (const child of set.children.values()) {
    if (left < 0) return left
    left = placesLeft(child, left)
  }
  return left
}

function isSameSet(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true
  if (left.here !== right.here || left.children.size !== right.children.size) return false
  for (const [element, child] of left.children) {
    const other = right.children.get(element)
    if (other === undefined || !isSameSet(child, other)) return false
  }
  return true
}

function printBelow(set: FieldSet, fields: Record<string, FieldsV1> = {}): FieldsV1 {
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element)!
    const hasBoth = child.here && child.children.size > 0
    fields[element] = printBelow(child, hasBoth ? { '.': {} } : {})
  }
  return fields
}

/** Whether every path of the set belongs to `fields`, read as it is written. */
export function covers(fields: FieldsV1, set: FieldSet): boolean {
  for (const [element, child] of set.children) {
    const below = fields[element]
    if (below === undefined || (child.here && !isMember(below))) return false
    if (!covers(below, child)) return false
  }
  return true
}

/** Whether any path of the set belongs to `fields`. */
export function touches(fields: FieldsV1, set: FieldSet): boolean {
  for (const [element, child] of set.children) {
    const below = fields[element]
    if (below === undefined) continue
    if ((child.here && isMember(below)) || touches(below, child)) return true
  }
  return false
}

function isMember(fields: FieldsV1): boolean {
  if (fields['.'] !== undefined) return true
  for (const _ in fields) return false
  return true
}

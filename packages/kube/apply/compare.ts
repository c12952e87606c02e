import { sameJson } from '@slicewise/base'
import { itemsByElement } from './element.ts'
import { FieldCollector, type FieldSet } from './fields.ts'
import type { Plan } from './plan.ts'

/** No field stands in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

/** Takes the paths that a comparison finds, depth first, each once. */
export interface PathSink {
  /** The first `depth` elements of `path` are the path. */
  add(path: readonly string[], depth: number): void
}

/** Where the paths go; one sink may take several kinds. */
export type Sinks = { readonly [kind in keyof Comparison]: PathSink }

type Json = Record<string, unknown>

/**
 * Which fields differ, where an absent member and null are two things. A struct or list that
 * appears or vanishes is itself added or removed beside its fields. Fields below `ignored` are
 * passed over.
 */
export function compareObjects(
  plan: Plan, before: unknown, after: unknown, ignored: FieldSet,
): Comparison {
  const found = {
    added: new FieldCollector(), modified: new FieldCollector(), removed: new FieldCollector(),
  }
  compareInto(found, plan, before, after, ignored)
  return found
}

/** The same for who does not want sets of the paths. */
export function compareInto(
  sinks: Sinks, plan: Plan, before: unknown, after: unknown, ignored: FieldSet,
): void {
  new Comparing(sinks).compare(plan, before, after, ignored)
}

class Comparing implements Sinks {
  readonly added: PathSink
  readonly modified: PathSink
  readonly removed: PathSink
  readonly #path: string[] = []
  #depth = 0

  constructor({ added, modified, removed }: Sinks) {
    this.added = added
    this.modified = modified
    this.removed = removed
  }

  compare(plan: Plan, before: unknown, after: unknown, ignored: FieldSet | undefined): void {
    if (before === after) return
    if (plan.kind === 'scalar' || plan.atomic || (isVoid(before) && isVoid(after))) {
      this.#leaf(before, after)
      return
    }
    if (plan.kind === 'list') {
      if (sameJson(before, after)) return
      this.#items(plan, listOf(before), listOf(after))
    } else this.#members(plan, objectOf(before), objectOf(after), ignored)
    if (before === undefined) this.added.add(this.#path, this.#depth)
    else if (after === undefined) this.removed.add(this.#path, this.#depth)
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined) {
      if (after !== undefined) this.added.add(this.#path, this.#depth)
    } else if (after === undefined) this.removed.add(this.#path, this.#depth)
    else if (!sameJson(before, after)) this.modified.add(this.#path, this.#depth)
  }

  #members(plan: Plan, before: Json, after: Json, ignored: FieldSet | undefined): void {
    for (const name in after) {
      const value = after[name]
      const old = Object.hasOwn(before, name) ? before[name] : undefined
      if (old === value) continue
      this.#member(plan, name, old, value, ignored)
    }
    for (const name in before) {
      if (!Object.hasOwn(after, name)) this.#member(plan, name, before[name], undefined, ignored)
    }
  }

  #member(
    plan: Plan, name: string, before: unknown, after: unknown, ignored: FieldSet | undefined,
  ): void {
    const member = plan.members?.get(name)
    const of = plan.of ?? member?.of
    if (of === undefined || (before === null && after === null)) return
    const element = member?.element ?? `f:${name}`
    const below = ignored?.children.get(element)
    if (below?.here) return
    this.#path[this.#depth++] = element
    this.compare(of, before, after, below)
    this.#depth--
  }

  #items(plan: Plan, before: readonly unknown[], after: readonly unknown[]): void {
    const now = itemsByElement(plan, after)
    if (before.length === 0) {
      for (const [element, items] of now) this.#item(plan.of!, element, before, items)
      return
    }
    const old = itemsByElement(plan, before)
    for (const [element, items] of old) this.#item(plan.of!, element, items, now.get(element) ?? [])
    for (const [element, items] of now) {
      if (!old.has(element)) this.#item(plan.of!, element, [], items)
    }
  }

  /** Items that share an element are compared as one leaf. */
  #item(
    of: Plan, element: string, before: readonly unknown[], after: readonly unknown[],
  ): void {
    this.#path[this.#depth++] = element
    if (before.length <= 1 && after.length <= 1) this.compare(of, before[0], after[0], undefined)
    else if (before.length >= 2 && after.length >= 2) {
      if (!sameJson(before, after)) this.modified.add(this.#path, this.#depth)
    } else if (before.length >= 2) {
      if (after.length > 0) this.compare(of, undefined, after[0], undefined)
      this.removed.add(this.#path, this.#depth)
    } else {
      if (before.length > 0) this.compare(of, before[0], undefined, undefined)
      this.added.add(this.#path, this.#depth)
    }
    this.#depth--
  }
}

/** Absent, null, or without members: what is so on both sides is a leaf. */
function isVoid(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value) return false
  return true
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const objectOf = (value: unknown): Json =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {})

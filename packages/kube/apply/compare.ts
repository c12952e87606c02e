import { jsonEqual } from '../json-equal.ts'
import { itemsByElement } from './element.ts'
import { FieldCollector, type FieldSet } from './fields.ts'
import type { Plan } from './plan.ts'

/** No field stands in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

type Json = Record<string, unknown>

/**
 * Which fields differ, where an absent member and null are two things. A struct or list that
 * appears or vanishes is itself added or removed beside its fields. Fields below `ignored` are
 * passed over.
 */
export function compareObjects(
  plan: Plan, before: unknown, after: unknown, ignored: FieldSet,
): Comparison {
  const state = new Comparing()
  state.compare(plan, before, after, ignored)
  return state
}

class Comparing implements Comparison {
  readonly added = new FieldCollector()
  readonly modified = new FieldCollector()
  readonly removed = new FieldCollector()
  readonly #path: string[] = []
  #depth = 0

  compare(plan: Plan, before: unknown, after: unknown, ignored: FieldSet | undefined): void {
    if (before === after) return
    if (plan.kind === 'scalar' || plan.atomic || (isVoid(before) && isVoid(after))) {
      this.#leaf(before, after)
      return
    }
    if (plan.kind === 'list') {
      if (jsonEqual(before, after)) return
      this.#items(plan, listOf(before), listOf(after))
    } else this.#members(plan, objectOf(before), objectOf(after), ignored)
    if (before === undefined) this.added.add(this.#path, this.#depth)
    else if (after === undefined) this.removed.add(this.#path, this.#depth)
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined) {
      if (after !== undefined) this.added.add(this.#path, this.#depth)
    } else if (after === undefined) this.removed.add(this.#path, this.#depth)
    else if (!jsonEqual(before, after)) this.modified.add(this.#path, this.#depth)
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
    const of = plan.of ?? plan.fields?.get(name)
    if (of === undefined || (before === null && after === null)) return
    const element = plan.elements?.get(name) ?? `f:${name}`
    const below = ignored?.children.get(element)
    if (below?.here) return
    this.#path[this.#depth++] = element
    this.compare(of, before, after, below)
    this.#depth--
  }

  #items(plan: Plan, before: readonly unknown[], after: readonly unknown[]): void {
    const old = itemsByElement(plan, before)
    const now = itemsByElement(plan, after)
    for (const [element, items] of old) this.#item(plan.of!, element, items, now.get(element) ?? [])
    for (const [element, items] of now) {
      if (!old.has(element)) this.#item(plan.of!, element, [], items)
    }
  }

  /** Items that share an element are compared as one leaf. */
  #item(of: Plan, element: string, before: unknown[], after: unknown[]): void {
    this.#path[this.#depth++] = element
    if (before.length <= 1 && after.length <= 1) this.compare(of, before[0], after[0], undefined)
    else if (before.length >= 2 && after.length >= 2) {
      if (!jsonEqual(before, after)) this.modified.add(this.#path, this.#depth)
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

import { elementOf, itemsByElement } from './element.ts'
import type { FieldSet } from './fields.ts'
import type { Plan } from './plan.ts'

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Live and configuration put together: what the configuration gives replaces, maps and keyed lists
 * merge, sets unite. Undefined when nothing is left. The result shares nothing with either.
 */
export function merged(plan: Plan, live: unknown, config: unknown): unknown {
  if (plan.atomic || (isVoid(live) && isVoid(config))) {
    return copy(config === undefined ? live : config)
  }
  if (plan.kind === 'list') {
    const items = mergedItems(plan, listOf(live), listOf(config))
    return items.length === 0 ? undefined : items
  }
  const left = isObject(live) ? live : {}
  const right = isObject(config) ? config : {}
  const target: Json = {}
  for (const name of Object.keys(left)) mergeMember(plan, target, name, left, right)
  for (const name of Object.keys(right)) {
    if (!Object.hasOwn(left, name)) mergeMember(plan, target, name, left, right)
  }
  return Object.keys(target).length === 0 ? undefined : target
}

function mergeMember(plan: Plan, target: Json, name: string, left: Json, right: Json): void {
  const of = plan.of ?? plan.fields?.get(name)
  if (of === undefined) return
  const own = (from: Json): unknown => (Object.hasOwn(from, name) ? from[name] : undefined)
  const value = merged(of, own(left), own(right))
  if (value !== undefined) setOwn(target, name, value)
}

/**
 * The configuration's order holds among its items; a live-only item keeps its place before the
 * shared item that follows it.
 */
function mergedItems(
  plan: Plan, live: readonly unknown[], config: readonly unknown[],
): unknown[] {
  const configItems = new Map(config.map((item) => [elementOf(plan, item), item]))
  const liveItems = itemsByElement(plan, live)
  const left = live.map((item) => [elementOf(plan, item), item] as const)
  const right = [...configItems.keys()]
  const shared = right.filter((element) => liveItems.has(element))
  const done = new Set<string>()
  const out: unknown[] = []
  const push = (value: unknown): void => {
    if (value !== undefined) out.push(value)
  }
  const takeRight = (element: string): void => {
    const same = liveItems.get(element)
    push(merged(plan.of!, same?.length === 1 ? same[0] : undefined, configItems.get(element)))
    done.add(element)
    if (shared[0] === element) shared.shift()
  }
  let at = 0, next = 0
  while (at < left.length || next < right.length) {
    const [element, item] = left[at] ?? []
    if (element !== undefined && next < right.length) {
      if (element === right[next]) {
        takeRight(right[next++]!)
        at++
        continue
      }
      if (configItems.has(element) && shared.length > 0 && shared[0] !== element) {
        at++
        continue
      }
    }
    if (element !== undefined) {
      if (!configItems.has(element)) {
        push(merged(plan.of!, item, undefined))
        at++
        continue
      }
      if (done.has(element)) at++
    }
    if (next < right.length) takeRight(right[next++]!)
  }
  return out
}

/** The value without the places in `gone`; undefined when nothing is left. Shares parts. */
export function removed(plan: Plan, value: unknown, gone: FieldSet): unknown {
  if (plan.kind === 'scalar') return value
  if (plan.atomic || isVoid(value)) return undefined
  if (plan.kind === 'list') {
    if (!Array.isArray(value)) return undefined
    const kept: unknown[] = []
    for (const item of value) {
      const below = gone.children.get(elementOf(plan, item))
      if (below?.here) continue
      const rest = below === undefined ? item : removed(plan.of!, item, below)
      if (rest !== undefined) kept.push(rest)
    }
    return kept.length === 0 ? undefined : kept
  }
  if (!isObject(value)) return undefined
  const kept: Json = {}
  for (const name of Object.keys(value)) {
    const below = gone.children.get(`f:${name}`)
    if (below?.here) continue
    const of = plan.of ?? plan.fields?.get(name)
    const rest = below === undefined || of === undefined ? value[name]
      : removed(of, value[name], below) ?? null
    if (rest !== undefined) setOwn(kept, name, rest)
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (!isObject(value)) return value
  const target: Json = {}
  for (const name of Object.keys(value)) setOwn(target, name, copy(value[name]))
  return target
}

function setOwn(target: Json, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else {
    const descriptor = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(target, name, descriptor)
  }
}

function isVoid(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.keys(value).length === 0
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

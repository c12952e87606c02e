import { hasTypeMeta, jsonFields } from '../decode-plan.ts'
import type { AnyType, Field, MessageType, ScalarKind } from '../schema.ts'

/** How ownership sees a type. */
export interface Plan {
  readonly kind: 'scalar' | 'struct' | 'map' | 'list'
  /** The whole is one leaf; scalars always are. */
  readonly atomic: boolean
  readonly scalar?: ScalarKind
  /** Of a struct, by JSON name. */
  readonly fields?: ReadonlyMap<string, Plan>
  /** The same with their path elements, which are made once. */
  readonly members?: ReadonlyMap<string, Member>
  /** Element of a map or list. */
  readonly of?: Plan
  /** Of a keyed list; absent for sets and atomic lists. Sorted by name. */
  readonly keys?: readonly Key[]
  /** Of a list with one key: path elements by the key's value, those that were made lately. */
  readonly known?: Map<string, string>
}

export interface Member {
  readonly element: string
  readonly of: Plan
}

export interface Key {
  readonly name: string
  /** Undefined when an element must give the key itself. */
  readonly preset: unknown
}

const plans = new WeakMap<MessageType<unknown>, Plan>()

export function planOf(type: MessageType<unknown>): Plan {
  let plan = plans.get(type)
  if (plan === undefined) {
    plan = structPlan(type)
    plans.set(type, plan)
  }
  return plan
}

function structPlan(type: MessageType<unknown>): Plan {
  const fields = new Map<string, Plan>()
  if (hasTypeMeta(type)) {
    fields.set('apiVersion', scalarPlan('string'))
    fields.set('kind', scalarPlan('string'))
  }
  for (const [name, field] of jsonFields(type)) fields.set(name, fieldPlan(field))
  const members = new Map([...fields].map(([name, of]) => [name, { element: `f:${name}`, of }]))
  return { kind: 'struct', atomic: type.atomic, fields, members }
}

const scalarPlan = (scalar: ScalarKind): Plan => ({ kind: 'scalar', atomic: true, scalar })

function fieldPlan(field: Field): Plan {
  const { type } = field
  if (type.kind === 'list') {
    const of = typePlan(type.of)
    if (field.list === 'set') return { kind: 'list', atomic: false, of }
    if (field.list === 'map' && type.of.kind === 'message') {
      const keys = keysOf(type.of, field.keys ?? [])
      const known = keys.length === 1 ? { known: new Map<string, string>() } : {}
      return { kind: 'list', atomic: false, of, keys, ...known }
    }
    return { kind: 'list', atomic: true, of }
  }
  if (type.kind === 'map') {
    return { kind: 'map', atomic: field.map === 'atomic', of: typePlan(type.of) }
  }
  const plan = typePlan(type)
  return field.map === 'atomic' ? { ...plan, atomic: true } : plan
}

function typePlan(type: AnyType): Plan {
  switch (type.kind) {
    case 'list': return { kind: 'list', atomic: true, of: typePlan(type.of) }
    case 'map': return { kind: 'map', atomic: false, of: typePlan(type.of) }
    case 'message': return planOf(type)
    default: return scalarPlan(type.kind)
  }
}

function keysOf(type: MessageType<unknown>, names: readonly string[]): Key[] {
  const fields = new Map(jsonFields(type))
  return [...names].sort().map((name) => ({ name, preset: presetOf(fields.get(name)) }))
}

function presetOf(field: Field | undefined): unknown {
  if (field === undefined || field.pointer) return undefined
  if (field.default !== undefined) return field.default
  if (!field.always) return undefined
  return field.type.kind === 'string' ? '' : field.type.kind === 'bool' ? false : 0
}

import type { AnyType, Field, MessageType } from './schema.ts'

/** What the reader does with a value, one small number so that a `switch` is a jump. */
export const code = {
  string: 0, bool: 1, int32: 2, int64: 3, double: 4, bytes: 5, time: 6, microTime: 7,
  quantity: 8, intOrString: 9, raw: 10, fieldsV1: 11, list: 12, map: 13, message: 14,
} as const
export type Code = (typeof code)[keyof typeof code]

/** A type made ready for the reader. */
export interface ValuePlan {
  readonly code: Code
  /** Element of a list or value of a map. */
  readonly of: ValuePlan | undefined
  readonly message: MessageType<unknown> | undefined
  /** Of `message`, made at first use: kinds may refer to themselves, most are never used. */
  plan: MessagePlan | undefined
}

export interface FieldPlan extends ValuePlan {
  readonly name: string
  /** A zero value is left out. */
  readonly omitZero: boolean
  /** A mandatory field that is null when unset. */
  readonly nullable: boolean
  /** Of a field that must stand in the result: its bit in `MessagePlan.mandatory`; else 0. */
  readonly bit: number
}

export interface MessagePlan {
  readonly type: MessageType<unknown>
  /** By JSON name, fields of inline messages included. */
  readonly fields: ReadonlyMap<string, FieldPlan>
  readonly mandatory: number
  readonly mandatoryFields: readonly FieldPlan[]
}

const plans = new WeakMap<MessageType<unknown>, MessagePlan>()

export function messagePlan(type: MessageType<unknown>): MessagePlan {
  let plan = plans.get(type)
  if (plan === undefined) {
    plan = compile(type)
    plans.set(type, plan)
  }
  return plan
}

function compile(type: MessageType<unknown>): MessagePlan {
  const fields = new Map<string, FieldPlan>()
  const mandatoryFields: FieldPlan[] = []
  for (const [name, field] of jsonFields(type)) {
    const bit = isMandatory(field) ? 1 << mandatoryFields.length : 0
    const plan: FieldPlan = {
      ...valuePlan(field.type), name, bit,
      omitZero: !field.always && field.pointer !== true && bit === 0,
      nullable: field.pointer === true,
    }
    fields.set(name, plan)
    if (bit !== 0) mandatoryFields.push(plan)
  }
  if (hasTypeMeta(type)) {
    for (const name of ['kind', 'apiVersion']) {
      if (!fields.has(name)) {
        fields.set(name, {
          code: code.string, of: undefined, message: undefined, plan: undefined, name, bit: 0,
          omitZero: true, nullable: false,
        })
      }
    }
  }
  if (mandatoryFields.length > 30) throw new RangeError(`${type.name}: too many mandatory fields`)
  return { type, fields, mandatory: (1 << mandatoryFields.length) - 1, mandatoryFields }
}

const unset = { message: undefined, plan: undefined } as const

/** The plan of a value whose code is `message`. */
export function innerPlan(value: ValuePlan): MessagePlan {
  return value.plan ??= messagePlan(value.message!)
}

function valuePlan(type: AnyType): ValuePlan {
  switch (type.kind) {
    case 'list':
    case 'map': return { code: code[type.kind], of: valuePlan(type.of), ...unset }
    case 'message': return { code: code.message, of: undefined, message: type, plan: undefined }
    default: return { code: code[type.kind], of: undefined, ...unset }
  }
}

/** Go prints these even when they are zero. */
function isMandatory(field: Field): boolean {
  if (field.always) return true
  return field.pointer !== true && (field.type.kind === 'message' || field.type.kind === 'quantity')
}

/** The fields that stand in a message's JSON: inline messages are replaced by their fields. */
export function* jsonFields(type: MessageType<unknown>): Generator<[string, Field]> {
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.inline && field.type.kind === 'message') yield* jsonFields(field.type)
    else yield [name, field]
  }
}

const templates = /\.(PodTemplateSpec|JobTemplateSpec|PersistentVolumeClaimTemplate)$/

/** Whether `kind` and `apiVersion` may stand in the message beside its own fields. */
export function hasTypeMeta(type: MessageType<unknown>): boolean {
  if (type.name.endsWith('.v1.DeleteOptions')) return true
  const metadata = type.fields['metadata']
  return metadata !== undefined && metadata.type.kind === 'message'
    && /\.meta\.v1\.(Object|List)Meta$/.test(metadata.type.name) && !templates.test(type.name)
}

/** `Pod` of `io.k8s.api.core.v1.Pod`. */
export function shortName(type: MessageType<unknown>): string {
  return type.name.slice(type.name.lastIndexOf('.') + 1)
}

/** How Go names the type in its error texts. */
export function goTypeName(plan: ValuePlan): string {
  switch (plan.code) {
    case code.list: return `[]${goTypeName(plan.of!)}`
    case code.map: return `map[string]${goTypeName(plan.of!)}`
    case code.message: return plan.message!.name.split('.').slice(-2).join('.')
    case code.bool: return 'bool'
    case code.int32:
    case code.intOrString: return 'int32'
    case code.int64: return 'int64'
    case code.double: return 'float64'
    case code.bytes: return '[]uint8'
    case code.quantity: return 'resource.Quantity'
    default: return 'string'
  }
}

import {
  type FieldPlan, type MessagePlan, type ValuePlan, code, goTypeName, innerPlan,
  messagePlan, shortName,
} from './decode-plan.ts'
import { plainQuantity, readBase64, readMicroTime, readTime } from './decode-scalar.ts'
import { measure } from './json-text.ts'
import { limits } from './limits.ts'
import { canonicalQuantity } from './quantity.ts'
import type { MessageType } from './schema.ts'
import { StatusError } from './status.ts'

type Json = Record<string, unknown>
/** A field's name, a list index, or the key of a map in an object of its own. */
type Step = string | number | { readonly key: string }

/** One pass over one body, which it changes in place, copying only what must lose a member. */
export interface Reading {
  readonly schema: MessageType<unknown>
  /** Whether unknown fields are wanted. */
  readonly report: boolean
  readonly findings: string[]
  /** Members seen, also inside what was dropped; compared with the text's to find duplicates. */
  names: number
  /** Where the reader is: the first `depth` steps, and the message that holds the field. */
  readonly path: Step[]
  depth: number
  plan: MessagePlan
}

export function startReading(schema: MessageType<unknown>, report: boolean): Reading {
  return {
    schema, report, findings: [], names: 0, path: [], depth: 0, plan: messagePlan(schema),
  }
}

export function readRoot(at: Reading, json: unknown): unknown {
  if (json === null || json === undefined) return completed(at.plan, {}, 0)
  if (typeof json !== 'object' || Array.isArray(json)) {
    throw unrecognized(at.schema,
      `json parse error: json: cannot unmarshal ${jsonType(json)} into Go value of type struct`)
  }
  return readMessage(at, at.plan, json as Json)
}

function readMessage(at: Reading, plan: MessagePlan, source: Json): Json {
  const outer = at.plan
  const depth = at.depth++
  at.plan = plan
  let seen = 0
  let dropped = false
  for (const name in source) {
    at.names++
    const field = plan.fields.get(name)
    const value = source[name]
    if (field === undefined) {
      at.path[depth] = name
      noteUnknown(at, value)
      dropped = true
      if (name !== '__proto__') source[name] = undefined
      continue
    }
    if (field.code === code.string && typeof value === 'string' && value !== '') {
      seen |= field.bit
      continue
    }
    if (value === true && field.code === code.bool) {
      seen |= field.bit
      continue
    }
    at.path[depth] = name
    const read = value === null || value === undefined ? null : readValue(at, field, value)
    if (read === null || leftOut(field, read)) {
      dropped = true
      source[name] = undefined
      continue
    }
    seen |= field.bit
    if (read !== value) source[name] = read
  }
  at.depth = depth
  at.plan = outer
  const target = dropped ? withoutUndefined(source, plan) : source
  return seen === plan.mandatory ? target : completed(plan, target, seen)
}

/** The canonical form of a value that is not null; null is the zero time. */
function readValue(at: Reading, of: ValuePlan, value: unknown): unknown {
  switch (of.code) {
    case code.string:
      if (typeof value === 'string') return value
      throw wrongType(at, of, value)
    case code.message: return readMessage(at, innerPlan(of), asObject(at, of, value))
    case code.list:
      if (!Array.isArray(value)) throw wrongType(at, of, value)
      readList(at, of.of!, value)
      return value
    case code.map: {
      const members = asObject(at, of, value)
      readMap(at, of.of!, members)
      return members
    }
    case code.bool:
      if (typeof value === 'boolean') return value
      throw wrongType(at, of, value)
    case code.int32:
    case code.int64:
    case code.double:
      if (isNumber(of.code, value)) return value
      throw wrongType(at, of, value)
    default: return readSpecial(at, of, value)
  }
}

function readList(at: Reading, of: ValuePlan, values: unknown[]): void {
  const depth = at.depth++
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (of.code === code.string && typeof value === 'string') continue
    at.path[depth] = index
    const read = value === null ? zeroOf(of) : readValue(at, of, value)
    if (read !== value) values[index] = read
  }
  at.depth = depth
}

function readMap(at: Reading, of: ValuePlan, members: Json): void {
  const depth = at.depth++
  for (const key in members) {
    at.names++
    const value = members[key]
    if (of.code === code.string && typeof value === 'string') continue
    at.path[depth] = { key }
    const read = value === null || value === undefined ? zeroOf(of) : readValue(at, of, value)
    if (read !== value) setMember(members, key, read)
  }
  at.depth = depth
}

function readSpecial(at: Reading, of: ValuePlan, value: unknown): unknown {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (of.code) {
    case code.quantity: return readQuantity(at, value)
    case code.raw:
    case code.fieldsV1: return readRaw(at, value)
    case code.intOrString:
      if (typeof value === 'string' || isNumber(code.int32, value)) return value
      throw wrongType(at, of, value)
  }
  if (typeof value !== 'string') throw wrongType(at, of, value)
  switch (of.code) {
    case code.bytes: return readBase64(value) ?? invalid(at, 'illegal base64 data')
    case code.microTime: {
      const read = readMicroTime(value)
      return read === undefined ? badTime(at, value, '2006-01-02T15:04:05.000000Z07:00') : read
    }
    default: {
      const read = readTime(value)
      return read === undefined ? badTime(at, value, '2006-01-02T15:04:05Z07:00') : read
    }
  }
}

function badTime(at: Reading, value: string, layout: string): never {
  const shown = JSON.stringify(value.slice(0, limits.decodeQuotedMax))
  return invalid(at, `parsing time ${shown} as "${layout}": cannot parse ${shown}`)
}

function readQuantity(at: Reading, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string') {
    if (plainQuantity.test(text)) return text
    const canonical = canonicalQuantity(text)
    if (canonical !== undefined) return canonical
  }
  return invalid(at, 'quantities must match the regular expression '
    + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
}

function readRaw(at: Reading, value: unknown): unknown {
  if (typeof value !== 'object') return value
  const measured = measure(value, limits.rawDepthMax)
  at.names += measured.names
  if (measured.depth > limits.rawDepthMax) invalid(at, 'exceeded max depth')
  return value
}

function noteUnknown(at: Reading, value: unknown): void {
  if (!at.report) return
  if (typeof value === 'object' && value !== null) at.names += measure(value, Infinity).names
  if (at.findings.length >= limits.decodeFindingsMax) return
  at.findings.push(`unknown field ${JSON.stringify(printedPath(at))}`)
}

function asObject(at: Reading, of: ValuePlan, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw wrongType(at, of, value)
}

function wrongType(at: Reading, of: ValuePlan, value: unknown): StatusError {
  const names = at.path.slice(0, at.depth).filter((step) => typeof step === 'string')
  return refusal(at, `json: cannot unmarshal ${jsonType(value)} into Go struct field `
    + `${shortName(at.plan.type)}.${names.join('.')} of type ${goTypeName(of)}`)
}

function invalid(at: Reading, why: string): never {
  throw refusal(at, `${why}: ${printedPath(at)}`)
}

function printedPath(at: Reading): string {
  let text = ''
  for (const step of at.path.slice(0, at.depth)) {
    if (typeof step === 'number') text += `[${step}]`
    else text += `${text === '' ? '' : '.'}${typeof step === 'string' ? step : step.key}`
  }
  return text
}

export function refusal(at: Reading, why: string): StatusError {
  const kind = shortName(at.schema)
  const version = at.schema.name.split('.').at(-2) ?? ''
  return new StatusError('BadRequest',
    `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`)
}

/** The refusal of a body that is not even an object. */
export function unrecognized(schema: MessageType<unknown>, why: string): StatusError {
  return new StatusError('BadRequest', 'the object provided is unrecognized (must be of type '
    + `${shortName(schema)}): couldn't get version/kind; ${why}`)
}

function isNumber(kind: number, value: unknown): value is number {
  if (typeof value !== 'number') return false
  if (kind === code.int32) return (value | 0) === value
  return kind === code.double ? Number.isFinite(value) : Number.isSafeInteger(value)
}

/**
 * Whether Go would leave the value out: it is zero, and so left out; or an empty slice or map that
 * always stands, which is stored as nil and printed as null.
 */
function leftOut(field: FieldPlan, value: unknown): boolean {
  switch (field.code) {
    case code.list: return (field.omitZero || field.bit !== 0) && (value as unknown[]).length === 0
    case code.map: {
      if (!field.omitZero && field.bit === 0) return false
      for (const _ in value as Json) return false
      return true
    }
    default: return field.omitZero && (value === '' || value === 0 || value === false)
  }
}

function zeroOf(of: ValuePlan): unknown {
  switch (of.code) {
    case code.string:
    case code.bytes: return ''
    case code.bool: return false
    case code.int32:
    case code.int64:
    case code.double:
    case code.intOrString: return 0
    case code.quantity: return '0'
    case code.message: return completed(innerPlan(of), {}, 0)
    default: return null
  }
}

/** Adds what always stands in the message and is not among the `seen` bits. */
function completed(plan: MessagePlan, target: Json, seen: number): Json {
  for (const field of plan.mandatoryFields) {
    if ((seen & field.bit) === 0) target[field.name] = field.nullable ? null : zeroOf(field)
  }
  return target
}

function withoutUndefined(source: Json, plan: MessagePlan): Json {
  const target: Json = {}
  for (const name in source) {
    const value = source[name]
    if (value !== undefined && plan.fields.has(name)) target[name] = value
  }
  return target
}

/** Assigns an own member whatever its name is. */
function setMember(target: Json, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else {
    const descriptor = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(target, name, descriptor)
  }
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'number' ? `number ${value}`.replace(/^number -?\d{1,15}$/, 'number')
    : typeof value
}

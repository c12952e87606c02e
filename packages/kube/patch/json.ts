import { sameJson } from '@slicewise/base'
import { limits } from '../limits.ts'
import { StatusError } from '../status.ts'
import { type JsonObject, checkDepth, isObject, memberOf, setMember } from './result.ts'

/** Operations as the client sent them; a missing or mistyped member fails when it is used. */
export interface JsonPatch {
  readonly operations: readonly JsonObject[]
  /** Members that an operation does not have. */
  readonly findings: readonly string[]
}

const members = ['op', 'path', 'from', 'value']

/** Throws `BadRequest` unless the patch is a list of objects, 413 when it is too long. */
export function readJsonPatch(patch: unknown): JsonPatch {
  if (!Array.isArray(patch)) throw undecodable(patch, '[]handlers.jsonPatchOp')
  if (patch.length > limits.jsonPatchOperationsMax) {
    throw new StatusError('RequestEntityTooLarge', 'The allowed maximum operations in a JSON patch '
      + `is ${limits.jsonPatchOperationsMax}, got ${patch.length}`)
  }
  checkDepth(patch)
  const findings: string[] = []
  for (const [index, operation] of patch.entries()) {
    if (!isObject(operation)) throw undecodable(operation, 'handlers.jsonPatchOp')
    for (const name of Object.keys(operation)) {
      if (members.includes(name) || findings.length >= limits.decodeFindingsMax) continue
      findings.push(`json patch unknown field ${JSON.stringify(`[${index}].${name}`)}`)
    }
  }
  return { operations: patch as JsonObject[], findings }
}

function undecodable(value: unknown, type: string): StatusError {
  const found = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  return new StatusError('BadRequest',
    `error decoding patch: json: cannot unmarshal ${found} into Go value of type ${type}`)
}

/**
 * RFC 6902 with the reference's liberties: `replace` of a missing member adds it, `copy` of a
 * missing member copies null, negative list indexes count from the end, whatever stands before the
 * first slash of a path is passed over. Owns and changes the document.
 *
 * Any operation that cannot be done throws `Invalid` with a text that says nothing, as there.
 */
export function applyJsonPatch(document: JsonObject, { operations }: JsonPatch): JsonObject {
  const state = { root: document as unknown, copied: 0, shifted: 0 }
  for (const operation of operations) apply(state, operation)
  if (!isObject(state.root)) throw inapplicable()
  return state.root
}

interface State {
  root: unknown
  /** Characters of all copied values together. */
  copied: number
  /** Elements of lists that additions and removals before them have moved. */
  shifted: number
}

function inapplicable(): StatusError {
  return new StatusError('Invalid',
    'the server rejected our request due to an error in our request', { details: {} })
}

function apply(state: State, operation: JsonObject): void {
  const path = pointer(operation['path'])
  const value = (): unknown => structuredClone(operation['value'] ?? null)
  switch (operation['op']) {
    case 'add': return add(state, find(state, path), value())
    case 'remove': return remove(state, find(state, path))
    case 'replace':
      if (path.length === 0) state.root = value()
      else replace(find(state, path), value())
      return
    case 'move': {
      const from = find(state, pointer(operation['from']))
      const moved = get(from)
      remove(state, from)
      return add(state, find(state, path), moved)
    }
    case 'copy': {
      const text = JSON.stringify(get(find(state, pointer(operation['from']))) ?? null)
      state.copied += text.length
      if (state.copied > limits.jsonPatchCopiedMax) throw inapplicable()
      return add(state, find(state, path), JSON.parse(text))
    }
    case 'test': {
      const found = path.length === 0 ? state.root : get(find(state, path))
      if (!sameJson(found ?? null, operation['value'] ?? null)) throw inapplicable()
      return
    }
    default: throw inapplicable()
  }
}

/** Where an operation acts: a member of an object, or an index of a list. */
type Place =
  | { readonly object: JsonObject; readonly name: string }
  | { readonly list: unknown[]; readonly index: string }

/** Unescaped steps; empty for the whole document. */
function pointer(path: unknown): string[] {
  if (typeof path !== 'string') throw inapplicable()
  return path.split('/').slice(1)
    .map((step) => step.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~')))
}

function find(state: State, path: readonly string[]): Place {
  const last = path.at(-1)
  if (last === undefined) throw inapplicable()
  let at = state.root
  for (const step of path.slice(0, -1)) at = get(placeIn(at, step))
  return placeIn(at, last)
}

function placeIn(value: unknown, step: string): Place {
  if (Array.isArray(value)) return { list: value, index: step }
  if (isObject(value)) return { object: value, name: step }
  throw inapplicable()
}

/** Throws unless the step is one of `0` to `end`, or counts back from `end`. */
function indexOf(step: string, end: number): number {
  if (!/^[+-]?\d{1,9}$/.test(step)) throw inapplicable()
  const index = Number(step) < 0 ? Number(step) + end : Number(step)
  if (index < 0 || index >= end) throw inapplicable()
  return index
}

function get(place: Place): unknown {
  if ('object' in place) return memberOf(place.object, place.name)
  return place.list[indexOf(place.index, place.list.length)]
}

function add(state: State, place: Place, value: unknown): void {
  if ('object' in place) setMember(place.object, place.name, value)
  else if (place.index === '-') place.list.push(value)
  else splice(state, place.list, indexOf(place.index, place.list.length + 1), 0, value)
}

function replace(place: Place, value: unknown): void {
  if ('object' in place) setMember(place.object, place.name, value)
  else place.list[indexOf(place.index, place.list.length)] = value
}

function remove(state: State, place: Place): void {
  if ('list' in place) splice(state, place.list, indexOf(place.index, place.list.length), 1)
  else if (Object.hasOwn(place.object, place.name)) delete place.object[place.name]
  else throw inapplicable()
}

function splice(
  state: State, list: unknown[], at: number, gone: number, ...added: unknown[]
): void {
  state.shifted += list.length - at
  if (state.shifted > limits.jsonPatchShiftedMax) throw inapplicable()
  list.splice(at, gone, ...added)
}

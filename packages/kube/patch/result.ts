import { type Decoded, type FieldValidation, decodeObject } from '../decode.ts'
import { measure } from '../json-text.ts'
import { limits } from '../limits.ts'
import type { MessageType } from '../schema.ts'
import { StatusError, cause, invalid } from '../status.ts'

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Assigns an own member whatever its name is. */
export function setMember(target: JsonObject, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else {
    const descriptor = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(target, name, descriptor)
  }
}

/** An own member, never one of the prototype. */
export const memberOf = (target: JsonObject, name: string): unknown =>
  (Object.hasOwn(target, name) ? target[name] : undefined)

/** The patch as an object; throws `BadRequest` for anything else and for hostile nesting. */
export function patchObject(patch: unknown): JsonObject {
  if (patch === null) throw new StatusError('BadRequest', 'Invalid JSON Patch')
  if (!isObject(patch)) {
    throw new StatusError('BadRequest', 'error decoding patch: json: cannot unmarshal '
      + `${Array.isArray(patch) ? 'array' : typeof patch} into Go value of type `
      + 'map[string]interface {}')
  }
  checkDepth(patch)
  return patch
}

export function checkDepth(patch: unknown): void {
  if (measure(patch, limits.rawDepthMax).depth > limits.rawDepthMax) {
    throw new StatusError('BadRequest', 'error decoding patch: exceeded max depth')
  }
}

/**
 * Reads a patched object, which it owns, as `decodeObject` does; but what cannot be read, and every
 * finding under Strict, is an `Invalid` with the single cause `patch`. `findings` are those of the
 * patch itself.
 */
export function decodePatched<T>(
  schema: MessageType<T>, patched: unknown, mode: FieldValidation, findings: readonly string[] = [],
): Decoded<T> {
  let decoded: Decoded<T>
  try {
    decoded = decodeObject(schema, patched, mode === 'Strict' ? 'Warn' : mode)
  } catch (error) {
    throw error instanceof StatusError ? invalidPatch(error.message) : error
  }
  if (mode === 'Ignore') return decoded
  const all = [...findings, ...decoded.findings.filter((one) => !findings.includes(one))]
  if (mode === 'Strict' && all.length > 0) {
    throw invalidPatch(`strict decoding error: ${all.join(', ')}`)
  }
  return { value: decoded.value, findings: all }
}

function invalidPatch(why: string): StatusError {
  const { message, details } = invalid('', '', '', [cause.invalid('patch', '', why)])
  return new StatusError('Invalid', message, details === undefined ? {} : { details })
}

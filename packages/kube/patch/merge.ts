import { type JsonObject, isObject, memberOf, patchObject, setMember } from './result.ts'

/**
 * JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. Owns and
 * changes both values. Throws `BadRequest` unless the patch is an object.
 */
export function mergePatch(document: JsonObject, patch: unknown): JsonObject {
  merge(document, patchObject(patch))
  return document
}

function merge(document: JsonObject, patch: JsonObject): void {
  for (const name of Object.keys(patch)) {
    const value = memberOf(patch, name)
    const current = memberOf(document, name)
    if (value === null) delete document[name]
    else if (isObject(value) && isObject(current)) merge(current, value)
    else setMember(document, name, withoutNulls(value))
  }
}

/** Objects lose null members at any depth; in lists a null stays. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) for (const item of value) withoutNulls(item)
  else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      if (value[name] === null) delete value[name]
      else withoutNulls(value[name])
    }
  }
  return value
}

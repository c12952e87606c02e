import { jsonFields } from '../decode-plan.ts'
import type { Field, MessageType } from '../schema.ts'
import { StatusError } from '../status.ts'
import { withoutNulls } from './merge.ts'
import { type JsonObject, isObject, memberOf, patchObject, setMember } from './result.ts'

const directive = '$patch'
const retainKeys = '$retainKeys'
const deletePrefix = '$deleteFromPrimitiveList/'
const orderPrefix = '$setElementOrder/'

/** Of a message; undefined inside maps and free-form values, where nothing merges by key. */
type Schema = MessageType<unknown> | undefined

/**
 * Strategic merge patch: as a merge patch, but lists with a merge key merge by it, merged lists of
 * scalars are united, and the `$` directives hold. Owns and changes both values.
 *
 * Throws `BadRequest` for a patch that is no object or a directive of the wrong form, `Invalid` for
 * an element without its merge key (there an internal error).
 */
export function strategicMergePatch(
  schema: MessageType<unknown>, document: JsonObject, patch: unknown,
): JsonObject {
  return mergeObject(schema, document, patchObject(patch))
}

function mergeObject(schema: Schema, original: JsonObject, patch: JsonObject): JsonObject {
  const mark = memberOf(patch, directive)
  if (mark === 'delete') return {}
  if (mark !== undefined) {
    if (mark !== 'replace') throw unknownDirective(mark)
    delete patch[directive]
    return patch
  }
  applyRetainKeys(original, patch)
  for (const name of Object.keys(patch)) {
    if (name.startsWith(orderPrefix)) mergeOrdered(schema, original, patch, name)
  }
  for (const name of Object.keys(patch)) mergeMember(schema, original, patch, name)
  return original
}

function unknownDirective(mark: unknown): StatusError {
  return new StatusError('BadRequest', `unknown patch type found: ${JSON.stringify(mark)}`)
}

function applyRetainKeys(original: JsonObject, patch: JsonObject): void {
  const kept = memberOf(patch, retainKeys)
  if (kept === undefined) return
  delete patch[retainKeys]
  const wrong = new StatusError('BadRequest', 'invalid patch format of retainKeys')
  if (!Array.isArray(kept)) throw wrong
  for (const name of Object.keys(patch)) {
    const plain = patch[name] !== null && !name.startsWith(deletePrefix)
      && !name.startsWith(orderPrefix)
    if (plain && !kept.includes(name)) throw wrong
  }
  for (const name of Object.keys(original)) if (!kept.includes(name)) delete original[name]
}

function mergeMember(schema: Schema, original: JsonObject, patch: JsonObject, given: string): void {
  const deleting = given.startsWith(deletePrefix)
  const name = deleting ? given.slice(deletePrefix.length) : given
  const value = memberOf(patch, given)
  if (value === null) {
    delete original[name]
    return
  }
  const current = memberOf(original, name)
  if (deleting) {
    if (Array.isArray(current) && Array.isArray(value)) {
      const gone = new Set(value)
      original[name] = current.filter((item) => !gone.has(item))
    }
  } else if (isObject(current) && isObject(value)) {
    const field = fieldOf(schema, name)
    setMember(original, name,
      field?.replace ? value : mergeObject(innerSchema(field), current, value))
  } else if (Array.isArray(current) && Array.isArray(value)) {
    original[name] = mergeList(fieldOf(schema, name), name, current, value)
  } else {
    const added = withoutDirectives(withoutNulls(value))
    if (added === undefined) delete original[name]
    else setMember(original, name, added)
  }
}

function fieldOf(schema: Schema, name: string): Field | undefined {
  if (schema === undefined) return undefined
  const own = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined
  if (own !== undefined && !own.inline) return own
  for (const [inner, field] of jsonFields(schema)) if (inner === name) return field
  return undefined
}

/** The message that a field's value, or each element of it, is. */
function innerSchema(field: Field | undefined): Schema {
  const type = field?.type.kind === 'list' ? field.type.of : field?.type
  return type?.kind === 'message' ? type : undefined
}

/** The value without what is marked `$patch`; undefined when it is marked itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives).filter((item) => item !== undefined)
  }
  if (!isObject(value)) return value
  if (Object.hasOwn(value, directive)) return undefined
  for (const name of Object.keys(value)) {
    const kept = withoutDirectives(memberOf(value, name))
    if (kept === undefined) delete value[name]
    else setMember(value, name, kept)
  }
  return value
}

function mergeList(
  field: Field | undefined, name: string, original: unknown[], patch: unknown[],
): unknown[] {
  if (!field?.merge) return patch
  if (original.length === 0 && patch.length === 0) return original
  const objects = isObject(original[0] ?? patch[0])
  for (const item of [...original, ...patch]) {
    if (isObject(item) !== objects || Array.isArray(item)) {
      throw new StatusError('Invalid', `${name}: list element types are not identical`)
    }
  }
  if (!objects) return inOrder([...new Set([...original, ...patch])], patch, original, undefined)
  if (field.mergeKey === undefined) {
    throw new StatusError('Invalid', `${name}: cannot merge lists without merge key`)
  }
  return mergeObjects(field, name, original as JsonObject[], patch as JsonObject[])
}

function mergeObjects(
  field: Field, name: string, original: JsonObject[], patch: JsonObject[],
): unknown[] {
  const key = field.mergeKey!
  const keyOf = (item: JsonObject): unknown => mergeKeyOf(item, key, name)
  const plain = patch.filter((item) => !Object.hasOwn(item, directive))
  const gone = new Set<unknown>()
  let replaced = false
  for (const item of patch) {
    const mark = memberOf(item, directive)
    if (mark === 'delete') gone.add(keyOf(item))
    else if (mark === 'replace') replaced = true
    else if (mark !== undefined) throw unknownDirective(mark)
  }
  if (replaced) return plain
  const kept = original.filter((item) => !gone.has(memberOf(item, key)))
  const merged = [...kept]
  const places = new Map<unknown, number>()
  for (const [at, item] of kept.entries()) if (!places.has(keyOf(item))) places.set(keyOf(item), at)
  for (const item of plain) {
    const place = places.get(keyOf(item))
    if (place === undefined) {
      places.set(keyOf(item), merged.length)
      merged.push(item)
    } else merged[place] = mergeObject(innerSchema(field), merged[place]!, item)
  }
  return inOrder(merged, plain, kept, key)
}

function mergeKeyOf(item: JsonObject, key: string, name: string): unknown {
  const value = memberOf(item, key)
  if (value !== undefined) return value
  throw new StatusError('Invalid',
    `${name}: map: ${JSON.stringify(item).slice(0, 200)} does not contain declared merge key: `
      + key)
}

/**
 * `items` in their final order: those in `first` stand as there; the others keep their order in
 * `live`, each before the first of `first` that it precedes in `live`.
 */
function inOrder(
  items: readonly unknown[], first: readonly unknown[], live: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const keyOf = (item: unknown): unknown =>
    (key !== undefined && isObject(item) ? memberOf(item, key) : item)
  const firstPlaces = places(first, keyOf)
  const livePlaces = places(live, keyOf)
  const by = (order: ReadonlyMap<unknown, number>) => (a: unknown, b: unknown): number =>
    (order.get(keyOf(a)) ?? Infinity) - (order.get(keyOf(b)) ?? Infinity) || 0
  const chosen = items.filter((item) => firstPlaces.has(keyOf(item))).sort(by(firstPlaces))
  const others = items.filter((item) => !firstPlaces.has(keyOf(item))).sort(by(livePlaces))
  const ordered: unknown[] = []
  let other = 0
  for (const item of chosen) {
    const place = livePlaces.get(keyOf(item))
    while (place !== undefined && other < others.length) {
      const otherPlace = livePlaces.get(keyOf(others[other]))
      if (otherPlace === undefined || otherPlace >= place) break
      ordered.push(others[other++])
    }
    ordered.push(item)
  }
  for (; other < others.length; other++) ordered.push(others[other])
  return ordered
}

function places(
  items: readonly unknown[], keyOf: (item: unknown) => unknown,
): ReadonlyMap<unknown, number> {
  const found = new Map<unknown, number>()
  for (const [at, item] of items.entries()) if (!found.has(keyOf(item))) found.set(keyOf(item), at)
  return found
}

/** A list that comes with `$setElementOrder`; both members are taken out of the patch. */
function mergeOrdered(
  schema: Schema, original: JsonObject, patch: JsonObject, orderName: string,
): void {
  const name = orderName.slice(orderPrefix.length)
  const wrong = (why: string): StatusError =>
    new StatusError('BadRequest', `invalid patch format of setElementOrder list: ${name}${why}`)
  const order = memberOf(patch, orderName)
  const current = memberOf(original, name)
  const given = memberOf(patch, name)
  delete patch[orderName]
  if (!Array.isArray(order)) throw wrong('')
  if ((current ?? null) !== null && !Array.isArray(current)) throw wrong('')
  if (given !== undefined && !Array.isArray(given)) throw wrong('')
  const field = fieldOf(schema, name)
  const key = field?.merge ? field.mergeKey : undefined
  if (given !== undefined) checkOrder(given, order, key, name)
  delete patch[name]
  if (!Array.isArray(current) && given === undefined) return
  const merged = Array.isArray(current)
    ? given === undefined ? current : mergeList(field, name, current, given)
    : withoutDirectives(withoutNulls(given)) as unknown[]
  original[name] = inOrder(merged, order, Array.isArray(current) ? current : [], key)
}

/** The elements of the patch must stand in `order`, and in the same order. */
function checkOrder(
  given: readonly unknown[], order: readonly unknown[], key: string | undefined, name: string,
): void {
  if (given.length === 0 || order.length === 0) return
  const keyOf = (item: unknown): unknown => {
    if (key === undefined) return item
    return isObject(item) ? mergeKeyOf(item, key, name) : undefined
  }
  let at = 0
  for (const item of given) {
    if (isObject(item) && Object.hasOwn(item, directive)) continue
    while (at < order.length && keyOf(order[at]) !== keyOf(item)) at++
    if (at++ >= order.length) {
      throw new StatusError('Invalid',
        `${name}: the order in the patch does not match $setElementOrder`)
    }
  }
}

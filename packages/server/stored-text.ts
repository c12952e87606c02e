import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '@slicewise/kube'
import { limits } from './limits.ts'

/**
 * The text of a stored object. Half of it are sets of field names (`fieldsV1`), and thousands of
 * objects have the same few; so these are neither parsed nor written again when they are known.
 * Objects that are read share them: like all that is stored they are never changed.
 */

type Fields = NonNullable<ManagedFieldsEntry['fieldsV1']>

interface KnownSet {
  readonly text: string
  readonly fields: Fields
}

/** Known sets, the newest first. */
const known: KnownSet[] = []
const texts = new WeakMap<object, string>()

const storedHead = '{"metadata":'
const listMark = ',"managedFields":['
const setMark = ',"fieldsV1":{'

/** `{"metadata":{` first, without kind, apiVersion and metadata.resourceVersion. */
export function storedText(object: KubeObject): string {
  let text = storedHead + metadataText(object.metadata ?? {})
  const members = object as Record<string, unknown>
  for (const name in members) {
    if (name === 'metadata' || name === 'kind' || name === 'apiVersion') continue
    const member = JSON.stringify(members[name])
    if (member !== undefined) text += `,${JSON.stringify(name)}:${member}`
  }
  return `${text}}`
}

function metadataText(metadata: ObjectMeta): string {
  const { managedFields } = metadata
  const bare = JSON.stringify({ ...metadata, resourceVersion: undefined, managedFields: undefined })
  if (managedFields == null || bare === '{}') return bare
  return `${bare.slice(0, -1)}${listMark}${managedFields.map(entryText).join()}]}`
}

function entryText(entry: ManagedFieldsEntry): string {
  const { fieldsV1 } = entry
  if (typeof fieldsV1 !== 'object' || fieldsV1 === null) return JSON.stringify(entry)
  const bare = JSON.stringify({ ...entry, fieldsV1: undefined })
  return `${bare.slice(0, -1)}${bare === '{}' ? setMark.slice(1, -1) : setMark.slice(0, -1)}${
    setText(fieldsV1)}}`
}

function setText(fields: Fields): string {
  let text = texts.get(fields)
  if (text === undefined) {
    text = JSON.stringify(fields)
    texts.set(fields, text)
  }
  return text
}

/** Reads `storedText` back. */
export function parseStoredText(text: string): KubeObject {
  const list = text.indexOf(listMark, storedHead.length)
  if (list < 0 || depthBetween(text, storedHead.length, list) !== 1) return JSON.parse(text)
  const sets: Fields[] = []
  let reduced = ''
  let from = 0
  for (let at = text.indexOf(setMark, list); at >= 0; at = text.indexOf(setMark, from)) {
    const start = at + setMark.length - 1
    const { fields, end } = setAt(text, start)
    reduced += `${text.slice(from, start)}${sets.length}`
    sets.push(fields)
    from = end
    if (!text.startsWith(nextEntry, end) && !followedByMembers(text, end)) break
  }
  const object = JSON.parse(reduced + text.slice(from)) as KubeObject
  for (const entry of object.metadata?.managedFields ?? []) {
    const place = entry.fieldsV1 as unknown
    if (typeof place === 'number') Object.assign(entry, { fieldsV1: sets[place] })
  }
  return object
}

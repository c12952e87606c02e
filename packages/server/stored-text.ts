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
const setMark = ',"fieldsV1":'
const addressKey = String.raw`"k:{\"ip\":`

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
  const bare = JSON.stringify({ ...entry, fieldsV1: undefined })
  if (typeof fieldsV1 !== 'object' || fieldsV1 === null || bare === '{}') {
    return JSON.stringify(entry)
  }
  return `${bare.slice(0, -1)}${setMark}${setText(fieldsV1)}}`
}

function setText(fields: Fields): string {
  let text = texts.get(fields)
  if (text === undefined) {
    text = JSON.stringify(fields)
    texts.set(fields, text)
  }
  return text
}

/** Reads `storedText` back; any other text of the object is read as well. */
export function parseStoredText(text: string): KubeObject {
  const list = text.indexOf(listMark)
  if (list < 0 || !isDirectMember(text, list)) return JSON.parse(text)
  const sets: Fields[] = []
  let reduced = text.slice(0, list + listMark.length)
  let at = reduced.length
  while (text[at] !== ']') {
    const mark = text.indexOf(setMark, at)
    const head = text.slice(at, mark)
    // Not as this server writes it, or an entry without a set.
    if (mark < 0 || head.includes('}') || text[mark + setMark.length] !== '{') {
      return JSON.parse(text)
    }
    const { fields, end } = setAt(text, mark + setMark.length)
    if (text[end] !== '}' || (text[end + 1] !== ',' && text[end + 1] !== ']')) {
      return JSON.parse(text)
    }
    sets.push(fields)
    reduced += `${head}}`
    at = end + 1
    if (text[at] !== ',') break
    reduced += ','
    at++
  }
  const object = JSON.parse(reduced + text.slice(at)) as KubeObject
  const entries = object.metadata?.managedFields ?? []
  for (let n = 0; n < sets.length; n++) (entries[n] as { fieldsV1?: Fields }).fieldsV1 = sets[n]!
  return object
}

/** Whether the member that begins at `at` is one of metadata itself. */
function isDirectMember(text: string, at: number): boolean {
  return text.startsWith(storedHead) && endOfObject(text, storedHead.length, at) === at
}

/** The set whose text begins at `at`. */
function setAt(text: string, at: number): { readonly fields: Fields; readonly end: number } {
  for (let n = 0; n < known.length; n++) {
    const one = known[n]!
    // A set's text is one whole object, so that nothing longer begins like it.
    if (!text.startsWith(one.text, at)) continue
    if (n > 0) toFront(n, one)
    return { fields: one.fields, end: at + one.text.length }
  }
  const end = endOfObject(text, at, text.length)
  const fields = JSON.parse(text.slice(at, end)) as Fields
  if (end - at > limits.knownSetLengthMax || isOfOneObject(text, at, end)) return { fields, end }
  // Written anew: a slice would hold on to the whole text.
  known.unshift({ text: setText(fields), fields })
  if (known.length > limits.knownSetsMax) known.pop()
  return { fields, end }
}

/** Sets with the addresses of a Pod fit no other Pod, and would push out those that do. */
function isOfOneObject(text: string, at: number, end: number): boolean {
  const key = text.indexOf(addressKey, at)
  return key >= 0 && key < end
}

function toFront(n: number, one: KnownSet): void {
  known.splice(n, 1)
  known.unshift(one)
}

/**
 * Where the object that begins at `from` ends; `until` when that comes first and lies in the
 * object itself, not deeper; else -1.
 */
function endOfObject(text: string, from: number, until: number): number {
  let depth = 0
  for (let at = from; at < until; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) at = endOfString(text, at)
    else if (char === openBrace || char === openBracket) depth++
    else if (char === closeBrace || char === closeBracket) {
      if (--depth === 0) return at + 1
    }
  }
  return depth === 1 ? until : -1
}

const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const [quote, backslash] = [0x22, 0x5c]

/** Place of the quote that ends the string whose first quote is at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== quote) {
    at += text.charCodeAt(at) === backslash ? 2 : 1
  }
  return at
}

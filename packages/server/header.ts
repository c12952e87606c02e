import type { KubeObject } from '@slicewise/kube'
import { limits } from './limits.ts'

/**
 * What is known of a stored object without its value: enough to select, index and list it. Kept
 * beside the value by the store, so that opening 10,000 objects parses none of them.
 */
export interface Header {
  readonly uid: string
  readonly deleting: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>>
  /** Wall clock of the write, for kinds that expire; else 0. */
  readonly writtenMs: number
}

export type FieldGetters = Readonly<Record<string, (object: never) => string>>

const none: Readonly<Record<string, string>> = Object.freeze({})
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Names which selectable fields a header was made with: a later release may know more. */
export function fieldsMark(getters: FieldGetters | undefined): string {
  return Object.keys(getters ?? {}).sort().join()
}

export function headerOf(
  object: KubeObject, getters: FieldGetters | undefined, writtenMs = 0,
): Header {
  const { metadata } = object
  const fields: Record<string, string> = {}
  for (const name in getters) {
    const value = (getters[name] as (object: KubeObject) => string)(object)
    if (value !== '') fields[name] = value
  }
  return {
    uid: metadata?.uid ?? '',
    deleting: metadata?.deletionTimestamp != null,
    labels: metadata?.labels ?? none,
    fields,
    writtenMs,
  }
}

/**
 * `mark` is the short id of the fields' names, see `fieldsMark`. Undefined when there are so many
 * labels that the store would not take it: the object is then read where the header is needed.
 */
export function encodeHeader(header: Header, mark: number): Uint8Array | undefined {
  const { uid, deleting, labels, fields, writtenMs } = header
  const known = [1, mark, uid, deleting ? 1 : 0, labels, fields]
  const bytes = encoder.encode(JSON.stringify(writtenMs === 0 ? known : [...known, writtenMs]))
  return bytes.length <= limits.headerBytesMax ? bytes : undefined
}

/** Undefined when the header is of another layout or of other fields: read the object then. */
export function decodeHeader(bytes: Uint8Array | undefined, mark: number): Header | undefined {
  if (bytes === undefined) return undefined
  const known = JSON.parse(decoder.decode(bytes))
  const [layout, fieldsAs, uid, deleting, labels, fields, writtenMs = 0] = known
  if (layout !== 1 || fieldsAs !== mark) return undefined
  return { uid, deleting: deleting === 1, labels, fields, writtenMs }
}

/** A 32-bit fingerprint (FNV-1a) of `fieldsMark`. */
export function markOf(getters: FieldGetters | undefined): number {
  let hash = 0x811c9dc5
  for (const one of fieldsMark(getters)) {
    hash = Math.imul(hash ^ one.charCodeAt(0), 0x01000193) >>> 0
  }
  return hash
}

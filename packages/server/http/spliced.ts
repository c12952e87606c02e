import type { ResourceSpec } from '@slicewise/kube'
import type { CachedObject } from '../contract.ts'

/**
 * Stored bytes begin `{"metadata":{` and lack kind, apiVersion and the resourceVersion; these are
 * put in front while copying, so that the stored bytes are never parsed or changed.
 */
const storedHead = '{"metadata":{'.length

/** `"kind":"Pod","apiVersion":"v1",` – the type members, to be put in front of `metadata`. */
export const typeText = (kind: string, apiVersion: string): string =>
  `"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`

export const apiVersionOf = (spec: { readonly group: string; readonly version: string }): string =>
  spec.group === '' ? spec.version : `${spec.group}/${spec.version}`

const typeTexts = new WeakMap<ResourceSpec, string>()

/** The type members of a kind, made once. */
export function typeOf(spec: ResourceSpec): string {
  let text = typeTexts.get(spec)
  if (text === undefined) {
    text = typeText(spec.kind, apiVersionOf(spec))
    typeTexts.set(spec, text)
  }
  return text
}

/** Text that stands before the stored bytes' own metadata members. */
export function headOf(object: CachedObject, type: string): string {
  const revision = object.revision === 0 ? '' : `"resourceVersion":"${object.revision}",`
  return `{${type}"metadata":{${revision}`
}

/** Length of the whole object once `head` stands before it. */
export const splicedSize = (object: CachedObject, head: string): number =>
  head.length + object.size - storedHead

/**
 * What follows the head: the stored bytes without their own opening. They are borrowed: copy them
 * before anything else is read.
 */
export const tailOf = (object: CachedObject): Uint8Array => object.borrow().subarray(storedHead)

/** The whole object as one buffer, between `before` and `after` (both ASCII). */
export function splice(
  object: CachedObject, type: string, before: string, after: string,
): Buffer {
  return joined(before + headOf(object, type), tailOf(object), after)
}

const metadataType = typeText('PartialObjectMetadata', 'meta.k8s.io/v1')

/** The object's metadata alone, as a PartialObjectMetadata, between `before` and `after`. */
export function splicePartial(object: CachedObject, before: string, after: string): Buffer {
  const tail = tailOf(object)
  return joined(
    before + headOf(object, metadataType), tail.subarray(0, metadataEnd(tail)), `}${after}`)
}

function joined(head: string, tail: Uint8Array, after: string): Buffer {
  const out = Buffer.allocUnsafe(head.length + tail.length + after.length)
  out.write(head, 0, 'latin1')
  out.set(tail, head.length)
  out.write(after, head.length + tail.length, 'latin1')
  return out
}

/** Where the metadata that `tail` begins inside of ends, its closing brace included. */
function metadataEnd(tail: Uint8Array): number {
  let depth = 1
  for (let i = 0; i < tail.length; i++) {
    const byte = tail[i]
    if (byte === 0x22) {
      for (i++; i < tail.length && tail[i] !== 0x22; i++) if (tail[i] === 0x5c) i++
    } else if (byte === 0x7b) depth++
    else if (byte === 0x7d && --depth === 0) return i + 1
  }
  return tail.length
}

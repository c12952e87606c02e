import type { KubeObject, Stored } from '@slicewise/kube'
import { limits } from './limits.ts'

/** A write as it was sent: the object, and its body in the two texts it is made of. */
export interface Sent {
  readonly type: 'ADDED' | 'MODIFIED'
  readonly object: KubeObject & { readonly kind: string; readonly apiVersion: string }
  /** `{"kind":…,"apiVersion":…`, then `"metadata":…`, then `,"spec":…}` or whatever follows. */
  readonly head: string
  readonly metadata: string
  readonly rest: string
}

const partialHead =
  '{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":'

/** The body of a write, in parts: an answer of metadata alone and the rest make its watch event. */
export function sentOf(
  type: Sent['type'], object: KubeObject & { kind: string; apiVersion: string },
): Sent {
  const { kind, apiVersion, metadata, ...others } = object
  const rest = JSON.stringify(others)
  return {
    type, object,
    head: `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)}`,
    metadata: `,"metadata":${JSON.stringify(metadata ?? {})}`,
    rest: rest === '{}' ? '}' : `,${rest.slice(1)}`,
  }
}

export const bodyOf = ({ head, metadata, rest }: Sent): string => head + metadata + rest

/**
 * Watch events of our own writes that need not be read: whoever knows the metadata that a write
 * was answered with and the rest as it was sent, knows the line in which a server will tell it. A
 * line that is equal to the last letter says the same; every other one (a webhook changed the
 * object, the server spells it in another way, others wrote) is read as any.
 */
export class Echoes {
  readonly #expected = new Map<string, Stored>()
  /** Of the texts in `#expected`. */
  #chars = 0
  #watches = 0

  /** While a watch is open, writes are remembered; returns what ends that. */
  listen(): () => void {
    this.#watches++
    return () => {
      this.#watches--
      if (this.#watches > 0) return
      this.#expected.clear()
      this.#chars = 0
    }
  }

  /** Takes the answer to a write; one that is more than metadata is of no use. */
  expect({ type, object, head, rest }: Sent, answer: string, answered: Stored): void {
    if (this.#watches === 0 || !answer.startsWith(partialHead)) return
    const metadata = answer.trimEnd().slice(partialHead.length, -1)
    const line = `{"type":"${type}","object":${head},"metadata":${metadata}${rest}}`
    this.#expected.set(line, { ...object, metadata: answered.metadata })
    this.#chars += line.length
    // Events that came before their answer are never asked for: the oldest make room.
    for (const [oldest] of this.#expected) {
      if (this.#chars <= limits.echoCharsMax) break
      this.#forget(oldest)
    }
  }

  /** The object of an event that says what was expected; each is told once. */
  take(line: string): { type: Sent['type']; object: Stored } | undefined {
    if (this.#expected.size === 0) return undefined
    const object = this.#expected.get(line)
    if (object === undefined) return undefined
    this.#forget(line)
    return { type: line.startsWith('{"type":"ADDED"') ? 'ADDED' : 'MODIFIED', object }
  }

  #forget(line: string): void {
    this.#expected.delete(line)
    this.#chars -= line.length
  }
}

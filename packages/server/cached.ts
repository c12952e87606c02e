import type { Entry } from '@slicewise/store'
import { type KubeObject, type Stored, StatusError } from '@slicewise/kube'
import type { CachedObject } from './contract.ts'
import { type FieldGetters, type Header, decodeHeader, headerOf, markOf } from './header.ts'
import { fieldAliases } from './selection.ts'
import { dropUndefined } from './copy-json.ts'
import { Ring } from './ring.ts'
import { parseStoredText, storedText } from './stored-text.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * The bytes that are stored, served, listed and watched: `{"metadata":{` first, without kind,
 * apiVersion and metadata.resourceVersion.
 */
export function encodeStored(object: KubeObject): Uint8Array {
  return encoder.encode(storedText(object))
}

export function parseStored(bytes: Uint8Array, revision: number): Stored {
  const object = parseStoredText(decoder.decode(bytes))
  if (revision > 0) (object.metadata ??= {}).resourceVersion = String(revision)
  return object as Stored
}

/** What all objects of one collection share. */
export interface CachedContext {
  readonly getters: FieldGetters | undefined
  readonly mark: number
  /** Who was parsed lately; falling out of it forgets the parsed form. */
  readonly parsed: Ring<Cached>
  /** Freezes in tests and simulations, else gives back what it got. */
  keep<T>(object: T): T
}

export function cachedContext(
  getters: FieldGetters | undefined, parsed: Ring<Cached>, keep: <T>(object: T) => T,
): CachedContext {
  const own = withoutAliases(getters)
  return { getters: own, mark: markOf(own), parsed, keep }
}

/** An alias would keep the same value twice for every object. */
function withoutAliases(getters: FieldGetters | undefined): FieldGetters | undefined {
  if (getters === undefined) return undefined
  return Object.fromEntries(Object.entries(getters).filter(([name]) => !(name in fieldAliases)))
}

/** What is needed of a store's entry. */
export type CachedEntry = Pick<Entry, 'header' | 'size' | 'value' | 'borrow'>

/** One version of one object as the store holds it. */
export class Cached implements CachedObject {
  readonly namespace: string
  readonly name: string
  readonly revision: number
  readonly #context: CachedContext
  #entry: CachedEntry
  #header: Header | undefined
  #parsed: Stored | undefined
  /** `#parsed` is what a write left: it may have undefined members, and kind and version. */
  #rough = false

  constructor(
    context: CachedContext,
    key: string,
    revision: number,
    entry: CachedEntry,
  ) {
    const slash = key.indexOf('/')
    this.#context = context
    this.#entry = entry
    this.namespace = slash < 0 ? '' : key.slice(0, slash)
    this.name = decodeName(slash < 0 ? key : key.slice(slash + 1))
    this.revision = revision
  }

  get key(): string {
    return this.namespace === '' ? this.name : `${this.namespace}/${this.name}`
  }

  get size(): number {
    return this.#entry.size
  }

  get uid(): string {
    return this.#known().uid
  }

  get deleting(): boolean {
    return this.#known().deleting
  }

  get labels(): Readonly<Record<string, string>> {
    return this.#known().labels
  }

  get fields(): Readonly<Record<string, string>> {
    return this.#known().fields
  }

  /** Wall clock of the write, for kinds that expire; else 0. */
  get writtenMs(): number {
    return this.#known().writtenMs
  }

  bytes(): Uint8Array {
    return this.#read(entry => entry.value())
  }

  borrow(): Uint8Array {
    return this.#read(entry => entry.borrow())
  }

  #read(read: (entry: CachedEntry) => Uint8Array): Uint8Array {
    try {
      return read(this.#entry)
    } catch (cause) {
      const text = `the state of ${this.key} at revision ${this.revision} is compacted away`
      throw new StatusError('Expired', text, { cause })
    }
  }

  object(): Stored {
    let object = this.#parsed
    if (object !== undefined && !this.#rough) return object
    if (object === undefined) {
      object = parseStored(this.borrow(), this.revision)
      this.#context.parsed.add(this)
    } else object = this.#smooth(object)
    this.#rough = false
    this.#parsed = this.#context.keep(object)
    return this.#parsed
  }

  /** Takes what was written, which nobody changes any more, for readers that come soon. */
  remember(written: KubeObject, header: Header): void {
    this.#header = header
    this.#parsed = written as Stored
    this.#rough = true
    this.#context.parsed.add(this)
  }

  #smooth(written: Stored): Stored {
    const { kind: _, apiVersion: __, metadata, ...rest } = dropUndefined(written)
    return { metadata: { ...metadata, resourceVersion: String(this.revision) }, ...rest } as Stored
  }

  /** The store has it now: its entry replaces the bytes that were made for the write. */
  settle(entry: CachedEntry): void {
    this.#entry = entry
  }

  /** Called by the ring. */
  forget(): void {
    this.#parsed = undefined
  }

  /** The same content under another revision: the last state in a DELETED event. */
  at(revision: number): Cached {
    const key = this.namespace === '' ? this.name : `${this.namespace}/${this.name}`
    const other = new Cached(this.#context, key, revision, this.#entry)
    other.#header = this.#header
    return other
  }

  #known(): Header {
    this.#header ??= decodeHeader(this.#entry.header, this.#context.mark)
      ?? headerOf(this.object(), this.#context.getters)
    return this.#header
  }
}

/** An object that is in no store: a dry run's answer, or another view of a stored one. */
export function looseObject(
  object: KubeObject, revision: number, context: CachedContext,
): Cached {
  const { namespace = '', name = '' } = object.metadata ?? {}
  const bytes = encodeStored(object)
  const value = (): Uint8Array => bytes
  const entry = { header: undefined, size: bytes.length, value, borrow: value }
  return new Cached(context, namespace === '' ? name : `${namespace}/${name}`, revision, entry)
}

function decodeName(name: string): string {
  return name.includes('%') ? decodeURIComponent(name) : name
}

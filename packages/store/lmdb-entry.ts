import type { Entry } from './contract.ts'
import { limits } from './limits.ts'
import type { LogRecord, Place } from './lmdb-records.ts'

/**
 * Reads one version from the disk; throws when it is not there any more. What is `borrowed` lies in
 * memory that the next read overwrites.
 */
export type ReadVersion = (at: Place, key: string, borrowed?: boolean) => LogRecord

export interface StoredEntryFields extends Place {
  readonly key: string
  readonly created: number
  readonly header: Uint8Array | undefined
  readonly size: number
}

/** A version whose bytes stay on the disk, but for a moment after they were written. */
export class StoredEntry implements Entry, Place {
  readonly key: string
  readonly revision: number
  readonly n: number
  readonly created: number
  readonly size: number
  readonly #read: ReadVersion
  /** The header, or a block that holds it from `#headerAt` on: a view for each costs too much. */
  readonly #headers: Uint8Array | undefined
  readonly #headerAt: number
  readonly #headerLength: number
  #bytes: Uint8Array | undefined

  constructor(
    fields: StoredEntryFields,
    read: ReadVersion,
    place: HeaderPlace = wholeHeader(fields),
  ) {
    this.key = fields.key
    this.revision = fields.revision
    this.n = fields.n
    this.created = fields.created
    this.size = fields.size
    this.#read = read
    this.#headers = place.block
    this.#headerAt = place.at
    this.#headerLength = place.length
  }

  get header(): Uint8Array | undefined {
    const whole = this.#headers === undefined || this.#headers.length === this.#headerLength
    return whole
      ? this.#headers
      : this.#headers?.subarray(this.#headerAt, this.#headerAt + this.#headerLength)
  }

  value(): Uint8Array {
    return this.#bytes ?? this.#read(this, this.key).value
  }

  borrow(): Uint8Array {
    return this.#bytes ?? this.#read(this, this.key, true).value
  }

  /** Holds the bytes, so that `value` need not read them, until `forget`. */
  remember(bytes: Uint8Array): this {
    this.#bytes = bytes
    return this
  }

  forget(): void {
    this.#bytes = undefined
  }
}

/** Where a header lies; no block for an absent one. */
export interface HeaderPlace {
  readonly block: Uint8Array | undefined
  readonly at: number
  readonly length: number
}

const wholeHeader = ({ header }: StoredEntryFields): HeaderPlace => ({
  block: header,
  at: 0,
  length: header?.length ?? 0,
})

/** Packs the headers of many entries into few blocks. */
export class HeaderBlocks {
  #block = new Uint8Array()
  #end = 0

  keep(header: Uint8Array | undefined): HeaderPlace {
    if (header === undefined) return { block: undefined, at: 0, length: 0 }
    if (this.#end + header.length > this.#block.length) {
      this.#block = new Uint8Array(limits.headerBlockBytes)
      this.#end = 0
    }
    const at = this.#end
    this.#block.set(header, at)
    this.#end += header.length
    return { block: this.#block, at, length: header.length }
  }
}

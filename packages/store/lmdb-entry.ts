import type { Entry } from './contract.ts'
import type { LogRecord, Place } from './lmdb-records.ts'

/** Reads one version from the disk; throws when it is not there any more. */
export type ReadVersion = (at: Place, key: string) => LogRecord

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
  readonly header: Uint8Array | undefined
  readonly size: number
  readonly #read: ReadVersion
  #bytes: Uint8Array | undefined

  constructor(fields: StoredEntryFields, read: ReadVersion, bytes?: Uint8Array) {
    this.key = fields.key
    this.revision = fields.revision
    this.n = fields.n
    this.created = fields.created
    this.header = fields.header
    this.size = fields.size
    this.#read = read
    this.#bytes = bytes
  }

  value(): Uint8Array {
    return this.#bytes ?? this.#read(this, this.key).value
  }

  /** Lets go of the bytes; from now on they are read from the disk. */
  forget(): void {
    this.#bytes = undefined
  }
}

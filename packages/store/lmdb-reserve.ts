import { fstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Meta, readMeta } from './lmdb-file.ts'
import { limits } from './limits.ts'

/**
 * Keeps the data file longer than lmdb needs it for the next write, filled with zeros, so that a
 * full disk is met here and not inside of lmdb, whose own handling of a failed page write
 * overruns a buffer and may end the process.
 */
export class Reserve {
  readonly #file: FileHandle
  /** Bytes behind lmdb's last page, less what was asked for since that page was looked up. */
  #left = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  static async open(path: string): Promise<Reserve> {
    return new Reserve(await open(path, 'r+'))
  }

  /** Makes room for a transaction of `bytes`; rejects with the system's error for none. */
  async ask(bytes: number): Promise<void> {
    if (bytes > this.#left) await this.#grow(bytes)
    this.#left -= bytes
  }

  /** What was left is not known any more: the next `ask` looks. */
  forget(): void {
    this.#left = 0
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #grow(bytes: number): Promise<void> {
    // Looked up in the page cache, some microseconds; a turn of the thread pool takes longer.
    const { size } = fstatSync(this.#file.fd)
    const used = usedBytes(readMeta(this.#file.fd))
    this.#left = size - used
    if (bytes <= this.#left) return
    const part = Math.floor(size / 32)
    const step = Math.min(Math.max(part, limits.reserveBytesMin), limits.reserveBytesMax)
    await this.#fill(size, used + bytes + step)
    this.#left = bytes + step
  }

  async #fill(from: number, to: number): Promise<void> {
    const zeros = Buffer.alloc(Math.min(to - from, zeroBytesMax))
    for (let at = from; at < to;) {
      const length = Math.min(zeros.length, to - at)
      const { bytesWritten } = await this.#file.write(zeros, 0, length, at)
      if (bytesWritten === 0) throw new Error('the data file cannot grow')
      at += bytesWritten
    }
  }
}

const zeroBytesMax = 1024 * 1024

const usedBytes = (meta: Meta | string): number => {
  if (typeof meta === 'string') throw new Error(meta)
  return (meta.lastPage + 1) * meta.pageSize
}

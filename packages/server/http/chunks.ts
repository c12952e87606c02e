import type { Env } from '@slicewise/base'
import type { Exchange, OpenBody } from './exchange.ts'
import { limits } from './limits.ts'

const free: Buffer[] = []

function takeChunk(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(limits.chunkBytes)
}

function giveBack(chunk: Buffer): void {
  if (free.length < limits.chunksKept) free.push(chunk)
}

export class ReaderStalled extends Error {
  override readonly name = 'ReaderStalled'
}

/**
 * Copies an answer of any length into a few recycled buffers and waits for the reader between
 * them, so that a list costs no memory beyond the cached objects it refers to. A buffer is written
 * to again only after the socket has taken it.
 */
export class ChunkWriter {
  readonly #env: Env
  readonly #body: OpenBody
  readonly #exchange: Exchange
  #chunk = takeChunk()
  #used = 0
  #inFlight: Buffer[] = []
  #wake: (() => void) | undefined

  constructor(env: Env, body: OpenBody, exchange: Exchange) {
    this.#env = env
    this.#body = body
    this.#exchange = exchange
    body.onDrain(() => this.#wake?.())
    exchange.onClose(() => this.#wake?.())
  }

  get closed(): boolean {
    return this.#exchange.closed
  }

  /** ASCII only. True when the caller must await `drained` before writing on. */
  text(text: string): boolean {
    if (text.length > this.#chunk.length - this.#used) {
      return this.bytes(Buffer.from(text, 'latin1'))
    }
    this.#used += this.#chunk.write(text, this.#used, 'latin1')
    return false
  }

  /** True when the caller must await `drained` before writing on. */
  bytes(bytes: Uint8Array): boolean {
    let from = 0
    while (bytes.length - from > this.#chunk.length - this.#used) {
      const room = this.#chunk.length - this.#used
      this.#chunk.set(bytes.subarray(from, from + room), this.#used)
      this.#used += room
      from += room
      this.#send()
    }
    this.#chunk.set(from === 0 ? bytes : bytes.subarray(from), this.#used)
    this.#used += bytes.length - from
    return this.#inFlight.length > 0
  }

  #send(): void {
    if (this.#used === 0) return
    this.#body.write(this.#chunk.subarray(0, this.#used))
    this.#inFlight.push(this.#chunk)
    this.#chunk = takeChunk()
    this.#used = 0
  }

  /** Resolves when the reader has taken everything sent so far, or is gone. */
  async drained(): Promise<void> {
    while (this.#body.backlog > 0 && !this.closed) await this.#turn()
    if (this.closed) return
    for (const chunk of this.#inFlight) giveBack(chunk)
    this.#inFlight = []
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#env.after(limits.stalledReaderMs, () => {
        this.#wake = undefined
        reject(new ReaderStalled('the reader takes nothing'))
      })
      this.#wake = () => {
        this.#wake = undefined
        cancel()
        resolve()
      }
    })
  }

  /** Sends what is left and ends the answer; a reader that does not take it is cut. */
  end(): void {
    if (this.#used > 0) this.#body.write(this.#chunk.subarray(0, this.#used))
    this.#body.end()
    if (this.closed) return
    const cancel = this.#env.after(limits.stalledReaderMs, () => this.#exchange.destroy())
    this.#exchange.onClose(cancel)
  }
}

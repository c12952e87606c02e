import { Queue } from '@slicewise/base'
import { type WriteRefused } from './contract.ts'

/** One piece of work that takes effect whole or not at all, in the order it was queued. */
export interface QueuedWrite {
  /** Bytes it writes; 0 when it only waits for what was queued before it. */
  readonly bytes: number
  /** It and all before it are durable. */
  settle(): void
  /** It is not stored, and will not be. */
  refuse(error: WriteRefused): void
}

export interface WriteQueueOptions<W extends QueuedWrite> {
  /** Stores all of `writes` or none; resolves when they are durable. */
  readonly store: (writes: readonly W[]) => Promise<void>
  readonly refusal: (cause: unknown) => WriteRefused
  /** Called before the writes of a failed batch, and all behind them, are refused. */
  readonly onFailure: () => void
  /** Called after the writes of a batch were settled. */
  readonly onSettled: () => void
  /** A batch takes no further write once it has this many bytes. */
  readonly batchBytesMax: number
}

/**
 * Group commit: one batch is on its way to the disk, the next gathers meanwhile. What is queued
 * was planned on top of what stands before it, so a failed batch takes all behind it down.
 */
export class WriteQueue<W extends QueuedWrite> {
  readonly #options: WriteQueueOptions<W>
  readonly #waiting = new Queue<W>()
  #waitingBytes = 0
  #running: Promise<void> | undefined

  constructor(options: WriteQueueOptions<W>) {
    this.#options = options
  }

  get idle(): boolean {
    return this.#running === undefined
  }

  /** Bytes queued and not yet on their way. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  add(write: W): void {
    this.#waiting.push(write)
    this.#waitingBytes += write.bytes
    this.#running ??= this.#run()
  }

  /** Resolves when all that was queued is settled or refused. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Calls of the same turn share the first batch.
    await Promise.resolve()
    while (this.#waiting.size > 0) {
      const batch = this.#takeBatch()
      try {
        if (batch.some(write => write.bytes > 0)) await this.#options.store(batch)
      } catch (error) {
        this.#refuseAll(batch, this.#options.refusal(error))
        continue
      }
      for (const write of batch) write.settle()
      this.#options.onSettled()
    }
    this.#running = undefined
  }

  #takeBatch(): W[] {
    const batch: W[] = []
    let bytes = 0
    while (bytes < this.#options.batchBytesMax) {
      const write = this.#waiting.take()
      if (write === undefined) break
      batch.push(write)
      bytes += write.bytes
    }
    this.#waitingBytes -= bytes
    return batch
  }

  #refuseAll(batch: W[], error: WriteRefused): void {
    this.#options.onFailure()
    for (let write = this.#waiting.take(); write !== undefined; write = this.#waiting.take()) {
      batch.push(write)
    }
    this.#waitingBytes = 0
    for (const write of batch) write.refuse(error)
  }
}

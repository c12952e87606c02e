import type { Cancel, Env } from '@slicewise/base'
import { type ResourceSpec, StatusError } from '@slicewise/kube'
import type { CachedEvent, Registry, WatchHandle, WatchRequest, WatchSink } from '../contract.ts'
import type { EventBody, Frame } from './exchange.ts'
import { type FrameForm, bookmarkFrame, errorFrame, frameOf } from './frames.ts'
import { limits } from './limits.ts'
import type { Reply } from './reply.ts'

/** Ends all open watches, and counts them. */
export interface WatchGauge {
  readonly open: Set<WatchStream>
}

/**
 * One watch: the registry's events as frames on one body. The registry is paused while the reader
 * has much to take, so nothing piles up here; a reader that takes nothing is cut.
 */
export class WatchStream implements WatchSink {
  readonly #env: Env
  readonly #reply: Reply
  readonly #spec: ResourceSpec
  readonly #form: FrameForm
  readonly #gauge: WatchGauge
  #body: EventBody | undefined
  #handle: WatchHandle | undefined
  #first = true
  #stall: Cancel | undefined
  #over = false

  private constructor(
    env: Env, reply: Reply, spec: ResourceSpec, form: FrameForm, gauge: WatchGauge,
  ) {
    this.#env = env
    this.#reply = reply
    this.#spec = spec
    this.#form = form
    this.#gauge = gauge
  }

  /** Rejects with a StatusError while it is not too late for an ordinary refusal. */
  static async run(
    env: Env, registry: Registry, reply: Reply, request: WatchRequest, form: FrameForm,
    gauge: WatchGauge,
  ): Promise<void> {
    const stream = new WatchStream(env, reply, request.spec, form, gauge)
    let handle: WatchHandle | undefined
    try {
      handle = await registry.watch(request, stream)
    } catch (error) {
      if (!(error instanceof StatusError) || !inStream.has(error.code)) throw error
      stream.#open()
      stream.end(error)
      return
    }
    if (reply.exchange.closed) return handle.stop()
    stream.#handle = handle
    stream.#open()
  }

  #open(): void {
    const exchange = this.#reply.exchange
    this.#reply.code = 200
    this.#body = exchange.openEvents(200, this.#reply.headers('application/json'))
    this.#body.onDrain(() => this.#drained())
    this.#gauge.open.add(this)
    exchange.onClose(() => {
      this.#finish()
      this.#handle?.stop()
    })
  }

  event(event: CachedEvent): void {
    this.#write(frameOf(this.#spec, event, this.#form, this.#first, this.#env.nowMs()))
    this.#first = false
  }

  bookmark(revision: number, initialEventsEnd: boolean): void {
    this.#write(bookmarkFrame(this.#spec, revision, initialEventsEnd, this.#form, this.#first))
    this.#first = false
  }

  end(error?: StatusError): void {
    if (this.#over) return
    if (error !== undefined) this.#body?.writeFrame(errorFrame(error))
    this.#body?.end()
    this.#finish()
  }

  /** The server closes: a proper end, so that the client comes back instead of failing. */
  close(): void {
    this.#handle?.stop()
    this.end()
  }

  #write(frame: Frame): void {
    const body = this.#body
    if (body === undefined || this.#over) return
    body.writeFrame(frame)
    if (body.backlog <= limits.watchSocketBytes || this.#stall !== undefined) return
    this.#handle?.pause()
    this.#stall = this.#env.after(limits.stalledReaderMs, () => {
      this.#env.log.info('slow watcher cut', { resource: this.#spec.resource })
      this.#handle?.stop()
      this.#finish()
      this.#reply.exchange.destroy()
    })
  }

  #drained(): void {
    if (this.#stall === undefined || this.#over) return
    this.#stall()
    this.#stall = undefined
    this.#handle?.resume()
  }

  #finish(): void {
    this.#over = true
    this.#stall?.()
    this.#stall = undefined
    this.#gauge.open.delete(this)
  }
}

/** Refusals that reflectors expect as an ERROR event inside a stream (410, 504). */
const inStream = new Set([410, 504])

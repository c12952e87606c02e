import type { ClientRequest, IncomingMessage, RequestOptions, request as send } from 'node:http'
import { limits } from '../limits.ts'
import {
  type TransportRequest, type TransportResponse, decode, splitLines,
} from '../transport.ts'

/** Exchanges that one signal ends: a listener for each of them would be the dearer part. */
const aborts = new WeakMap<AbortSignal, Set<Exchange>>()

/** One request and its answer, read as it comes. */
export class Exchange {
  readonly #signal: AbortSignal | undefined
  readonly #resolve: (response: TransportResponse) => void
  readonly #reject: (error: Error) => void
  #request: ClientRequest | undefined
  #response: IncomingMessage | undefined
  #chunks: Uint8Array[] = []
  #unread = 0
  #ended = false
  #error: Error | undefined
  #wake: (() => void) | undefined

  constructor(
    signal: AbortSignal | undefined,
    resolve: (response: TransportResponse) => void, reject: (error: Error) => void,
  ) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Resolves with the head of the answer; rejects when there is none. */
  static run(
    open: typeof send, options: RequestOptions, { signal, body }: TransportRequest,
  ): Promise<TransportResponse> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(signal, resolve, reject)
      exchange.#attend()
      exchange.#send(open(options), body)
    })
  }

  #send(request: ClientRequest, body: string | undefined): void {
    this.#request = request
    request.on('error', (error) => this.#end(error))
    request.on('response', (response) => this.#answered(response))
    // For DELETE, Node.js would send a body without saying how long it is.
    if (body !== undefined) request.setHeader('content-length', Buffer.byteLength(body))
    request.end(body)
  }

  #answered(response: IncomingMessage): void {
    this.#response = response
    response.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#unread += chunk.length
      if (this.#unread > limits.unreadBytesMax) response.pause()
      this.#wakeUp()
    })
    response.on('end', () => this.#end(undefined))
    response.on('error', (error) => this.#end(error))
    response.on('close', () => this.#end(new Error('the connection was closed')))
    this.#resolve({
      status: response.statusCode ?? 0,
      headers: response.headers as Readonly<Record<string, string>>,
      text: () => this.#text(),
      lines: () => splitLines(this.#read()),
    })
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    if (this.#signal !== undefined) aborts.get(this.#signal)?.delete(this)
    // Without effect once the answer has begun.
    this.#reject(error ?? new Error('no answer came'))
    this.#wakeUp()
  }

  async #text(): Promise<string> {
    const chunks: Uint8Array[] = []
    for await (const chunk of this.#read()) chunks.push(chunk)
    return decode(chunks)
  }

  /** Chunks as they come; left early, the request ends. */
  async *#read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunks = this.#chunks
        this.#chunks = []
        this.#unread = 0
        if (this.#response?.isPaused() === true) this.#response.resume()
        yield* chunks
        if (this.#chunks.length > 0) continue
        if (this.#error !== undefined) throw this.#error
        if (this.#ended) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      if (!this.#ended) this.#abort(new Error('nobody reads on'))
    }
  }

  #abort(reason: Error): void {
    this.#end(reason)
    this.#request?.destroy()
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  #attend(): void {
    const signal = this.#signal
    if (signal === undefined) return
    const known = aborts.get(signal)
    if (known !== undefined) return void known.add(this)
    const all = new Set<Exchange>([this])
    aborts.set(signal, all)
    signal.addEventListener('abort', () => {
      for (const one of all) one.#abort(signal.reason)
    }, { once: true })
  }
}

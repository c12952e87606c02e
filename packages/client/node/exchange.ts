import type { Dispatcher } from 'undici'
import { limits } from '../limits.ts'
import { type TransportRequest, type TransportResponse, splitLines } from '../transport.ts'

/** Requests that one signal ends: a signal asked by each of them would be the dearer part. */
type Aborts = WeakMap<AbortSignal, Set<Exchange>>
const aborts: Aborts = new WeakMap()

/**
 * One request and its answer over an undici dispatcher, without the stream object that
 * `undici.request` makes for each: chunks go from the parser to whoever reads.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal | undefined
  readonly #resolve: (response: TransportResponse) => void
  readonly #reject: (error: Error) => void
  #controller: Dispatcher.DispatchController | undefined
  #chunks: Uint8Array[] = []
  #unread = 0
  #state: 'asked' | 'answered' | 'ended' = 'asked'
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
  static send(
    dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, { signal }: TransportRequest,
  ): Promise<TransportResponse> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(signal, resolve, reject)
      exchange.#attend()
      dispatcher.dispatch(options, exchange)
    })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#state === 'ended') controller.abort(this.#error ?? new Error('ended before it began'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController, status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // An interim answer; the real one follows.
    if (status < 200) return
    this.#state = 'answered'
    this.#resolve({
      status,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, String(value ?? '')])),
      text: () => this.#text(),
      lines: () => splitLines(this.#read()),
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#unread += chunk.length
    if (this.#unread > limits.unreadBytesMax) controller.pause()
    this.#wakeUp()
  }

  onResponseEnd(): void {
    this.#end(undefined)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error)
  }

  #end(error: Error | undefined): void {
    if (this.#state === 'ended') return
    const { reason } = this.#signal?.aborted === true ? this.#signal : { reason: undefined }
    this.#error = error === undefined ? undefined : reason ?? error
    if (this.#state === 'asked') this.#reject(this.#error ?? new Error('no answer came'))
    this.#state = 'ended'
    if (this.#signal !== undefined) aborts.get(this.#signal)?.delete(this)
    this.#wakeUp()
  }

  async #text(): Promise<string> {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of this.#read()) text += decoder.decode(chunk, { stream: true })
    return text + decoder.decode()
  }

  /** Chunks as they come; left early, the request ends. */
  async *#read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunks = this.#chunks
        this.#chunks = []
        this.#unread = 0
        if (this.#controller?.paused === true) this.#controller.resume()
        yield* chunks
        if (this.#chunks.length > 0) continue
        if (this.#error !== undefined) throw this.#error
        if (this.#state === 'ended') return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      if (this.#state !== 'ended') this.#controller?.abort(new Error('nobody reads on'))
    }
  }

  /** One that waits for a connection ends now, and gives that up when its turn comes. */
  #abort(reason: Error): void {
    if (this.#controller === undefined) this.#end(reason)
    else this.#controller.abort(reason)
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

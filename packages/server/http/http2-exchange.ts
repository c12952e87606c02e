import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import type { Env } from '@slicewise/base'
import type { EventBody, Exchange, Frame, OpenBody, OutgoingHeaders } from './exchange.ts'
import type { CertificateIdentity } from './peer.ts'
import { readBody } from './request-body.ts'

/** An exchange over one HTTP/2 stream, by node's stream interface: its other one is slower. */
export class Http2Exchange implements Exchange {
  readonly method: string
  readonly target: string
  readonly certificate: CertificateIdentity | 'none' | 'refused'
  #answered = false
  readonly #env: Env
  readonly #stream: ServerHttp2Stream
  readonly #headers: IncomingHttpHeaders

  constructor(
    env: Env, stream: ServerHttp2Stream, headers: IncomingHttpHeaders,
    certificate: CertificateIdentity | 'none' | 'refused',
  ) {
    this.#env = env
    this.#stream = stream
    this.#headers = headers
    this.certificate = certificate
    this.method = String(headers[':method'] ?? 'GET')
    this.target = String(headers[':path'] ?? '/')
    // A peer may reset the stream at any time; 'close' tells, and nothing else is to be done.
    stream.on('error', () => {})
  }

  get answered(): boolean {
    return this.#answered
  }

  get closed(): boolean {
    return this.#stream.closed || this.#stream.destroyed
  }

  header(name: string): string | undefined {
    const value = this.#headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  headerNames(): string[] {
    return Object.keys(this.#headers)
  }

  readBody(): Promise<Uint8Array> {
    if (this.#stream.endAfterHeaders) return Promise.resolve(new Uint8Array())
    return readBody(this.#env, this.#stream, this.header('content-length'), () => {
      this.#stream.close(constants.NGHTTP2_NO_ERROR)
    })
  }

  answer(code: number, headers: OutgoingHeaders, body?: Uint8Array): void {
    const empty = body === undefined || body.length === 0 || this.#bodyless(code)
    if (!this.#start(code, headers, empty)) return
    if (!empty) this.#stream.end(body)
    // A refused upload: the answer is complete, the rest of the body is not wanted.
    if (!this.#stream.readableEnded) this.#stream.resume()
  }

  open(code: number, headers: OutgoingHeaders): OpenBody {
    return this.#body(code, headers)
  }

  openEvents(code: number, headers: OutgoingHeaders): EventBody {
    return this.#body(code, headers)
  }

  onClose(run: () => void): void {
    if (this.#stream.destroyed) return run()
    this.#stream.once('close', run)
  }

  destroy(): void {
    if (!this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  #bodyless(code: number): boolean {
    return this.method === 'HEAD' || code === 304 || code === 204
  }

  #start(code: number, headers: OutgoingHeaders, endStream: boolean): boolean {
    if (this.#answered) return false
    this.#answered = true
    if (this.closed) return false
    this.#stream.respond({ ':status': code, ...headers } as never, { endStream })
    return true
  }

  #body(code: number, headers: OutgoingHeaders): EventBody {
    const stream = this.#stream
    const bodyless = this.#bodyless(code)
    if (this.#start(code, headers, bodyless)) stream.resume()
    const writable = (): boolean => !bodyless && !stream.destroyed && !stream.writableEnded
    return {
      get backlog() {
        return stream.writableLength
      },
      write(chunk: Uint8Array) {
        if (writable()) stream.write(chunk)
      },
      writeFrame(frame: Frame) {
        if (writable()) stream.write(frame.bytes)
      },
      onDrain(run: () => void) {
        stream.on('drain', run)
      },
      end() {
        if (writable()) stream.end()
      },
    }
  }
}

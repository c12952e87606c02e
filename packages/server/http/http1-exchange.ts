import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Env } from '@slicewise/base'
import type { EventBody, Exchange, Frame, OpenBody, OutgoingHeaders } from './exchange.ts'
import type { CertificateIdentity } from './peer.ts'
import { readBody } from './request-body.ts'

/** An exchange over HTTP/1.1. */
export class Http1Exchange implements Exchange {
  readonly method: string
  readonly target: string
  readonly certificate: CertificateIdentity | 'none' | 'refused'
  #answered = false
  readonly #env: Env
  readonly #request: IncomingMessage
  readonly #response: ServerResponse

  constructor(
    env: Env, request: IncomingMessage, response: ServerResponse,
    certificate: CertificateIdentity | 'none' | 'refused',
  ) {
    this.#env = env
    this.#request = request
    this.#response = response
    this.certificate = certificate
    this.method = request.method ?? 'GET'
    this.target = request.url ?? '/'
    // The peer may go at any time; 'close' tells, and nothing else is to be done.
    request.on('error', () => {})
    response.on('error', () => {})
  }

  get answered(): boolean {
    return this.#answered
  }

  get closed(): boolean {
    return this.#response.closed || this.#request.socket.destroyed
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  headerNames(): string[] {
    return Object.keys(this.#request.headers)
  }

  readBody(): Promise<Uint8Array> {
    return readBody(this.#env, this.#request, this.header('content-length'), () => {
      this.#request.socket.destroy()
    })
  }

  answer(code: number, headers: OutgoingHeaders, body?: Uint8Array): void {
    if (this.#answered) return
    this.#answered = true
    if (this.closed) return
    // An upload that was not read to its end: the connection cannot carry another request.
    if (!this.#request.readableEnded && this.#hasBody()) this.#response.shouldKeepAlive = false
    this.#response.writeHead(code, headers as never)
    this.#response.end(body)
    if (!this.#request.readableEnded) this.#request.resume()
  }

  open(code: number, headers: OutgoingHeaders): OpenBody {
    const response = this.#response
    this.#start(code, headers)
    return {
      get backlog() {
        return response.writableLength
      },
      write: (chunk: Uint8Array) => {
        if (!this.closed) response.write(chunk)
      },
      onDrain: (run: () => void) => {
        response.on('drain', run)
      },
      end: () => {
        response.end()
      },
    }
  }

  openEvents(code: number, headers: OutgoingHeaders): EventBody {
    const response = this.#response
    this.#start(code, headers)
    response.flushHeaders()
    const socket = this.#request.socket
    socket.setNoDelay(true)
    // An HTTP/1.0 peer knows no chunks, a HEAD no body; a pipelined answer has no socket yet.
    const framed = (): boolean =>
      response.chunkedEncoding && response.socket !== null && response.writableLength ===
      socket.writableLength
    return {
      get backlog() {
        return response.writableLength
      },
      write: (chunk: Uint8Array) => {
        if (!this.closed) response.write(chunk)
      },
      writeFrame: (frame: Frame) => {
        if (this.closed || response.writableEnded) return
        if (framed()) socket.write(chunkOf(frame))
        else response.write(frame.bytes)
      },
      onDrain: (run: () => void) => {
        socket.on('drain', run)
        this.onClose(() => socket.off('drain', run))
      },
      end: () => {
        response.end()
      },
    }
  }

  onClose(run: () => void): void {
    if (this.#response.closed) return run()
    this.#response.once('close', run)
  }

  destroy(): void {
    this.#request.socket.destroy()
  }

  #hasBody(): boolean {
    const headers = this.#request.headers
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  }

  #start(code: number, headers: OutgoingHeaders): void {
    if (this.#answered) return
    this.#answered = true
    if (this.closed) return
    this.#response.writeHead(code, headers as never)
    this.#request.resume()
  }
}

const lineEnd = Buffer.from('\r\n')

function chunkOf(frame: Frame): Buffer {
  frame.chunked ??= Buffer.concat(
    [Buffer.from(`${frame.bytes.length.toString(16)}\r\n`), frame.bytes, lineEnd])
  return frame.chunked
}

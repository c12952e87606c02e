import { type TLSSocket, connect } from 'node:tls'

/** A server to measure: where it is, how to be let in, and its process. */
export interface Served {
  readonly url: string
  readonly token: string
  readonly ca: string
  readonly pid: number
  /** Process of the store, when it is another one. */
  readonly storePid?: number
}

export async function connectAll(served: Served, count: number): Promise<Connection[]> {
  const all: Connection[] = []
  for (let i = 0; i < count; i += 50) {
    const some = Array.from({ length: Math.min(50, count - i) }, () => Connection.open(served))
    all.push(...await Promise.all(some))
  }
  return all
}

const newline = 10

/**
 * One HTTP/1.1 connection that does as little as a client can: it counts bodies and keeps their
 * beginning. What it measures is the server.
 */
export class Connection {
  readonly #socket: TLSSocket
  readonly #token: string
  #head = ''
  #left = -1
  #chunked = false
  #tail = ''
  #code = 0
  #done: ((code: number) => void) | undefined
  #onLine: (() => void) | undefined
  /** Bytes of the last body. */
  received = 0
  /** The first bytes of the last body. */
  last = ''

  private constructor(socket: TLSSocket, token: string) {
    this.#socket = socket
    this.#token = token
    socket.on('data', (chunk: Buffer) => this.#data(chunk))
    socket.on('error', () => {})
  }

  static open(served: Served): Promise<Connection> {
    const { hostname, port } = new URL(served.url)
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: hostname, port: Number(port), ca: served.ca, ALPNProtocols: ['http/1.1'],
      }, () => resolve(new Connection(socket, served.token)))
      socket.once('error', reject)
      socket.setNoDelay(true)
    })
  }

  ask(method: string, path: string, body?: string, type = 'application/json'): Promise<number> {
    this.#reset()
    const length = body === undefined ? '' : `Content-Type: ${type}\r\nContent-Length: ${
      Buffer.byteLength(body)}\r\n`
    this.#socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nUser-Agent: bench/1\r\n` +
      `Authorization: Bearer ${this.#token}\r\n${length}\r\n${body ?? ''}`)
    return new Promise((resolve) => {
      this.#done = resolve
    })
  }

  /** Resolves when the stream is open; then `onLine` runs for each event. */
  async watch(path: string, onLine: () => void): Promise<void> {
    this.#onLine = onLine
    void this.ask('GET', path)
    while (this.#left < 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  close(): void {
    this.#socket.destroy()
  }

  #reset(): void {
    this.#head = ''
    this.#left = -1
    this.#tail = ''
    this.received = 0
    this.last = ''
  }

  #data(chunk: Buffer): void {
    if (this.#left < 0) {
      this.#head += chunk.toString('latin1')
      const end = this.#head.indexOf('\r\n\r\n')
      if (end < 0) return
      this.#code = Number(this.#head.slice(9, 12))
      this.#chunked = /transfer-encoding: *chunked/i.test(this.#head.slice(0, end))
      this.#left = Number(/content-length: *(\d+)/i.exec(this.#head.slice(0, end))?.[1] ?? 0)
      const rest = Buffer.from(this.#head.slice(end + 4), 'latin1')
      if (rest.length > 0 || (!this.#chunked && this.#left === 0)) this.#body(rest)
      return
    }
    this.#body(chunk)
  }

  #body(chunk: Buffer): void {
    this.received += chunk.length
    if (this.#onLine !== undefined) {
      // A line of JSON ends with a newline that no carriage return precedes.
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
        if (at > 0 ? chunk[at - 1] === 0x7d : this.#tail.endsWith('}')) this.#onLine()
      }
      this.#tail = chunk.subarray(-1).toString('latin1')
      return
    }
    if (this.last.length < 4096) this.last += chunk.toString('latin1', 0, 4096)
    if (this.#chunked) {
      this.#tail = (this.#tail + chunk.subarray(-8).toString('latin1')).slice(-8)
      if (this.#tail.endsWith('\r\n0\r\n\r\n')) this.#finish()
      return
    }
    this.#left -= chunk.length
    if (this.#left <= 0) this.#finish()
  }

  #finish(): void {
    const done = this.#done
    this.#done = undefined
    this.#left = -1
    this.#head = ''
    done?.(this.#code)
  }
}

import type { CertificateIdentity } from './peer.ts'

export type HeaderValue = string | number | readonly string[]
export type OutgoingHeaders = Record<string, HeaderValue>

/** One line of an event stream, encoded once for all its readers. */
export interface Frame {
  readonly bytes: Buffer
  /** The same as one chunk of an HTTP/1.1 chunked body, made by the first reader that needs it. */
  chunked: Buffer | undefined
}

export interface OpenBody {
  /** Bytes handed over and not yet taken by the peer. */
  readonly backlog: number
  write(chunk: Uint8Array): void
  /** Runs when a backlog has been taken that exceeded the stream's own mark (some KB). */
  onDrain(run: () => void): void
  end(): void
}

export interface EventBody extends OpenBody {
  writeFrame(frame: Frame): void
}

/**
 * One request and its answer, the same over HTTP/1.1 and HTTP/2. An exchange is answered once, by
 * `answer`, `open` or `openEvents`; what is written after the peer left is dropped silently.
 */
export interface Exchange {
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  readonly certificate: CertificateIdentity | 'none' | 'refused'
  readonly answered: boolean
  readonly closed: boolean
  /** Value of a request header, name in lower case; repeated ones joined by commas. */
  header(name: string): string | undefined
  headerNames(): string[]
  /** The whole body. Rejects with a StatusError when it is too large or does not arrive. */
  readBody(): Promise<Uint8Array>
  answer(code: number, headers: OutgoingHeaders, body?: Uint8Array): void
  /** Headers now, the body of known or unknown length later. */
  open(code: number, headers: OutgoingHeaders): OpenBody
  /** Headers now, then frames for as long as both sides like. */
  openEvents(code: number, headers: OutgoingHeaders): EventBody
  /** Runs once when the exchange is over, for whatever reason; at once when it already is. */
  onClose(run: () => void): void
  /** Cuts the exchange: HTTP/2 resets the stream, HTTP/1.1 the connection. */
  destroy(): void
}

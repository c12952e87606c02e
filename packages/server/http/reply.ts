import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { StatusError, type Status } from '@slicewise/kube'
import type { Exchange, OutgoingHeaders } from './exchange.ts'
import { limits } from './limits.ts'
import { type Offer, negotiate } from './negotiate.ts'
import { yamlText } from './yaml-text.ts'

const refusalOffer: Offer = { yaml: true, table: false, partial: undefined }
const gzipped = promisify(gzip)

/** What is said with every answer to one request. */
export class Reply {
  readonly exchange: Exchange
  readonly auditId: string
  /** Indented JSON, for people at a terminal or a browser. */
  pretty = false
  /** `Vary` and others that one answer adds. */
  readonly extra: OutgoingHeaders = {}
  #warnings: Set<string> | undefined
  /** Status code, once answered. */
  code = 0

  constructor(exchange: Exchange, auditId: string) {
    this.exchange = exchange
    this.auditId = auditId
  }

  warn(text: string): void {
    this.#warnings ??= new Set()
    this.#warnings.add(text)
  }

  headers(contentType: string, length?: number): OutgoingHeaders {
    const headers: OutgoingHeaders = {
      'audit-id': this.auditId,
      'cache-control': 'no-cache, private',
      'content-type': contentType,
      ...this.extra,
    }
    if (this.#warnings !== undefined) headers['warning'] = told(this.#warnings).map(warningText)
    if (length !== undefined) headers['content-length'] = length
    return headers
  }

  send(code: number, contentType: string, body: Uint8Array): void {
    this.code = code
    this.exchange.answer(code, this.headers(contentType, body.length), body)
  }

  text(code: number, text: string): void {
    this.extra['x-content-type-options'] = 'nosniff'
    this.send(code, 'text/plain; charset=utf-8', Buffer.from(text))
  }

  /** JSON text that is complete and small enough to be held at once. */
  async body(code: number, body: Buffer): Promise<void> {
    const bytes = this.pretty ? indented(body) : body
    if (bytes.length > limits.gzipBytes && this.acceptsGzip()) {
      this.extra['vary'] = 'Accept-Encoding'
      this.extra['content-encoding'] = 'gzip'
      const packed = await gzipped(bytes, { level: constants.Z_BEST_SPEED })
      return this.send(code, 'application/json', packed)
    }
    this.send(code, 'application/json', bytes)
  }

  /** A value that is made for this answer. */
  async value(code: number, value: unknown, format: 'json' | 'yaml' = 'json'): Promise<void> {
    if (format === 'yaml') {
      return this.send(code, 'application/yaml', Buffer.from(await yamlText(value)))
    }
    await this.body(code, Buffer.from(`${JSON.stringify(value)}\n`))
  }

  /** A refusal is YAML for who asks for that, else JSON: it must always be possible to say why. */
  async failure(error: StatusError): Promise<void> {
    const status: Status = error.toStatus()
    const retry = error.details?.retryAfterSeconds
    if (retry !== undefined) this.extra['retry-after'] = String(retry)
    const accepts = negotiate(this.exchange.header('accept'), refusalOffer)
    if (accepts?.format === 'yaml') return await this.value(error.code, status, 'yaml')
    const text = this.pretty ? JSON.stringify(status, null, 2) : JSON.stringify(status)
    this.send(error.code, 'application/json', Buffer.from(`${text}\n`))
  }

  acceptsGzip(): boolean {
    return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s*(?:,|$)))/.test(
      this.exchange.header('accept-encoding') ?? '')
  }
}

const indented = (body: Buffer): Buffer =>
  Buffer.from(`${JSON.stringify(JSON.parse(body.toString()), null, 2)}\n`)

/** All warnings, or what fits of their beginnings: clients refuse answers with endless headers. */
function told(warnings: ReadonlySet<string>): string[] {
  const { warningsChars, warningChars } = limits
  let room: number = warningsChars
  for (const text of warnings) room -= text.length
  if (room >= 0) return [...warnings]
  return [...warnings].slice(0, warningsChars / warningChars)
    .map((text) => text.slice(0, warningChars))
}

/** One `Warning` header as RFC 7234 writes it; control characters would end the header. */
function warningText(text: string): string {
  const safe = text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')
  return `299 - "${safe}"`
}

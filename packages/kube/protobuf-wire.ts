import { StatusError } from './status.ts'

/** How a field is laid out, the low three bits of its tag. */
export const wire = {
  varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5,
} as const

const utf8 = new TextDecoder()
const toUtf8 = new TextEncoder()

export function malformed(why: string): StatusError {
  return new StatusError('BadRequest', `the protobuf body is malformed: ${why}`)
}

/** Reads one message. Every method throws `BadRequest` instead of reading past the end. */
export class WireReader {
  readonly #bytes: Uint8Array
  #at: number
  readonly #end: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  get empty(): boolean {
    return this.#at === this.#end
  }

  /** Field number and wire type of what comes next. */
  tag(): { readonly number: number; readonly type: number } {
    const low = this.uint32()
    const number = low >>> 3
    if (number === 0) throw malformed('a field has the number 0')
    return { number, type: low & 7 }
  }

  /** A varint cut to 32 bits, as `int32` is written. */
  int32(): number {
    return Number(BigInt.asIntN(32, this.#varint()))
  }

  uint32(): number {
    const first = this.#bytes[this.#at]
    if (first !== undefined && first < 128 && this.#at < this.#end) {
      this.#at++
      return first
    }
    const value = this.#varint()
    if (value > 0xffffffffn) throw malformed('a length or tag is too large')
    return Number(value)
  }

  /** Exact up to 2^53; beyond, the nearest number. */
  int64(): number {
    return Number(BigInt.asIntN(64, this.#varint()))
  }

  bool(): boolean {
    return this.#varint() !== 0n
  }

  #varint(): bigint {
    let low = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte()
      low |= (byte & 127) << shift
      if (byte < 128) return BigInt(low)
    }
    let value = BigInt(low)
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw malformed('a number is longer than ten bytes')
  }

  #byte(): number {
    if (this.#at >= this.#end) throw malformed('unexpected end')
    return this.#bytes[this.#at++]!
  }

  double(): number {
    const start = this.#take(8)
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 8).getFloat64(0, true)
  }

  text(): string {
    const length = this.uint32()
    const start = this.#take(length)
    if (length < 32) {
      const ascii = this.#ascii(start, length)
      if (ascii !== undefined) return ascii
    }
    return utf8.decode(this.#bytes.subarray(start, start + length))
  }

  /** The text of a short run, unless a byte is outside ASCII. */
  #ascii(start: number, length: number): string | undefined {
    let text = ''
    for (let at = start; at < start + length; at++) {
      const byte = this.#bytes[at]!
      if (byte > 127) return undefined
      text += String.fromCharCode(byte)
    }
    return text
  }

  bytes(): Uint8Array {
    const length = this.uint32()
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  message(): WireReader {
    const length = this.uint32()
    const start = this.#take(length)
    return new WireReader(this.#bytes, start, start + length)
  }

  #take(length: number): number {
    const start = this.#at
    if (length > this.#end - start) throw malformed('unexpected end')
    this.#at += length
    return start
  }

  /** Passes over a field this schema does not know. Groups nest without recursion. */
  skip(type: number): void {
    let groups = 0
    let next = type
    do {
      switch (next) {
        case wire.varint: this.#varint(); break
        case wire.fixed64: this.#take(8); break
        case wire.bytes: this.#take(this.uint32()); break
        case wire.startGroup: groups++; break
        case wire.endGroup:
          if (--groups < 0) throw malformed('a group ends that never began')
          break
        case wire.fixed32: this.#take(4); break
        default: throw malformed(`wire type ${next}`)
      }
      if (groups > 0) next = this.tag().type
    } while (groups > 0)
  }
}

/** Writes one message into memory that grows as needed. */
export class WireWriter {
  #bytes = new Uint8Array(256)
  #at = 0

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  tag(number: number, type: number): void {
    this.varint(BigInt(number * 8 + type))
  }

  varint(value: bigint): void {
    let rest = BigInt.asUintN(64, value)
    this.#reserve(10)
    while (rest > 127n) {
      this.#bytes[this.#at++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.#bytes[this.#at++] = Number(rest)
  }

  double(value: number): void {
    this.#reserve(8)
    new DataView(this.#bytes.buffer).setFloat64(this.#at, value, true)
    this.#at += 8
  }

  bytes(value: Uint8Array): void {
    this.varint(BigInt(value.length))
    this.raw(value)
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  text(value: string): void {
    this.bytes(toUtf8.encode(value))
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const chunk = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += alphabet[chunk >> 18]! + alphabet[(chunk >> 12) & 63]!
      + (at + 1 < bytes.length ? alphabet[(chunk >> 6) & 63]! : '=')
      + (at + 2 < bytes.length ? alphabet[chunk & 63]! : '=')
  }
  return text
}

/** Of canonical base64 with padding. */
export function bytesOfBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let at = 0, to = 0; at < text.length; at += 4) {
    let chunk = 0
    for (let of4 = 0; of4 < 4; of4++) {
      const digit = alphabet.indexOf(text[at + of4]!)
      chunk = (chunk << 6) | (digit < 0 ? 0 : digit)
    }
    for (let shift = 16; shift >= 0 && to < bytes.length; shift -= 8) bytes[to++] = chunk >> shift
  }
  return bytes
}

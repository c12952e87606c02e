/** IP addresses and prefixes as bytes: strict reading, canonical text, containment. */

export type IpFamily = 'IPv4' | 'IPv6'

export interface Ip {
  readonly family: IpFamily
  /** 4 or 16 bytes, network order. */
  readonly bytes: Uint8Array
  /** Written as IPv6 although it is an IPv4 address (`::ffff:a.b.c.d`). */
  readonly mapped: boolean
}

export interface Cidr {
  readonly ip: Ip
  readonly prefixLength: number
}

/**
 * Reads dotted quads and IPv6 in any RFC 4291 spelling; no zone, no brackets. Octets with leading
 * zeros are refused unless `sloppy`, which reads them as decimal.
 */
export function parseIp(text: string, sloppy = false): Ip | undefined {
  if (text.length > 64) return undefined
  if (!text.includes(':')) {
    const quad = parseQuad(text, sloppy)
    return quad && { family: 'IPv4', bytes: Uint8Array.from(quad), mapped: false }
  }
  const bytes = parseV6(text, sloppy)
  if (bytes === undefined) return undefined
  return { family: 'IPv6', bytes, mapped: isMapped(bytes) }
}

/** The family of an address as every strict field takes it; undefined if it is none. */
export function ipFamilyOf(text: string): IpFamily | undefined {
  const ip = parseIp(text)
  return ip && !ip.mapped ? ip.family : undefined
}

function parseQuad(text: string, sloppy: boolean): number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const quad: number[] = []
  for (const part of parts) {
    if (!/^\d+$/.test(part) || (!sloppy && (part.length > 3 || /^0\d/.test(part)))) return undefined
    const value = Number(part)
    if (value > 255) return undefined
    quad.push(value)
  }
  return quad
}

function parseV6(text: string, sloppy: boolean): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0] ?? '', halves.length === 1, sloppy)
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true, sloppy) : []
  if (head === undefined || tail === undefined) return undefined
  const gap = 16 - head.length - tail.length
  // `::` stands for at least one group of zeros
  if (halves.length === 2 ? gap < 2 : gap !== 0) return undefined
  const bytes = new Uint8Array(16)
  bytes.set(head)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

function parseGroups(text: string, last: boolean, sloppy: boolean): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const quad = last && index === groups.length - 1 ? parseQuad(group, sloppy) : undefined
      if (quad === undefined) return undefined
      bytes.push(...quad)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
      const value = parseInt(group, 16)
      bytes.push(value >> 8, value & 255)
    }
  }
  return bytes.length > 16 ? undefined : bytes
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
}

/** The one text of an address: dotted quad, or RFC 5952; a mapped address becomes its IPv4. */
export function formatIp(ip: Pick<Ip, 'bytes'>): string {
  const bytes = ip.bytes
  if (bytes.length === 4) return bytes.join('.')
  if (isMapped(bytes)) return bytes.subarray(12).join('.')
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) {
    groups.push(((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)).toString(16))
  }
  const { start, length } = longestZeros(groups)
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === '0') continue
    if (at - start > best.length) best = { start, length: at - start }
    start = at + 1
  }
  return best
}

/** `address/length`; host bits may be set. Prefix lengths with leading zeros need `sloppy`. */
export function parseCidr(text: string, sloppy = false): Cidr | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const ip = parseIp(text.slice(0, slash), sloppy)
  const length = text.slice(slash + 1)
  if (ip === undefined || !/^\d{1,9}$/.test(length)) return undefined
  if (!sloppy && /^0\d/.test(length)) return undefined
  const prefixLength = Number(length)
  return prefixLength > ip.bytes.length * 8 ? undefined : { ip, prefixLength }
}

/** First address of the prefix: host bits cleared. */
export function networkOf(cidr: Cidr): Uint8Array {
  return cidr.ip.bytes.map((byte, at) => {
    const bits = Math.min(Math.max(cidr.prefixLength - at * 8, 0), 8)
    return byte & (255 << (8 - bits)) & 255
  })
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIp({ bytes: networkOf(cidr) })}/${cidr.prefixLength}`
}

export function cidrContains(cidr: Cidr, ip: Pick<Ip, 'bytes'>): boolean {
  if (cidr.ip.bytes.length !== ip.bytes.length) return false
  const network = networkOf(cidr)
  const masked = networkOf({ ip: { ...cidr.ip, bytes: ip.bytes }, prefixLength: cidr.prefixLength })
  return network.every((byte, at) => byte === masked[at])
}

/** Addresses that can never be an endpoint, by the kind of their refusal. */
export function specialUse(
  ip: Ip,
): 'unspecified' | 'loopback' | 'link-local' | 'link-local multicast' | undefined {
  const bytes = ip.mapped ? ip.bytes.subarray(12) : ip.bytes
  const first = bytes[0] ?? 0
  const second = bytes[1] ?? 0
  if (bytes.every((byte) => byte === 0)) return 'unspecified'
  if (bytes.length === 4) {
    if (first === 127) return 'loopback'
    if (first === 169 && second === 254) return 'link-local'
    if (first === 224 && second === 0 && bytes[2] === 0) return 'link-local multicast'
    return undefined
  }
  if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return 'loopback'
  if (first === 0xfe && (second & 0xc0) === 0x80) return 'link-local'
  if (first === 0xff && (second & 0x0f) === 2) return 'link-local multicast'
  return undefined
}

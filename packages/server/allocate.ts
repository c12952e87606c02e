import { type Cidr, type Env, formatIp, networkOf, parseCidr } from '@slicewise/base'

/** Choosing free addresses and ports. Nothing is taken here: the commit's preconditions do that. */

/** Offsets that are given out on request first and by chance only when all others are taken. */
export interface Band {
  readonly first: number
  readonly last: number
  /** First offset of the upper band. */
  readonly upper: number
}

/** Random tries before a band is walked; enough until it is nearly full. */
const randomTries = 32

/**
 * A free offset at random, from the upper band while it has any; undefined when all are taken.
 */
export function chooseOffset(
  env: Env, band: Band, taken: (offset: number) => boolean,
): number | undefined {
  return chooseBetween(env, band.upper, band.last, taken)
    ?? chooseBetween(env, band.first, Math.min(band.upper - 1, band.last), taken)
}

function chooseBetween(
  env: Env, first: number, last: number, taken: (offset: number) => boolean,
): number | undefined {
  const size = last - first + 1
  if (size <= 0) return undefined
  for (let n = 0; n < randomTries; n++) {
    const offset = first + Math.floor(env.random() * size)
    if (!taken(offset)) return offset
  }
  const start = Math.floor(env.random() * size)
  for (let n = 0; n < size; n++) {
    const offset = first + (start + n) % size
    if (!taken(offset)) return offset
  }
  return undefined
}

/** Offsets of an address range; without the network address and, in IPv4, the broadcast one. */
export function addressBand({ ip, prefixLength }: Cidr): Band {
  const bits = ip.bytes.length * 8 - prefixLength
  // 2^48 addresses are enough for anybody, and numbers stay exact.
  const size = 2 ** Math.min(bits, 48)
  const last = ip.family === 'IPv4' ? size - 2 : size - 1
  const lower = size < 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256)
  return { first: 1, last, upper: 1 + lower }
}

/** Ports by their number; the lower band is a 32nd of the range, 16 to 128 ports. */
export function portBand(first: number, last: number): Band {
  const size = last - first + 1
  const lower = size < 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128)
  return { first, last, upper: first + lower }
}

/** The address at an offset from the network address. */
export function addressAt(cidr: Cidr, offset: number): string {
  const bytes = networkOf(cidr)
  let carry = offset
  for (let at = bytes.length - 1; at >= 0 && carry > 0; at--) {
    const sum = (bytes[at] as number) + carry
    bytes[at] = sum % 256
    carry = Math.floor(sum / 256)
  }
  return formatIp({ bytes })
}

export function readCidr(text: string): Cidr {
  const cidr = parseCidr(text)
  if (cidr === undefined) throw new RangeError(`${text} is no address range`)
  return cidr
}

import { assert, cidrContains, formatCidr, formatIp, networkOf, parseCidr, parseIp }
  from '@slicewise/base'
import { limits } from './limits.ts'

/** An IPv6 range larger than this many bits of hosts is not needed by any Node. */
const hostBitsMax = 16

/**
 * How a Pod range is cut: `count` ranges of one size, the largest that fits and a Node can use.
 * Throws when the range is too small to give every Node an address.
 */
export function cutRange(cidr: string, count: number): { prefixLength: number; capacity: number } {
  const whole = parseCidr(cidr)
  if (whole === undefined) throw new Error(`Pod range "${cidr}" is not a CIDR such as 10.128.0.0/9`)
  const bits = whole.ip.bytes.length * 8
  const nodeBits = Math.ceil(Math.log2(Math.max(1, count)))
  const prefixLength = Math.max(whole.prefixLength + nodeBits, bits - hostBitsMax)
  const capacity = 2 ** (bits - prefixLength) - limits.reservedAddresses
  if (capacity < 1) throw new Error(`Pod range "${cidr}" is too small for ${count} Nodes`)
  return { prefixLength, capacity: Math.min(limits.podsPerNodeMax, capacity) }
}

/** The `index`-th range of a cut. */
export function rangeAt(cidr: string, prefixLength: number, index: number): string {
  const whole = parseCidr(cidr)
  assert(whole !== undefined, 'a range that was checked before')
  const bits = whole.ip.bytes.length * 8
  const bytes = addTo(networkOf(whole), BigInt(index) << BigInt(bits - prefixLength))
  return formatCidr({ ip: { ...whole.ip, bytes }, prefixLength })
}

/** How many ranges a cut has. */
export function rangeCount(cidr: string, prefixLength: number): number {
  const whole = parseCidr(cidr)
  assert(whole !== undefined, 'a range that was checked before')
  return 2 ** (prefixLength - whole.prefixLength)
}

/** Gives the addresses of one range, each to one holder at a time, oldest freed last. */
export class AddressPool {
  readonly #cidr: NonNullable<ReturnType<typeof parseCidr>>
  readonly #network: Uint8Array
  readonly #size: number
  readonly #used = new Set<string>()
  #next = 2

  constructor(cidr: string) {
    const parsed = parseCidr(cidr)
    assert(parsed !== undefined, 'a Node has a readable Pod range')
    this.#cidr = parsed
    this.#network = networkOf(parsed)
    const hostBits = Math.min(hostBitsMax, this.#network.length * 8 - parsed.prefixLength)
    this.#size = 2 ** hostBits
  }

  /** An address nobody holds, or undefined when the range is used up. */
  take(): string | undefined {
    for (let tried = 0; tried < this.#size; tried++) {
      const offset = this.#next
      this.#next = offset + 1 >= this.#size - 1 ? 2 : offset + 1
      const address = formatIp({ bytes: addTo(this.#network, BigInt(offset)) })
      if (this.#used.has(address)) continue
      this.#used.add(address)
      return address
    }
    return undefined
  }

  /** Notes an address that is in use already; false when it is not of this range. */
  hold(address: string): boolean {
    const ip = parseIp(address)
    if (ip === undefined || !cidrContains(this.#cidr, ip)) return false
    this.#used.add(address)
    return true
  }

  free(address: string): void {
    this.#used.delete(address)
  }
}

function addTo(network: Uint8Array, by: bigint): Uint8Array {
  const bytes = Uint8Array.from(network)
  let rest = by
  for (let at = bytes.length - 1; at >= 0 && rest > 0n; at--) {
    rest += BigInt(bytes[at] ?? 0)
    bytes[at] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

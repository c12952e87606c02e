/** The families that Pods have addresses of, spelt as an EndpointSlice's `addressType`. */
export type Family = 'IPv4' | 'IPv6'
export const families: readonly Family[] = ['IPv4', 'IPv6']

export interface Address {
  readonly family: Family
  /** Canonical text: no leading zeros, IPv6 as RFC 5952 writes it. */
  readonly text: string
}

/**
 * Reads an address as leniently as Kubernetes reads a Pod's: decimal octets may have leading zeros,
 * IPv6 may be spelt in any way, an IPv4-mapped IPv6 address counts as IPv4. `undefined` for
 * anything else, also for zones (`fe80::1%eth0`).
 */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const octets = parseOctets(text)
    return octets && { family: 'IPv4', text: octets.join('.') }
  }
  const groups = parseGroups(text)
  if (groups === undefined) return undefined
  if (isMapped(groups)) {
    const [high = 0, low = 0] = groups.slice(6)
    return { family: 'IPv4', text: [high >> 8, high & 255, low >> 8, low & 255].join('.') }
  }
  return { family: 'IPv6', text: printGroups(groups) }
}

export function familyOf(text: string): Family | undefined {
  return parseAddress(text)?.family
}

function parseOctets(text: string): number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const octets: number[] = []
  for (const part of parts) {
    if (!/^\d+$/.test(part)) return undefined
    const octet = Number(part)
    if (octet > 255) return undefined
    octets.push(octet)
  }
  return octets
}

/** The eight 16-bit groups, or undefined. */
function parseGroups(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, index) => parseHalf(half, index === halves.length - 1))
  if (head === undefined) return undefined
  if (halves.length === 1) return head.length === 8 ? head : undefined
  if (tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (missing < 1) return undefined
  return [...head, ...Array<number>(missing).fill(0), ...tail]
}

/** Only the end of the whole address may be written as a dotted quad. */
function parseHalf(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (isEnd && index === parts.length - 1 && part.includes('.')) {
      const octets = parseOctets(part)
      if (octets === undefined) return undefined
      const [a = 0, b = 0, c = 0, d = 0] = octets
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return groups
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
}

/** RFC 5952: lower case; the longest run of zero groups, the first of equals, becomes `::`. */
function printGroups(groups: readonly number[]): string {
  const zeros = longestZeroRun(groups)
  const hex = groups.map((group) => group.toString(16))
  if (zeros.length < 2) return hex.join(':')
  const head = hex.slice(0, zeros.start).join(':')
  const tail = hex.slice(zeros.start + zeros.length).join(':')
  return `${head}::${tail}`
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let at = 0; at <= groups.length; at++) {
    if (at < groups.length && groups[at] === 0) continue
    if (at - start > best.length) best = { start, length: at - start }
    start = at + 1
  }
  return best
}

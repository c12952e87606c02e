import {
  type Ip, formatCidr, formatIp, networkOf, parseCidr, parseIp, specialUse,
} from '@slicewise/base'
import { type Cause, cause } from './status.ts'

const notAnIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const notACidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

/**
 * An address in a field that once took sloppy text: no leading zeros, not IPv4-mapped. A text in
 * `known`, the values already stored, passes.
 */
export function ipCauses(field: string, text: string, known: readonly string[] = []): Cause[] {
  if (known.includes(text)) return []
  const sloppy = parseIp(text, true)
  if (sloppy === undefined) return [cause.invalid(field, text, notAnIp)]
  if (parseIp(text) === undefined) return [cause.invalid(field, text, 'must not have leading 0s')]
  return sloppy.mapped
    ? [cause.invalid(field, text, 'must not be an IPv4-mapped IPv6 address')]
    : []
}

/** An address that must also be written in its one canonical form. */
export function canonicalIpCauses(field: string, text: string): Cause[] {
  const found = ipCauses(field, text)
  if (found.length > 0) return found
  const canonical = canonicalIp(text)
  return canonical === text
    ? []
    : [cause.invalid(field, text, `must be in canonical form (${JSON.stringify(canonical)})`)]
}

/** The canonical text of an address, however sloppily it is written. */
function canonicalIp(text: string): string {
  const ip = parseIp(text, true)
  return ip === undefined ? text : formatIp(ip)
}

/** Refusals of addresses that no endpoint can have. */
export function endpointIpCauses(field: string, text: string): Cause[] {
  const ip = parseIp(text, true)
  if (ip === undefined) return [cause.invalid(field, text, 'must be a valid IP address')]
  const use = specialUse(ip)
  if (use === undefined) return []
  return [cause.invalid(field, text, {
    'unspecified': `may not be unspecified (${text})`,
    'loopback': 'may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'link-local': 'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    'link-local multicast':
      'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  }[use])]
}

/** A prefix without leading zeros, mapped addresses or host bits, unless it is in `known`. */
export function cidrCauses(field: string, text: string, known: readonly string[] = []): Cause[] {
  if (known.includes(text)) return []
  if (parseCidr(text, true) === undefined) return [cause.invalid(field, text, notACidr)]
  const cidr = parseCidr(text)
  if (cidr === undefined) {
    return [cause.invalid(field, text, 'must not have leading 0s in IP or prefix length')]
  }
  if (cidr.ip.mapped) {
    return [cause.invalid(field, text, 'must not have an IPv4-mapped IPv6 address')]
  }
  return sameBytes(networkOf(cidr), cidr.ip.bytes)
    ? []
    : [cause.invalid(field, text, 'must not have bits set beyond the prefix length')]
}

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.every((byte, at) => byte === right[at])

export function canonicalCidrCauses(field: string, text: string): Cause[] {
  const found = cidrCauses(field, text)
  const cidr = parseCidr(text)
  if (found.length > 0 || cidr === undefined) return found
  const canonical = formatCidr(cidr)
  return canonical === text
    ? []
    : [cause.invalid(field, text, `must be in canonical form (${JSON.stringify(canonical)})`)]
}

/** Warnings about spellings that are accepted but not standard. */
export function ipWarnings(field: string, text: string): string[] {
  const sloppy = parseIp(text, true)
  if (sloppy === undefined) return []
  const standard = JSON.stringify(formatIp(sloppy))
  const shown = JSON.stringify(text)
  if (sloppy.mapped || parseIp(text) === undefined) {
    return [`${field}: non-standard IP address ${shown} is invalid: use ${standard}`]
  }
  return isV6(sloppy) && JSON.stringify(text) !== standard
    ? [`${field}: IPv6 address ${shown} should be in RFC 5952 canonical format (${standard})`]
    : []
}

const isV6 = (ip: Ip): boolean => ip.family === 'IPv6'

/** Warnings about prefixes with host bits or in a spelling that is not canonical. */
export function cidrWarnings(field: string, text: string): string[] {
  const cidr = parseCidr(text, true)
  if (cidr === undefined) return []
  const canonical = formatCidr(cidr)
  const found: string[] = []
  if (!sameBytes(networkOf(cidr), cidr.ip.bytes)) {
    const single = `${formatIp(cidr.ip)}/${cidr.ip.bytes.length * 8}`
    found.push(`${field}: CIDR value "${text}" is ambiguous in this context `
      + `(should be "${canonical}" or "${single}"?)`)
  }
  if (cidr.ip.mapped || parseCidr(text) === undefined) {
    found.push(`${field}: non-standard CIDR value "${text}" is invalid: use "${canonical}"`)
  }
  if (found.length === 0 && isV6(cidr.ip) && canonical !== text) {
    found.push(`${field}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format `
      + `("${canonical}")`)
  }
  return found
}

import { parseCidr } from '@slicewise/base'
import { InvalidArgumentError } from 'commander'

/** Parsers of flag values. Each throws an `InvalidArgumentError` that says what was expected. */

export function hostPort(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new InvalidArgumentError('expected HOST:PORT, such as 127.0.0.1:7443 or [::1]:0')
  }
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port }
}

/** A folder for the embedded store, or `memory`. */
export function dataFolder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a folder, or "memory"')
  if (text === 'etcd') {
    throw new InvalidArgumentError(
      'a store in etcd is not there yet; say ./etcd for a folder of that name')
  }
  return text
}

export function fileName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected the name of a file')
  return text
}

export function count(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value > most) {
      throw new InvalidArgumentError(`expected a whole number from 0 to ${most}`)
    }
    return value
  }
}

export function between(least: number, most: number): (text: string) => number {
  const parse = count(most)
  return (text) => {
    const value = parse(text)
    if (value < least) throw new InvalidArgumentError(`expected ${least} to ${most}`)
    return value
  }
}

export function factor(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('expected a number above 0, such as 1 or 20')
  }
  return value
}

export function words(text: string): string[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '')
}

/** Address ranges with commas between them, as they were given. */
export function ranges(text: string): string[] {
  const found = words(text)
  if (found.length === 0 || found.some((range) => parseCidr(range) === undefined)) {
    throw new InvalidArgumentError('expected ranges such as 10.96.0.0/16,fd00:10:96::/112')
  }
  return found
}

/** The same, of each family one at most. */
export function oneRangePerFamily(text: string): string[] {
  const found = ranges(text)
  if (new Set(found.map((range) => range.includes(':'))).size < found.length) {
    throw new InvalidArgumentError('expected one range, or one of IPv4 and one of IPv6')
  }
  return found
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A Go duration such as `500ms`, `1s` or `1m30s`, in milliseconds. */
export function duration(text: string): number {
  if (text === '0') return 0
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  const whole = parts.map((part) => part[0]).join('')
  if (parts.length === 0 || whole !== text) {
    throw new InvalidArgumentError('expected a duration such as 500ms, 1s or 1m30s')
  }
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] ?? ''] ?? 0), 0)
}

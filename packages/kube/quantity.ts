import { limits } from './limits.ts'

/**
 * Resource quantities: `100m`, `1.5Gi`, `12e6`. Held as whole nano units, the finest the API
 * knows; anything finer is rounded away from zero when read.
 */
export interface Quantity {
  readonly nano: bigint
  readonly format: 'decimal' | 'binary' | 'exponent'
}

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const giga = 1_000_000_000n
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/
/** No text of a quantity needs more; longer ones only cost time. */
const textMax = 128
/** Exponents beyond this are out of range of every number the API can hold. */
const exponentMax = 40

const known = new Map<string, Quantity | undefined>()

/** Undefined when the text is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  if (text.length > textMax) return undefined
  let quantity = known.get(text)
  if (quantity === undefined && !known.has(text)) {
    quantity = readQuantity(text)
    if (known.size >= limits.quantitiesKept) known.clear()
    known.set(text, quantity)
  }
  return quantity
}

function readQuantity(text: string): Quantity | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', suffix = '', exponent] = match
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const power = exponent === undefined ? 0 : Number(exponent)
  if (Math.abs(power) > exponentMax) return undefined
  const { scale, format } = unit(suffix, power, exponent !== undefined)
  const divisor = 10n ** BigInt(fraction.length + Math.max(0, -power))
  const nano = ceilDivide(digits * scale, divisor)
  return { nano: sign === '-' ? -nano : nano, format }
}

function unit(suffix: string, power: number, exponent: boolean): {
  scale: bigint
  format: Quantity['format']
} {
  if (exponent) return { scale: giga * 10n ** BigInt(Math.max(0, power)), format: 'exponent' }
  const binary = suffix === '' ? -1 : binarySuffixes.indexOf(suffix)
  if (binary > 0) return { scale: giga * 1024n ** BigInt(binary), format: 'binary' }
  return { scale: 1000n ** BigInt(decimalSuffixes.indexOf(suffix)), format: 'decimal' }
}

const ceilDivide = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

/** The one text of a quantity: no fraction, and the largest suffix that keeps it exact. */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format } = quantity
  if (nano === 0n) return '0'
  const size = nano < 0n ? -nano : nano
  const sign = nano < 0n ? '-' : ''
  if (format === 'binary' && size >= 1024n * giga && size % giga === 0n) {
    const [number, power] = strip(size / giga, 1024n, binarySuffixes.length - 1)
    return `${sign}${number}${binarySuffixes[power]}`
  }
  const powers = format === 'exponent' ? exponentMax : decimalSuffixes.length - 1
  const [number, power] = strip(size, 1000n, powers)
  if (format !== 'exponent') return `${sign}${number}${decimalSuffixes[power]}`
  return power === 3 ? `${sign}${number}` : `${sign}${number}e${(power - 3) * 3}`
}

/** Divides by `base` as often as it goes without remainder, at most `times`. */
function strip(value: bigint, base: bigint, times: number): [number: bigint, power: number] {
  let power = 0
  while (power < times && value % base === 0n) {
    value /= base
    power++
  }
  return [value, power]
}

/** The canonical text, as the server stores and prints it; undefined for no quantity. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text)
  return quantity && formatQuantity(quantity)
}

/** Negative, zero or positive; both texts must be quantities, others count as zero. */
export function compareQuantities(left: string, right: string): number {
  const difference = nanoOf(left) - nanoOf(right)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Sums quantities and keeps the first one's way of writing. */
export function addQuantities(left: string, right: string): string {
  const first = parseQuantity(left)
  const nano = nanoOf(left) + nanoOf(right)
  return formatQuantity({ nano, format: first?.format ?? 'decimal' })
}

/** Whole units, rounded up: bytes, Pods, cores. */
export const quantityValue = (text: string): number => {
  const nano = nanoOf(text)
  return Number(nano >= 0n ? ceilDivide(nano, giga) : nano / giga)
}

/** False for `1500m` and the like. */
export const isWholeQuantity = (text: string): boolean => nanoOf(text) % giga === 0n

/** Thousandths, rounded up: milli-CPUs. */
export const quantityMilli = (text: string): number => {
  const nano = nanoOf(text)
  return Number(nano >= 0n ? ceilDivide(nano, 1_000_000n) : nano / 1_000_000n)
}

const nanoOf = (text: string): bigint => parseQuantity(text)?.nano ?? 0n

/**
 * Readers of the scalars that have a grammar of their own. Each returns the canonical form, or
 * `undefined` when the text is not one.
 */

const canonicalTime = 'dddd-dd-ddTdd:dd:ddZ'

/** RFC 3339 to whole seconds in UTC; the zero time of Go becomes null. */
export function readTime(text: string): string | null | undefined {
  if (text.length === canonicalTime.length && isPlainTime(text)) return zeroIsNull(text)
  const moment = parseMoment(text)
  if (moment === undefined) return undefined
  return zeroIsNull(`${isoSeconds(moment.seconds)}Z`)
}

/** RFC 3339 with exactly six fraction digits, to UTC. */
export function readMicroTime(text: string): string | null | undefined {
  const moment = parseMoment(text)
  if (moment === undefined || moment.fraction.length !== 6) return undefined
  const iso = isoSeconds(moment.seconds)
  if (moment.fraction === '000000' && `${iso}Z` === zeroTime) return null
  return `${iso}.${moment.fraction}Z`
}

const zeroTime = '0001-01-01T00:00:00Z'
const zeroIsNull = (text: string): string | null => (text === zeroTime ? null : text)

/** Whether the text is already canonical; days after the 28th take the long way. */
function isPlainTime(text: string): boolean {
  for (let at = 0; at < canonicalTime.length; at++) {
    const char = text.charCodeAt(at)
    const want = canonicalTime.charCodeAt(at)
    if (want === 100 ? char < 48 || char > 57 : char !== want) return false
  }
  const two = (at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
  const month = two(5), day = two(8)
  return month >= 1 && month <= 12 && day >= 1 && day <= 28
    && two(11) < 24 && two(14) < 60 && two(17) < 60
}

interface Moment {
  /** Since the Unix epoch. */
  readonly seconds: number
  /** Digits after the point, as written. */
  readonly fraction: string
}

const rfc3339
  = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/

function parseMoment(text: string): Moment | undefined {
  if (text.length > 64) return undefined
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [years, month, day, hour, minute, seconds] = match.slice(1, 7).map(Number) as
    [number, number, number, number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(years, month)) return undefined
  if (hour > 23 || minute > 59 || seconds > 59) return undefined
  const offset = offsetSeconds(match[8] ?? 'Z')
  if (offset === undefined) return undefined
  const date = new Date(0)
  date.setUTCFullYear(years, month - 1, day)
  date.setUTCHours(hour, minute, seconds)
  return { seconds: date.getTime() / 1000 - offset, fraction: match[7] ?? '' }
}

function daysIn(years: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return years % 4 === 0 && (years % 100 !== 0 || years % 400 === 0) ? 29 : 28
}

function offsetSeconds(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3)), minutes = Number(zone.slice(4, 6))
  if (hours > 24 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60)
}

/** `2026-01-01T00:00:00` of seconds since the epoch; years stay within four digits. */
export function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/^\+\d\d/, '').slice(0, 19)
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Standard base64 with padding; line breaks are taken out, unused bits become zero. */
export function readBase64(text: string): string | undefined {
  const joined = base64.test(text) ? text : text.replace(/[\r\n]/g, '')
  if (!base64.test(joined)) return undefined
  const padding = joined.endsWith('==') ? 2 : joined.endsWith('=') ? 1 : 0
  if (padding === 0) return joined
  const last = joined.length - padding - 1
  const digit = base64Digits.indexOf(joined[last]!)
  const kept = base64Digits[digit & (padding === 2 ? 0x30 : 0x3c)]!
  return joined.slice(0, last) + kept + '='.repeat(padding)
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Whether no unit has to be changed: such quantities stand in most objects. */
export const plainQuantity = /^[1-9]\d{0,2}(?:m|k|Ki|M|Mi|G|Gi)?$/

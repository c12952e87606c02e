/** Counts of a rolling update, rounded as the reference rounds them. */

/** `25%` of `total`, or a plain number; rounded up for surges, down for the unavailable. */
export function resolve(
  value: number | string | undefined, total: number, round: 'up' | 'down',
): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const percent = Number(/^(\d+)%$/.exec(value)?.[1] ?? Number.NaN)
  if (Number.isNaN(percent)) return 0
  const share = (percent * total) / 100
  return round === 'up' ? Math.ceil(share) : Math.floor(share)
}

/** FNV-1a over UTF-16 code units, 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}

const safeLetters = 'bcdfghjklmnpqrstvwxz2456789'

/** Digits replaced by letters that form no words; the alphabet of generated names. */
export function safeText(number: number): string {
  return [...String(number)].map((digit) => safeLetters[digit.charCodeAt(0) % 27]).join('')
}

/** A short text that differs when the value differs; `collisions` makes another one. */
export function templateHash(value: unknown, collisions: number | undefined): string {
  const suffix = collisions === undefined ? '' : `/${collisions}`
  return safeText(hash32(canonical(value) + suffix))
}

/** JSON with members in order of their names. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

type Labels = Readonly<Record<string, string>>

/** How one pair of a selector is missed by labels. */
export interface LabelMiss {
  readonly key: string
  readonly wanted: string
  readonly how: 'KeyMissing' | 'ValueDiffers' | 'ValueCase' | 'KeyCase' | 'OtherKey'
  /** The key that has the value, where it is another one. */
  readonly otherKey?: string
  /** The value found; absent when the key is missing. */
  readonly found?: string
}

/** Labels that almost have what a selector asks for. */
export interface NearMiss {
  readonly misses: readonly LabelMiss[]
  /** Pairs that are met, and in all. */
  readonly met: number
  readonly pairs: number
  /** Between 0 and 1; larger is nearer. */
  readonly nearness: number
}

/** Values this long may differ in two letters and still look like a slip. */
const slipLengthMin = 4
/** No label is longer; comparing costs the product of both lengths. */
const slipLengthMax = 63
const slipLettersMax = 2

const weights: Readonly<Record<LabelMiss['how'], number>> = {
  KeyCase: 0.9, ValueCase: 0.9, OtherKey: 0.7, ValueDiffers: 0, KeyMissing: 0,
}
const slipWeight = 0.6

/**
 * Whether labels miss a selector narrowly: at least one pair is met, or one is missed by case,
 * by a slip of two letters, or because the value stands under another key. Undefined when the
 * selector is met, or not nearly.
 */
export function nearMiss(selector: Labels, labels: Labels | undefined): NearMiss | undefined {
  const pairs = Object.keys(selector).sort()
  const misses: LabelMiss[] = []
  let score = 0
  for (const key of pairs) {
    const wanted = selector[key] as string
    if (labels?.[key] === wanted) {
      score++
      continue
    }
    const miss = missOf(key, wanted, labels ?? {})
    misses.push(miss)
    const slip = miss.how === 'ValueDiffers' && isSlip(wanted, miss.found ?? '')
    score += slip ? slipWeight : weights[miss.how]
  }
  if (misses.length === 0 || score === 0) return undefined
  const met = pairs.length - misses.length
  return { misses, met, pairs: pairs.length, nearness: score / pairs.length }
}

function missOf(key: string, wanted: string, labels: Labels): LabelMiss {
  const found = labels[key]
  const sameLetters = (text: string, other: string): boolean =>
    text.toLowerCase() === other.toLowerCase()
  if (found !== undefined) {
    return { key, wanted, found, how: sameLetters(found, wanted) ? 'ValueCase' : 'ValueDiffers' }
  }
  const names = Object.keys(labels).sort()
  const byCase = names.find((name) => sameLetters(name, key))
  if (byCase !== undefined) {
    return { key, wanted, found: labels[byCase] as string, how: 'KeyCase', otherKey: byCase }
  }
  const other = names.find((name) => labels[name] === wanted)
  if (other !== undefined) return { key, wanted, found: wanted, how: 'OtherKey', otherKey: other }
  return { key, wanted, how: 'KeyMissing' }
}

/** The clause that tells a person how the labels are missed. */
export function missText({ misses }: NearMiss): string {
  return misses.map((miss) => {
    const asked = `the selector asks for ${miss.key}=${miss.wanted}`
    if (miss.how === 'KeyMissing') return `it has no label ${miss.key}, ${asked}`
    if (miss.how === 'ValueDiffers') return `its label ${miss.key} is "${miss.found}", ${asked}`
    const has = `its label is ${miss.otherKey ?? miss.key}=${miss.found}`
    return `${has}, ${asked}${miss.how === 'OtherKey' ? '' : ' (upper and lower case differ)'}`
  }).join('; ')
}

/** Within two edits of each other, and long enough for that to be a slip. */
function isSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < slipLengthMin) return false
  if (Math.max(a.length, b.length) > slipLengthMax) return false
  return distance(a, b) <= slipLettersMax
}

/** Edits between two texts; labels have at most 63 characters. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (before[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replace, (before[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    before = row
  }
  return before[b.length] as number
}

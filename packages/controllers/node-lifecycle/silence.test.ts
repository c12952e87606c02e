import { expect, test } from 'vitest'
import { Silence } from './silence.ts'

/** One look each: so many ms after the look before, and what was heard just before it. */
type Look = readonly [afterMs: number, heard?: 'node' | 'asked' | 'returned']

const periodMs = 1_000
const regular = (count: number): Look[] => Array.from({ length: count }, () => [periodMs])

test.each<[string, Look[], number]>([
  ['time passes', regular(3), 3_000],
  ['a sign of life begins it anew', [...regular(3), [periodMs, 'node'], [periodMs]], 2_000],
  ['a late look counts one period', [[60_000]], 1_000],
  ['many late looks count one each', [[5_000], [5_000], [5_000]], 3_000],
  ['looks that come often count what passed', [[10], [10], [10]], 30],
  ['a clock that is set back counts nothing', [[-60_000]], 0],
  ['nothing counts while our own sign is under way', [[1_000, 'asked'], [1_000], [1_000]], 0],
  ['a round trip counts one period, however long it took',
    [[1_000, 'asked'], [1_000], [1_000, 'returned']], 1_000],
])('%s', (_, looks, silentMs) => {
  let nowMs = Date.UTC(2026, 0, 1)
  const silence = new Silence(nowMs)
  silence.heard('a')
  for (const [afterMs, heard] of looks) {
    nowMs += afterMs
    if (heard === 'node') silence.heard('a')
    else if (heard !== undefined) silence.asking = heard === 'asked'
    silence.look(nowMs, periodMs)
  }
  expect(silence.of('a')).toBe(silentMs)
  expect([...silence.longerThan(silentMs - 1)]).toEqual(['a'])
  expect([...silence.longerThan(silentMs)]).toEqual([])
})

test('a Node that was never heard, or was forgotten, is not silent', () => {
  const silence = new Silence(0)
  silence.heard('a')
  silence.look(1_000, periodMs)
  expect(silence.of('b')).toBe(0)
  silence.forget('a')
  expect(silence.of('a')).toBe(0)
  expect([...silence.longerThan(0)]).toEqual([])
})

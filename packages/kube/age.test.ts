import { expect, test } from 'vitest'
import { formatAge, formatDuration } from './age.ts'

const minute = 60, hour = 3600, day = 86400, year = 365 * day

test.each([
  [-2, '<invalid>'], [-1, '0s'], [-0.5, '0s'], [0, '0s'], [119, '119s'], [120, '2m'],
  [5 * minute + 30, '5m30s'], [10 * minute - 1, '9m59s'], [10 * minute + 59, '10m'],
  [3 * hour - 1, '179m'], [3 * hour, '3h'], [3 * hour + 12 * minute, '3h12m'],
  [8 * hour, '8h'], [2 * day - 1, '47h'], [2 * day, '2d'], [2 * day + hour, '2d1h'],
  [8 * day - 1, '7d23h'], [8 * day + hour, '8d'], [2 * year - 1, '729d'], [2 * year, '2y'],
  [2 * year + 3 * day, '2y3d'], [8 * year - day, '7y364d'], [8 * year, '8y'], [9.5 * year, '9y'],
])('%s s is %s', (seconds, text) => {
  expect(formatDuration(seconds * 1000)).toBe(text)
})

test('an unset time is unknown', () => {
  expect(formatAge(null, 0)).toBe('<unknown>')
  expect(formatAge(undefined, 0)).toBe('<unknown>')
  expect(formatAge('1970-01-01T00:00:00Z', 3000)).toBe('3s')
})

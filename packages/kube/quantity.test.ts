import { expect, test } from 'vitest'
import {
  addQuantities, canonicalQuantity, compareQuantities, quantityMilli, quantityValue,
} from './quantity.ts'

test.each([
  ['0', '0'], ['0Gi', '0'], ['-0', '0'], ['1', '1'], ['+1', '1'], ['-1', '-1'], ['1.0', '1'],
  ['1.5', '1500m'], ['.5', '500m'], ['5.', '5'], ['0.1', '100m'], ['100m', '100m'],
  ['1000m', '1'], ['1500m', '1500m'], ['2000', '2k'], ['1024', '1024'], ['1000000', '1M'],
  ['1Ki', '1Ki'], ['1024Ki', '1Mi'], ['1000Ki', '1000Ki'], ['1.5Gi', '1536Mi'], ['0.5Ki', '512'],
  ['1023Ki', '1023Ki'], ['1048576Ki', '1Gi'], ['0.1Ki', '102400m'], ['1.50049Ki', '1536501760u'],
  ['-1.5Ki', '-1536'], ['100e20', '10e21'], ['12e-20', '1e-9'],
  ['1e3', '1e3'], ['12E6', '12e6'], ['1e1', '10'], ['12345e3', '12345e3'], ['1e-3', '1e-3'],
  ['1E', '1E'], ['100k', '100k'], ['1000k', '1M'], ['1n', '1n'], ['0.1n', '1n'], ['1u', '1u'],
  ['128974848', '128974848'], ['129e6', '129e6'], ['129M', '129M'], ['123Mi', '123Mi'],
  ['1000000000000000000000', '1000E'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical)
})

test.each([
  '', 'x', '1x', '1 ', 'Ki', '.', '1KI', '1ki', '1mi', '1e', '--1', '1..2', '1e3k', '0x1',
])('%j is no quantity', (text) => {
  expect(canonicalQuantity(text)).toBeUndefined()
})

test('canonical text is stable and equal in value', () => {
  for (let at = 0; at < 400; at++) {
    const text = `${at * 37 % 5000}${['', 'm', 'k', 'Ki', 'Mi', 'e3', 'u'][at % 7]}`
    const once = canonicalQuantity(text) ?? ''
    expect(canonicalQuantity(once)).toBe(once)
    expect(compareQuantities(text, once)).toBe(0)
  }
})

test('comparison and sums go by value', () => {
  expect(compareQuantities('1Gi', '1G')).toBe(1)
  expect(compareQuantities('999m', '1')).toBe(-1)
  expect(addQuantities('500m', '0.5')).toBe('1')
  expect(addQuantities('512Mi', '512Mi')).toBe('1Gi')
  expect(quantityValue('1500m')).toBe(2)
  expect(quantityMilli('1500u')).toBe(2)
})

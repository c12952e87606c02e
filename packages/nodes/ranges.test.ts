import { expect, test } from 'vitest'
import { AddressPool, cutRange, rangeAt, rangeCount } from './ranges.ts'

test.each([
  ['10.128.0.0/9', 3], ['10.128.0.0/9', 1_000], ['10.0.0.0/24', 3], ['fd00:10:128::/48', 3],
  ['fd00:10:128::/48', 5_000],
])('%s cut for %d Nodes gives each a range of its own', (cidr, nodes) => {
  const { prefixLength, capacity } = cutRange(cidr, nodes)
  expect(rangeCount(cidr, prefixLength)).toBeGreaterThanOrEqual(nodes)
  expect(capacity).toBeGreaterThan(0)
  expect(capacity).toBeLessThanOrEqual(50_000)
  const ranges = Array.from({ length: nodes }, (_, index) => rangeAt(cidr, prefixLength, index))
  expect(new Set(ranges).size).toBe(nodes)
})

test('ranges follow each other', () => {
  expect([0, 1, 2].map((index) => rangeAt('10.0.0.0/16', 24, index)))
    .toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'])
  expect(rangeAt('fd00::/48', 64, 3)).toBe('fd00:0:0:3::/64')
})

test('an address is with one holder at a time, and the freed one comes last', () => {
  const pool = new AddressPool('10.0.0.0/29')
  const taken = Array.from({ length: 5 }, () => pool.take())
  expect(taken).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6'])
  expect(pool.take()).toBeUndefined()
  pool.free('10.0.0.4')
  expect(pool.take()).toBe('10.0.0.4')
})

test('an address that is in use already is not given', () => {
  const pool = new AddressPool('10.0.0.0/29')
  expect(pool.hold('10.0.0.2')).toBe(true)
  expect(pool.hold('10.0.1.2')).toBe(false)
  expect(pool.hold('not an address')).toBe(false)
  expect(pool.take()).toBe('10.0.0.3')
})

test('IPv6 pools count in the last part', () => {
  const pool = new AddressPool('fd00:1::/64')
  expect([pool.take(), pool.take()]).toEqual(['fd00:1::2', 'fd00:1::3'])
})

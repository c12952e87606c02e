import { expect, test } from 'vitest'
import { isIP } from 'node:net'
import { seededRandom } from '@slicewise/base'
import { parseAddress } from './address.ts'

test.each([
  ['10.0.0.1', 'IPv4', '10.0.0.1'],
  ['010.004.0.07', 'IPv4', '10.4.0.7'],
  ['255.255.255.255', 'IPv4', '255.255.255.255'],
  ['::ffff:10.1.2.3', 'IPv4', '10.1.2.3'],
  ['::ffff:0a01:0203', 'IPv4', '10.1.2.3'],
  ['::', 'IPv6', '::'],
  ['::1', 'IPv6', '::1'],
  ['fd00::', 'IPv6', 'fd00::'],
  ['FD00:0:0:0:0:0:0:5', 'IPv6', 'fd00::5'],
  ['fd00:0:0::a', 'IPv6', 'fd00::a'],
  ['2001:db8:0:1:0:0:0:1', 'IPv6', '2001:db8:0:1::1'],
  ['2001:0:0:1:0:0:0:1', 'IPv6', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', 'IPv6', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', 'IPv6', '2001:db8:0:1:1:1:1:1'],
  ['::10.1.2.3', 'IPv6', '::a01:203'],
])('%s is %s %s', (text, family, canonical) => {
  expect(parseAddress(text)).toEqual({ family, text: canonical })
})

test.each([
  '', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.x', '1.2.3.', ' 1.2.3.4', '-1.2.3.4', 'host',
  ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8:9',
  'fe80::1%eth0', '12345::', 'g::', '1.2.3.4::', '::1.2.3', '1:2:3:4:5:6:7:8::',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined()
})

test('what it prints is an address, and prints the same again', () => {
  const random = seededRandom(7)
  for (let round = 0; round < 5_000; round++) {
    const groups = Array.from({ length: 8 }, () =>
      (random() < 0.5 ? '0' : Math.floor(random() * 65_536).toString(16)))
    const { text = '', family } = parseAddress(groups.join(':')) ?? {}
    expect(isIP(text)).toBe(family === 'IPv6' ? 6 : 4)
    expect(new URL(`http://[${groups.join(':')}]/`).hostname)
      .toBe(family === 'IPv6' ? `[${text}]` : expect.anything())
    expect(parseAddress(text)?.text).toBe(text)
  }
})

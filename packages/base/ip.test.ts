import { expect, test } from 'vitest'
import {
  cidrContains, formatCidr, formatIp, ipFamilyOf, networkOf, parseCidr, parseIp, specialUse,
} from './ip.ts'

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['255.255.255.255', '255.255.255.255'],
  ['fd00::5', 'fd00::5'],
  ['FD00:0:0:0:0:0:0:5', 'fd00::5'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
])('%s reads and prints as %s', (text, canonical) => {
  const ip = parseIp(text)
  expect(ip && formatIp(ip)).toBe(canonical)
})

test.each([
  '', '1.2.3', '1.2.3.4.5', '256.0.0.1', '010.0.0.1', '1.2.3.4 ', '1..2.3', 'a.b.c.d', '+1.2.3.4',
  ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::', '12345::',
  'fe80::1%eth0', '[::1]', '1.2.3.4::', '::1.2.3', 'g::', ':1::', '::1:', '1:2:3:4:5:6:7:1.2.3.4',
])('%j is no address', (text) => {
  expect(parseIp(text)).toBeUndefined()
})

test('sloppy reading takes leading zeros as decimal', () => {
  const ip = parseIp('010.001.0.09', true)
  expect(ip && formatIp(ip)).toBe('10.1.0.9')
})

test('mapped addresses have no family of their own', () => {
  expect(parseIp('::ffff:10.0.0.1')?.mapped).toBe(true)
  expect(ipFamilyOf('::ffff:10.0.0.1')).toBeUndefined()
  expect(ipFamilyOf('::1')).toBe('IPv6')
  expect(ipFamilyOf('1.1.1.1')).toBe('IPv4')
})

test.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['10.1.2.255/30', '10.1.2.252/30'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['fd00:10::1/108', 'fd00:10::/108'],
  ['fd00::ffff/113', 'fd00::8000/113'],
])('prefix %s has network %s', (text, network) => {
  const cidr = parseCidr(text)
  expect(cidr && formatCidr(cidr)).toBe(network)
})

test.each([
  '10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', 'fd00::/129', 'x/8', '10.0.0.0/', '1.1.1.1/-1',
])('%j is no prefix', (text) => {
  expect(parseCidr(text)).toBeUndefined()
})

test.each([
  ['10.96.0.0/16', '10.96.255.1', true],
  ['10.96.0.0/16', '10.97.0.1', false],
  ['10.96.0.0/12', '10.111.0.1', true],
  ['fd00::/64', 'fd00::1', true],
  ['fd00::/64', 'fd00:0:0:1::1', false],
  ['10.0.0.0/8', 'fd00::1', false],
  ['0.0.0.0/0', '9.9.9.9', true],
])('%s contains %s: %s', (prefix, address, expected) => {
  const cidr = parseCidr(prefix)
  const ip = parseIp(address)
  expect(cidr && ip && cidrContains(cidr, ip)).toBe(expected)
})

test('the network of a prefix leaves the address untouched', () => {
  const cidr = parseCidr('10.1.2.3/8')
  expect(cidr && [...networkOf(cidr)]).toEqual([10, 0, 0, 0])
  expect(cidr && [...cidr.ip.bytes]).toEqual([10, 1, 2, 3])
})

test.each([
  ['0.0.0.0', 'unspecified'], ['::', 'unspecified'], ['127.0.0.9', 'loopback'], ['::1', 'loopback'],
  ['169.254.3.3', 'link-local'], ['fe80::1', 'link-local'], ['febf::1', 'link-local'],
  ['224.0.0.7', 'link-local multicast'], ['ff02::5', 'link-local multicast'],
  ['239.1.2.3', undefined], ['ff05::1', undefined], ['fec0::1', undefined], ['10.0.0.1', undefined],
])('%s is special as %s', (text, kind) => {
  const ip = parseIp(text)
  expect(ip && specialUse(ip)).toBe(kind)
})

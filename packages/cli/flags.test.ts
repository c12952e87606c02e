import { describe, expect, test } from 'vitest'
import {
  between, count, dataFolder, duration, factor, fileName, hostPort, oneRangePerFamily, ranges,
  words,
} from './flags.ts'

const good: [string, unknown, unknown][] = [
  ['hostPort 127.0.0.1:7443', hostPort('127.0.0.1:7443'), { host: '127.0.0.1', port: 7443 }],
  ['hostPort :0', hostPort(':0'), { host: '127.0.0.1', port: 0 }],
  ['hostPort [::1]:80', hostPort('[::1]:80'), { host: '::1', port: 80 }],
  ['a folder', dataFolder('./etcd'), './etcd'],
  ['memory', dataFolder('memory'), 'memory'],
  ['count', count(5)('3'), 3],
  ['between', between(1, 1_000)('100'), 100],
  ['factor', factor('0.5'), 0.5],
  ['words', words('a, b,,-c'), ['a', 'b', '-c']],
  ['ranges', ranges('192.0.2.0/24,198.51.100.0/24'), ['192.0.2.0/24', '198.51.100.0/24']],
  ['both families', oneRangePerFamily('10.0.0.0/16,fd00::/112'), ['10.0.0.0/16', 'fd00::/112']],
  ['duration 0', duration('0'), 0],
  ['duration 500ms', duration('500ms'), 500],
  ['duration 1m30s', duration('1m30s'), 90_000],
]
test.each(good)('%s', (_name, found, expected) => expect(found).toEqual(expected))

describe('refused', () => {
  const bad: [string, () => unknown][] = [
    ['no port', () => hostPort('localhost')],
    ['port too large', () => hostPort('localhost:70000')],
    ['bare IPv6', () => hostPort('::1:80')],
    ['no folder', () => dataFolder(' ')],
    ['no file', () => fileName('')],
    ['negative count', () => count(5)('-1')],
    ['count too large', () => count(5)('6')],
    ['below least', () => between(1, 5)('0')],
    ['factor zero', () => factor('0')],
    ['factor empty', () => factor('')],
    ['no range', () => ranges('x')],
    ['no range at all', () => ranges('')],
    ['an address is no range', () => ranges('10.0.0.1')],
    ['a family twice', () => oneRangePerFamily('10.0.0.0/16,10.1.0.0/16')],
    ['duration without unit', () => duration('5')],
    ['duration with rest', () => duration('5s!')],
  ]
  test.each(bad)('%s', (_name, run) => expect(run).toThrow(/expected/))
})

test('a store that is not there yet is not taken for a folder', () => {
  expect(() => dataFolder('etcd')).toThrow(/not there yet/)
})

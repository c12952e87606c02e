import { describe, expect, test } from 'vitest'
import { between, count, duration, factor, hostPort, words } from './flags.ts'

const good: [string, unknown, unknown][] = [
  ['hostPort 127.0.0.1:7443', hostPort('127.0.0.1:7443'), { host: '127.0.0.1', port: 7443 }],
  ['hostPort :0', hostPort(':0'), { host: '127.0.0.1', port: 0 }],
  ['hostPort [::1]:80', hostPort('[::1]:80'), { host: '::1', port: 80 }],
  ['count', count(5)('3'), 3],
  ['between', between(1, 1_000)('100'), 100],
  ['factor', factor('0.5'), 0.5],
  ['words', words('a, b,,-c'), ['a', 'b', '-c']],
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
    ['negative count', () => count(5)('-1')],
    ['count too large', () => count(5)('6')],
    ['below least', () => between(1, 5)('0')],
    ['factor zero', () => factor('0')],
    ['factor empty', () => factor('')],
    ['duration without unit', () => duration('5')],
    ['duration with rest', () => duration('5s!')],
  ]
  test.each(bad)('%s', (_name, run) => expect(run).toThrow(/expected/))
})

import { expect, test } from 'vitest'
import { annotations, parseDuration, steeringOf } from './steering.ts'

test.each([
  ['500ms', 500], ['5s', 5_000], ['1m30s', 90_000], ['2h', 7_200_000], ['1.5s', 1_500],
  ['0s', 0], ['', undefined], ['5', undefined], ['5 s', undefined], ['-5s', undefined],
  ['5sx', undefined], ['s', undefined],
])('duration %j is %j ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

const none = {
  startMs: undefined, readyMs: undefined, ready: true, flap: undefined, exitMs: undefined,
  exitCode: 0, endMs: undefined, sandbox: '', problems: [],
}

test.each<[string, Record<string, string>, object]>([
  ['nothing', {}, {}],
  ['start', { [annotations.startAfter]: '5s' }, { startMs: 5_000 }],
  ['ready after', { [annotations.readyAfter]: '10s' }, { readyMs: 10_000 }],
  ['never ready', { [annotations.ready]: 'false' }, { ready: false }],
  ['ready as probed', { [annotations.ready]: 'true' }, { ready: true }],
  ['flapping', { [annotations.flap]: '10s/5s' }, { flap: { readyMs: 10_000, unreadyMs: 5_000 } }],
  ['exit', { [annotations.exitAfter]: '30s', [annotations.exitCode]: '255' },
    { exitMs: 30_000, exitCode: 255 }],
  ['end', { [annotations.endAfter]: '20s' }, { endMs: 20_000 }],
  ['sandbox', { [annotations.sandbox]: 'b' }, { sandbox: 'b' }],
])('%s', (_, found, expected) => {
  expect(steeringOf({ metadata: { annotations: found } })).toEqual({ ...none, ...expected })
})

test.each([
  [annotations.startAfter, 'soon'], [annotations.readyAfter, '-1s'], [annotations.ready, 'no'],
  [annotations.flap, '10s'], [annotations.flap, '0s/5s'], [annotations.flap, '1s/2s/3s'],
  [annotations.exitAfter, '1'], [annotations.exitCode, '256'], [annotations.exitCode, '-1'],
  [annotations.endAfter, ''],
])('%s: %j is told and ignored', (name, text) => {
  const { problems, ...rest } = steeringOf({ metadata: { annotations: { [name]: text } } })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(`${name}: "${text}"`)
  expect({ ...rest, problems: [] }).toEqual(none)
})

import { compareRevisions } from '@slicewise/base'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { Expectations } from './expectations.ts'
import type { Expected } from './plan.ts'

interface Shown {
  /** Revisions by uid. */
  readonly objects: Readonly<Record<string, string>>
  readonly reached: string
}

function checkAfter(
  expected: readonly Expected[],
  shown: Shown,
  waitMs = 0,
  stalled = true,
): Promise<string> {
  const env = new VirtualEnv()
  const expectations = new Expectations(env)
  expectations.note('k', expected)
  return env.advance(waitMs).then(() =>
    expectations.check(
      'k',
      (uid) => shown.objects[uid],
      (revision) => compareRevisions(shown.reached, revision) >= 0,
      () => stalled,
    ),
  )
}

const wrote: Expected = { resource: 'pods', uid: 'u', at: '10' }
const removed: Expected = { resource: 'pods', uid: 'u', at: 'gone' }

test.each<[string, readonly Expected[], Shown, number, string]>([
  ['nothing was written', [], { objects: {}, reached: '1' }, 0, 'met'],
  ['the write shows', [wrote], { objects: { u: '10' }, reached: '10' }, 0, 'met'],
  ['a later state shows', [wrote], { objects: { u: '12' }, reached: '12' }, 0, 'met'],
  ['an older state shows', [wrote], { objects: { u: '9' }, reached: '9' }, 0, 'waiting'],
  [
    'revisions are not compared as texts',
    [wrote],
    { objects: { u: '9' }, reached: '9' },
    4_999,
    'waiting',
  ],
  ['nothing shows yet', [wrote], { objects: {}, reached: '9' }, 0, 'waiting'],
  ['it came and went', [wrote], { objects: {}, reached: '11' }, 0, 'met'],
  ['the echo is overdue', [wrote], { objects: { u: '9' }, reached: '9' }, 5_000, 'lost'],
  ['a removed one still shows', [removed], { objects: { u: '9' }, reached: '20' }, 0, 'waiting'],
  ['a removed one is gone', [removed], { objects: {}, reached: '20' }, 0, 'met'],
  ['the effect is unknown', [{ at: 'unknown' }], { objects: {}, reached: '99' }, 0, 'lost'],
  [
    'one of two shows',
    [wrote, { resource: 'pods', uid: 'v', at: '11' }],
    { objects: { u: '10' }, reached: '10' },
    0,
    'waiting',
  ],
])('%s', async (_, expected, shown, waitMs, state) => {
  expect(await checkAfter(expected, shown, waitMs)).toBe(state)
})

test('an overdue echo of a cache that moves is waited for', async () => {
  expect(await checkAfter([wrote], { objects: { u: '9' }, reached: '9' }, 60_000, false)).toBe(
    'waiting',
  )
})

test('what is forgotten is not waited for', () => {
  const expectations = new Expectations(new VirtualEnv())
  expectations.note('k', [wrote])
  expect(expectations.waits('k')).toBe(true)
  expectations.forget('k')
  expect(
    expectations.check(
      'k',
      () => undefined,
      () => false,
      () => true,
    ),
  ).toBe('met')
})

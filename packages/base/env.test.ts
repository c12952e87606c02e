import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { steadyClock } from './env.ts'

test('a steady clock begins as the wall clock and is not set with it', async () => {
  const env = new VirtualEnv()
  env.setClock(5_000)
  const startMs = env.nowMs()
  const clock = steadyClock(env)
  expect(clock()).toBe(startMs)
  env.setClock(-3_600_000)
  await env.advance(10)
  expect([env.nowMs(), clock()]).toEqual([startMs - 3_600_000 + 10, startMs + 10])
})

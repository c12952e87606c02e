import { describe, expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { KeyQueue } from './queue.ts'

/** Adds a key at the given times (ms) and says when it was taken, each look taking `lookMs`. */
async function looksAt(adds: number[], options: { batchMs?: number; lookMs?: number }) {
  const env = new VirtualEnv()
  const startMs = env.nowMs()
  const queue = new KeyQueue(env, options)
  const looks: number[] = []
  const take = (): void => {
    const key = queue.take()
    if (key === undefined) return
    looks.push(env.nowMs() - startMs)
    env.after(options.lookMs ?? 0, () => queue.done(key))
  }
  queue.onReady(take)
  for (const ms of adds) env.after(ms, () => queue.add('a'))
  await env.advance(20_000)
  return looks
}

describe('gathering', () => {
  const cases: [string, number[], { batchMs?: number; lookMs?: number }, number[]][] = [
    ['a quiet key is looked at at once', [0], {}, [0]],
    ['a second change waits for the window', [0, 5], {}, [0, 25]],
    ['a burst after the first change is one look', [0, 1, 2, 3, 19], {}, [0, 21]],
    ['the window doubles while churn lasts', [0, 1, 30, 80, 200], {}, [0, 21, 70, 160, 360]],
    ['a quiet second resets the window', [0, 1, 2_000, 2_001], {}, [0, 21, 2_000, 2_021]],
    ['a change during a look waits for its end', [0, 10], { lookMs: 100 }, [0, 100]],
    ['a batch period gathers from the first change', [0, 100, 200], { batchMs: 1_000 }, [1_000]],
    ['a later change opens the next batch', [0, 100, 1_100], { batchMs: 1_000 }, [1_000, 2_100]],
  ]
  test.each(cases)('%s', async (_name, adds, options, expected) => {
    expect(await looksAt(adds, options)).toEqual(expected)
  })

  test('lasting churn is bounded to two looks a second', async () => {
    const adds = Array.from({ length: 1_000 }, (_, i) => i * 10)
    const looks = await looksAt(adds, {})
    expect(looks.length).toBeGreaterThanOrEqual(20)
    expect(looks.length).toBeLessThanOrEqual(28)
  })
})

describe('order of looks', () => {
  test('addNow ends the window, addAfter is a deadline, not a delay', async () => {
    const env = new VirtualEnv()
    const queue = new KeyQueue(env, { batchMs: 5_000 })
    queue.add('batched')
    queue.addAfter('deadline', 3_000)
    queue.addAfter('deadline', 1_000)
    queue.add('urgent')
    queue.addNow('urgent')
    expect(queue.take()).toBe('urgent')
    expect(queue.take()).toBeUndefined()
    await env.advance(1_000)
    expect(queue.take()).toBe('deadline')
    await env.advance(4_000)
    expect(queue.take()).toBe('batched')
  })

  test('a deadline set during a look does not repeat the look at once', async () => {
    const env = new VirtualEnv()
    const queue = new KeyQueue(env)
    queue.add('a')
    expect(queue.take()).toBe('a')
    queue.addAfter('a', 60_000)
    queue.done('a')
    await env.advance(59_000)
    expect(queue.take()).toBeUndefined()
    await env.advance(1_000)
    expect(queue.take()).toBe('a')
  })

  test('a key is never with two workers', () => {
    const queue = new KeyQueue(new VirtualEnv())
    queue.add('a')
    expect(queue.take()).toBe('a')
    queue.addNow('a')
    expect(queue.take()).toBeUndefined()
    queue.done('a')
    expect(queue.depth).toBe(1)
  })
})

test('a held queue gives nothing, and everything once it is released', () => {
  const queue = new KeyQueue(new VirtualEnv())
  let wakes = 0
  queue.onReady(() => { wakes++ })
  queue.hold()
  queue.addNow('a')
  expect(queue.take()).toBeUndefined()
  queue.release()
  expect(wakes).toBe(2)
  expect(queue.take()).toBe('a')
})

describe('failures', () => {
  test('pauses double up to a minute and a success resets them', async () => {
    const env = new VirtualEnv()
    const queue = new KeyQueue(env)
    queue.add('a')
    const pauses: number[] = []
    for (let round = 0; round < 8; round++) {
      expect(queue.take()).toBe('a')
      const ms = queue.failed('a')
      pauses.push(ms)
      await env.advance(ms)
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    expect(queue.take()).toBe('a')
    queue.done('a')
    queue.addNow('a')
    expect(queue.take()).toBe('a')
    expect(queue.failed('a')).toBe(1_000)
  })

  test('a controller may have pauses of its own', () => {
    const queue = new KeyQueue(new VirtualEnv(), { retryMsMin: 5, retryMsMax: 30 })
    const pauses: number[] = []
    for (let time = 0; time < 5; time++) {
      queue.addNow('a')
      queue.take()
      pauses.push(queue.failed('a'))
    }
    expect(pauses).toEqual([5, 10, 20, 30, 30])
  })

  test('a change cuts the pause of a failed key short', async () => {
    const env = new VirtualEnv()
    const queue = new KeyQueue(env)
    queue.add('a')
    queue.take()
    queue.failed('a')
    queue.addNow('a')
    expect(queue.take()).toBe('a')
  })
})

test('quiet keys are forgotten', async () => {
  const env = new VirtualEnv()
  const queue = new KeyQueue(env)
  for (let i = 0; i < 5_000; i++) {
    queue.add(`key-${i}`)
    const key = queue.take()
    if (key !== undefined) queue.done(key)
    if (i % 500 === 0) await env.advance(2_000)
  }
  expect(queue.known).toBeLessThan(3_000)
})

test.each([-3_600_000, 3_600_000])('a clock set by %d ms delays nothing', async (byMs) => {
  const env = new VirtualEnv()
  const queue = new KeyQueue(env)
  const looks: string[] = []
  const look = (): void => {
    const key = queue.take()
    if (key === undefined) return
    looks.push(key)
    queue.done(key)
  }
  queue.onReady(look)
  queue.addNow('churn')
  queue.addAfter('later', 1_000)
  await env.advance(1)
  env.setClock(byMs)
  queue.add('churn')
  await env.advance(100)
  expect(looks).toEqual(['churn', 'churn'])
  await env.advance(1_000)
  expect(looks).toEqual(['churn', 'churn', 'later'])
})

import { expect, test } from 'vitest'
import { WriteRefused } from './contract.ts'
import { type QueuedWrite, WriteQueue } from './write-queue.ts'
import { eventually } from './test-env.ts'

/** A queue whose batches the test lets through or fails, and what became of each write. */
function setUp(batchBytesMax = 100) {
  const batches: { names: string[]; finish: (error?: Error) => void }[] = []
  const events: string[] = []
  const queue = new WriteQueue<QueuedWrite & { name: string }>({
    store: writes =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error): void => (error === undefined ? resolve() : reject(error))
        batches.push({ names: writes.map(write => write.name), finish })
      }),
    refusal: cause => new WriteRefused(String(cause)),
    onFailure: () => events.push('failure'),
    onSettled: () => events.push('settled'),
    batchBytesMax,
  })
  const add = (name: string, bytes = 10): void =>
    queue.add({
      name,
      bytes,
      settle: () => events.push(`${name} stored`),
      refuse: () => events.push(`${name} refused`),
    })
  const batch = async (n: number): Promise<(typeof batches)[number]> => {
    await eventually(() => batches.length > n, `batch ${n}`)
    return batches[n] as (typeof batches)[number]
  }
  return { queue, add, batch, events, batches }
}

test('calls of one turn share a batch, later ones gather behind it', async () => {
  const { queue, add, batch, events } = setUp()
  add('a')
  add('b')
  const first = await batch(0)
  expect(first.names).toEqual(['a', 'b'])
  add('c')
  add('d')
  expect([events, queue.idle, queue.waitingBytes]).toEqual([[], false, 20])
  first.finish()
  const second = await batch(1)
  expect(second.names).toEqual(['c', 'd'])
  expect(events).toEqual(['a stored', 'b stored', 'settled'])
  second.finish()
  await queue.drained()
  expect([queue.idle, queue.waitingBytes]).toEqual([true, 0])
})

test('a batch ends when it is large enough', async () => {
  const { add, batch } = setUp(25)
  for (const name of ['a', 'b', 'c', 'd']) add(name)
  expect((await batch(0)).names).toEqual(['a', 'b', 'c'])
})

test('a failed batch takes down all behind it, and what comes then starts anew', async () => {
  const { queue, add, batch, events } = setUp()
  add('a')
  const first = await batch(0)
  add('b')
  add('barrier', 0)
  first.finish(new Error('no'))
  await queue.drained()
  expect(events).toEqual(['failure', 'a refused', 'b refused', 'barrier refused'])
  add('c')
  ;(await batch(1)).finish()
  await queue.drained()
  expect(events.slice(4)).toEqual(['c stored', 'settled'])
})

test('what only waits needs no batch of its own', async () => {
  const { queue, add, batches, events } = setUp()
  add('barrier', 0)
  await queue.drained()
  expect([batches.length, events]).toEqual([0, ['barrier stored', 'settled']])
})

import type { Env } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { VirtualEnv } from '../../tools/testkit/virtual-env.ts'
import { KeyQueue } from './queue.ts'
import { type Looked, runQueue } from './run.ts'

interface Bed {
  readonly env: VirtualEnv
  readonly queue: KeyQueue
  readonly end: AbortController
  readonly running: Promise<void>
  readonly logged: string[]
}

function start(look: (key: string) => Promise<Looked>, concurrency = 2): Bed {
  const virtual = new VirtualEnv()
  const logged: string[] = []
  const say = (level: string) => (message: string, fields?: object): void => {
    logged.push([level, message, ...Object.values(fields ?? {})].join(' '))
  }
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  const env: Env = {
    nowMs: () => virtual.nowMs(), elapsedMs: () => virtual.elapsedMs(),
    after: (ms, run) => virtual.after(ms, run),
    random: () => 0, uid: () => '', log, checked: true,
  }
  const queue = new KeyQueue(env)
  const end = new AbortController()
  const running = runQueue({ env, name: 'test', queue, concurrency, signal: end.signal, look })
  return { env: virtual, queue, end, running, logged }
}

test('keys are looked at several at once, one look per key', async () => {
  const under = new Set<string>()
  const order: string[] = []
  let most = 0
  const bed = start(async (key) => {
    expect(under.has(key)).toBe(false)
    under.add(key)
    most = Math.max(most, under.size)
    await new Promise<void>((resolve) => bed.env.after(10, resolve))
    under.delete(key)
    order.push(key)
    return undefined
  })
  for (const key of ['a', 'b', 'c', 'a']) bed.queue.add(key)
  await bed.env.advance(5)
  bed.queue.addNow('a')
  await bed.env.advance(1_000)
  expect(most).toBe(2)
  expect(order).toEqual(['a', 'b', 'c', 'a'])
})

const refusal = (reason: 'NotFound' | 'Conflict'): StatusError => new StatusError(reason, 'no')
const terminating = new StatusError('Forbidden', 'no', {
  details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
})

test.each<[string, () => Promise<Looked>, string]>([
  ['a problem', async () => ({ problem: 'odd' }), 'warn will look again test a odd 1000'],
  ['a refusal', async () => ({ problem: 'no', error: refusal('Conflict') }),
    'warn will look again test a no 1000'],
  ['an object that is gone', async () => ({ problem: 'no', error: refusal('NotFound') }),
    'debug will look again test a no 1000'],
  ['a namespace that ends', async () => ({ problem: 'no', error: terminating }),
    'debug will look again test a no 1000'],
  ['a look that throws', async () => Promise.reject(new TypeError('bug')),
    'warn will look again test a bug 1000'],
  ['a look that throws no error', async () => Promise.reject('text' as unknown as Error),
    'warn will look again test a text 1000'],
])('%s is logged and looked at again', async (_what, fail, line) => {
  let looks = 0
  const bed = start(async () => (++looks === 1 ? fail() : undefined))
  bed.queue.add('a')
  await bed.env.advance(500)
  expect([looks, bed.logged]).toEqual([1, [line]])
  await bed.env.advance(5_000)
  expect([looks, bed.logged]).toEqual([2, [line]])
})

test('it ends when the signal aborts and the looks under way are over', async () => {
  let letGo = (): void => {}
  const looked: string[] = []
  const bed = start(async (key) => {
    looked.push(key)
    await new Promise<void>((resolve) => {
      letGo = resolve
    })
    return { problem: 'too late' }
  }, 1)
  let over = false
  void bed.running.then(() => {
    over = true
  })
  bed.queue.add('a')
  bed.queue.add('b')
  await bed.env.advance(10)
  bed.end.abort()
  await bed.env.advance(10)
  expect(over).toBe(false)
  letGo()
  await bed.running
  // The key that waited is not looked at, and a failure on the way out is no news.
  expect([looked, bed.logged]).toEqual([['a'], []])
})

import { type Deferred, deferred } from '@slicewise/base'
import { expect, test } from 'vitest'
import { VirtualEnv, settle } from '../../tools/testkit/virtual-env.ts'
import { Heartbeats } from './heartbeats.ts'

const startMs = Date.UTC(2026, 0, 1)

/** Heartbeats of some Nodes; answered at once unless `answers` is 'later'. */
class Bed {
  readonly virtual = new VirtualEnv({ startMs })
  stalledMs = 0
  readonly sent: string[] = []
  readonly late: boolean[] = []
  readonly open: Deferred<void>[] = []
  readonly warnings: string[] = []
  readonly end = new AbortController()
  answers: 'at once' | 'later'
  readonly running: Promise<void>

  constructor(names: readonly string[], answers: 'at once' | 'later' = 'at once') {
    this.answers = answers
    const { virtual } = this
    const nowMs = (): number => virtual.nowMs() + this.stalledMs
    const log = { ...virtual.log, warn: (message: string) => { this.warnings.push(message) } }
    this.running = new Heartbeats({
      env: {
        nowMs, elapsedMs: nowMs, after: (ms, run) => virtual.after(ms, run), log,
        random: virtual.random, uid: () => virtual.uid(), checked: true,
      },
      signal: this.end.signal,
      names: () => names,
      intervalMs: () => 1_000,
      beat: (name) => {
        this.sent.push(`${name}@${nowMs() - startMs}`)
        if (this.answers === 'at once') return Promise.resolve()
        const answer = deferred()
        this.open.push(answer)
        return answer.promise
      },
      onLate: (late) => {
        if (this.late.at(-1) !== late) this.late.push(late)
      },
    }).run()
  }
}

test('each Node once per interval, spread evenly', async () => {
  const bed = new Bed(['a', 'b'])
  await bed.virtual.advance(1_600)
  expect(bed.sent).toEqual(['a@0', 'b@500', 'a@1000', 'b@1500'])
  expect(bed.late).toEqual([false])
})

test('a late timer sends what fell due, each Node once, and goes on from there', async () => {
  const bed = new Bed(['a', 'b', 'c', 'd'])
  await bed.virtual.advance(300)
  bed.stalledMs = 10_000
  await bed.virtual.advance(500)
  expect(bed.sent.slice(0, 2)).toEqual(['a@0', 'b@250'])
  expect(bed.sent.slice(2, 6)).toEqual(['c@10500', 'd@10500', 'a@10500', 'b@10500'])
  expect(bed.sent[6]).toBe('c@10750')
})

test('one that is under way for long holds everything else up until it is answered', async () => {
  const bed = new Bed(['a', 'b'], 'later')
  await bed.virtual.advance(2_400)
  // Not repeated while they are under way.
  expect(bed.sent).toEqual(['a@0', 'b@500'])
  expect(bed.late).toEqual([false, true])
  bed.answers = 'at once'
  for (const one of bed.open) one.resolve()
  await settle()
  expect(bed.late).toEqual([false, true, false])
  await bed.virtual.advance(1_000)
  expect(bed.sent.length).toBe(4)
})

test('a failure is told once and the next one is sent', async () => {
  const bed = new Bed(['a'], 'later')
  await bed.virtual.advance(10)
  bed.open[0]?.reject(new Error('no'))
  await bed.virtual.advance(1_000)
  expect(bed.warnings).toEqual(['heartbeat failed'])
  expect(bed.sent).toEqual(['a@0', 'a@1000'])
})

test('after the end nothing is sent or told, and run waits for what is under way', async () => {
  const bed = new Bed(['a'], 'later')
  await bed.virtual.advance(10)
  let over = false
  void bed.running.then(() => { over = true })
  bed.end.abort()
  await bed.virtual.advance(5_000)
  expect(over).toBe(false)
  bed.open[0]?.reject(new Error('client is destroyed'))
  await settle()
  expect(over).toBe(true)
  expect(bed.warnings).toEqual([])
  expect(bed.sent).toEqual(['a@0'])
})

test('no Nodes, no heartbeats', async () => {
  const bed = new Bed([])
  await bed.virtual.advance(5_000)
  expect(bed.sent).toEqual([])
})

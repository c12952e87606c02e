import { seededRandom } from '@slicewise/base'
import { type Event, type Lease, resources } from '@slicewise/kube'
import { afterEach, expect, test } from 'vitest'
import { NotLeading } from './fence.ts'
import { type LeaseTerms, defaultTerms, termsFault } from './lease.ts'
import { Candidate, Court, lease } from './test-candidates.ts'

let court: Court | undefined
afterEach(() => court?.close())

async function open(names: readonly string[], seed = 1): Promise<Candidate[]> {
  court = await Court.open(seed)
  return names.map((name) => new Candidate(court as Court, name))
}
const pass = (ms: number): Promise<void> => (court as Court).env.advance(ms)
const leading = (all: readonly Candidate[]): string[] =>
  all.filter((one) => one.election.mayWrite()).map((one) => one.name)

test('one leads, the others wait; events and lease say who', async () => {
  const all = await open(['a', 'b', 'c'])
  const [a] = all
  for (const one of all) {
    one.election.start()
    await pass(100)
  }
  expect(leading(all)).toEqual(['a'])
  await pass(60_000)
  expect(leading(all)).toEqual(['a'])
  expect(a?.election.slowPaths).toBe(0)
  const stored = await (court as Court).stored()
  expect(stored.spec).toMatchObject({
    holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0,
  })
  const reading = (court as Court).api.list<Event>(resources.events, lease)
  await pass(1)
  const told = (await reading).items.map(({ reason, message }) => [reason, message])
  expect(told).toEqual([['LeaderElection', 'a became leader']])
})

test('a leader that dies is followed within its term, one that leaves at once', async () => {
  const all = await open(['a', 'b'])
  const [a, b] = all as [Candidate, Candidate]
  a.election.start()
  await pass(100)
  b.election.start()
  await pass(10_000)
  a.pause()
  await pass(15_000)
  expect(b.at).toBe('waiting')
  await pass(2_000 + 2.2 * 2_000)
  expect(b.at).toBe('leading')
  const { spec } = await (court as Court).stored()
  expect(spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 })
  const c = new Candidate(court as Court, 'c')
  c.election.start()
  await pass(5_000)
  const left = b.election.leave()
  await pass(1_000)
  await left
  const after = await (court as Court).stored()
  expect(after.spec?.holderIdentity).toBeUndefined()
  expect(after.spec?.leaseDurationSeconds).toBe(1)
  await pass(4_400)
  expect(c.at).toBe('leading')
})

test('a paused leader that wakes up writes nothing, though its timers are late', async () => {
  const [a, b] = await open(['a', 'b']) as [Candidate, Candidate]
  a.election.start()
  await pass(100)
  b.election.start()
  await pass(5_000)
  a.pause()
  await pass(60_000)
  expect(b.at).toBe('leading')
  // Before any of its timers ran: its loops would write now.
  const config = { metadata: { name: 'x', namespace: 'default' } }
  await expect(a.api.create(resources.configmaps, config)).rejects.toThrow(NotLeading)
  expect(a.at).toBe('lost')
  a.resume()
  await pass(60_000)
  expect([a.at, b.at]).toEqual(['lost', 'leading'])
})

test('a leader without an answer stops before its lease can be taken', async () => {
  const [a, b] = await open(['a', 'b']) as [Candidate, Candidate]
  a.election.start()
  await pass(100)
  b.election.start()
  await pass(5_000)
  let lostMs = 0
  void a.election.whenLost.then(() => {
    lostMs = (court as Court).env.nowMs()
  })
  let ledMs = 0
  void b.election.whenLeading.then(() => {
    ledMs = (court as Court).env.nowMs()
  })
  a.fault = () => 'request'
  await pass(30_000)
  expect([a.at, b.at]).toEqual(['lost', 'leading'])
  expect(ledMs - lostMs).toBeGreaterThan(4_000)
})

test('lost answers of a lease that was taken are found out', async () => {
  const [a] = await open(['a']) as [Candidate]
  let calls = 0
  a.fault = () => (++calls <= 3 ? 'answer' : undefined)
  a.election.start()
  await pass(30_000)
  expect(a.at).toBe('leading')
  expect((await (court as Court).stored()).spec?.leaseTransitions).toBeLessThanOrEqual(1)
})

test('a 409 of the quick way is no loss; a lease that somebody else took is', async () => {
  const [a] = await open(['a']) as [Candidate]
  a.election.start()
  await pass(5_000)
  const { api } = court as Court
  const touching = api.patch(resources.leases, lease,
    { type: 'merge', patch: { metadata: { labels: { touched: 'yes' } } } })
  await pass(2_100)
  await touching
  await pass(2_000)
  expect([a.at, a.election.slowPaths]).toEqual(['leading', 1])
  const stored = await (court as Court).stored()
  expect(stored.metadata?.labels).toEqual({ touched: 'yes' })
  const taking = api.patch<Lease>(resources.leases, lease,
    { type: 'merge', patch: { spec: { holderIdentity: 'thief', renewTime: null } } })
  await pass(2_100)
  await taking
  expect(a.election.state).toEqual({ at: 'lost', because: 'thief has taken the lease' })
})

test('clocks that are wrong, and set, change nothing', async () => {
  const all = await open(['a', 'b', 'c'])
  const [a, b, c] = all as [Candidate, Candidate, Candidate]
  b.skewMs = 3_600_000
  c.skewMs = -3_600_000
  for (const one of all) one.election.start()
  await pass(100)
  const [first] = leading(all)
  await pass(60_000)
  for (const one of all) if (one.name !== first) one.skewMs += 40_000
  await pass(60_000)
  expect(leading(all)).toEqual([first])
  expect([a, b, c].map((one) => one.at).sort()).toEqual(['leading', 'waiting', 'waiting'])
})

test('a lease that is deleted is made again by its leader', async () => {
  const [a] = await open(['a']) as [Candidate]
  a.election.start()
  await pass(5_000)
  const gone = (court as Court).api.delete(resources.leases, lease)
  await pass(5_000)
  await gone
  expect(a.at).toBe('leading')
  expect((await (court as Court).stored()).spec?.holderIdentity).toBe('a')
})

test.each<[Partial<LeaseTerms>, string | undefined]>([
  [{}, undefined],
  [{ durationMs: 10_000 }, 'the renew deadline must be shorter than the lease duration'],
  [{ retryMs: 9_000 }, 'the renew deadline must be longer than 1.2 retry periods'],
  [{ retryMs: 0 }, 'the retry period must be longer than nothing'],
  [{ durationMs: 500, renewMs: 400, retryMs: 100 }, 'the lease duration must be 1s at least'],
])('terms %j', (terms, fault) => {
  expect(termsFault({ ...defaultTerms, ...terms })).toBe(fault)
})

const seeds = Number(process.env['SLICEWISE_ELECTIONS'] ?? 12)
const firstSeed = Number(process.env['SLICEWISE_SEED'] ?? 1)
test.each(Array.from({ length: seeds }, (_, index) => firstSeed + index))(
  'whatever befalls them, who writes holds the lease (seed %i)', { timeout: 60_000 },
  async (seed) => {
    const random = seededRandom(seed)
    const all = await open(['a', 'b', 'c'], seed)
    const { env } = court as Court
    const check = (one: Candidate): void => {
      if (one.election.mayWrite()) expect((court as Court).holder).toBe(one.name)
    }
    const { skews } = befall(all, random, check)
    let writes = 0
    let changes = 0
    let last = ''
    for (let step = 0; step < 1_200; step++) {
      await env.advance(250)
      for (const one of all) {
        if (one.paused || !one.election.mayWrite()) continue
        writes++
        if (last !== one.name) changes++
        last = one.name
        expect([step, (court as Court).holder]).toEqual([step, one.name])
      }
      replaceLost(all, random)
      skews(step)
    }
    expect(writes).toBeGreaterThan(200)
    expect(changes).toBeGreaterThan(2)
  },
)

/** Slow and broken connections, pauses and clocks that are set, each at times of its own. */
function befall(all: Candidate[], random: () => number, check: (one: Candidate) => void) {
  const spoil = (one: Candidate): void => {
    one.delayMs = () => (random() < 0.05 ? random() * 12_000 : random() * 40)
    one.fault = () => {
      const dice = random()
      return dice < 0.03 ? 'request' : dice < 0.06 ? 'answer' : dice < 0.12 ? 'refused' : undefined
    }
  }
  for (const one of all) {
    spoil(one)
    one.election.start()
  }
  const skews = (step: number): void => {
    for (const one of all) {
      if (one.paused ? random() < 0.02 : random() < 0.002) {
        if (one.paused) {
          // What is done first after a pause may come before any timer.
          check(one)
          one.resume()
        } else one.pause()
      }
      if (random() < 0.005) one.skewMs += (random() - 0.5) * 60_000
      if (step % 400 === 399 && one.election.mayWrite()) one.pause()
    }
  }
  return { skews }
}

/** A process that lost ends, and another takes its place. */
function replaceLost(all: Candidate[], random: () => number): void {
  for (const [index, one] of all.entries()) {
    if (one.at !== 'lost') continue
    const next = new Candidate(one.court, `${one.name}'`)
    next.delayMs = one.delayMs
    next.fault = one.fault
    next.skewMs = (random() - 0.5) * 1e6
    next.election.start()
    all[index] = next
  }
}

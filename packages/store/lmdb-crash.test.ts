import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkStore } from './check.ts'
import { Recorder } from './conformance-subject.ts'
import type { Entry, KeyChange, Store } from './contract.ts'
import { openLmdbStore } from './lmdb.ts'
import { buildChild, runChild } from './test-lmdb-process.ts'
import { loadValue } from './test-load.ts'
import { temporaryFolder, text, testEnv } from './test-env.ts'

/** More in CI and in the soak. */
const kills = Number(process.env['SLICEWISE_KILLS'] ?? 5)
const seed = Number(process.env['SLICEWISE_SEED'] ?? 20_260_101)

/** What one revision did: `/key id` for a put, `/key -` for a deletion. */
type ChangeLine = string

/** What the world outside knows of the store. */
class Witness {
  readonly acknowledged = new Map<number, ChangeLine>()
  /** Contents at `revision`, from the history that was checked. */
  readonly contents = new Map<string, { revision: number; id: string }>()
  revision = 1

  hear(line: string): void {
    const changes = JSON.parse(line.slice('ack '.length)) as [number, ChangeLine][]
    for (const [revision, change] of changes) {
      if (this.acknowledged.has(revision)) throw new Error(`revision ${revision} was given twice`)
      this.acknowledged.set(revision, change)
    }
  }

  replay(revision: number, change: ChangeLine): void {
    const [key = '', id = ''] = change.split(' ')
    if (id === '-') this.contents.delete(key)
    else this.contents.set(key, { revision, id })
    this.revision = revision
  }
}

function idOf(entry: Entry): string {
  const value = text(entry.value()) ?? ''
  const id = value.split(' ')[0] ?? ''
  if (value !== loadValue(Number(id), entry.size))
    throw new Error(`${entry.key} is torn: ${value.slice(0, 40)}`)
  return id
}

const lineOf = ({ key, after }: KeyChange): ChangeLine =>
  `${key} ${after === undefined ? '-' : idOf(after)}`

async function historyOf(store: Store): Promise<Map<number, ChangeLine>> {
  const history = new Map<number, ChangeLine>()
  const recorder = new Recorder()
  const after = Math.max(1, store.compacted)
  const watch = store.watch('', after, {
    commit: (revision, changes) => {
      for (const change of changes) history.set(change.revision, lineOf(change))
      recorder.commit(revision, [])
    },
    end: reason => recorder.end(reason),
  })
  if (store.revision > after) await recorder.reached(store.revision)
  watch.stop()
  await recorder.over()
  return history
}

/** Everything that was acknowledged is there, and every revision was used once. */
async function verify(store: Store, witness: Witness): Promise<void> {
  const history = await historyOf(store)
  const newest = Math.max(1, ...witness.acknowledged.keys())
  expect(store.revision, 'an acknowledged revision is lost').toBeGreaterThanOrEqual(newest)
  for (let revision = witness.revision + 1; revision <= store.revision; revision++) {
    const stored = history.get(revision)
    const heard = witness.acknowledged.get(revision)
    if (stored === undefined && revision > store.compacted)
      throw new Error(`revision ${revision} has no change`)
    if (stored !== undefined && heard !== undefined) {
      expect(stored, `revision ${revision}`).toEqual(heard)
    }
    const change = stored ?? heard
    if (change === undefined)
      throw new Error(`revision ${revision} was compacted before it was acknowledged`)
    witness.replay(revision, change)
  }
  const { entries } = await store.range('')
  const found = entries.map(entry => [entry.key, entry.revision, idOf(entry)])
  const expected = [...witness.contents].map(([key, { revision, id }]) => [key, revision, id])
  expect(found).toEqual(expected.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
}

/** When a kill comes: so many ms after the child begins to open, or after so many answers. */
interface Moment {
  readonly openingMs?: number
  readonly answers?: number
}

const moment: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ openingMs: fc.nat(40) }) },
  { weight: 5, arbitrary: fc.record({ answers: fc.integer({ min: 1, max: 600 }) }) },
)

async function killOnce(
  command: readonly string[],
  { openingMs, answers = Infinity }: Moment,
  witness: Witness,
): Promise<void> {
  let heard = 0
  const { lines, signal } = await runChild(command, (line, child) => {
    if (line === 'opening' && openingMs !== undefined) {
      setTimeout(() => child.kill('SIGKILL'), openingMs)
    }
    if (line.startsWith('ack ') && ++heard === answers) child.kill('SIGKILL')
  })
  expect(signal).toBe('SIGKILL')
  const before = witness.revision
  for (const line of lines) {
    if (line.startsWith('ack ')) witness.hear(line)
  }
  const opened = lines.find(line => line.startsWith('open '))
  if (opened !== undefined) expect(opened).toBe(`open ${before}`)
}

test(
  `${kills} kills under load lose nothing that was acknowledged`,
  { timeout: 20_000 + kills * 5_000 },
  async () => {
    const { dir, remove } = temporaryFolder()
    mkdirSync(dirname(dir), { recursive: true })
    try {
      const child = await buildChild(dirname(dir))
      const witness = new Witness()
      const moments = fc.sample(moment, { seed, numRuns: kills })
      for (const [round, one] of moments.entries()) {
        const command = [process.execPath, child, 'load', dir, `${seed + round}`]
        await killOnce(command, one, witness)
        expect(await checkStore(dir, testEnv), `seed ${seed}, kill ${round}`).toEqual([])
        const store = await openLmdbStore(dir, testEnv)
        await verify(store, witness)
        await store.close()
      }
      // The load must have been worth the name.
      expect(witness.acknowledged.size).toBeGreaterThan(kills * 50)
    } finally {
      remove()
    }
  },
)

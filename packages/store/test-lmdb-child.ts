// A program that the tests of the lmdb engine start, watch and kill.
//   steps DIR COUNT   writes COUNT keys one after the other and says what became of each
//   hold DIR MS        has the folder for a while
//   load DIR SEED     writes, deletes and compacts with several writers until it is killed
import { writeSync } from 'node:fs'
import fc from 'fast-check'
import type { Commit } from './contract.ts'
import { type LmdbStore, openLmdbStore } from './lmdb.ts'
import { type LoadChange, loadChange, loadValue } from './test-load.ts'
import { testEnv } from './test-env.ts'

/** Lines go out at once: what was said before a kill was said. */
const say = (line: string): void => void writeSync(1, `${line}\n`)

async function steps(dir: string, count: number): Promise<void> {
  const store = await openLmdbStore(dir, testEnv)
  say('open')
  for (let n = 0; n < count; n++) {
    const value = Buffer.from(loadValue(n, 6_000))
    await store.commit({ puts: [{ key: `/k${n}`, value }] }).then(
      ({ revision }) => say(`stored ${n} ${revision}`),
      (error: Error) => say(`${error.name} ${n} ${error.message}`),
    )
  }
  const { entries } = await store.range('/')
  for (const entry of entries) {
    const whole =
      Buffer.from(entry.value()).toString() === loadValue(Number(entry.key.slice(2)), 6_000)
    say(`read ${entry.key.slice(2)} ${entry.revision} ${whole ? 'whole' : 'broken'}`)
  }
  await store.close()
  say('closed')
}

async function load(dir: string, seed: number): Promise<void> {
  const plans = fc.sample(loadChange, { seed, numRuns: 1_000 })
  say('opening')
  const store = await openLmdbStore(dir, testEnv)
  say(`open ${store.revision}`)
  let next = 0
  const writer = async (): Promise<void> => {
    for (;;) {
      const id = next++
      await write(store, id, plans[id % plans.length] as LoadChange, seed)
      if (id % 150 === 149) void store.compact(Math.max(1, store.revision - 100)).catch(() => {})
    }
  }
  await Promise.all(Array.from({ length: 8 }, writer))
}

async function write(
  store: LmdbStore,
  number: number,
  plan: LoadChange,
  seed: number,
): Promise<void> {
  const id = seed * 1_000_000 + number
  const commit: Commit = {
    puts: plan.puts.map(([key, size]) => ({ key, value: Buffer.from(loadValue(id, size)) })),
    deletes: plan.deletes,
  }
  const { changes } = await store.commit(commit)
  const lines = changes.map(({ key, revision, after }) =>
    [revision, `${key} ${after === undefined ? '-' : id}`])
  say(`ack ${JSON.stringify(lines)}`)
}

async function hold(dir: string, ms: number): Promise<void> {
  try {
    const store = await openLmdbStore(dir, testEnv)
    say('held')
    await new Promise(resolve => setTimeout(resolve, ms))
    await store.close()
  } catch (error) {
    say(`${(error as Error).name} ${(error as Error).message}`)
  }
}

const [, , mode, dir = '', argument = '0'] = process.argv
const runs = { steps, load, hold }
await runs[mode as keyof typeof runs](dir, Number(argument))

import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { History } from '../../../parity/histories/operation.ts'
import { besideBadObjects } from './test-hostile.ts'
import { play } from './test-play.ts'
import { needless, needlessWhenBlind } from './test-quiet.ts'
import {
  type Simulation, quietSimulationOf, simulationFrom, simulationOf,
} from './test-simulation.ts'
import { failureText, smallest } from './test-smallest.ts'

const seed = Number(process.env['SLICEWISE_SEED'] ?? '1')
/** Multiplies the number of histories, for long runs. */
const effort = Number(process.env['SLICEWISE_EFFORT'] ?? '1')
const wanted = Number(process.env['SLICEWISE_SIMULATIONS'] ?? 120 * effort)
const regressions = resolve(import.meta.dirname, '../../../parity/histories/regressions')

async function expectWell(simulation: Simulation): Promise<ReadonlyMap<string, number>> {
  const { problems, injected } = await play(simulation)
  await explain(simulation, problems, async (one) => (await play(one)).problems)
  return injected
}

/** Fails with the smallest simulation that has the first problem. */
async function explain(
  simulation: Simulation, problems: readonly string[],
  problemsOf: (one: Simulation) => Promise<readonly string[]>,
): Promise<void> {
  if (problems.length === 0) return
  const kind = kindOf(problems[0])
  const least = await smallest(simulation, async (one) =>
    (await problemsOf(one)).some((problem) => kindOf(problem) === kind))
  throw new Error(failureText(least, await problemsOf(least)))
}

const allFaults = [
  'busy', 'conflict', 'dropped', 'ended', 'expired', 'failed', 'ghost', 'late', 'lost',
  'page expired', 'read busy', 'read lost', 'read slow', 'read unavailable', 'refused', 'repeated',
  'silent', 'timeout', 'unavailable', 'watch-list refused',
]

/** What is wrong, whichever object it is wrong with: a smaller failure has to be the same one. */
const kindOf = (problem = ''): string => problem.split(' ').filter((_, at) => at !== 1).slice(0, 4)
  .join(' ').replace(/\w+-\w{5}/g, '')

test('whatever befalls the controllers, in the end everything is as derived from nothing',
  async () => {
    const injected = new Map<string, number>()
    for (let at = 0; at < wanted; at++) {
      for (const [fault, count] of await expectWell(simulationOf(seed * 100_000 + at, 20))) {
        injected.set(fault, (injected.get(fault) ?? 0) + count)
      }
    }
    // Six faults of watches, two of lists, nine of writes, four of reads.
    if (wanted >= 100) expect([...injected.keys()].sort()).toEqual(allFaults)
  }, 3_600_000)

test.each([
  ['where nothing goes wrong', needless], ['while own writes are not seen', needlessWhenBlind],
])('%s there are no more writes than the reference has', async (_, problemsOf) => {
  for (let at = 0; at < wanted / 4; at++) {
    const simulation = quietSimulationOf(seed * 100_000 + at, 20)
    await explain(simulation, await problemsOf(simulation), problemsOf)
  }
}, 3_600_000)

test('no bad object stops the queue of another Service', async () => {
  for (let at = 0; at < wanted / 4; at++) {
    const simulation = quietSimulationOf(seed * 100_000 + at, 16)
    await explain(simulation, await besideBadObjects(simulation), besideBadObjects)
  }
}, 3_600_000)

test.runIf(process.env['SLICEWISE_SIMULATION'])('the simulation of a file', async () => {
  const file = process.env['SLICEWISE_SIMULATION'] ?? ''
  await expectWell(JSON.parse(readFileSync(file, 'utf8')) as Simulation)
})

const files = readdirSync(regressions).filter((name) => name.endsWith('.json'))
test.each(files)('%s behind a network that fails', async (file) => {
  const history = JSON.parse(readFileSync(join(regressions, file), 'utf8')) as History
  await expectWell(simulationFrom(history))
}, 60_000)

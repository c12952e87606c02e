/** Counts the writes of histories in which nothing goes wrong. */
import { change, openWorld } from './test-play.ts'
import { snapshot, writesDue } from './test-judge.ts'
import { Process } from './test-process.ts'
import type { Simulation } from './test-simulation.ts'

/** Long enough for gathering windows and what follows from one's own writes. */
const settleMs = 3_000

/**
 * After each step the processes see all of it at once, as they would in one sync of the reference;
 * what they write then must be no more than what the reference has to write in that state.
 */
export async function needless(simulation: Simulation): Promise<string[]> {
  const cluster = await openWorld(simulation)
  const { env } = cluster
  const process = new Process(cluster, { seed: simulation.seed ?? 1 })
  await env.advance(settleMs)
  const { network } = process
  const problems: string[] = []
  for (const step of simulation.operations) {
    network.hold()
    await change(cluster, step)
    if (step.do === 'remove service' || step.do === 'renew service') {
      await change(cluster, { do: 'collect' })
    }
    const due = writesDue(await snapshot(cluster), cluster.options.maxEndpointsPerSlice)
    const expected = [...due.values()].reduce((sum, count) => sum + count, 0)
    const from = network.written.length
    network.release()
    await env.advance(settleMs)
    const writes = network.written.slice(from)
    if (writes.length <= expected) continue
    const after = JSON.stringify(step)
    problems.push(`more writes than ${expected} after ${after}: ${writes.join(', ')}`)
  }
  await process.stop()
  await cluster.close()
  return problems
}

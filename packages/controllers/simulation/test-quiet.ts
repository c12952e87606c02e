/** Counts the writes of histories in which nothing goes wrong. */
import { change, openWorld } from './test-play.ts'
import { snapshot, writesDue } from './test-judge.ts'
import { Process } from './test-process.ts'
import type { Simulation } from './test-simulation.ts'

/** Long enough for gathering windows and what follows from one's own writes. */
const settleMs = 3_000

/** Shorter than the wait for an echo, after which a process asks the server. */
const blindMs = 200

/**
 * After each step the processes see all of it at once, as they would in one sync of the reference;
 * what they write then must be no more than what the reference has to write in that state.
 */
export function needless(simulation: Simulation): Promise<string[]> {
  return moreThanDue(simulation, 1)
}

/**
 * The same while the process does not see what it writes itself until the second of two steps is
 * done: what it knows of its own writes must not come from the cache.
 */
export function needlessWhenBlind(simulation: Simulation): Promise<string[]> {
  return moreThanDue(simulation, 2)
}

async function moreThanDue(simulation: Simulation, stride: number): Promise<string[]> {
  const cluster = await openWorld(simulation)
  const { env } = cluster
  const process = new Process(cluster, { seed: simulation.seed ?? 1 })
  await env.advance(settleMs)
  const { network } = process
  const problems: string[] = []
  for (const [at, step] of simulation.operations.entries()) {
    network.hold()
    await change(cluster, step)
    if (step.do === 'remove service' || step.do === 'renew service') {
      await change(cluster, { do: 'collect' })
    }
    const due = writesDue(await snapshot(cluster), cluster.options.maxEndpointsPerSlice)
    const expected = [...due.values()].reduce((sum, count) => sum + count, 0)
    const from = network.written.length
    const isBlind = at % stride !== stride - 1 && at < simulation.operations.length - 1
    network.release()
    if (isBlind) network.hold(['endpointslices', 'endpoints'])
    await env.advance(isBlind ? blindMs : settleMs)
    const writes = network.written.slice(from)
    if (writes.length <= expected) continue
    const after = JSON.stringify(step)
    problems.push(`more writes than ${expected} after ${after}: ${writes.join(', ')}`)
  }
  await process.stop()
  await cluster.close()
  return problems
}

import type { Simulation, Step } from './test-simulation.ts'

/** Runs tried at most while a failure is made smaller. */
const triesMax = 400

/** The failing simulation with as many steps left out as can be while it still fails. */
export async function smallest(
  simulation: Simulation, fails: (one: Simulation) => Promise<boolean>,
): Promise<Simulation> {
  let steps: readonly Step[] = simulation.operations
  let tries = 0
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < steps.length && tries < triesMax;) {
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)]
      tries++
      if (await fails({ ...simulation, operations: fewer })) steps = fewer
      else at += size
    }
  }
  return { ...simulation, operations: steps }
}

/** A file's content that can be played again, after what is wrong. */
export function failureText(simulation: Simulation, problems: readonly string[]): string {
  const { operations, ...rest } = simulation
  const head = JSON.stringify(rest).slice(0, -1)
  const lines = operations.map((one) => `  ${JSON.stringify(one)}`).join(',\n')
  return `seed ${simulation.seed}, ${operations.length} steps are enough:\n`
    + `${problems.join('\n')}\n`
    + `play it again: SLICEWISE_SIMULATION=<file> with\n${head},"operations":[\n${lines}\n]}`
}

/** What one part of a benchmark run found, as it stands in bench/results. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, getPriority, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from '../http/servers.ts'

/** One figure: every round of ours and of the reference, in the order they ran. */
export interface Figure {
  readonly name: string
  readonly ours: readonly number[]
  readonly reference?: readonly number[]
}

export interface Result {
  readonly part: string
  readonly date: string
  readonly commit: string
  readonly machine: string
  /** Load averages of one minute when each round began: other work shared the machine. */
  readonly load: readonly number[]
  /** Of all processes that were measured, as `nice` counts; negative where others had to wait. */
  readonly priority: number
  /** True when it was run with smaller numbers, to try the harness. */
  readonly quick: boolean
  readonly figures: readonly Figure[]
}

export const folder = join(root, 'bench', 'results')

export function saveResult(
  part: string, quick: boolean, load: readonly number[], figures: readonly Figure[],
): void {
  const result: Result = {
    part, date: new Date().toISOString().slice(0, 16).replace('T', ' '), commit: commit(),
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${
      Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    load: load.map(rounded), priority: getPriority(), quick,
    figures: figures.map(({ name, ours, reference }) => ({
      name, ours: ours.map(rounded),
      ...(reference === undefined ? {} : { reference: reference.map(rounded) }),
    })),
  }
  mkdirSync(folder, { recursive: true })
  // A trial must not replace what was measured in earnest.
  const name = quick ? `${part}.quick.json` : `${part}.json`
  writeFileSync(join(folder, name), `${JSON.stringify(result, null, 1)}\n`)
}

export function readResult(part: string): Result | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `${part}.json`), 'utf8')) as Result
  } catch {
    return undefined
  }
}

const rounded = (value: number): number =>
  Number(value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1))

const commit = (): string =>
  execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()

export const loadNow = (): number => loadavg()[0] ?? 0

/** Rows of rounds turned into figures; a name that only one side has stays on that side. */
export function figuresOf(
  ours: readonly Record<string, number>[], reference: readonly Record<string, number>[],
): Figure[] {
  const names = new Set([...ours, ...reference].flatMap((row) => Object.keys(row)))
  const column = (rows: readonly Record<string, number>[], name: string): number[] =>
    rows.flatMap((row) => row[name] ?? [])
  return [...names].map((name) => {
    const theirs = column(reference, name)
    return {
      name, ours: column(ours, name), ...(theirs.length === 0 ? {} : { reference: theirs }),
    }
  })
}

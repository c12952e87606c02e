/**
 * `npm run check`: is the tree good? Types, lint, tidy and all tests, each with its time; the exit
 * code is 1 when any of them fails. Names as arguments run only those: `npm run check -- tidy`.
 */
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

/** Cheapest first: a broken type is told before the tests have started. */
const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--quiet'] },
  { name: 'tidy', command: ['tsx', 'tools/tidy.ts'] },
  { name: 'build', command: ['node', 'tools/install.mjs'] },
  { name: 'tests', command: ['vitest', 'run'] },
]

interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const path = `${root}/node_modules/.bin:${process.env['PATH'] ?? ''}`

/** Runs one step with its output passed through; resolves with how it ended. */
async function run({ name, command }: Step): Promise<Outcome> {
  const since = performance.now()
  console.log(`check: ${name} ...`)
  const [program = '', ...rest] = command
  const child = spawn(program, rest, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  })
  const ok = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
  })
  const seconds = (performance.now() - since) / 1000
  console.log(`check: ${name} ${ok ? 'passed' : 'FAILED'} (${seconds.toFixed(1)} s)`)
  return { name, ok, seconds }
}

const wanted = new Set(process.argv.slice(2))
const unknown = [...wanted].filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  const known = steps.map((step) => step.name).join(', ')
  console.error(`check: no step ${unknown.join(', ')} (there are ${known})`)
  process.exit(2)
}
const outcomes: Outcome[] = []
for (const step of steps) {
  if (wanted.size === 0 || wanted.has(step.name)) outcomes.push(await run(step))
}
const failed = outcomes.filter((outcome) => !outcome.ok)
const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0)
const names = failed.map((outcome) => outcome.name).join(', ')
const verdict = failed.length === 0 ? 'all passed' : `failed: ${names}`
console.log(`check: ${verdict} (${outcomes.length} steps, ${seconds.toFixed(1)} s)`)
process.exit(failed.length === 0 ? 0 : 1)

/**
 * `npm run soak [-- [PART…] [--fresh] [--minutes N] [--units N]]`: the full counts of tests that
 * `npm test` keeps short. Prints a line a chunk, keeps its state in .slicewise/soak (what was
 * broken off goes on there) and writes docs/soak.md after each chunk. `--minutes` begins no chunk
 * later, `--units` makes chunks smaller. Exits with 1 when a chunk failed.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, parts } from './soak/parts.ts'
import { writeReport } from './soak/report.ts'
import { type PartState, folder, readState, root, saveState } from './soak/state.ts'

const words = process.argv.slice(2)
const until = performance.now() + numberOf('--minutes') * 60_000
const unitsMax = numberOf('--units')
const wanted = words.filter((word, at) =>
  !word.startsWith('--') && !['--minutes', '--units'].includes(words[at - 1] ?? ''))
const firstSeed = 1_000

function numberOf(flag: string): number {
  const at = words.indexOf(flag)
  return at < 0 ? Infinity : Number(words[at + 1])
}

const now = (): string => new Date().toISOString().slice(0, 16).replace('T', ' ')
const commit = (): string =>
  execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()

/** What a failed chunk said, short enough for a table of findings. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const telling = lines.find((line) => /^(\w*Error|AssertionError)\b/.test(line))
  return (telling ?? lines.at(-1) ?? 'no output').slice(0, 300)
}

function runChunk(part: Part, units: number, seed: number): Promise<[boolean, string]> {
  const child = spawn(process.execPath, part.command(units, seed), {
    cwd: root, env: { ...process.env, NO_COLOR: '1', ...part.env(units, seed) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const hear = (text: string): void => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  return new Promise((resolve, reject) => child.once('close', (code, signal) => {
    if (signal === null) resolve([code === 0, output])
    else reject(new Error(`the chunk was ended by ${signal} and does not count`))
  }))
}

const fresh = (part: Part): PartState => ({
  done: 0, wanted: part.wanted, seconds: 0, began: now(), ended: now(), commits: [], findings: [],
  notes: [],
})

/** One more chunk of a part; true when it held. */
async function advance(name: string, part: Part): Promise<boolean> {
  const state = readState()
  const own = state[name] ?? fresh(part)
  const units = Math.min(part.chunk, unitsMax, part.wanted - own.done)
  const seed = firstSeed + own.done
  const from = performance.now()
  const [held, output] = await runChunk(part, units, seed)
  own.seconds += (performance.now() - from) / 1000
  own.done += units
  own.ended = now()
  if (!own.commits.includes(commit())) own.commits.push(commit())
  const told = /^notes (\[.*\])$/m.exec(output)?.[1]
  if (told !== undefined) own.notes.push(...JSON.parse(told) as string[])
  if (!held) {
    const log = join(folder, `${name}-${seed}.log`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(log, output)
    own.findings.push(`chunk with seed ${seed}: ${reasonIn(output)}`)
  }
  // Read again: another soak may have advanced another part meanwhile.
  const latest = { ...readState(), [name]: own }
  saveState(latest)
  writeReport(latest)
  console.log(`${now()} ${name} ${own.done} of ${part.wanted}, ${own.seconds.toFixed(0)} s${
    held ? '' : ` FAILED: ${own.findings.at(-1)}`}`)
  return held
}

async function main(): Promise<void> {
  const chosen = wanted.length === 0 ? Object.keys(parts) : wanted
  let failed = 0
  for (const name of chosen) {
    const part = parts[name]
    if (part === undefined) throw new Error(`no part ${name}; there are ${Object.keys(parts)}`)
    if (words.includes('--fresh')) {
      const { [name]: _old, ...others } = readState()
      saveState(others)
    }
    while ((readState()[name]?.done ?? 0) < part.wanted && performance.now() < until) {
      if (!await advance(name, part)) failed++
    }
  }
  process.exit(failed === 0 ? 0 : 1)
}

await main()

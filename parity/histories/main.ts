/**
 * Plays seeded histories on two systems in step and compares slices and Endpoints after each step.
 *
 *   npx tsx parity/histories/main.ts [WAY…] [--histories N] [--steps N] [--seed N] [--at-once N]
 *                                    [--max-endpoints-per-slice N] [--stride N] [--file FILE]…
 *
 * A WAY is what is compared with the real controllers on the real API server: `ours` (our
 * controllers on our server, the default), `ours-on-real`, `real-on-ours`, or `real`, the control,
 * which shows what the reference leaves to chance and never fails. Histories run in parallel
 * namespaces. A history that differs is played twice more alone; what differs each time is written
 * to parity/histories/regressions/, whose files are played first in every run. Ends with 1 then.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generate } from './generate.ts'
import type { History } from './operation.ts'
import { type Played, play } from './play.ts'
import type { Side } from './side.ts'
import { type Way, openSides, ways } from './ways.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    histories: { type: 'string', default: '40' },
    steps: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '40' },
    'max-endpoints-per-slice': { type: 'string', default: '100' },
    stride: { type: 'string', default: '1' },
    file: { type: 'string', multiple: true, default: [] },
  },
})

const regressions = join(import.meta.dirname, 'regressions')
const slicesMax = Number(values['max-endpoints-per-slice'])
/** No history has more Pods. */
const podsMax = 12
const options = { countSlices: slicesMax >= podsMax, stride: Number(values.stride) }
const scratch = mkdtempSync(join(tmpdir(), 'slicewise-histories-'))
try {
  process.exitCode = await main()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

async function main(): Promise<number> {
  const chosen = positionals.length === 0 ? ['ours'] : positionals
  let passed = 0
  let failed = 0
  for (const way of chosen) {
    if (!ways.includes(way as Way)) throw new Error(`no way ${way}; there are ${ways.join(', ')}`)
    const played = await playAll(way as Way)
    const bad = played.filter(({ found }) => found !== undefined)
    for (const one of bad) tell(one)
    report(way, played)
    passed += played.length - bad.length
    if (way !== 'real') failed += bad.length
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed > 0 ? 1 : 0
}

async function playAll(way: Way): Promise<Played[]> {
  const histories = chooseHistories()
  const systems = await openSides(way, join(scratch, way), slicesMax)
  try {
    const first = await inParallel(histories, systems.sides, Number(values['at-once']))
    const played: Played[] = []
    for (const [index, one] of first.entries()) {
      const history = histories[index] as History
      if (one.found === undefined) played.push(one)
      else if (way === 'real') played.push(one)
      else {
        tell(one)
        played.push(await again(way, history, systems.sides))
      }
    }
    return played
  } finally {
    await systems.close()
  }
}

/** Alone and from the start: what differs each time is kept as a file. */
async function again(way: Way, history: History, sides: readonly [Side, Side]): Promise<Played> {
  let played: Played | undefined
  for (const turn of ['again', 'at-last']) {
    process.stdout.write(`${way}: ${history.name} ${turn}\n`)
    played = await play({ ...history, name: `${history.name}-${turn}` }, sides, options)
    if (played.found === undefined) return played
  }
  if (played === undefined) throw new Error('unreachable')
  if (history.name.startsWith('kept-')) return played
  const operations = history.operations.slice(0, (played.found?.step ?? 0) + 1)
  const name = `${history.name}-${operations.length}`
  const kept = operations.map((one) => `  ${JSON.stringify(one)}`).join(',\n')
  writeFileSync(
    join(regressions, `${name}.json`), `{ "name": "${name}", "operations": [\n${kept}\n] }\n`)
  return played
}

function chooseHistories(): History[] {
  const kept = readdirSync(regressions).filter((name) => name.endsWith('.json'))
    .map((name) => join(regressions, name))
  const files = values.file.length > 0 ? values.file : kept
  const read = files.map((file) => {
    const history = JSON.parse(readFileSync(file, 'utf8')) as History
    return { ...history, name: `kept-${history.name}` }
  })
  const count = values.file.length > 0 ? 0 : Number(values.histories)
  const seed = Number(values.seed)
  return [...read, ...Array.from({ length: count }, (_, index) =>
    generate(seed + index, Number(values.steps)))]
}

async function inParallel(
  histories: readonly History[], sides: readonly [Side, Side], atOnce: number,
): Promise<Played[]> {
  const results: Played[] = []
  const waiting = [...histories.entries()]
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, history] = next
      results[index] = await play(history, sides, options)
      const done = results.filter(Boolean).length
      if (done % 10 === 0) process.stdout.write(`${done} of ${histories.length} histories\n`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

function tell({ history, found }: Played): void {
  if (found === undefined) return
  process.stdout.write(`${history}: after step ${found.step}\n`)
  for (const { place, left = '-', right = '-' } of found.differences) {
    process.stdout.write(`  ${place}\n    reference ${left}\n    other     ${right}\n`)
  }
}

function report(way: string, played: readonly Played[]): void {
  const sum = (of: (one: Played) => number) => played.reduce((total, one) => total + of(one), 0)
  const writes = (kind: 'slices' | 'endpoints') => [0, 1].map((side) =>
    sum((one) => one.writes[side as 0 | 1][kind])).join(' by the reference, ')
  const more = played.filter(({ writes: [left, right] }) => right.slices > left.slices).length
  process.stdout.write(`${way}: ${played.length} histories, ${sum(({ steps }) => steps)} steps; `
    + `writes of slices ${writes('slices')} here (more in ${more} histories); `
    + `of Endpoints ${writes('endpoints')} here\n`)
}

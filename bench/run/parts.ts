/** The parts of `npm run bench`. Ours and the reference take turns, round by round. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAll } from '../http/connection.ts'
import {
  type Server, referenceIsBuilt, root, startOurs, startTheirs,
} from '../http/servers.ts'
import { type Row, cpuSeconds, fullAmount, measure, residentMiB } from '../http/work.ts'
import { type Figure, figuresOf, loadNow } from './figures.ts'

export interface Options {
  readonly quick: boolean
  readonly rounds: number
  readonly reference: boolean
}

export interface Measured {
  readonly load: readonly number[]
  readonly figures: readonly Figure[]
}

export type Part = (options: Options) => Promise<Measured>

/** Alternates; a round that failed ends the part, so that no median hides it. */
async function takeTurns(
  options: Options, ours: () => Promise<Row>, theirs: (() => Promise<Row>) | undefined,
): Promise<Measured> {
  const load: number[] = []
  const rows: [Row[], Row[]] = [[], []]
  for (let round = 0; round < options.rounds; round++) {
    load.push(loadNow())
    rows[0].push(say('ours', await ours()))
    if (theirs !== undefined && options.reference && referenceIsBuilt()) {
      load.push(loadNow())
      rows[1].push(say('reference', await theirs()))
    }
  }
  return { load, figures: figuresOf(...rows) }
}

function say(who: string, row: Row): Row {
  const cells = Object.entries(row).map(([name, value]) =>
    `${name} ${value.toFixed(value < 100 ? 1 : 0)}`)
  console.log(`  ${who.padEnd(10)} load ${loadNow().toFixed(1)}: ${cells.join('; ')}`)
  return row
}

/** Writes, lists, memory and fan-out, each server from an empty store. */
async function http(options: Options): Promise<Measured> {
  const amount = options.quick
    ? { ...fullAmount, pods: 1_000, watchers: 100, events: 20 } : fullAmount
  const round = async (server: Server): Promise<Row> => {
    try {
      const row = await measure(server, amount)
      const { storePid } = server
      const store = storePid === undefined ? 0 : residentMiB(storePid)
      const alone = row['resident with all, MiB'] ?? 0
      return { ...row, 'resident with its store, MiB': alone + store }
    } finally {
      await server.stop()
    }
  }
  return takeTurns(options, async () => round(await startOurs()),
    async () => round(await startTheirs()))
}

/** Starts to /readyz: the second start of a folder, and one with many objects. */
async function start(options: Options): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-start-'))
  try {
    const [empty, full, theirs] = ['empty', 'full', 'theirs'].map((name) => join(dir, name)) as
      [string, string, string]
    await (await startOurs({ command: 'up', data: empty })).stop()
    await fillFolder(full, options.quick ? 1_000 : 20_000)
    if (options.reference && referenceIsBuilt()) await (await startTheirs({ dir: theirs })).stop()
    return await takeTurns({ ...options, rounds: Math.max(5, options.rounds) }, async () => {
      const row: Row = {}
      for (const [name, data, command] of [
        ['`up` to /readyz, ms', empty, 'up'], ['20,000 objects to /readyz, ms', full, 'apiserver'],
      ] as const) {
        const server = await startOurs({ command, data })
        row[name] = server.readyMs
        row[name.replace(', ms', ', CPU ms')] = cpuSeconds(server.pid) * 1000
        if (data === full) row['resident with 20,000 objects, MiB'] = residentMiB(server.pid)
        await server.stop()
      }
      return row
    }, async () => {
      const server = await startTheirs({ dir: theirs })
      const cpu = cpuSeconds(server.pid) + cpuSeconds(server.storePid ?? 0)
      await server.stop()
      return { '`up` to /readyz, ms': server.readyMs, '`up` to /readyz, CPU ms': cpu * 1000 }
    })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** ConfigMaps of 1 KB. */
async function fillFolder(data: string, objects: number): Promise<void> {
  const server = await startOurs({ data })
  const connections = await connectAll(server, 24)
  let next = 0
  await Promise.all(connections.map(async (connection) => {
    while (next < objects) {
      const body = { metadata: { name: `map-${next++}` }, data: { filler: 'x'.repeat(1_000) } }
      const code = await connection.ask('POST', '/api/v1/namespaces/default/configmaps',
        JSON.stringify(body))
      if (code !== 201) throw new Error(`${code}: ${connection.last}`)
    }
    connection.close()
  }))
  await server.stop()
}

/** The last line of what a benchmark with a process of its own prints. */
function lastLine(script: string, args: readonly string[]): unknown {
  const text = execFileSync(process.execPath, ['--expose-gc', '--import', 'tsx', script, ...args],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 })
  return JSON.parse(text.trim().split('\n').at(-1) ?? '')
}

/** The EndpointSlice controller; rounds are inside of it. */
async function slices({ quick, reference }: Options): Promise<Measured> {
  const load = [loadNow()]
  const args = [...(quick ? ['--quick'] : []), ...(reference ? ['--reference'] : [])]
  const figures = slicesFigures(lastLine('bench/endpointslice.bench.ts', args) as SlicesResult)
  load.push(loadNow())
  return { load, figures }
}

export function slicesFigures({ changes, rolling, reference }: SlicesResult): Figure[] {
  const rows = reference?.rows ?? []
  const unthrottled = ({ pods, coldStartMs }: SlicesRow): Figure[] =>
    (reference?.unthrottled ?? []).filter((one) => one.pods === pods).map((other) => ({
      name: `real server: cold start beside an unthrottled one, ${
        pods.toLocaleString('en')} Pods, ms`,
      ours: [coldStartMs], reference: [other.coldStartMs],
    }))
  const figures: Figure[] = changes.map(({ pods, cpuUs, cpuUsMin, cpuUsMax }) => ({
    name: `in process: controller CPU a change, ${pods.toLocaleString('en')} Pods, ms`,
    ours: [cpuUsMin, cpuUs, cpuUsMax].map((us) => us / 1000),
  }))
  figures.push(
    { name: 'rolling 500 of 10,000: slice writes', ours: [rolling.writes] },
    { name: 'rolling 500 of 10,000: lag, ms', ours: [rolling.lagMs] })
  for (const row of rows) {
    if (row.who !== 'slicewise') continue
    const other = rows.find((one) => one.who !== row.who && one.pods === row.pods)
    const both = (name: string, of: (one: SlicesRow) => number): Figure => ({
      name: `real server: ${name}, ${row.pods.toLocaleString('en')} Pods, ms`, ours: [of(row)],
      ...(other === undefined ? {} : { reference: [of(other)] }),
    })
    figures.push(both('controller CPU a change', (one) => one.cpuMs),
      both('cold start', (one) => one.coldStartMs),
      ...unthrottled(row),
      both('change seen p50', (one) => one.seenMsP50),
      both('change seen p99', (one) => one.seenMsP99))
    const { floorMsP50 = 0, floorMsP99 = 0 } = reference ?? {}
    figures.push(both('change seen above the floor p50', (one) => one.seenMsP50 - floorMsP50),
      both('change seen above the floor p99', (one) => one.seenMsP99 - floorMsP99))
  }
  return figures
}

interface SlicesRow {
  readonly who: string
  readonly pods: number
  readonly cpuMs: number
  readonly coldStartMs: number
  readonly seenMsP50: number
  readonly seenMsP99: number
}

export interface SlicesResult {
  readonly changes: readonly {
    pods: number; cpuUs: number; cpuUsMin: number; cpuUsMax: number
  }[]
  readonly rolling: { writes: number; lagMs: number }
  readonly reference?: {
    readonly rows: readonly SlicesRow[]
    readonly unthrottled: readonly { pods: number; coldStartMs: number }[]
    readonly floorMsP50: number
    readonly floorMsP99: number
  }
}

/** Control planes in tests. */
async function planes(options: Options): Promise<Measured> {
  return takeTurns(options, async () =>
    lastLine('bench/control-planes.bench.ts', []) as Row, undefined)
}

/** In the order they run. */
export const parts: Readonly<Record<string, Part>> = { start, planes, http, slices }

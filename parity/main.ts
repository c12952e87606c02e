/**
 * Sends every script to the real API server and to this project's, and reports where they differ.
 *
 *   npx tsx parity/main.ts [GROUP…] [--reference KUBECONFIG] [--ours KUBECONFIG | --twice]
 *                          [--controllers | --real-slices]
 *                          [--record DIR] [--summary FILE] [--output json]
 *
 * Starts both servers itself unless given. `--controllers` starts controllers too and runs the
 * scripts that show what they do. `--real-slices` runs the slice controllers of the real
 * kube-controller-manager against both servers, `--twice` compares the real server with a second
 * real one: neither may show any difference. A GROUP is a name or its beginning. Ends with 1 when
 * a difference has no row in known-differences.md, or a row explains nothing.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Difference } from './compare.ts'
import { readKnown, sortDifferences, type Sorted } from './known.ts'
import type { Entry } from './mask.ts'
import { startOurs } from './ours.ts'
import { buildReference, startControllers, startReference } from './reference/start.ts'
import { controllerFiles, requestFiles } from './requests/all.ts'
import { compareGroups, type GroupResult } from './run-groups.ts'
import type { Target } from './send.ts'
import { summarize } from './summary.ts'
import { targetOf } from './target.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: 'string' },
    ours: { type: 'string' },
    twice: { type: 'boolean', default: false },
    record: { type: 'string' },
    controllers: { type: 'boolean', default: false },
    'real-slices': { type: 'boolean', default: false },
    output: { type: 'string', default: 'text' },
    summary: { type: 'string' },
  },
})

/** The Nodes of the scripts have no kubelet: nobody shall call them dead meanwhile. */
const realControllers = ['*', '-node-lifecycle-controller', '-taint-eviction-controller']
const sliceControllers = [
  'endpoints-controller', 'endpointslice-controller', 'endpointslice-mirroring-controller',
]
const realSlices = values['real-slices']

const scratch = mkdtempSync(join(tmpdir(), 'slicewise-parity-'))
const stops: (() => Promise<void>)[] = []
try {
  process.exitCode = await main()
} finally {
  for (const stop of stops) await stop()
  rmSync(scratch, { recursive: true, force: true })
}

async function main(): Promise<number> {
  const [reference, ours] = await Promise.all([
    values.reference ? targetOf('reference', values.reference) : ownReference('reference'),
    values.ours ? targetOf('ours', values.ours)
      : values.twice ? ownReference('second reference') : ownServer(),
  ])
  const results: GroupResult[] = []
  const files = realSlices ? [controllerFiles['slices'] ?? []]
    : Object.values(values.controllers ? controllerFiles : requestFiles)
  for (const groups of files) {
    const chosen = groups.filter(({ name }) =>
      positionals.length === 0 || positionals.some(start => name.startsWith(start)))
    results.push(...await compareGroups(chosen, reference, ours))
  }
  if (values.record) record(values.record, results)
  const known = readKnown(readFileSync(join(import.meta.dirname, 'known-differences.md'), 'utf8'))
  const sorted = sortDifferences(
    results.flatMap(result => result.differences), values.twice || realSlices ? [] : known,
    results.map(result => result.group))
  if (values.summary) writeFileSync(values.summary, `${summarize(sorted.unexplained)}\n`)
  report(results, sorted)
  return sorted.unexplained.length + sorted.stale.length > 0 ? 1 : 0
}

async function ownReference(name: string): Promise<Target> {
  buildReference()
  const dir = join(scratch, name.replaceAll(' ', '-'))
  const controllers = realSlices ? sliceControllers
    : values.controllers ? realControllers : false
  const started = await startReference({ dir, controllers, unsafeNoFsync: true })
  stops.push(started.stop)
  return { name, url: started.url, token: started.token, ca: started.ca }
}

async function ownServer(): Promise<Target> {
  const started = await startOurs(join(scratch, 'ours'), values.controllers ? '*' : '-*')
  stops.push(started.stop)
  if (realSlices) {
    buildReference()
    const log = join(scratch, 'foreign-controllers.log')
    const foreign = await startControllers(started.kubeconfig, sliceControllers, log)
    stops.unshift(() => foreign.end())
  }
  return targetOf('ours', started.kubeconfig)
}

/** For people who want to read what the servers answer; never part of the repository. */
function record(dir: string, results: readonly GroupResult[]): void {
  mkdirSync(dir, { recursive: true })
  const write = (name: string, entries: readonly Entry[]) =>
    writeFileSync(join(dir, name), JSON.stringify(entries, null, 1) + '\n')
  for (const { group, reference, ours, differences } of results) {
    write(`${group}.json`, reference)
    if (differences.length > 0) write(`${group}.ours.json`, ours)
  }
}

function report(results: readonly GroupResult[], sorted: Sorted): void {
  const sum = (count: (result: GroupResult) => number) =>
    results.reduce((total, result) => total + count(result), 0)
  const requests = sum(result => result.requests)
  const steps = (found: readonly Difference[]) => new Set(found.map(({ step }) => step)).size
  const unsteady = results.flatMap(result => result.unsteady)
  const summary = {
    requests, equal: sum(result => result.equal),
    known: steps(sorted.explained.map(each => each.difference)),
    different: steps(sorted.unexplained), stale: sorted.stale.map(row => row.id),
    unsteady: unsteady.length,
  }
  if (values.output === 'json') {
    process.stdout.write(`${JSON.stringify({ summary, ...sorted })}\n`)
    return
  }
  for (const { where, reference, ours } of sorted.unexplained) {
    process.stdout.write(`${where}\n  reference ${short(reference)}\n  ours      ${short(ours)}\n`)
  }
  for (const { where } of unsteady) process.stdout.write(`seen once only: ${where}\n`)
  for (const row of sorted.stale) {
    process.stdout.write(`no longer differs: ${row.id} ${row.where}\n`)
  }
  const { equal, known, different, stale } = summary
  process.stdout.write(`${requests} requests: ${equal} equal, ${known} with a known difference, `
    + `${different} different; ${stale.length} rows without use\n`
    + `${equal + known} passed, ${different + stale.length} failed\n`)
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

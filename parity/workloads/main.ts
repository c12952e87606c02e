/**
 * Runs the same histories of workloads through the real kube-controller-manager and through this
 * project's controllers, and compares both after every settled step.
 *
 *   npx tsx parity/workloads/main.ts [HISTORY…] [--verbose]
 *
 * A HISTORY is a name or its beginning. Ends with 1 when a difference has no row in
 * known-differences.md, or a row for these histories explains nothing.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startControlPlane } from '@slicewise/testing'
import { readKnown, sortDifferences } from '../known.ts'
import { buildReference, startReference } from '../reference/start.ts'
import { daemonSetHistories } from './histories/daemonset.ts'
import { deploymentHistories } from './histories/deployment.ts'
import { garbageHistories } from './histories/garbage.ts'
import { nodeHistories } from './histories/nodes.ts'
import { replicaSetHistories } from './histories/replicaset.ts'
import { statefulSetHistories } from './histories/statefulset.ts'
import { type Found, runHistory } from './history.ts'
import { holdNodes } from './nodes.ts'
import { Side } from './side.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
})
const all = [
  ...nodeHistories,
  ...deploymentHistories,
  ...statefulSetHistories,
  ...daemonSetHistories,
  ...replicaSetHistories,
  ...garbageHistories,
]
const scratch = mkdtempSync(join(tmpdir(), 'slicewise-workloads-'))
const closing: (() => Promise<void>)[] = []
const underWay = new Set<string>()
const progress = setInterval(() => {
  if (values.verbose) process.stderr.write(`under way: ${[...underWay].join(', ')}\n`)
}, 10_000)
try {
  process.exitCode = await main()
} finally {
  clearInterval(progress)
  for (const close of closing.reverse()) await close()
  rmSync(scratch, { recursive: true, force: true })
}

/** A difference counts when it shows in two runs of its history: what shows once was a race. */
async function main(): Promise<number> {
  const chosen = all.filter(
    ({ name }) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)),
  )
  const first = await run(chosen)
  const names = chosen.map((one) => one.name)
  const rows = readKnown(
    readFileSync(join(import.meta.dirname, '..', 'known-differences.md'), 'utf8'),
  )
  const doubtful = new Set(
    sortDifferences(first.found, rows, names).unexplained.map(({ where }) => where.split(': ')[0]),
  )
  if (doubtful.size === 0) return report(names, first.steps, first.found)
  process.stdout.write(`once more: ${[...doubtful].join(', ')}\n`)
  for (const close of closing.splice(0).reverse()) await close()
  const second = await run(chosen.filter(({ name }) => doubtful.has(name)))
  const again = new Set(second.found.map(({ where }) => where))
  const found = first.found.filter(
    ({ where }) => !doubtful.has(where.split(': ')[0]) || again.has(where),
  )
  return report(names, first.steps, found)
}

async function run(chosen: typeof all): Promise<{ found: Found[]; steps: number }> {
  const sides = (await Promise.all([openReference(), openOurs()])) as [Side, Side]
  const nodes = ['worker-1', 'worker-2', 'worker-3']
  for (const side of sides) closing.push(await holdNodes(side, nodes))
  const results = await Promise.all(
    chosen.map(async (history) => {
      underWay.add(history.name)
      const result = await runHistory(history, sides, nodes)
      underWay.delete(history.name)
      return result
    }),
  )
  return {
    found: results.flatMap((result) => result.found),
    steps: results.reduce((sum, result) => sum + result.steps, 0),
  }
}

async function openReference(): Promise<Side> {
  buildReference()
  const started = await startReference({
    dir: mkdtempSync(join(scratch, 'reference-')),
    controllers: ['*'],
    unsafeNoFsync: true,
    controllerFlags: ['--kube-api-qps=500', '--kube-api-burst=1000'],
  })
  closing.push(() => started.stop())
  const side = await Side.open('reference', readFileSync(started.kubeconfig, 'utf8'))
  closing.push(() => side.close())
  return side
}

async function openOurs(): Promise<Side> {
  const plane = await startControlPlane({
    nodes: 0,
    speed: 1,
    controllers: ['*', '-default-scheduler'],
  })
  closing.push(() => plane.close())
  const side = await Side.open('ours', plane.kubeconfig)
  closing.push(() => side.close())
  return side
}

function report(names: readonly string[], steps: number, found: readonly Found[]): number {
  const rows = readKnown(
    readFileSync(join(import.meta.dirname, '..', 'known-differences.md'), 'utf8'),
  )
  const { explained, unexplained, stale: unused } = sortDifferences(found, rows, names)
  // What depends on chance in the reference need not show each time.
  const stale = unused.filter((row) => !row.id.startsWith('chance-'))
  for (const { where, reference, ours } of unexplained) {
    const told = (side: unknown): string => JSON.stringify(side)
    const text = `${where}\n  reference ${told(reference)}\n  ours      ${told(ours)}\n`
    process.stdout.write(text)
  }
  if (values.verbose)
    for (const {
      difference: { where },
    } of explained)
      process.stdout.write(`known: ${where}\n`)
  for (const { where } of stale) process.stdout.write(`no longer differs: ${where}\n`)
  const failed = new Set(unexplained.map((one) => one.step)).size + stale.length
  process.stdout.write(
    `${names.length} histories: ${explained.length} known differences, ` +
      `${unexplained.length} others, ${stale.length} rows without use\n`,
  )
  process.stdout.write(`${steps - failed} passed, ${failed} failed\n`)
  return unexplained.length + stale.length > 0 ? 1 : 0
}

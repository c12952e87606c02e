/**
 * Runs the same kubectl commands against the real server and this project's and compares what they
 * print.
 *
 *   npx tsx parity/kubectl/main.ts [GROUP…] [--kubectl PROGRAM]… [--ours KUBECONFIG | --twice]
 *                                  [--reference KUBECONFIG] [--record DIR]
 *
 * Default: the kubectl built beside the reference, and the oldest and newest that are installed
 * as `kubectl.1.N` beside the `kubectl` in PATH. Differences are explained as in parity/main.ts,
 * and count when they show in each of three runs: what the real server's controllers print may be
 * a race.
 */
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { named, type Difference, type MemberDifference } from '../compare.ts'
import { readKnown, sortDifferences } from '../known.ts'
import { startOurs } from '../ours.ts'
import { buildReference, referenceBin, startReference } from '../reference/start.ts'
import { readCommands } from '../requests/kubectl/read-commands.ts'
import { writeCommands } from '../requests/kubectl/write-commands.ts'
import type { CommandGroup } from './command.ts'
import { diffLines } from './line-diff.ts'
import { runCommands, type Printed } from './run-commands.ts'

/** More at a time only makes the two servers of one machine wait for each other. */
const groupsAtOnce = 2
/** A repair that the real server thinks it needs shows in every fifth run on a busy machine. */
const runsAtMost = 3

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kubectl: { type: 'string', multiple: true },
    reference: { type: 'string' },
    ours: { type: 'string' },
    twice: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
})

const known = values.twice ? []
  : readKnown(readFileSync(join(import.meta.dirname, '..', 'known-differences.md'), 'utf8'))
const scratch = mkdtempSync(join(tmpdir(), 'slicewise-kubectl-'))
const stops: (() => Promise<void>)[] = []
try {
  process.exitCode = await main()
} finally {
  for (const stop of stops) await stop()
  rmSync(scratch, { recursive: true, force: true })
}

async function main(): Promise<number> {
  const [reference, ours] = await Promise.all([
    values.reference ?? ownReference('reference'),
    values.ours ?? (values.twice ? ownReference('second') : ownServer()),
  ])
  const groups = [...readCommands, ...writeCommands].filter(({ name }) =>
    positionals.length === 0 || positionals.some(start => name.startsWith(start)))
  const found: Difference[] = []
  let commands = 0
  for (const program of values.kubectl ?? kubectls()) {
    const waiting = [...groups]
    const worker = async () => {
      for (let group = waiting.shift(); group; group = waiting.shift()) {
        const result = await compareGroup(program, group, { reference, ours })
        commands += result.commands
        found.push(...result.found)
      }
    }
    await Promise.all(Array.from({ length: groupsAtOnce }, worker))
  }
  return report(found, commands, groups)
}

interface Sides {
  readonly reference: string
  readonly ours: string
}

async function compareGroup(program: string, group: CommandGroup, sides: Sides) {
  const first = await compareOnce(program, group, sides)
  let { found } = first
  for (let run = 2; run <= runsAtMost && sortDifferences(found, known, []).unexplained.length > 0;
    run++) {
    const again = await compareOnce(program, group, sides)
    if (again.codes !== first.codes) return first
    const steady = new Set(again.found.map(({ where }) => where))
    for (const { where, reference, ours } of found.filter(each => !steady.has(each.where))) {
      process.stdout.write(`not in run ${run}: ${where} ${reference ?? ''} | ${ours ?? ''}\n`)
    }
    found = found.filter(({ where }) => steady.has(where))
  }
  return { ...first, found }
}

/** `codes`: what the reference ended with, command by command. */
async function compareOnce(program: string, group: CommandGroup, sides: Sides) {
  const at = (kubeconfig: string, side: string) =>
    runCommands({ program, kubeconfig, dir: join(scratch, side) }, group)
  const [theirs, own] = await Promise.all([at(sides.reference, 'theirs'), at(sides.ours, 'ours')])
  if (values.record) record(values.record, group.name, theirs)
  const version = /kubectl\.(1\.\d+)$/.exec(program)?.[1] ?? 'built'
  const found = theirs.flatMap((each, index) => {
    const step = `${group.name}: ${each.line.trim()}: ${version}`
    return named(step, printedDifferences(each, own[index]))
  })
  return { commands: theirs.length, found, codes: theirs.map(({ code }) => code).join(' ') }
}

function printedDifferences(there: Printed, here: Printed | undefined): MemberDifference[] {
  const code = there.code === here?.code ? []
    : [{ where: 'exit code', reference: there.code, ours: here?.code }]
  return [...code, ...diffLines(there.lines, here?.lines ?? []).map(({ reference, ours }) =>
    ({ where: 'line', reference, ours }))]
}

function record(dir: string, name: string, printed: readonly Printed[]): void {
  mkdirSync(dir, { recursive: true })
  const text = printed.map(({ line, code, lines }) =>
    [`$ kubectl ${line}`, ...lines, `= ${code}`, ''].join('\n'))
  writeFileSync(join(dir, `${name}.txt`), text.join('\n'))
}

function report(
  found: readonly Difference[], commands: number, groups: readonly CommandGroup[],
): number {
  const sorted = sortDifferences(found, known, groups.map(group => group.name))
  const steps = new Set(sorted.unexplained.map(({ step }) => step)).size
  let last = ''
  for (const { step, reference, ours } of sorted.unexplained) {
    if (step !== last) process.stdout.write(`${step}\n`)
    last = step
    if (reference !== undefined) process.stdout.write(`  - ${String(reference)}\n`)
    if (ours !== undefined) process.stdout.write(`  + ${String(ours)}\n`)
  }
  for (const row of sorted.stale) {
    process.stdout.write(`no longer differs: ${row.id} ${row.where}\n`)
  }
  process.stdout.write(`${commands} commands: ${sorted.unexplained.length} lines differ, `
    + `${sorted.explained.length} explained, ${sorted.stale.length} rows without use\n`
    + `${commands - steps} passed, ${steps + sorted.stale.length} failed\n`)
  return sorted.unexplained.length + sorted.stale.length > 0 ? 1 : 0
}

/** The built one first, then the oldest and the newest `kubectl.1.N`. */
function kubectls(): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
    .map(folder => join(folder, 'kubectl')).filter(file => existsSync(file))
    .map(file => dirname(realpathSync(file)))
  const minor = (name: string) => Number(name.split('.').at(-1))
  const installed = [...new Set(folders)].flatMap(folder => readdirSync(folder)
    .filter(name => /^kubectl\.1\.\d+$/.test(name)).map(name => join(folder, name)))
    .sort((a, b) => minor(a) - minor(b))
  const ends = [installed.at(0), installed.at(-1)].filter(each => each !== undefined)
  return [join(referenceBin(), 'kubectl'), ...new Set(ends)]
}

async function ownReference(name: string): Promise<string> {
  buildReference()
  const started = await startReference({ dir: join(scratch, name), unsafeNoFsync: true })
  stops.push(started.stop)
  return started.kubeconfig
}

async function ownServer(): Promise<string> {
  const started = await startOurs(join(scratch, 'server'))
  stops.push(started.stop)
  return started.kubeconfig
}

/**
 * Runs every walk through in this folder as it is printed, with the oldest and the newest kubectl
 * found and with the one of 1.36, and the README in a clone of its own, from the first start on.
 * `npx tsx examples/run.ts [--kubectl FILE]... [--no-readme]`; ends with `<n> passed, <m> failed`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { referenceBin } from '../parity/reference/start.ts'
import { installedKubectls } from '../tools/docs/kubectls.ts'

/** Walk throughs that end in a `describe` which older kubectls fill from classic Endpoints. */
const sinceMinor: Readonly<Record<string, number>> = { external: 31 }

const root = resolve(import.meta.dirname, '..')

interface Run {
  readonly name: string
  /** Clone whose documents are run; a README uses the folder that it stands in. */
  readonly folder: string
  readonly kubectl: string
  readonly documents: readonly string[]
}

interface Count { readonly passed: number; readonly failed: number }

function versionOf(kubectl: string): string {
  const printed = execFileSync(kubectl, ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
  const version = JSON.parse(printed) as { clientVersion: { gitVersion: string } }
  return version.clientVersion.gitVersion
}

function kubectls(named: readonly string[]): string[] {
  if (named.length > 0) return named.map((file) => resolve(file))
  const built = join(referenceBin(), 'kubectl')
  return [...installedKubectls(), ...existsSync(built) ? [built] : []]
}

/** A clone, with the README as it is here; the first start in it has to install and to build. */
function cloneForReadme(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'slicewise-readme-')), 'slicewise')
  execFileSync('git', ['clone', '-q', root, folder], { stdio: 'inherit' })
  cpSync(join(root, 'README.md'), join(folder, 'README.md'))
  return folder
}

/** Documents that fail are run once more, which is said: real programs race on a busy machine. */
async function runTwice(run: Run): Promise<Count> {
  const failed: string[] = []
  const counts = await runDocuments(run, failed)
  if (failed.length === 0) return counts
  process.stdout.write(`${run.name}: FAILED ONCE, again: ${failed.join(' ')}\n`)
  const again = await runDocuments({ ...run, documents: failed }, [])
  return { passed: counts.passed + again.passed, failed: again.failed }
}

/** Runs the documents of one kubectl one after the other, says how it goes, counts. */
async function runDocuments(
  { name, folder, kubectl, documents }: Run, failed: string[],
): Promise<Count> {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  const tool = join(folder, 'tools', 'docs.ts')
  const args = [tsx, tool, '--kubectl', kubectl, ...documents]
  const child = spawn(process.execPath, args, { cwd: folder })
  let count: Count | undefined
  const say = (line: string): void => {
    const bad = /^FAILED (\S+)/.exec(line)?.[1]
    if (bad !== undefined) failed.push(bad)
    const end = /^(\d+) passed, (\d+) failed$/.exec(line)
    if (end === null) process.stdout.write(`${name}: ${line}\n`)
    else count = { passed: Number(end[1]), failed: Number(end[2]) }
  }
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', say)
  await new Promise((done) => child.once('close', done))
  if (count === undefined) failed.splice(0, failed.length, ...documents)
  return count ?? { passed: 0, failed: documents.length }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kubectl: { type: 'string', multiple: true, default: [] },
      'no-readme': { type: 'boolean', default: false },
    },
  })
  const walkThroughs = readdirSync(import.meta.dirname).sort()
    .filter((name) => existsSync(join(import.meta.dirname, name, 'README.md')))
  const found = kubectls(values.kubectl)
  const newest = found.at(-1)
  if (newest === undefined) throw new Error('no kubectl in PATH: install one, or name it')
  const runs: Run[] = found.map((kubectl) => {
    const version = versionOf(kubectl)
    const minor = Number(version.split('.')[1])
    const documents = walkThroughs.filter((name) => minor >= (sinceMinor[name] ?? 0))
      .map((name) => join('examples', name, 'README.md'))
    return { name: `kubectl ${version}`, folder: root, kubectl, documents }
  })
  const clone = values['no-readme'] ? undefined : cloneForReadme()
  try {
    if (clone !== undefined) {
      runs.push({ name: 'README', folder: clone, kubectl: newest, documents: ['README.md'] })
    }
    const counts = await Promise.all(runs.map(runTwice))
    const passed = counts.reduce((sum, count) => sum + count.passed, 0)
    const failed = counts.reduce((sum, count) => sum + count.failed, 0)
    process.stdout.write(`${passed} passed, ${failed} failed\n`)
    process.exitCode = failed === 0 ? 0 : 1
  } finally {
    if (clone !== undefined) rmSync(resolve(clone, '..'), { recursive: true, force: true })
  }
}

await main()

/**
 * Runs the console blocks of Markdown documents and compares what is printed with what they show:
 * `npx tsx tools/docs.ts [--kubectl FILE] DOCUMENT...`. A document that does not start Slicewise by
 * itself gets one of its own, in memory, twenty times as fast as a cluster, and KUBECONFIG for it.
 */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Shell } from './docs/shell.ts'
import { type Command, matches, readTranscript } from './docs/transcript.ts'

const commandMs = 90_000
/** A first start installs and builds. */
const startMs = 240_000
/** How long a command that only looks is repeated until it shows what the document says. */
const patienceMs = 40_000
/** Starts Slicewise, from the root of a clone. */
const ownStart = /^(?:\w+\(\) \{ )?\.\/slicewise (?:up|apiserver)\b/

const looking = /^kubectl (get|describe|events|explain|api-resources)\b/

const root = resolve(dirname(new URL(import.meta.url).pathname), '..')

async function runDocument(file: string, path: string): Promise<number> {
  const commands = readTranscript(readFileSync(file, 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-docs-'))
  const kubeconfig = join(folder, 'kubeconfig')
  const ownSystem = commands.some((one) => one.background || ownStart.test(one.text))
  const cwd = ownSystem ? root : dirname(file)
  const env = { ...process.env, PATH: path, KUBECONFIG: kubeconfig, HOME: folder }
  const shell = new Shell({ cwd, env })
  try {
    if (!ownSystem) {
      const up = `${root}/slicewise up --data memory --listen 127.0.0.1:0 --speed 20 ` +
        `--kubeconfig ${kubeconfig}`
      await shell.start(up, (output) => output.includes('is ready'), commandMs)
    }
    let failed = 0
    for (const command of commands) failed += await runCommand(shell, file, command)
    return failed
  } finally {
    await shell.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runCommand(shell: Shell, file: string, command: Command): Promise<number> {
  const where = `${file}:${command.line}`
  if (command.background) {
    const wanted = ['...', ...command.expected, '...']
    await shell.start(command.text, (output) => matches(wanted, output), startMs)
    return 0
  }
  const untilMs = Date.now() + patienceMs
  let output = ''
  do {
    ({ output } = await shell.run(command.text, commandMs))
    if (matches(command.expected, output)) return 0
    await new Promise((done) => setTimeout(done, 200))
  } while (looking.test(command.text) && Date.now() < untilMs)
  const shown = indent(command.expected.join('\n'))
  process.stderr.write(
    `${where}: $ ${command.text}\n  shown:\n${shown}\n  printed:\n${indent(output)}\n`,
  )
  return 1
}

function indent(text: string): string {
  return text.replace(/\n+$/, '').split('\n').map((line) => `    ${line}`).join('\n')
}

function pathWith(kubectl: string | undefined): string {
  const before = process.env['PATH'] ?? ''
  if (kubectl === undefined) return before
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-kubectl-'))
  symlinkSync(resolve(kubectl), join(folder, 'kubectl'))
  return folder + delimiter + before
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { kubectl: { type: 'string' } }, allowPositionals: true,
  })
  const path = pathWith(values.kubectl)
  let failed = 0
  for (const file of positionals) {
    const since = Date.now()
    const bad = await runDocument(resolve(file), path).catch((error: Error) => {
      process.stderr.write(`${file}: ${error.message}\n`)
      return 1
    })
    failed += bad > 0 ? 1 : 0
    process.stdout.write(`${bad === 0 ? 'ok    ' : 'FAILED'} ${file} (${Date.now() - since} ms)\n`)
  }
  process.stdout.write(`${positionals.length - failed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main()

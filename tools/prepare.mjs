// The slow path of a start: installs from the lockfile and builds, each only when needed, one
// process at a time (`npm start` and `npm test` may be the first two commands, side by side).
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { BuildError } from './build-error.mjs'
import freshness from './freshness.cjs'
import { withLock } from './lock.mjs'

/** An expected failure: `message` is one line that says what to do. */
export class PrepareError extends Error {}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** npm finishes what it writes when asked to stop; past this it is ended. */
const graceMs = 3_000

const say = (line) => process.stderr.write(`slicewise: ${line}\n`)
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Brings node_modules and dist up to date. Throws `PrepareError` when that is impossible. */
export async function prepare(root, { build = true } = {}) {
  const state = join(root, '.slicewise')
  mkdirSync(state, { recursive: true })
  await withLock(join(state, 'prepare.lock'), say, async (hold) => {
    if (!freshness.isInstalled(root)) await install(root, join(state, 'install.log'), hold)
    if (build && !freshness.isBuilt(root)) await buildOnce(root)
  })
}

async function install(root, logFile, hold) {
  const since = performance.now()
  say('installing dependencies from package-lock.json (once; no install scripts run) ...')
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const code = await runLogged(npmCommand(), options, { cwd: root, logFile, hold })
  if (code !== 0 || !freshness.isInstalled(root)) {
    throw new PrepareError(`npm ci failed: ${reasonIn(logFile)} (log: ${shown(root, logFile)})`)
  }
  say(`installed in ${seconds(since)}`)
}

/** npm as the user called it, else the one beside this node, else the one in PATH. */
function npmCommand() {
  const called = process.env.npm_execpath
  if (called?.endsWith('npm-cli.js') && existsSync(called)) return [process.execPath, called]
  const beside = join(dirname(process.execPath), 'npm')
  return [existsSync(beside) ? beside : 'npm']
}

/** Resolves with the exit code. A signal to this process ends the child first, then this one. */
function runLogged([command, ...first], rest, { cwd, logFile, hold }) {
  const log = openSync(logFile, 'w')
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...rest], { cwd, stdio: ['ignore', log, log] })
    if (child.pid !== undefined) hold(child.pid)
    let stopped
    const stop = (signal) => {
      stopped = signal
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref()
    }
    for (const signal of stopSignals) process.on(signal, stop)
    const finish = (code) => {
      for (const signal of stopSignals) process.off(signal, stop)
      closeSync(log)
      if (stopped === undefined) resolve(code)
      else process.exit(stopped === 'SIGINT' ? 130 : 143)
    }
    child.once('error', () => finish(127))
    child.once('close', finish)
  })
}

/** The line of npm's output that names the cause. */
function reasonIn(logFile) {
  const lines = readFileSync(logFile, 'utf8').split('\n').map((line) => line.trim())
  const errors = lines.filter((line) => /^npm (error|ERR!) \S/.test(line))
  const cause = errors.find((line) => !/ (code|errno|syscall|path|dest) |A complete log/.test(line))
  return (cause ?? errors[0] ?? 'npm could not be run').replace(/^npm (error|ERR!) */, '')
}

async function buildOnce(root) {
  const since = performance.now()
  say('building ...')
  const { build } = await import('./build.mjs')
  try {
    await build(root, { types: false })
  } catch (error) {
    if (error instanceof BuildError) throw new PrepareError(error.message)
    throw error
  }
  say(`built in ${seconds(since)}`)
}

const shown = (root, file) => relative(root, file)

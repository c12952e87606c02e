// The packed program as a user gets it: packs, installs the tarball without install scripts in a
// fresh project, and runs the command line and a vitest file that imports slicewise/testing there.
//   node tools/smoke.mjs [path of a node binary]...     default: this one
import { execFile, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Generous, because CI is shared; what it measures is printed. */
const readyWithinMs = 10_000
const stopWithinMs = 5_000

async function newProject() {
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-smoke-'))
  await run(process.execPath, [join(root, 'tools', 'build.mjs')], { cwd: root })
  const pack = ['pack', '--json', '--pack-destination', folder]
  const { stdout } = await run('npm', pack, { cwd: root })
  const packed = Object.values(JSON.parse(stdout))[0]
  const extra = packed.files.map((file) => file.path).filter((path) => !belongs(path))
  if (extra.length > 0) throw new Error(`the package holds ${extra.join(', ')}`)
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { vitest, typescript } = manifest.devDependencies
  const own = { private: true, type: 'module', devDependencies: { vitest, typescript } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own))
  const tarball = join(folder, packed.filename)
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball], {
    cwd: folder,
  })
  return folder
}

const outsideDist = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']
const belongs = (path) => path.startsWith('dist/') || outsideDist.includes(path)

/** Starts, waits for /readyz, stops; resolves with the milliseconds to ready. */
async function upAndDown(node, folder) {
  const kubeconfig = join(folder, 'kubeconfig')
  const program = join(folder, 'node_modules', 'slicewise', 'dist', 'cli.js')
  const since = performance.now()
  const flags = ['--listen', '127.0.0.1:0', '--data', join(folder, 'data'), '--nodes', '3']
  const child = spawn(node, [program, 'up', ...flags, '--kubeconfig', kubeconfig], { cwd: folder })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const closed = new Promise((resolve) => child.once('close', (code) => resolve(code)))
  try {
    const readyMs = await untilReady(kubeconfig, since, child)
    const stopping = performance.now()
    child.kill('SIGTERM')
    const code = await Promise.race([closed, wait(stopWithinMs, 'no end')])
    if (code !== 0) throw new Error(`SIGTERM ended with ${code}`)
    return { readyMs, stopMs: performance.now() - stopping }
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`${error.message}; it printed:\n${output}`, { cause: error })
  } finally {
    rmSync(kubeconfig, { force: true })
  }
}

async function untilReady(kubeconfig, since, child) {
  while (performance.now() - since < readyWithinMs) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} before it was ready`)
    if (existsSync(kubeconfig)) {
      const text = readFileSync(kubeconfig, 'utf8')
      const server = /server: "?(https:\/\/[^\s"]+)/.exec(text)?.[1]
      const ca = /certificate-authority-data: "?([\w+/=]+)/.exec(text)?.[1]
      const status = server && ca ? await get(`${server}/readyz`, ca) : 0
      if (status === 200) return performance.now() - since
    }
    await wait(5)
  }
  throw new Error(`not ready within ${readyWithinMs} ms`)
}

function get(url, ca) {
  return new Promise((resolve) => {
    const options = { ca: Buffer.from(ca, 'base64'), agent: false }
    const call = request(url, options, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    call.once('error', () => resolve(0))
    call.end()
  })
}

async function inTests(node, folder) {
  copyFileSync(join(root, 'tools', 'smoke-project.ts'), join(folder, 'web.test.ts'))
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  await run(node, [vitest, 'run', '--no-color'], { cwd: folder, env: withNode(node) })
}

/** The declarations of the package stand alone: strict, and checked themselves. */
async function typeCheck(folder) {
  const tsc = join(folder, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
  const lib = ['--lib', 'es2023,dom,esnext.disposable', '--skipLibCheck', 'false']
  writeFileSync(join(folder, 'types.ts'), "import * as testing from 'slicewise/testing'\ntesting\n")
  await run(process.execPath, [tsc, ...options, ...lib, join(folder, 'types.ts')], { cwd: folder })
}

const withNode = (node) => ({
  ...process.env,
  PATH: dirname(node) + delimiter + process.env.PATH,
})

/** One line a check; counts what failed. */
async function check(name, run) {
  try {
    const told = await run()
    console.log(`ok    ${name}${told === undefined ? '' : `: ${told}`}`)
    return true
  } catch (error) {
    const text = [error.message, error.stdout, error.stderr].filter(Boolean).join('\n')
    console.log(`FAIL  ${name}: ${text}`)
    return false
  }
}

async function main() {
  const nodes = process.argv.slice(2)
  if (nodes.length === 0) nodes.push(process.execPath)
  const folder = await newProject()
  const results = [await check('declarations', () => typeCheck(folder))]
  for (const node of nodes) {
    const version = (await run(node, ['--version'])).stdout.trim()
    for (const start of ['first', 'second']) {
      const describe = ({ readyMs, stopMs }) =>
        `ready after ${readyMs.toFixed(0)} ms, stopped after ${stopMs.toFixed(0)} ms`
      const start1 = async () => describe(await upAndDown(node, folder))
      results.push(await check(`${version} up, ${start} start`, start1))
    }
    rmSync(join(folder, 'data'), { recursive: true, force: true })
    results.push(await check(`${version} slicewise/testing`, () => inTests(node, folder)))
  }
  const failed = results.filter((ok) => !ok).length
  if (failed === 0) rmSync(folder, { recursive: true })
  else console.log(`the project is kept: ${folder}`)
  console.log(`${results.length - failed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

await main()

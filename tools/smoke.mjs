// The packed program as a user gets it: packs, installs the tarball without install scripts in a
// fresh project, and runs the command line and a vitest file that imports slicewise/testing there.
//   node tools/smoke.mjs [path of a node binary]...     default: this one
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

async function fill(folder) {
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
  // As a shell finds it: a program that only `node FILE` can run has no use in node_modules/.bin.
  await run(join(folder, 'node_modules', '.bin', 'slicewise'), ['--version'])
}

const outsideDist = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']
const belongs = (path) => path.startsWith('dist/') || outsideDist.includes(path)

/** Starts, waits for /readyz, stops; resolves with the times. */
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
    const stopMs = performance.now() - stopping
    return `ready after ${readyMs.toFixed(0)} ms, stopped after ${stopMs.toFixed(0)} ms`
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
  writeFileSync(join(folder, 'web.test.ts'), userTest)
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  await run(node, [vitest, 'run', '--no-color'], { cwd: folder, env: withNode(node) })
}

/** What a user writes: a Service and two Pods over HTTPS, and the endpoints that follow. */
const userTest = `
import { request } from 'node:https'
import { expect, test } from 'vitest'
import { type ControlPlane, StatusError, resources, startControlPlane } from 'slicewise/testing'

function call(plane: ControlPlane, method: string, path: string, body?: object): Promise<any> {
  const field = (name: string) =>
    new RegExp(name + ': "?([^\\\\s"]+)').exec(plane.kubeconfig)?.[1] ?? ''
  const options = {
    method,
    ca: Buffer.from(field('certificate-authority-data'), 'base64'),
    headers: { authorization: 'Bearer ' + field('token'), 'content-type': 'application/json' },
  }
  return new Promise((resolve, reject) => {
    const ask = request(plane.url + path, options, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += chunk
      resolve(JSON.parse(text))
    })
    ask.once('error', reject)
    ask.end(body && JSON.stringify(body))
  })
}

test('two Pods become ready endpoints', async () => {
  await using plane = await startControlPlane()
  const labels = { app: 'web' }
  const containers = [{ name: 'web', image: 'web:1' }]
  await call(plane, 'POST', '/api/v1/namespaces/default/services', {
    metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80 }] },
  })
  for (const name of ['a', 'b']) {
    const pod = { metadata: { name, labels }, spec: { containers } }
    const answer = await call(plane, 'POST', '/api/v1/namespaces/default/pods', pod)
    expect(answer.kind).toBe('Pod')
  }
  const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices' +
    '?labelSelector=kubernetes.io%2Fservice-name%3Dweb'
  const ready = async () => {
    const { items } = await call(plane, 'GET', path)
    const ipv4 = items.filter((slice: any) => slice.addressType === 'IPv4')
    return ipv4.flatMap((slice: any) => slice.endpoints ?? [])
      .filter((endpoint: any) => endpoint.conditions.ready)
      .map((endpoint: any) => endpoint.targetRef.name).sort()
  }
  await expect.poll(ready, { timeout: 20_000 }).toEqual(['a', 'b'])
  const { items } = await plane.api.list(resources.pods, { namespace: 'default' })
  expect(items.map((pod) => pod.metadata.name)).toEqual(['a', 'b'])
  const missing = plane.api.get(resources.pods, { namespace: 'default', name: 'c' })
  await expect(missing).rejects.toBeInstanceOf(StatusError)
}, 30_000)
`

/** The declarations of the package stand alone: strict, and checked themselves. */
async function typeCheck(folder) {
  const tsc = join(folder, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
  const lib = ['--lib', 'es2023,dom,esnext.disposable', '--skipLibCheck', 'false']
  const text = `
    import { type Pod, type Service, resources, startControlPlane } from 'slicewise/testing'
    export async function addresses(pod: Pod): Promise<string[]> {
      await using plane = await startControlPlane({ nodes: 1 })
      const metadata = { name: 'web', namespace: 'default' }
      const service: Service = { metadata, spec: { selector: { app: 'web' }, ports: [] } }
      await plane.api.create(resources.services, service)
      await plane.api.create(resources.pods, pod)
      // @ts-expect-error: a Pod is no Service
      await plane.api.create<Service>(resources.pods, service)
      const { items } = await plane.api.list(resources.endpointslices, { namespace: 'default' })
      return items.flatMap((slice) => slice.endpoints.flatMap((one) => one.addresses))
    }`
  writeFileSync(join(folder, 'types.ts'), text)
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

/** The declarations once, the program and its use in tests under each node. */
async function checks(nodes, folder) {
  const results = [await check('declarations', () => typeCheck(folder))]
  for (const node of nodes) {
    const version = (await run(node, ['--version'])).stdout.trim()
    for (const start of ['first', 'second']) {
      results.push(await check(`${version} up, ${start} start`, () => upAndDown(node, folder)))
    }
    rmSync(join(folder, 'data'), { recursive: true, force: true })
    results.push(await check(`${version} slicewise/testing`, () => inTests(node, folder)))
  }
  return results
}

async function main() {
  const nodes = process.argv.slice(2)
  if (nodes.length === 0) nodes.push(process.execPath)
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-smoke-'))
  const results = [await check('pack and install', () => fill(folder))]
  if (results[0]) results.push(...await checks(nodes, folder))
  const failed = results.filter((ok) => !ok).length
  if (failed === 0) rmSync(folder, { recursive: true })
  else console.log(`the project is kept: ${folder}`)
  console.log(`${results.length - failed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

await main()

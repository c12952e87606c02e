import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TLSSocket, connect } from 'node:tls'
import { HttpApi } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import { type Api, StatusError, resources } from '@slicewise/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyProgram, workFolder } from '../system/test-program.ts'
import { Command, type CommandOptions, endAll } from './test-command.ts'

const { folder, remove } = workFolder()
let cli: string
beforeAll(async () => {
  cli = await copyProgram(folder)
}, 120_000)
afterAll(async () => {
  await endAll()
  await remove()
})

const up = (data: string, options: Partial<CommandOptions> = {}, port = 0): Command =>
  new Command(cli, [
    'up', '--listen', `127.0.0.1:${port}`, '--data', data, '--kubeconfig', `${data}.kubeconfig`,
    '--speed', '20',
  ], { cwd: folder, ...options })

async function connected(data: string): Promise<{ api: Api; close(): Promise<void> }> {
  const transport = httpTransport(await readKubeconfig(join(folder, `${data}.kubeconfig`)))
  const api = new HttpApi({ transport, userAgent: 'faults/1' })
  return { api, close: async () => transport.close() }
}

const put = (api: Api, name: string): Promise<unknown> =>
  api.create(resources.configmaps, { metadata: { name, namespace: 'default' } })

async function names(api: Api): Promise<string[]> {
  const { items } = await api.list(resources.configmaps, { namespace: 'default' })
  return items.map((one) => one.metadata.name).filter((name) => name.startsWith('kept'))
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const portOf = (line: string): number => Number(/:(\d+) \(/.exec(line)?.[1])

/** How long a start takes here and now, ms; a busy machine needs more than a quiet one. */
async function startTakes(data: string): Promise<number> {
  const beganMs = performance.now()
  const program = up(data)
  await program.firstLine()
  const tookMs = performance.now() - beganMs
  expect(await program.send('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
  return tookMs
}

test('a signal at any moment of the start ends it cleanly', async () => {
  await startTakes('signals')
  const wholeMs = await startTakes('signals')
  for (let moment = 0; moment < 12; moment++) {
    const wanted = moment % 2 === 0 ? 'SIGTERM' : 'SIGINT'
    const starting = up('signals')
    await pause(wholeMs * moment / 12)
    const { code, signal, stderr } = await starting.send(wanted)
    expect(stderr).toBe('')
    // Node.js itself takes a while to start, and ends by the signal until it runs the program.
    if (code !== 0) expect([code, signal]).toEqual([null, wanted])
  }
  await startTakes('signals')
}, 120_000)

test('ten starts that are killed half-way leave a folder that the next one takes', async () => {
  const wholeMs = await startTakes('calm')
  for (let kill = 0; kill < 10; kill++) {
    const starting = up('storm')
    await pause(wholeMs * (kill + 1) / 9)
    await starting.send('SIGKILL')
  }
  const last = up('storm')
  await last.firstLine()
  expect(await last.send('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
}, 90_000)

test('a folder and a port have one owner at a time', async () => {
  const first = up('owned')
  const port = portOf(await first.firstLine())
  const again = await up('owned').ended
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/owned is in use by process \d+: stop it first, or use another/)
  const beside = await up('beside', {}, port).ended
  expect(beside).toMatchObject({ code: 1, stdout: '' })
  expect(beside.stderr).toMatch(/^slicewise: something listens at [\d.:]+ already: [^\n]+\n$/)
  // Neither attempt did the first one any harm.
  const { api, close } = await connected('owned')
  await put(api, 'kept')
  expect(await names(api)).toEqual(['kept'])
  await close()
  expect(await first.send('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
})

test('a folder that is moved away refuses writes, and serves reads', async () => {
  const program = up('moved')
  await program.firstLine()
  const { api, close } = await connected('moved')
  await put(api, 'kept-1')
  renameSync(join(folder, 'moved'), join(folder, 'aside'))
  const refusal = await put(api, 'kept-2').catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(StatusError)
  expect(refusal).toMatchObject({ code: 503 })
  expect(String(refusal)).toMatch(/nothing can be written at present, reads go on: .*deleted/)
  expect(await names(api)).toEqual(['kept-1'])
  renameSync(join(folder, 'aside'), join(folder, 'moved'))
  await put(api, 'kept-3')
  await close()
  expect((await program.send('SIGTERM')).code).toBe(0)
  const next = up('moved')
  await next.firstLine()
  const after = await connected('moved')
  expect(await names(after.api)).toEqual(['kept-1', 'kept-3'])
  await after.close()
  await next.send('SIGTERM')
}, 90_000)

/** Opens connections until as many were tried; those refused are counted, too. */
async function crowd(port: number, count: number): Promise<TLSSocket[]> {
  return Promise.all(Array.from({ length: count }, () => new Promise<TLSSocket>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, done)
    socket.on('error', done)
    function done(): void {
      resolve(socket)
    }
  })))
}

test('with few open files, more connections than that do no harm', async () => {
  const program = up('files', { before: 'ulimit -n 64;' })
  const port = portOf(await program.firstLine())
  const { api, close } = await connected('files')
  await put(api, 'kept-1')
  const sockets = await crowd(port, 120)
  await put(api, 'kept-2')
  for (const socket of sockets) socket.destroy()
  const fresh = await connected('files')
  await expect.poll(
    () => put(fresh.api, 'kept-3').then(() => true, () => false), { timeout: 20_000 },
  ).toBe(true)
  expect(await names(fresh.api)).toEqual(['kept-1', 'kept-2', 'kept-3'])
  await Promise.all([close(), fresh.close()])
  expect((await program.send('SIGTERM')).code).toBe(0)
}, 90_000)

test('with too few open files, one line says which limit to raise', async () => {
  const { code, stderr } = await up('no-files', { before: 'ulimit -n 24;' }).ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^slicewise: [^\n]+: raise the limit of open files \(ulimit -n\)\n$/)
})

test('who reads nothing of what is printed ends nothing', async () => {
  const program = up('unread')
  await program.firstLine()
  program.child.stdout?.destroy()
  program.child.stderr?.destroy()
  const { api, close } = await connected('unread')
  await put(api, 'kept')
  await close()
  expect((await program.send('SIGTERM')).code).toBe(0)
})

/** A Date whose present is a file's content ahead, as if somebody set the machine's clock. */
const setClock = `
import { readFileSync } from 'node:fs'
const RealDate = Date
const now = () => RealDate.now() + Number(readFileSync(process.env.CLOCK_AHEAD, 'utf8'))
globalThis.Date = class extends RealDate {
  constructor(...words) { super(...(words.length === 0 ? [now()] : words)) }
  static now() { return now() }
}`

test('a clock that jumps, back or ahead, stops nobody', async () => {
  const ahead = join(folder, 'ahead')
  const shim = join(folder, 'clock.mjs')
  writeFileSync(ahead, '0')
  writeFileSync(shim, setClock)
  const program = up('clock', { env: { CLOCK_AHEAD: ahead, NODE_OPTIONS: `--import ${shim}` } })
  await program.firstLine()
  const { api, close } = await connected('clock')
  const labels = { app: 'web' }
  const web = { name: 'web', namespace: 'default' }
  await api.create(resources.deployments, {
    metadata: web,
    spec: {
      replicas: 2, selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'a:1' }] } },
    },
  })
  await api.create(resources.services, {
    metadata: web, spec: { selector: labels, ports: [{ port: 80, targetPort: 80 }] },
  })
  const endpoints = async (): Promise<number> => {
    const { items } = await api.list(resources.endpointslices, {
      namespace: 'default', labelSelector: 'kubernetes.io/service-name=web',
    })
    return items.filter((one) => one.addressType === 'IPv4').flatMap((one) => one.endpoints ?? [])
      .filter((one) => one.conditions?.ready === true).length
  }
  const scaleTo = async (replicas: number): Promise<void> => {
    await api.patch(resources.deployments, web, { type: 'merge', patch: { spec: { replicas } } })
    await expect.poll(endpoints, { timeout: 20_000 }).toBe(replicas)
  }
  await scaleTo(3)
  const day = 24 * 3_600_000
  for (const [ms, replicas] of [[3_600_000, 5], [-3_600_000, 2], [365 * day, 6], [0, 4]] as const) {
    writeFileSync(ahead, String(ms))
    await scaleTo(replicas)
  }
  await close()
  expect((await program.send('SIGTERM')).code).toBe(0)
}, 120_000)

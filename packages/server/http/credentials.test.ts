import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import {
  mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { nodeEnv } from '@slicewise/system/node'
import { afterAll, expect, test } from 'vitest'
import { prepareCredentials } from './credentials.ts'
import { kubeconfigText, writeKubeconfig } from './kubeconfig.ts'

const env = nodeEnv()
const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'slicewise-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const day = 24 * 3600 * 1000

test('certificates are made once, kept privately, and name what clients may use', async () => {
  const folder = join(newFolder(), 'pki')
  const serviceCidrs = ['10.96.0.0/16', 'fd00:10:96::/112']
  const options = { env, folder, hosts: ['192.0.2.7', 'api.example'], serviceCidrs }
  const first = await prepareCredentials(options)
  const serving = new X509Certificate(first.servingCertificate)
  for (const name of ['localhost', 'kubernetes', 'kubernetes.default.svc.cluster.local',
    'api.example']) {
    expect(serving.checkHost(name)).toBe(name)
  }
  for (const ip of ['127.0.0.1', '::1', '192.0.2.7', '10.96.0.1', 'fd00:10:96::1']) {
    expect(serving.checkIP(ip)).toBe(ip)
  }
  for (const file of readdirSync(folder)) {
    expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600])
  }
  const { tokenKey: _one, ...again } = await prepareCredentials(options)
  const { tokenKey: _two, ...before } = first
  expect(again).toEqual(before)
})

test.each([
  ['another name', { hosts: ['new.example'] }, ['server'], ['ca', 'admin']],
  ['a year later', { laterMs: 340 * day }, ['server', 'admin'], ['ca']],
  ['a damaged certificate', { damage: 'server.crt' }, ['server'], ['ca', 'admin']],
  ['a damaged key', { damage: 'server.key' }, ['server'], ['ca', 'admin']],
  ['a damaged key of the authority', { damage: 'ca.key' }, ['ca', 'server', 'admin'], []],
  ['another authority', { damage: 'ca.crt' }, ['ca', 'server', 'admin'], []],
])('renewal: %s', async (_name, what, renewed, kept) => {
  const folder = newFolder()
  await prepareCredentials({ env, folder, hosts: ['old.example'] })
  const read = (file: string): string => readFileSync(join(folder, `${file}.crt`), 'utf8')
  const before = new Map(['ca', 'server', 'admin'].map((file) => [file, read(file)]))
  if ('damage' in what) writeFileSync(join(folder, what.damage), 'nothing')
  const laterMs = 'laterMs' in what ? what.laterMs : 0
  const later = { ...env, nowMs: () => Date.now() + laterMs }
  await prepareCredentials({
    env: later, folder, hosts: 'hosts' in what ? what.hosts : ['old.example'],
  })
  for (const file of renewed) expect([file, read(file) === before.get(file)]).toEqual([file, false])
  for (const file of kept) expect([file, read(file) === before.get(file)]).toEqual([file, true])
})

test('servers that keep nothing share one authority but no token', async () => {
  const all = await Promise.all(
    Array.from({ length: 20 }, () => prepareCredentials({ env, hosts: ['127.0.0.1'] })))
  expect(new Set(all.map((one) => one.authority)).size).toBe(1)
  expect(new Set(all.map((one) => one.adminToken)).size).toBe(20)
})

test('the kubeconfig is written in one step for its owner only', async () => {
  const credentials = await prepareCredentials({ env, hosts: [] })
  const path = join(newFolder(), 'deep', 'kubeconfig')
  writeKubeconfig(path, 'https://127.0.0.1:1', credentials)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toBe(kubeconfigText('https://127.0.0.1:1', credentials))
  expect(readdirSync(join(path, '..'))).toEqual(['kubeconfig'])
})

test('a start with kept certificates loads nothing that makes them', async () => {
  const folder = newFolder()
  await prepareCredentials({ env, folder, hosts: [] })
  const script = `
    const { prepareCredentials } = await import(${JSON.stringify(here('credentials.ts'))})
    await prepareCredentials({
      env: { nowMs: () => Date.now() }, folder: ${JSON.stringify(folder)}, hosts: [],
    })
    console.log(typeof Reflect.getMetadata)`
  const { stdout } = await run(process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: here('../../..') })
  // reflect-metadata adds this function, and the certificate library cannot do without it.
  expect(stdout.trim()).toBe('undefined')
})

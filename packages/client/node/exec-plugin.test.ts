import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { VirtualEnv } from '../../../tools/testkit/virtual-env.ts'
import type { Transport } from '../transport.ts'
import { clusterTransport } from './cluster-transport.ts'
import { readKubeconfig } from './kubeconfig.ts'
import { AskingServer, configText } from './test-server.ts'

let server: AskingServer
let folder: string
let env: VirtualEnv
const open: Transport[] = []
beforeAll(async () => {
  server = await AskingServer.open()
})
afterAll(() => server.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slicewise-plugin-'))
  env = new VirtualEnv()
  server.accepted.clear()
  server.asked.length = 0
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()))
  rmSync(folder, { recursive: true })
})

const version = 'client.authentication.k8s.io/v1'

/** A plugin that counts its runs, writes down what it was told, and prints `answer`. */
function plugin(answer: object | string, more = ''): void {
  const path = join(folder, 'login')
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  writeFileSync(join(folder, 'answer'), text)
  writeFileSync(path, `#!/bin/sh
cd '${folder}'
echo run >> runs
echo "$KUBERNETES_EXEC_INFO" > told
echo "$REGION $*" > given
${more}
cat answer
`)
  chmodSync(path, 0o700)
}

const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length
const told = (): { spec: Record<string, any> } =>
  JSON.parse(readFileSync(join(folder, 'told'), 'utf8'))

const credential = (status: object, apiVersion = version): object =>
  ({ apiVersion, kind: 'ExecCredential', status })

async function connect(exec: object = {}, clusterMore: object = {}): Promise<Transport> {
  const file = join(folder, 'config')
  const ca = Buffer.from(server.keys.authority).toString('base64')
  writeFileSync(file, configText(
    { server: server.url, 'certificate-authority-data': ca, ...clusterMore },
    { exec: { apiVersion: version, command: './login', interactiveMode: 'Never', ...exec } }))
  const transport = clusterTransport(await readKubeconfig(file), env)
  open.push(transport)
  return transport
}

async function ask(transport: Transport): Promise<number> {
  const response = await transport.request({ method: 'GET', path: '/api' })
  await response.text()
  return response.status
}

test('it is asked once for many requests, with its arguments and environment', async () => {
  plugin(credential({ token: 'one' }))
  const transport = await connect({
    args: ['get', 'token'], env: [{ name: 'REGION', value: 'north' }],
  })
  await Promise.all([ask(transport), ask(transport), ask(transport)])
  expect(server.last.authorization).toBe('Bearer one')
  expect(runs()).toBe(1)
  expect(readFileSync(join(folder, 'given'), 'utf8')).toBe('north get token\n')
  expect(told()).toEqual({
    apiVersion: version, kind: 'ExecCredential', spec: { interactive: false },
  })
})

test('a credential that ends is renewed, and one that is refused too', async () => {
  const expirationTimestamp = new Date(env.nowMs() + 60_000).toISOString()
  plugin(credential({ token: 'one', expirationTimestamp }))
  const transport = await connect()
  await ask(transport)
  await env.advance(59_000)
  await ask(transport)
  expect(runs()).toBe(1)
  plugin(credential({ token: 'two' }))
  await env.advance(1_000)
  await ask(transport)
  expect([runs(), server.last.authorization]).toEqual([2, 'Bearer two'])
  plugin(credential({ token: 'three' }))
  server.accepted.add('Bearer three')
  expect(await ask(transport)).toBe(200)
  expect([runs(), server.last.authorization]).toEqual([3, 'Bearer three'])
})

test('v1beta1, told of the cluster', async () => {
  const apiVersion = 'client.authentication.k8s.io/v1beta1'
  plugin(credential({ token: 'beta' }, apiVersion))
  const extension = { audience: 'here' }
  const transport = await connect(
    { apiVersion, provideClusterInfo: true, interactiveMode: undefined },
    { extensions: [{ name: 'client.authentication.k8s.io/exec', extension }] })
  await ask(transport)
  expect(server.last.authorization).toBe('Bearer beta')
  const { cluster } = told().spec
  expect(cluster).toMatchObject({ server: server.url, config: extension })
  expect(Buffer.from(cluster['certificate-authority-data'], 'base64').toString())
    .toBe(server.keys.authority)
})

test('client certificates of a plugin open new connections when they change', async () => {
  const { adminCertificate, adminKey, servingCertificate, servingKey } = server.keys
  plugin(credential({
    clientCertificateData: adminCertificate, clientKeyData: adminKey,
    expirationTimestamp: new Date(env.nowMs() + 1_000).toISOString(),
  }))
  const transport = await connect()
  await ask(transport)
  expect(server.last.subject).toBe('kubernetes-admin')
  plugin(credential({ clientCertificateData: servingCertificate, clientKeyData: servingKey }))
  await env.advance(1_000)
  await ask(transport)
  expect(server.last.subject).not.toBe('kubernetes-admin')
})

test.each<[string, () => void, object, RegExp]>([
  ['that is not installed', () => {}, { installHint: 'see\n  https://x.example' },
    /login of the kubeconfig is not found: see https:\/\/x.example$/],
  ['that fails', () => plugin('', 'exit 3'), {}, /failed with exit status 3: install it, or run/],
  ['that says nothing', () => plugin(''), {}, /gives no JSON: /],
  ['of another version', () => plugin(credential({ token: 'a' }, `${version}beta1`)), {},
    /answers with ExecCredential of .*v1beta1, not with ExecCredential of .*\/v1: /],
  ['without a credential', () => plugin(credential({})), {}, /gives neither token nor cert/],
  ['with half a pair', () => plugin(credential({ clientKeyData: 'k' })), {},
    /gives a certificate without its key or the reverse/],
  ['with a pair that is none', () => plugin(credential({
    clientCertificateData: 'a', clientKeyData: 'b',
  })), {}, /do not fit: run it by hand/],
  ['that needs a terminal', () => plugin(credential({ token: 'a' })),
    { interactiveMode: 'Always' }, /standard input is no terminal: /],
])('a plugin %s is told in one line', async (_what, prepare, exec, message) => {
  prepare()
  const failed = connect(exec).then(ask)
  await expect(failed).rejects.toThrow(message)
  await expect(failed).rejects.toThrow(/^[^\n]*$/)
})

test.each<[object, string]>([
  [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' },
    'has apiVersion "client.authentication.k8s.io/v1alpha1": it must be one of'],
  [{ interactiveMode: undefined }, 'needs an interactiveMode, one of Never, IfAvailable, Always'],
  [{ command: '' }, 'has no command'],
])('%j is refused when the kubeconfig is read', async (exec, message) => {
  await expect(connect(exec)).rejects.toThrow(
    `kubeconfig ${join(folder, 'config')}: the exec plugin of user "u" ${message}`)
})

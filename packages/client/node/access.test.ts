import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env } from '@slicewise/base'
import { startControlPlane } from '@slicewise/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HttpApi } from '../http-api.ts'
import { limits } from '../limits.ts'
import type { Transport } from '../transport.ts'
import { VirtualEnv } from '../../../tools/testkit/virtual-env.ts'
import { clusterTransport } from './cluster-transport.ts'
import { findAccess } from './find-access.ts'
import { parseKubeconfig, readKubeconfig } from './kubeconfig.ts'
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
  folder = mkdtempSync(join(tmpdir(), 'slicewise-access-'))
  env = new VirtualEnv()
  server.accepted.clear()
  server.asked.length = 0
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()))
  rmSync(folder, { recursive: true })
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const inFolder = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const cluster = (): object =>
  ({ server: server.url, 'certificate-authority-data': base64(server.keys.authority) })

/** The transport of a kubeconfig with this user (and cluster). */
async function connect(user: object, of: object = cluster(), its: Env = env): Promise<Transport> {
  const file = inFolder('config', configText(of, user))
  const transport = clusterTransport(await readKubeconfig(file), its)
  open.push(transport)
  return transport
}

/** Asks once; the status. */
async function ask(transport: Transport): Promise<number> {
  const response = await transport.request({ method: 'GET', path: '/api' })
  await response.text()
  return response.status
}

test('a token, a user with a password, and whom to act as', async () => {
  await ask(await connect({ token: 'secret' }))
  expect(server.last.authorization).toBe('Bearer secret')
  await ask(await connect({ username: 'ann', password: 'pä:ss' }))
  expect(server.last.authorization).toBe(`Basic ${base64('ann:pä:ss')}`)
  await ask(await connect({
    token: 't', as: 'bob', 'as-uid': '7', 'as-groups': ['dev', 'ops'],
    'as-user-extra': { 'example.org/Team': ['x', 'y'] },
  }))
  const { raw } = server.last
  const sent = (name: string) => raw.filter((_, at) => raw[at - 1]?.toLowerCase() === name)
  expect(sent('impersonate-user')).toEqual(['bob'])
  expect(sent('impersonate-uid')).toEqual(['7'])
  expect(sent('impersonate-group')).toEqual(['dev', 'ops'])
  expect(sent('impersonate-extra-example.org%2fteam')).toEqual(['x', 'y'])
})

test('a token file that is replaced is read again: after a while, and when refused', async () => {
  inFolder('token', 'one\n')
  const transport = await connect({ token: 'old', tokenFile: 'token' })
  await ask(transport)
  expect(server.last.authorization).toBe('Bearer one')
  inFolder('token', 'two\n')
  await ask(transport)
  expect(server.last.authorization).toBe('Bearer one')
  await env.advance(limits.credentialFileMs)
  await ask(transport)
  expect(server.last.authorization).toBe('Bearer two')
  inFolder('token', 'three\n')
  server.accepted.add('Bearer three')
  expect(await ask(transport)).toBe(200)
  expect(server.asked.slice(-2).map((one) => one.authorization))
    .toEqual(['Bearer two', 'Bearer three'])
  rmSync(join(folder, 'token'))
  await env.advance(limits.credentialFileMs)
  expect(await ask(transport)).toBe(200)
})

test('a refused token that is still the newest is refused once', async () => {
  inFolder('token', 'one')
  server.accepted.add('Bearer other')
  expect(await ask(await connect({ tokenFile: 'token' }))).toBe(401)
  expect(server.asked.length).toBe(1)
})

test('client certificates as data and as files, which may be replaced', async () => {
  const { adminCertificate, adminKey } = server.keys
  await ask(await connect({
    'client-certificate-data': base64(adminCertificate), 'client-key-data': base64(adminKey),
  }))
  const first = server.last.subject
  expect(first).toBe('kubernetes-admin')
  inFolder('cert.pem', adminCertificate)
  inFolder('key.pem', adminKey)
  const transport = await connect({ 'client-certificate': 'cert.pem', 'client-key': 'key.pem' })
  await ask(transport)
  expect(server.last.subject).toBe(first)
  // Half of a new pair is no pair: the old one goes on.
  inFolder('cert.pem', server.keys.servingCertificate)
  await env.advance(limits.credentialFileMs)
  await ask(transport)
  expect(server.last.subject).toBe(first)
  inFolder('key.pem', server.keys.servingKey)
  await env.advance(limits.credentialFileMs)
  await ask(transport)
  expect(server.last.subject).not.toBe(first)
})

test('authorities: of a file, of none, none asked for, and another name', async () => {
  inFolder('ca.crt', server.keys.authority)
  const { url } = server
  expect(await ask(await connect({}, { server: url, 'certificate-authority': 'ca.crt' })))
    .toBe(200)
  await expect(ask(await connect({}, { server: url }))).rejects.toThrow(/certificate/)
  const anyone = { server: url, 'insecure-skip-tls-verify': true }
  expect(await ask(await connect({}, anyone))).toBe(200)
  const named = { ...cluster(), 'tls-server-name': 'api.example' }
  expect(await ask(await connect({}, named))).toBe(200)
  expect(server.last.servername).toBe('api.example')
  await expect(ask(await connect({}, { ...named, 'tls-server-name': 'other.example' })))
    .rejects.toThrow(/altnames/)
})

test('several files are one: what comes first holds, what is missing is skipped', async () => {
  const one = inFolder('one', JSON.stringify({
    'current-context': 'b', users: [{ name: 'u', user: { token: 'first' } }],
  }))
  const two = inFolder('two', JSON.stringify({
    'current-context': 'a',
    contexts: [
      { name: 'a', context: { cluster: 'c', user: 'u' } },
      { name: 'b', context: { cluster: 'c', user: 'u', namespace: 'team' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user: { token: 'second' } }],
  }))
  const environ = { KUBECONFIG: [join(folder, 'none'), one, two].join(':') }
  expect(await findAccess({ environ, home: folder }))
    .toMatchObject({ token: 'first', namespace: 'team', server: 'https://127.0.0.1:1' })
  const chosen = await findAccess({ environ, home: folder, context: 'a' })
  expect(chosen.namespace).toBeUndefined()
  await expect(findAccess({ environ: {}, home: folder })).rejects.toThrow(
    `kubeconfig ${join(folder, '.kube', 'config')} cannot be read (ENOENT): name a file`)
  await expect(findAccess({ environ: { KUBECONFIG: `${one}:${two}` }, home: '', context: 'z' }))
    .rejects.toThrow(`kubeconfig ${one}, ${two}: no context named "z": mend it`)
})

test('in a Pod the ServiceAccount is used, and its token followed', async () => {
  inFolder('token', 'pod-1\n')
  inFolder('ca.crt', server.keys.authority)
  inFolder('namespace', 'apps')
  const environ = {
    KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(server.port),
  }
  const access = await findAccess({ environ, home: folder, accountFolder: folder })
  expect(access.namespace).toBe('apps')
  const transport = clusterTransport(access, env)
  open.push(transport)
  await ask(transport)
  expect(server.last.authorization).toBe('Bearer pod-1')
  inFolder('token', 'pod-2\n')
  await env.advance(limits.credentialFileMs)
  await ask(transport)
  expect(server.last.authorization).toBe('Bearer pod-2')
  rmSync(join(folder, 'ca.crt'))
  await expect(findAccess({ environ, home: folder, accountFolder: folder })).rejects.toThrow(
    /^in this Pod .*ca\.crt cannot be read \(ENOENT\): give it a serviceAccountName .*$/)
})

test('against the real server: a token file that is wrong first and right later', async () => {
  await using plane = await startControlPlane({ nodes: 0, controllers: ['-*'] })
  const access = await parseKubeconfig(plane.kubeconfig, folder)
  const token = access.token ?? ''
  inFolder('token', 'wrong')
  const of = { server: plane.url, 'certificate-authority-data': base64(access.ca ?? '') }
  const transport = await connect({ tokenFile: 'token' }, of)
  const api = new HttpApi({ transport, userAgent: 'test/1' })
  const pods = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true }
  await expect(api.list(pods)).rejects.toThrow(/Unauthorized/i)
  inFolder('token', token)
  expect((await api.list(pods)).items).toEqual([])
})

test('no error tells a secret', async () => {
  const secret = 'very-secret-word'
  const script = inFolder('plugin', `#!/bin/sh\necho '{"status":{"token":"${secret}"'\n`)
  chmodSync(script, 0o700)
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode: 'Never',
  }
  const errors: unknown[] = []
  for (const user of [{ exec }, { token: secret, username: 'a' }]) {
    await connect(user).then(ask).catch((error: unknown) => errors.push(error))
  }
  expect(errors.length).toBe(2)
  for (const error of errors) expect(String(error)).not.toContain(secret)
  expect(readFileSync(script, 'utf8')).toContain(secret)
})

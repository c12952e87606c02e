import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseKubeconfig, readKubeconfig } from './kubeconfig.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const kubeconfig = (user: string, cluster = ''): string => `
apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: c, user: u, namespace: team}}
- {name: two, context: {cluster: c, user: nobody}}
clusters:
- name: c
  cluster: {server: "https://127.0.0.1:6443"${cluster}}
users:
- {name: u, user: {${user}}}
`

test('data inside of the file', async () => {
  const user = `token: secret, client-certificate-data: ${base64('CERT')}, client-key-data: ${
    base64('KEY')}`
  const text = kubeconfig(user, `, certificate-authority-data: ${base64('CA')}`)
  expect(await parseKubeconfig(text, '.')).toEqual({
    server: 'https://127.0.0.1:6443', insecure: false, ca: 'CA', token: 'secret',
    clientCertificate: 'CERT', clientKey: 'KEY', namespace: 'team',
  })
})

test('files beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  try {
    writeFileSync(join(folder, 'ca.crt'), 'CA')
    writeFileSync(join(folder, 'token'), 'secret\n')
    const file = join(folder, 'config')
    writeFileSync(file, kubeconfig('tokenFile: token', ', certificate-authority: ca.crt'))
    expect(await readKubeconfig(file)).toMatchObject({ ca: 'CA', token: 'secret' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each([
  ['an unknown context', kubeconfig('token: a'), 'three', 'kubeconfig: no context named "three"'],
  ['an unknown user', kubeconfig('token: a'), 'two', 'kubeconfig: no user named "nobody"'],
  ['an empty file', '', undefined, 'kubeconfig: no context named ""'],
  ['a cluster without a server', kubeconfig('token: a').replace('server:', 'other:'), undefined,
    'kubeconfig: cluster "c" has no server'],
])('%s is named', async (_what, text, context, message) => {
  await expect(parseKubeconfig(text, '.', context)).rejects.toThrow(message)
})

test('checks of certificates can be switched off', async () => {
  const text = kubeconfig('token: a', ', insecure-skip-tls-verify: true')
  expect(await parseKubeconfig(text, '.')).toMatchObject({ insecure: true })
})

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
  ['an empty file', '', undefined, 'kubeconfig: it has no current-context'],
  ['no mapping', 'hello', undefined, 'kubeconfig: it has no current-context'],
  ['no YAML', 'a: b: c\n x', undefined, /^kubeconfig: no valid YAML: [^\n]* at line 1, column 4$/],
  ['lists that are none', 'current-context: a\ncontexts: foo', undefined,
    'kubeconfig: no context named "a"'],
  ['entries that are none', 'current-context: a\ncontexts: [1, null, {name: a}]', undefined,
    'kubeconfig: the context "a" says nothing'],
  ['a server that is no URL', kubeconfig('token: a').replace('https://', ''), undefined,
    'kubeconfig: the server of cluster "c" is no URL: 127.0.0.1:6443'],
  ['a login by a provider', kubeconfig('auth-provider: {name: x}'), undefined,
    'kubeconfig: user "u" logs in by auth-provider, which is not supported'],
  ['a file that is not there', kubeconfig('tokenFile: nope'), undefined,
    /^kubeconfig: its tokenFile \/.*nope cannot be read \(ENOENT\)$/],
  ['a cluster without a server', kubeconfig('token: a').replace('server:', 'other:'), undefined,
    'kubeconfig: cluster "c" has no server'],
])('%s is named', async (_what, text, context, message) => {
  await expect(parseKubeconfig(text, '.', context)).rejects.toThrow(message)
})

test('checks of certificates can be switched off', async () => {
  const text = kubeconfig('token: a', ', insecure-skip-tls-verify: true')
  expect(await parseKubeconfig(text, '.')).toMatchObject({ insecure: true })
})

test('of a file, the message says which and what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  try {
    const file = join(folder, 'config')
    await expect(readKubeconfig(file)).rejects.toThrow(
      `kubeconfig ${file} cannot be read (ENOENT): name a file that this user may read`)
    await expect(readKubeconfig(folder)).rejects.toThrow(/ cannot be read \(EISDIR\): /)
    writeFileSync(file, '{')
    await expect(readKubeconfig(file)).rejects.toThrow(
      /^kubeconfig \/.*config: no valid YAML: .*: mend it, or name another file with --kubeconfig$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

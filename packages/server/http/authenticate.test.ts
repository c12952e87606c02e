import { connect } from 'node:http2'
import { resources } from '@slicewise/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client, type Serving, http1Client, http2Client, startServing,
} from '../../../tools/testkit/serving.ts'
import { parseTokenFile } from './authenticate.ts'
import { issueAdmin, makeAuthority } from './certificates.ts'

let serving: Serving
let client: Client
beforeAll(async () => {
  serving = await startServing()
  client = http1Client(serving)
  await serving.create(resources.serviceaccounts as never, 'default', { metadata: { name: 'sa' } })
})
afterAll(async () => {
  await client.close()
  expect(serving.errors).toEqual([])
  await serving.close()
})

const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const whoami = async (by: Client, token: false | string): Promise<any> =>
  by.ask(reviews, { method: 'POST', body: '{}', token }).then((told) => told.json())

function askWithCertificate(key: string, cert: string): Promise<[number, any]> {
  return new Promise((resolve, reject) => {
    const session = connect(serving.server.url, { ca: serving.credentials.authority, key, cert })
    session.on('error', reject)
    const stream = session.request({ ':method': 'POST', ':path': reviews,
      'content-type': 'application/json' })
    let code = 0
    const chunks: Buffer[] = []
    stream.on('response', (headers) => {
      code = Number(headers[':status'])
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      session.close()
      resolve([code, JSON.parse(Buffer.concat(chunks).toString())])
    })
    stream.end('{}')
  })
}

test('a client certificate of ours names its user and groups', async () => {
  const { adminKey, adminCertificate } = serving.credentials
  const [code, body] = await askWithCertificate(adminKey, adminCertificate)
  expect([code, body.status.userInfo]).toEqual([201, {
    username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'],
  }])
})

test('a certificate of another authority is wrong, not nothing', async () => {
  const other = await makeAuthority(Date.now())
  const { key, certificate } = await issueAdmin(other, Date.now())
  expect((await askWithCertificate(key, certificate))[0]).toBe(401)
})

test('the admin token', async () => {
  const answer = await whoami(client, serving.credentials.adminToken)
  expect(answer.status.userInfo.groups).toContain('system:masters')
})

const token = (spec: object, name = 'sa'): ReturnType<Client['ask']> =>
  client.ask(`/api/v1/namespaces/default/serviceaccounts/${name}/token`, {
    method: 'POST', body: JSON.stringify({ spec }),
  })

test('a ServiceAccount token works while its account lives', async () => {
  const answer = await token({ expirationSeconds: 600 })
  expect(answer.code).toBe(201)
  expect(answer.json()).toMatchObject({
    kind: 'TokenRequest', spec: { expirationSeconds: 600, boundObjectRef: null },
  })
  const text: string = answer.json().status.token
  for (const by of [client, http2Client(serving)]) {
    expect((await whoami(by, text)).status.userInfo).toMatchObject({
      username: 'system:serviceaccount:default:sa',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    })
  }
  const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({
    iss: 'https://kubernetes.default.svc.cluster.local',
    aud: ['https://kubernetes.default.svc.cluster.local'],
    sub: 'system:serviceaccount:default:sa',
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'sa' } },
  })
  expect(claims.exp - claims.iat).toBe(600)
  const [head, body, mark] = text.split('.') as [string, string, string]
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'system:admin' }))
  expect((await whoami(client, `${head}.${changed.toString('base64url')}.${mark}`)).code).toBe(401)
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  expect((await whoami(client, `${none}.${body}.`)).code).toBe(401)
})

test('the keys that check tokens are published', async () => {
  const keys = await client.ask('/openid/v1/jwks')
  expect(keys.headers['content-type']).toBe('application/jwk-set+json')
  expect(keys.json().keys[0]).toMatchObject({ use: 'sig', kty: 'EC', alg: 'ES256', crv: 'P-256' })
  const about = (await client.ask('/.well-known/openid-configuration')).json()
  expect(about.jwks_uri).toBe(`${serving.server.url}/openid/v1/jwks`)
})

test.each([
  ['too short a life', { expirationSeconds: 10 }, 'sa', 422],
  ['no such account', {}, 'nobody', 404],
  ['bound to nothing', { boundObjectRef: { kind: 'Pod', name: 'x' } }, 'sa', 404],
  ['bound to another kind', { boundObjectRef: { kind: 'Service', name: 'x' } }, 'sa', 400],
  ['a wrong type', { expirationSeconds: 'x' }, 'sa', 400],
])('a token is refused: %s', async (_name, spec, name, code) => {
  expect((await token(spec, name)).code).toBe(code)
})

test('a token for another audience is refused here, and known to a review', async () => {
  const other = (await token({ audiences: ['other'] })).json().status.token as string
  expect((await whoami(client, other)).code).toBe(401)
  const review = (audiences?: string[]): Promise<any> =>
    client.ask('/apis/authentication.k8s.io/v1/tokenreviews', {
      method: 'POST', body: JSON.stringify({ spec: { token: other, audiences } }),
    }).then((told) => told.json().status)
  expect(await review()).toEqual({ user: {}, error: 'invalid bearer token' })
  expect(await review(['other'])).toMatchObject({
    authenticated: true, user: { username: 'system:serviceaccount:default:sa' },
    audiences: ['other'],
  })
})

const access = '/apis/authorization.k8s.io/v1/'
test.each([
  ['selfsubjectaccessreviews', { resourceAttributes: { verb: 'get', resource: 'pods' } }, true],
  ['subjectaccessreviews',
    { user: 'x', resourceAttributes: { verb: 'get', resource: 'pods' } }, true],
  ['subjectaccessreviews',
    { user: 'system:anonymous', nonResourceAttributes: { verb: 'get', path: '/api' } }, false],
  ['subjectaccessreviews',
    { user: 'system:anonymous', nonResourceAttributes: { verb: 'get', path: '/readyz' } }, true],
  ['selfsubjectaccessreviews', {}, 422],
  ['subjectaccessreviews', { resourceAttributes: {} }, 422],
  ['selfsubjectaccessreviews', { resourceAttributes: {}, nonResourceAttributes: {} }, 422],
  ['selfsubjectrulesreviews', {}, 400],
  ['selfsubjectaccessreviews', { resourceAttributes: 7 }, 400],
])('%s %j -> %s', async (resource, spec, outcome) => {
  const answer = await client.ask(access + resource, {
    method: 'POST', body: JSON.stringify({ spec }),
  })
  if (typeof outcome === 'number') expect(answer.code).toBe(outcome)
  else expect([answer.code, answer.json().status.allowed]).toEqual([201, outcome])
})

test('a token file', () => {
  const users = parseTokenFile('t1,ann,7,"a,b"\n\nt2, bob ,8\n')
  expect([...users]).toEqual([
    ['t1', { name: 'ann', uid: '7', groups: ['a', 'b'] }],
    ['t2', { name: 'bob', uid: '8', groups: [] }],
  ])
  expect(() => parseTokenFile('t1,ann')).toThrow('line 1 of the token file')
})

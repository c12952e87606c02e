import { gunzipSync } from 'node:zlib'
import { resources } from '@slicewise/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Asking, type Client, type Serving, http1Client, http2Client, startServing,
} from '../../../tools/testkit/serving.ts'

let serving: Serving
const clients: Record<string, Client> = {}
beforeAll(async () => {
  serving = await startServing()
  clients['http/1.1'] = http1Client(serving)
  clients['h2'] = http2Client(serving)
  for (const name of ['a', 'b', 'c']) {
    await serving.create(resources.configmaps as never, 'default', {
      metadata: { name, labels: { n: name } }, data: { text: 'grüße "quoted" \u2028' },
    } as never)
  }
})
afterAll(async () => {
  for (const client of Object.values(clients)) await client.close()
  expect(serving.errors).toEqual([])
  await serving.close()
})

const maps = '/api/v1/namespaces/default/configmaps'
/** Without what the server itself puts into a namespace. */
const ours = `${maps}?labelSelector=n`
const json = { 'content-type': 'application/json' }

/** name, path, request, code, reason or beginning of the text */
const refusals: [string, string, Asking, number, string][] = [
  ['no credentials', '/api/v1/pods', { token: false }, 403, 'Forbidden'],
  ['no credentials, no such path', '/foo', { token: false }, 403, 'Forbidden'],
  ['wrong credentials', '/api/v1/pods', { token: 'nobody' }, 401, 'Unauthorized'],
  ['wrong credentials on a public path', '/healthz', { token: 'x' }, 401, 'Unauthorized'],
  ['forged token', '/api', { token: 'e30.e30.e30' }, 401, 'Unauthorized'],
  ['another scheme', '/api', { headers: { authorization: 'Basic eDp5' } }, 403, 'Forbidden'],
  ['acting as another', '/api', { headers: { 'impersonate-user': 'x' } }, 403, 'Forbidden'],
  ['unknown path', '/foo', {}, 404, '404 page'],
  ['unknown group', '/apis/nope/v1', {}, 404, '404 page'],
  ['unknown group with resource', '/apis/nope/v1/pods', {}, 404, '404 page'],
  ['unknown version', '/apis/apps/v2', {}, 404, 'NotFound'],
  ['unknown core version', '/api/v2', {}, 404, 'NotFound'],
  ['unknown resource', '/api/v1/nopes', {}, 404, 'NotFound'],
  ['cluster kind in a namespace', '/api/v1/namespaces/default/nodes', {}, 404, 'NotFound'],
  ['namespaced item without namespace', '/api/v1/pods/x', {}, 404, 'NotFound'],
  ['unknown subresource', `${maps}/a/nope`, {}, 404, 'NotFound'],
  ['path below a subresource', '/api/v1/namespaces/default/pods/a/status/x', {}, 404, 'NotFound'],
  ['missing object', `${maps}/x`, {}, 404, 'NotFound'],
  ['openapi v1', '/openapi/v1', {}, 404, '404 page'],
  ['bad escape', '/api/v1/%zz', {}, 400, 'BadRequest'],
  ['OPTIONS', maps, { method: 'OPTIONS' }, 405, 'MethodNotAllowed'],
  ['PUT on a collection', maps, { method: 'PUT', body: '{}' }, 405, 'MethodNotAllowed'],
  ['POST on an item', `${maps}/a`, { method: 'POST', body: '{}' }, 405, 'MethodNotAllowed'],
  ['POST on all namespaces', '/api/v1/pods', { method: 'POST', body: '{}' }, 405,
    'MethodNotAllowed'],
  ['DELETE on all namespaces', '/api/v1/pods', { method: 'DELETE' }, 405, 'MethodNotAllowed'],
  ['DELETE all Namespaces', '/api/v1/namespaces', { method: 'DELETE' }, 405, 'MethodNotAllowed'],
  ['POST on discovery', '/api', { method: 'POST', body: '{}' }, 405, 'MethodNotAllowed'],
  ['logs', '/api/v1/namespaces/default/pods/a/log', {}, 405, 'MethodNotAllowed'],
  ['exec', '/api/v1/namespaces/default/pods/a/exec', { method: 'POST' }, 405, 'MethodNotAllowed'],
  ['unacceptable', maps, { headers: { accept: 'text/html' } }, 406, 'NotAcceptable'],
  ['only CBOR', maps, { headers: { accept: 'application/cbor' } }, 406, 'NotAcceptable'],
  ['list as single metadata', maps, { headers: {
    accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  } }, 406, 'NotAcceptable'],
  ['YAML watch', `${maps}?watch=1`, { headers: { accept: 'application/yaml' } }, 406,
    'NotAcceptable'],
  ['unknown content type', maps,
    { method: 'POST', body: '{}', headers: { 'content-type': 'text/x' } }, 415,
    'UnsupportedMediaType'],
  ['JSON as patch type', `${maps}/a`, { method: 'PATCH', body: '{}', headers: json }, 415,
    'UnsupportedMediaType'],
  ['no body', maps, { method: 'POST', headers: json }, 400, 'BadRequest'],
  ['broken JSON', maps, { method: 'POST', body: '{"a":' }, 400, 'BadRequest'],
  ['broken UTF-8', maps, { method: 'POST', body: Buffer.from([0x22, 0xff, 0x22]) }, 400,
    'BadRequest'],
  ['broken YAML', maps, { method: 'POST', body: 'a: [',
    headers: { 'content-type': 'application/yaml' } }, 400, 'BadRequest'],
  ['a list for an object', maps, { method: 'POST', body: '[]' }, 400, 'BadRequest'],
  ['deep nesting', maps, { method: 'POST', body: '['.repeat(100_000) + ']'.repeat(100_000) },
    400, 'BadRequest'],
  ['protobuf without its mark', maps, { method: 'POST', body: 'abc',
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } }, 400, 'BadRequest'],
  ['too large', maps, { method: 'POST', body: 'x'.repeat(3 * 1024 * 1024 + 1) }, 413,
    'RequestEntityTooLarge'],
  ['bad limit', `${maps}?limit=abc`, {}, 400, 'BadRequest'],
  ['bad timeout', `${maps}?watch=1&timeoutSeconds=abc`, {}, 400, 'BadRequest'],
  ['huge limit', `${maps}?limit=99999999999999999999`, {}, 400, 'BadRequest'],
  ['bad includeObject', `${maps}?includeObject=Foo`, { headers: {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  } }, 400, 'BadRequest'],
  ['options of another kind', `${maps}/a`, { method: 'DELETE', body: '{"kind":"Pod"}' }, 400,
    'BadRequest'],
]

describe.each(['http/1.1', 'h2'])('%s', (protocol) => {
  const ask = (path: string, asking?: Asking): ReturnType<Client['ask']> =>
    (clients[protocol] as Client).ask(path, asking)

  test.each(refusals)('refuses %s', async (_name, path, asking, code, reason) => {
    const answer = await ask(path, asking)
    expect(answer.code).toBe(code)
    expect(answer.headers['audit-id']).toMatch(/./)
    expect(answer.headers['cache-control']).toBe('no-cache, private')
    if (answer.headers['content-type'] !== 'application/json') {
      expect(answer.body.toString()).toContain(reason)
      return
    }
    expect(answer.json()).toMatchObject({
      kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason,
    })
  })

  test('lists, gets and pretty-prints what is stored', async () => {
    const list = await ask(ours)
    expect(Number(list.headers['content-length'])).toBe(list.body.length)
    expect(list.json()).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' })
    const items: { metadata: { name: string }; kind?: string }[] = list.json().items
    expect(items.map((one) => one.metadata.name)).toEqual(['a', 'b', 'c'])
    expect(items[0]?.kind).toBeUndefined()
    const one = await ask(`${maps}/a/`)
    expect(one.json()).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' })
    expect(one.json().data.text).toBe('grüße "quoted" \u2028')
    expect(one.json().metadata.resourceVersion).toMatch(/^\d+$/)
    for (const path of [`${maps}/a`, ours]) {
      const compact = await ask(path)
      const pretty = await ask(path, { headers: { 'user-agent': 'curl/8.0' } })
      expect(pretty.body.toString()).toBe(`${JSON.stringify(compact.json(), null, 2)}\n`)
    }
  })

  test('tables and metadata', async () => {
    const accept = (as: string): Asking =>
      ({ headers: { accept: `application/json;as=${as};v=v1;g=meta.k8s.io,application/json` } })
    const table = (await ask(ours, accept('Table'))).json()
    expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' })
    expect(table.columnDefinitions[0]).toMatchObject({ name: 'Name', format: 'name', priority: 0 })
    expect(table.rows).toHaveLength(3)
    expect(table.rows[0].cells[0]).toBe('a')
    expect(table.rows[0].object).toMatchObject({
      kind: 'PartialObjectMetadata', metadata: { name: 'a', labels: { n: 'a' } },
    })
    const whole = (await ask(`${maps}/a?includeObject=Object`, accept('Table'))).json()
    expect(whole.rows[0].object).toMatchObject({ kind: 'ConfigMap', data: {} })
    const none = (await ask(`${maps}/a?includeObject=None`, accept('Table'))).json()
    expect(none.rows[0].object).toBeNull()
    const partial = (await ask(ours, accept('PartialObjectMetadataList'))).json()
    expect(partial.kind).toBe('PartialObjectMetadataList')
    expect(partial.items[1]).toMatchObject({ kind: 'PartialObjectMetadata' })
    expect(partial.items[1].data).toBeUndefined()
    const single = (await ask(`${maps}/b`, accept('PartialObjectMetadata'))).json()
    expect(single).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'b' } })
    const yaml = await ask(`${maps}/b`, { headers: { accept: 'application/yaml' } })
    expect(yaml.headers['content-type']).toBe('application/yaml')
    expect(yaml.body.toString()).toContain('kind: ConfigMap\n')
    expect((await ask(maps, { headers: { accept: 'application/vnd.kubernetes.protobuf' } })).code)
      .toBe(200)
  })

  test('discovery, with entity tags', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
      'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'
    const groups = await ask('/apis', { headers: { accept } })
    expect(groups.headers['content-type'])
      .toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
    expect(groups.json().items.map((one: any) => one.metadata.name)).toContain('apps')
    const etag = String(groups.headers['etag'])
    const again = await ask('/apis', { headers: { accept, 'if-none-match': etag } })
    expect(again.code).toBe(304)
    expect(again.body.length).toBe(0)
    const core = (await ask('/api/v1')).json()
    expect(core).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' })
    expect(core.resources).toContainEqual({
      name: 'pods/eviction', singularName: '', namespaced: true, group: 'policy', version: 'v1',
      kind: 'Eviction', verbs: ['create'],
    })
    expect((await ask('/apis/discovery.k8s.io')).json()).toMatchObject({
      kind: 'APIGroup', preferredVersion: { groupVersion: 'discovery.k8s.io/v1' },
    })
    expect((await ask('/api')).json()).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
  })

  test('health and version need no credentials', async () => {
    for (const path of ['/healthz', '/livez', '/readyz', '/livez/ping']) {
      const answer = await ask(path, { token: false })
      expect([answer.code, answer.body.toString()]).toEqual([200, 'ok'])
    }
    const verbose = await ask('/readyz?verbose&exclude=ping', { token: false })
    expect(verbose.body.toString()).toMatch(/^\[\+\]ping excluded: ok\n.*readyz check passed\n$/s)
    expect((await ask('/version', { token: false })).json().gitVersion).toMatch(/^v1\.36\./)
    expect((await ask('/metrics')).body.toString()).toContain('apiserver_request_total{verb="GET"')
  })

  test('a client-given Audit-ID comes back', async () => {
    const answer = await ask('/api', { headers: { 'audit-id': 'mine' } })
    expect(answer.headers['audit-id']).toBe('mine')
  })

  test('use of core Endpoints warns', async () => {
    const answer = await ask('/api/v1/endpoints')
    expect(answer.headers['warning']).toContain('299 - "v1 Endpoints is deprecated')
  })
})

test('what a hostile body is warned of fits a header', async () => {
  const names = Array.from({ length: 40 }, (_none, i) => `k${i}${'x'.repeat(9_000)}`)
  const repeated = Array.from({ length: 2_000 }, (_none, i) => `"a${i}":"b","a${i}":"c"`)
  const deep = `${'{"'.concat('d'.repeat(5_000), '":').repeat(300)}1${'}'.repeat(300)}`
  for (const body of [
    JSON.stringify({ metadata: { name: 'w' }, ...Object.fromEntries(names.map((n) => [n, 1])) }),
    `{"metadata":{"name":"w"},"data":{${repeated.join()}}}`,
    `{"metadata":{"name":"w"},"x":${deep.replace('1}', '{"a":1,"a":2}}')}}`,
  ]) {
    const answer = await clients['h2']!.ask(`${maps}?dryRun=All`, {
      method: 'POST', headers: json, body,
    })
    expect(answer.code).toBe(201)
    expect(String(answer.headers['warning']).length).toBeLessThan(6_000)
  }
})

test('a large list comes whole, plain or compressed', async () => {
  const text = 'x'.repeat(20_000)
  for (let i = 0; i < 60; i++) {
    await serving.create(resources.configmaps as never, 'default', {
      metadata: { name: `large-${i}`, labels: { size: 'large' } }, data: { text },
    } as never)
  }
  const path = `${maps}?labelSelector=size`
  for (const client of Object.values(clients)) {
    const plain = await client.ask(path)
    expect(Number(plain.headers['content-length'])).toBe(plain.body.length)
    expect(plain.json().items).toHaveLength(60)
    const packed = await client.ask(path, { headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['vary']).toBe('Accept-Encoding')
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true)
    const pretty = await client.ask(`${path}&pretty=1`)
    const indented = `${JSON.stringify(plain.json(), null, 2)}\n`
    expect(pretty.body.toString() === indented).toBe(true)
    const small = await client.ask(`${maps}/a`, { headers: { 'accept-encoding': 'gzip' } })
    expect(small.headers['content-encoding']).toBeUndefined()
  }
})

import { gunzipSync } from 'node:zlib'
import { resourceTable } from '@slicewise/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client, type Serving, http2Client, startServing,
} from '../../../tools/testkit/serving.ts'

let serving: Serving
let client: Client
beforeAll(async () => {
  serving = await startServing()
  client = http2Client(serving)
})
afterAll(async () => {
  await client.close()
  expect(serving.errors).toEqual([])
  await serving.close()
})

test('every group version is in the index, and its address leads to its document', async () => {
  const index = await client.ask('/openapi/v3')
  const paths: Record<string, { serverRelativeURL: string }> = index.json().paths
  const groups = new Set(resourceTable.map(({ group, version }) =>
    (group === '' ? `api/${version}` : `apis/${group}/${version}`)))
  expect(Object.keys(paths).sort()).toEqual([...groups].sort())
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    const document = await client.ask(serverRelativeURL)
    expect([path, document.code, document.json().openapi]).toEqual([path, 200, '3.0.0'])
    expect(document.headers['cache-control']).toBe('public, immutable')
  }
  const since = String(index.headers['last-modified'])
  const again = await client.ask('/openapi/v3', { headers: { 'if-modified-since': since } })
  expect([again.code, again.body.length]).toEqual([304, 0])
})

test('hashes and entity tags', async () => {
  const path = '/openapi/v3/apis/discovery.k8s.io/v1'
  const plain = await client.ask(path)
  const etag = String(plain.headers['etag'])
  const wrong = await client.ask(`${path}?hash=00`)
  expect(wrong.code).toBe(301)
  expect(wrong.headers['location']).toBe(`${path}?hash=${etag.slice(1, -1)}`)
  expect((await client.ask(path, { headers: { 'if-none-match': etag } })).code).toBe(304)
  expect((await client.ask(path, { headers: { 'if-none-match': '"x"' } })).code).toBe(200)
  const binary = { accept: 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf' }
  expect((await client.ask(path, { headers: binary })).code).toBe(406)
  expect((await client.ask('/openapi/v3/apis/nope/v1')).code).toBe(404)
  const packed = await client.ask('/openapi/v3/api/v1', { headers: { 'accept-encoding': 'gzip' } })
  expect(packed.headers['content-encoding']).toBe('gzip')
  expect(JSON.parse(gunzipSync(packed.body).toString()).openapi).toBe('3.0.0')
})

/** Fields of one message: number and, for those that have a length, the bytes. */
function* fields(bytes: Buffer): Generator<[number, Buffer]> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] as number
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag % 8 === 0) {
      varint()
      continue
    }
    expect(tag % 8).toBe(2)
    const length = varint()
    expect(at + length).toBeLessThanOrEqual(bytes.length)
    yield [Math.floor(tag / 8), bytes.subarray(at, at += length)]
  }
}
const one = (bytes: Buffer, ...path: number[]): Buffer => {
  let inner = bytes
  for (const number of path) {
    inner = [...fields(inner)].find(([n]) => n === number)?.[1] ?? Buffer.alloc(0)
  }
  return inner
}

test('the old document says the same in JSON and in protobuf', async () => {
  const swagger = (await client.ask('/openapi/v2')).json()
  expect(swagger.swagger).toBe('2.0')
  const text = JSON.stringify(swagger)
  expect(text).not.toContain('#/components')
  for (const [, name] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) {
    expect(swagger.definitions).toHaveProperty([name as string])
  }
  const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
  const answer = await client.ask('/openapi/v2', { headers: { accept } })
  expect(answer.headers['content-type']).toBe(accept.replace('@', '.'))
  const top = [...fields(answer.body)]
  const named = (field: number, ...inner: number[]): string[] =>
    top.filter(([n]) => n === field).map(([, bytes]) => one(bytes, ...inner, 1).toString())
  expect(named(9, 1)).toEqual(Object.keys(swagger.definitions))
  expect(named(8, 2)).toEqual(Object.keys(swagger.paths))
  const service = top.find(([n, bytes]) =>
    n === 9 && one(bytes, 1, 1).toString() === 'io.k8s.api.core.v1.ServicePort')?.[1]
  const properties = [...fields(one(service as Buffer, 1, 2, 25))]
    .map(([, bytes]) => one(bytes, 1).toString())
  expect(properties).toEqual(
    Object.keys(swagger.definitions['io.k8s.api.core.v1.ServicePort'].properties))
})

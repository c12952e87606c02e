import { connect } from 'node:tls'
import { seededRandom } from '@slicewise/base'
import { configMap, pod } from '@slicewise/kube'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeEnvelope } from '../../kube/protobuf.ts'
import { type Client, type Serving, http2Client, startServing }
  from '../../../tools/testkit/serving.ts'

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

const maps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/default/pods'
const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' }

/** Every refusal is a Status, none is ours to blame. */
async function post(path: string, body: Uint8Array): Promise<number> {
  const answer = await client.ask(`${path}?dryRun=All`, { method: 'POST', headers: protobuf, body })
  if (answer.code >= 400) {
    expect(answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', code: answer.code })
  }
  expect(answer.code).toBeLessThan(500)
  return answer.code
}

const wholePod = (): Uint8Array => encodeEnvelope(pod, 'v1', 'Pod', {
  metadata: { name: 'a', labels: { a: 'b' } },
  spec: { containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] }] },
})

describe('protobuf', () => {
  test('cut anywhere', async () => {
    const whole = wholePod()
    expect(await post(pods, whole)).toBe(201)
    const codes = new Set<number>()
    // The envelope ends in two empty members of two bytes, which may be left out.
    const least = whole.length - 4
    expect(await post(pods, whole.subarray(0, least))).toBe(201)
    for (let end = 0; end < least; end++) codes.add(await post(pods, whole.subarray(0, end)))
    expect(codes.has(201)).toBe(false)
  })

  test('each byte is another one', async () => {
    const random = seededRandom(20_260_101)
    const whole = wholePod()
    for (let at = 0; at < whole.length; at++) {
      const changed = Uint8Array.from(whole)
      changed[at] = Math.floor(random() * 256)
      await post(pods, changed)
    }
  })

  const magic = [0x6b, 0x38, 0x73, 0x00]
  const type = [0x0a, 0x0f, 0x0a, 0x02, 0x76, 0x31, 0x12, 0x09, ...Buffer.from('ConfigMap')]
  /** An envelope whose raw member is given with its own length in front. */
  const raw = (...bytes: number[]): Uint8Array => Uint8Array.from([...magic, ...type, ...bytes])
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f]
  const lies: [string, Uint8Array][] = [
    ['a length of four gigabytes', raw(0x12, ...huge)],
    ['a length of four gigabytes inside', raw(0x12, 0x06, 0x0a, ...huge)],
    ['a negative length', raw(0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)],
    ['a number that does not end', raw(0x12, ...Array.from({ length: 20 }, () => 0xff))],
    ['a field number of zero', raw(0x12, 0x02, 0x02, 0x00)],
    ['a wire type that is none', raw(0x12, 0x02, 0x0f, 0x00)],
    ['a group that is never closed', raw(0x12, 0x01, 0x0b)],
    ['a group closed that was not open', raw(0x12, 0x01, 0x0c)],
    ['the magic alone', Uint8Array.from(magic)],
    ['another magic', Uint8Array.from([0x6b, 0x38, 0x73, 0x01, ...type])],
  ]
  test.each(lies)('%s', async (_name, body) => {
    expect(await post(maps, body)).toBe(400)
  })

  test('a name that is no UTF-8', async () => {
    const body = raw(0x12, 0x07, 0x0a, 0x05, 0x0a, 0x03, 0xff, 0xfe, 0xfd)
    expect(await post(maps, body)).toBe(422)
  })

  test('messages within messages, and groups within groups', async () => {
    let nested: number[] = []
    // `f:fieldsV1` and unknown members are skipped, not followed.
    for (let depth = 0; depth < 3_000; depth++) {
      nested = [0x7a, ...varint(nested.length), ...nested]
    }
    const groups = [...Array.from({ length: 100_000 }, () => 0x7b),
      ...Array.from({ length: 100_000 }, () => 0x7c)]
    for (const bytes of [nested, groups]) {
      await post(maps, raw(0x12, ...varint(bytes.length), ...bytes))
    }
    expect(await post(maps, encodeEnvelope(configMap, 'v1', 'ConfigMap', {
      metadata: { name: 'after' },
    }))).toBe(201)
  })
})

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) | 0x80)
  }
}

describe('pages of other sites', () => {
  const origin = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

  test.each(['GET', 'POST', 'OPTIONS'])('%s allows no other origin', async (method) => {
    for (const token of [undefined, false] as const) {
      const answer = await client.ask(maps, {
        method, ...(token === false ? { token } : {}), ...(method === 'POST' ? { body: '{}' } : {}),
        headers: {
          ...origin, 'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      })
      const names = Object.keys(answer.headers)
      expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([])
      if (token === false || method === 'OPTIONS') expect(answer.code).toBeGreaterThan(400)
    }
  })

  test('a certificate that the browser adds by itself is worth nothing', async () => {
    const { authority, adminCertificate, adminKey } = serving.credentials
    const agent = new Agent({ connect: { ca: authority, cert: adminCertificate, key: adminKey } })
    const ask = async (headers: Record<string, string>): Promise<number> => {
      const answer = await request(`${serving.server.url}${maps}?dryRun=All`, {
        dispatcher: agent, method: 'POST', headers, body: '{"metadata":{"name":"x"}}',
      })
      await answer.body.dump()
      return answer.statusCode
    }
    // A POST without a content type needs no leave of the server first.
    expect(await ask({})).toBe(201)
    expect(await ask(origin)).toBe(403)
    expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(201)
    await agent.close()
  })

  test('a name of somebody else has no certificate here', async () => {
    const { port } = serving.server
    const told = await new Promise<string>((resolve) => {
      const socket = connect({
        host: '127.0.0.1', port, servername: 'evil.example', ca: serving.credentials.authority,
      }, () => resolve('connected'))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    })
    expect(told).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })
})

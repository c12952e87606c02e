import type { ClientHttp2Session } from 'node:http2'
import { type ResourceSpec, resourceTable } from '@slicewise/kube'
import { Agent, request } from 'undici'
import { expect, test } from 'vitest'
import { connectHttp2, startServing } from '../../../tools/testkit/serving.ts'

/** How many requests; a soak run sets more. A failure prints its seed and its request. */
const count = Number(process.env['SLICEWISE_FUZZ'] ?? 2_000)
const seed = Number(process.env['SLICEWISE_SEED'] ?? 20_260_101)

type Random = () => number
const randomOf = (start: number): Random => {
  let a = start >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T

const names = ['a', 'b', 'default', 'kube-system', 'A_b', '..', '%2e%2e', 'x'.repeat(300), '%C3%BC',
  '10.0.0.1', '::1', '__proto__', 'constructor', 'toString', '', '%20', '%00', 'a%2Fb', '-a', 'a.b']
const words = ['status', 'scale', 'binding', 'eviction', 'token', 'log', 'exec', 'finalize',
  'watch', 'namespaces', 'proxy', 'constructor', '__proto__', 'nope']
const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'PUT', 'PATCH', 'PATCH',
  'PATCH', 'DELETE']
const values = ['', '0', '1', '-1', 'true', 'false', 'All', 'abc', '99999999999999999999', '1e9',
  'a=b', 'a in (b,c)', '!a', 'a>1', 'a,', '=', '(', 'metadata.name=a', 'spec.nodeName!=x',
  'Exact', 'NotOlderThan', 'Strict', 'Warn', 'Background', 'Foreground', 'Orphan', 'Object',
  'None', '\u0000', 'ü', '__proto__', 'x'.repeat(200)]
const parameters = ['limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'watch',
  'labelSelector', 'fieldSelector', 'timeoutSeconds', 'sendInitialEvents', 'allowWatchBookmarks',
  'dryRun', 'fieldManager', 'fieldValidation', 'force', 'pretty', 'gracePeriodSeconds',
  'propagationPolicy', 'orphanDependents', 'includeObject', 'exclude', 'verbose', 'hash', 'nope']
const types = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf',
  'application/json-patch+json', 'application/merge-patch+json',
  'application/strategic-merge-patch+json', 'application/apply-patch+yaml', 'text/plain', '',
  'application/json; charset=utf-8', '__proto__', 'application/cbor']
const accepts = ['*/*', 'application/json', 'application/yaml', 'text/html', 'a;b=c;;q=x',
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/vnd.kubernetes.protobuf', 'application/json;q=0']
const others = ['/', '/api', '/apis', '/apis/apps', '/api/v1', '/apis/apps/v1', '/version',
  '/healthz', '/readyz/nope', '/livez', '/metrics', '/openapi/v2', '/openapi/v3',
  '/openapi/v3/api/v1', '/openid/v1/jwks', '/.well-known/openid-configuration', '/foo', '//',
  '/apis/__proto__', '/apis/constructor/v1', '/api/v1/watch', '/api/v1/namespaces//pods']

const nameOf = (random: Random): string =>
  (random() < 0.7 ? pick(random, ['a', 'b', 'c']) : pick(random, names))

/** A path of a row's; `item` when it should name an object. */
function pathOf(random: Random, row: ResourceSpec, item: boolean): string {
  let path = row.group === '' ? `/api/${row.version}` : `/apis/${row.group}/${row.version}`
  if (random() < 0.03) path += '/watch'
  if (random() < (row.namespaced ? 0.92 : 0.03)) {
    path += `/namespaces/${random() < 0.9 ? 'default' : pick(random, names)}`
  }
  path += `/${random() < 0.98 ? row.resource : pick(random, words)}`
  if (item) path += `/${nameOf(random)}`
  if (random() < 0.15) {
    const known = (row.subresources ?? []).map((one) => one.name)
    path += `/${pick(random, random() < 0.7 && known.length > 0 ? known : words)}`
  }
  return random() < 0.05 ? `${path}/` : path
}

function queryOf(random: Random): string {
  if (random() < 0.65) return ''
  const pairs: string[] = []
  for (let n = Math.floor(random() * 4); n >= 0; n--) {
    pairs.push(`${pick(random, parameters)}=${encodeURIComponent(pick(random, values))}`)
  }
  return `?${pairs.join('&')}${random() < 0.03 ? '&%zz=%' : ''}`
}

const scalars = [null, true, false, 0, 1, -1, 1.5, 2 ** 53, 1e300, '', 'a', 'b', 'TCP', 'None',
  '80%',
  '10.96.0.7', '2026-01-01T00:00:00Z', 'ü\u0000', 'x'.repeat(70)]
const keys = ['metadata', 'spec', 'status', 'name', 'namespace', 'labels', 'annotations', 'uid',
  'resourceVersion', 'finalizers', 'ownerReferences', 'managedFields', 'generateName', 'data',
  'ports', 'port', 'selector', 'matchLabels', 'template', 'containers', 'image', 'replicas', 'type',
  'endpoints', 'addresses', 'addressType', 'conditions', 'subsets', '__proto__', 'constructor',
  '$patch', '$retainKeys', '$setElementOrder/ports', 'kind', 'apiVersion', 'clusterIP', 'nodePort']

function valueOf(random: Random, depth: number): unknown {
  const shape = random()
  if (depth > 4 || shape < 0.4) return pick(random, scalars)
  const size = Math.floor(random() * 4)
  if (shape < 0.6) return Array.from({ length: size }, () => valueOf(random, depth + 1))
  const out: [string, unknown][] = []
  for (let i = 0; i < size; i++) out.push([pick(random, keys), valueOf(random, depth + 1)])
  return Object.fromEntries(out)
}

const container = { name: 'c', image: 'i', ports: [{ containerPort: 80 }] }
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } }
const workload = { spec: { selector: { matchLabels: { a: 'b' } }, template, replicas: 1 } }
const bodies: Readonly<Record<string, object>> = {
  Service: { spec: { selector: { a: 'b' }, ports: [{ port: 80, name: 'http' }] } },
  Pod: { spec: { containers: [container] } },
  ConfigMap: { data: { a: 'b' } },
  Secret: { data: { a: 'Yg==' } },
  EndpointSlice: {
    addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }],
  },
  Endpoints: { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] },
  Deployment: workload,
  ReplicaSet: workload,
  StatefulSet: { spec: { ...workload.spec, serviceName: 'a' } },
  DaemonSet: workload,
  Event: { involvedObject: { kind: 'Pod', name: 'a', namespace: 'default' }, reason: 'a' },
  Lease: { spec: { holderIdentity: 'a' } },
  IngressClass: { spec: { controller: 'a.b/c' } },
  Ingress: { spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } } },
  Scale: { spec: { replicas: 2 } },
}
const likely = (random: Random, row: ResourceSpec, name: string): Record<string, unknown> => ({
  ...(random() < 0.5 ? {}
    : { kind: row.kind, apiVersion: row.group === '' ? 'v1' : `${row.group}/${row.version}` }),
  metadata: { name, labels: { a: 'b' } },
  ...structuredClone(Object.hasOwn(bodies, row.kind) ? bodies[row.kind] : {}),
})

const patchPaths = ['/metadata/name', '/spec', '/spec/ports/0', '/data/a', '', '/-', '/a~1b',
  '~', 'x']
const patchOps = ['add', 'remove', 'replace', 'move', 'copy', 'test', 'nope']

const patchOf = (random: Random): unknown => Array.from({ length: 2 }, () => ({
  op: pick(random, patchOps), path: pick(random, patchPaths), from: pick(random, patchPaths),
  value: valueOf(random, 2),
}))

function bodyOf(random: Random, row: ResourceSpec, name: string): Uint8Array {
  const shape = random()
  if (shape < 0.03) return Buffer.alloc(0)
  if (shape < 0.06) {
    return Buffer.from(Array.from({ length: 50 }, () => Math.floor(random() * 256)))
  }
  if (shape < 0.12) return Buffer.from(JSON.stringify(patchOf(random)))
  const value = likely(random, row, name)
  for (let n = Math.floor(random() * 6) - 3; n > 0; n--) {
    value[pick(random, keys)] = valueOf(random, 0)
    const spec = value['spec']
    if (typeof spec === 'object' && spec !== null && !Array.isArray(spec)) {
      Object.assign(spec, { [pick(random, keys)]: valueOf(random, 1) })
    }
  }
  const text = Buffer.from(JSON.stringify(shape < 0.9 ? value : valueOf(random, 0)))
  if (shape < 0.94) return text
  if (shape < 0.97) return text.subarray(0, Math.floor(random() * text.length))
  return Buffer.concat([
    Buffer.from([0x6b, 0x38, 0x73, 0]), text.subarray(0, Math.floor(random() * 80)),
  ])
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array | undefined
}

const usualType = (random: Random, method: string): string =>
  (method === 'PATCH' ? pick(random, types.filter((type) => type.includes('patch')))
    : 'application/json')

function requestOf(random: Random, token: string): Asked {
  const method = random() < 0.97 ? pick(random, methods) : pick(random, ['HEAD', 'OPTIONS'])
  const row = pick(random, resourceTable)
  const item = method === 'POST' ? random() < 0.1 : random() < (method === 'GET' ? 0.5 : 0.95)
  const headers: Record<string, string> = {
    accept: random() < 0.7 ? 'application/json' : pick(random, accepts),
    'content-type': random() < 0.8 ? usualType(random, method) : pick(random, types),
  }
  if (random() < 0.97) headers['authorization'] = `Bearer ${token}`
  if (random() < 0.1) headers['accept-encoding'] = 'gzip'
  if (random() < 0.1) headers['user-agent'] = pick(random, ['curl/8', '', 'x/y/z'])
  const withBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
    || (method === 'DELETE' && random() < 0.2)
  const path = random() < 0.05 ? pick(random, others) : pathOf(random, row, item)
  const name = item && random() < 0.8 ? decodeName(path) : nameOf(random)
  const apply = headers['content-type']?.includes('apply') ? 'fieldManager=fuzz' : ''
  const query = queryOf(random)
  return {
    method,
    path: apply === '' ? path + query : `${path}${query === '' ? '?' : `${query}&`}${apply}`,
    headers,
    body: withBody ? bodyOf(random, row, name) : undefined,
  }
}

function decodeName(path: string): string {
  const last = path.split('/').filter((part) => part !== '').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

/** Code and body of an answer; a stream of events is left after its headers. */
type Answer = readonly [code: number, type: string, body: string]

function askHttp2(session: ClientHttp2Session, asked: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ':method': asked.method, ':path': asked.path, ...asked.headers },
      { endStream: asked.body === undefined })
    if (asked.body !== undefined) stream.end(asked.body)
    const chunks: Buffer[] = []
    let code = 0
    let type = ''
    let length: string | undefined
    stream.on('response', (headers) => {
      code = Number(headers[':status'])
      type = String(headers['content-type'])
      length = headers['content-length']
      if (length === undefined && code === 200) stream.close()
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', reject)
    stream.on('close', () => {
      if (code === 0) return reject(new Error('no answer'))
      resolve([code, type, length === undefined ? '' : Buffer.concat(chunks).toString()])
    })
  })
}

async function askHttp1(agent: Agent, url: string, asked: Asked): Promise<Answer> {
  const cut = new AbortController()
  const answer = await request(`${url}${asked.path}`, {
    dispatcher: agent, method: asked.method as never, headers: asked.headers,
    body: asked.body ?? null, signal: cut.signal,
  })
  const type = String(answer.headers['content-type'])
  if (answer.headers['content-length'] === undefined && asked.method !== 'HEAD') {
    answer.body.on('error', () => {})
    cut.abort()
    return [answer.statusCode, type, '']
  }
  return [answer.statusCode, type, await answer.body.text()]
}

/** What is wrong with an answer, if anything. */
function fault([code, type, body]: Answer, asked: Asked): string | undefined {
  // 500 alone says that we failed; 503 and 504 are answers.
  if (code === 500 || code < 200) return `code ${code}: ${body}`
  if (code < 400 || asked.method === 'HEAD' || type !== 'application/json') return undefined
  const status = JSON.parse(body) as { kind?: string; code?: number; message?: string }
  if (status.kind !== 'Status' || status.code !== code || !status.message) return body
  return undefined
}

const describe = ({ method, path, headers, body }: Asked): string =>
  `${method} ${path} ${JSON.stringify(headers)} ${Buffer.from(body ?? []).toString()}`

const lanes = 8

test(`${count} odd requests find no fault (seed ${seed})`, async () => {
  const serving = await startServing()
  const session = connectHttp2(serving)
  const agent = new Agent({ connect: { ca: serving.credentials.authority } })
  const random = randomOf(seed)
  const codes = new Map<number, number>()
  const askOne = async (i: number, asked: Asked): Promise<void> => {
    const told = await (i % 4 === 0 ? askHttp1(agent, serving.server.url, asked)
      : askHttp2(session, asked)).catch((error: unknown): Answer => [-1, '', String(error)])
    codes.set(told[0], (codes.get(told[0]) ?? 0) + 1)
    const wrong = fault(told, asked)
    if (wrong !== undefined) {
      throw new Error(`request ${i} of seed ${seed}: ${describe(asked)}\n${wrong}\n${
        JSON.stringify(serving.errors)}`)
    }
  }
  for (let i = 0; i < count; i += lanes) {
    await Promise.all(Array.from({ length: lanes }, (_none, lane) =>
      askOne(i + lane, requestOf(random, serving.credentials.adminToken))))
    expect(serving.errors).toEqual([])
  }
  // The requests are worth something only when many of them are good ones.
  const share = (code: number): number => (codes.get(code) ?? 0) / count
  expect(share(200)).toBeGreaterThan(0.05)
  expect(share(201)).toBeGreaterThan(0.01)
  expect(share(422)).toBeGreaterThan(0.01)
  expect(share(404)).toBeLessThan(0.5)
  session.destroy()
  await agent.destroy()
  await serving.close()
}, 60_000 + count * 50)

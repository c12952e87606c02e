import {
  type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, connect,
} from 'node:http2'
import type { Env } from '@slicewise/base'
import { type KubeObject, type ResourceSpec, resourceTable } from '@slicewise/kube'
import { type Caller, type OpenRegistry, bootstrap, openRegistry } from '@slicewise/server'
import {
  type HttpServer, type ServingCredentials, prepareCredentials, startHttpServer,
} from '@slicewise/server/http'
import { openMemoryStore } from '@slicewise/store'
import { nodeEnv } from '@slicewise/system/node'
import { Agent, request } from 'undici'

export interface Serving {
  readonly env: Env
  readonly registry: OpenRegistry
  readonly server: HttpServer
  readonly credentials: ServingCredentials
  /** Everything that was logged as an error. */
  readonly errors: unknown[]
  create(spec: ResourceSpec<never>, namespace: string, value: KubeObject): Promise<void>
  close(): Promise<void>
}

const caller: Caller = {
  user: { name: 'test', groups: ['system:masters'] }, userAgent: 'test/1', warn() {},
}

/** A registry over a memory store behind HTTPS on a free port, with what every cluster has. */
export async function startServing(options: { env?: Env } = {}): Promise<Serving> {
  const errors: unknown[] = []
  const env: Env = {
    ...(options.env ?? nodeEnv({ checked: true })),
    log: { debug() {}, info() {}, warn() {}, error: (text, fields) => errors.push([text, fields]) },
  }
  const store = openMemoryStore(env)
  const registry = await openRegistry({ env, store, resources: resourceTable })
  const credentials = await prepareCredentials({ env, hosts: [] })
  const server = await startHttpServer({ env, registry, credentials, host: '127.0.0.1', port: 0 })
  const create: Serving['create'] = async (spec, namespace, value) => {
    const row: ResourceSpec = spec
    await registry.create({ caller, spec: row, namespace, name: '', body: { value } })
  }
  await bootstrap(registry)
  return {
    env, registry, server, credentials, errors, create,
    async close() {
      await server.close()
      await registry.close()
      await store.close()
    },
  }
}

export interface Asking {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
  /** Sent unless false; a text is another token. */
  readonly token?: false | string
}

export interface Told {
  readonly code: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  json(): any
}

export type Client = {
  readonly protocol: 'http/1.1' | 'h2'
  ask(path: string, asking?: Asking): Promise<Told>
  close(): Promise<void>
}

const told = (code: number, headers: IncomingHttpHeaders, body: Buffer): Told =>
  ({ code, headers, body, json: () => JSON.parse(body.toString()) })

function headersOf(serving: Serving, asking: Asking): Record<string, string> {
  const token = asking.token ?? serving.credentials.adminToken
  return {
    ...(token === false ? {} : { authorization: `Bearer ${token}` }),
    ...(asking.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...asking.headers,
  }
}

export function http1Client(serving: Serving): Client {
  const agent = new Agent({ connect: { ca: serving.credentials.authority } })
  return {
    protocol: 'http/1.1',
    async ask(path, asking = {}) {
      const answer = await request(`${serving.server.url}${path}`, {
        dispatcher: agent, method: (asking.method ?? 'GET') as never,
        headers: headersOf(serving, asking), body: asking.body ?? null,
      })
      const body = Buffer.from(await answer.body.arrayBuffer())
      return told(answer.statusCode, answer.headers as IncomingHttpHeaders, body)
    },
    close: () => agent.close(),
  }
}

export function connectHttp2(serving: Serving): ClientHttp2Session {
  const session = connect(serving.server.url, { ca: serving.credentials.authority })
  session.on('error', () => {})
  return session
}

export function openStream(
  serving: Serving, session: ClientHttp2Session, path: string, asking: Asking = {},
): ClientHttp2Stream {
  const stream = session.request({
    ':method': asking.method ?? 'GET', ':path': path, ...headersOf(serving, asking),
  }, { endStream: asking.body === undefined })
  if (asking.body !== undefined) stream.end(asking.body)
  return stream
}

export function http2Client(serving: Serving): Client {
  const session = connectHttp2(serving)
  return {
    protocol: 'h2',
    ask: (path, asking = {}) => new Promise((resolve, reject) => {
      const stream = openStream(serving, session, path, asking)
      const chunks: Buffer[] = []
      let headers: IncomingHttpHeaders = {}
      stream.on('response', (got) => {
        headers = got
      })
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', (error) => {
        if (headers[':status'] === undefined) reject(error)
      })
      stream.on('close', () => {
        resolve(told(Number(headers[':status']), headers, Buffer.concat(chunks)))
      })
    }),
    close: () => new Promise((resolve) => session.close(() => resolve())),
  }
}

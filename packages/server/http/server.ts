import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Http2SecureServer, type IncomingHttpHeaders, type ServerHttp2Session,
  type ServerHttp2Stream, createSecureServer,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Env, sleep } from '@slicewise/base'
import type { Registry, User } from '../contract.ts'
import { Authenticator } from './authenticate.ts'
import type { ServingCredentials } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { Front } from './front.ts'
import { Http1Exchange } from './http1-exchange.ts'
import { Http2Exchange } from './http2-exchange.ts'
import { limits } from './limits.ts'
import { type CertificateIdentity, certificateOf } from './peer.ts'
import { ServiceAccountTokens } from './service-account-tokens.ts'

export interface HttpServerOptions {
  readonly env: Env
  readonly registry: Registry
  readonly credentials: ServingCredentials
  /** Address to listen at; port 0 takes a free one. */
  readonly host: string
  readonly port: number
  /** Further bearer tokens with their users (a static token file). */
  readonly tokens?: ReadonlyMap<string, User>
}

export interface HttpServer {
  readonly host: string
  /** The port that is listened at, also when 0 was asked for. */
  readonly port: number
  /** Such as `https://127.0.0.1:7443`. */
  readonly url: string
  /** What `/metrics` answers, as Prometheus text. */
  metricsText(): string
  /**
   * Ends watches, answers what is in flight, and closes all connections, within 5 s. The registry
   * is the caller's to close, afterwards.
   */
  close(): Promise<void>
}

/** Serves the registry over HTTPS. Rejects when the address cannot be listened at. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const listener = new Listener(options)
  await listener.listen()
  return listener
}

const adminUser: User = { name: 'kubernetes-admin', groups: ['system:masters'] }

/** How to call a server from the same machine that listens at every address. */
const reachable: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

class Listener implements HttpServer {
  readonly host: string
  port = 0
  readonly #options: HttpServerOptions
  readonly #server: Http2SecureServer
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<ServerHttp2Session>()
  readonly #identities = new WeakMap<object, CertificateIdentity | 'none' | 'refused'>()
  #front: Front | undefined
  #closing: Promise<void> | undefined

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.host = options.host
    this.#server = createServer(options.credentials)
    const server = this.#server
    server.on('secureConnection', (socket) => this.#connected(socket))
    server.on('session', (session) => this.#session(session))
    server.on('request', (request, response) => {
      this.#request(request as unknown as IncomingMessage, response as unknown as ServerResponse)
    })
    // With a 'request' listener node would wrap each HTTP/2 stream in its slower interface, too.
    server.removeAllListeners('stream')
    server.on('stream', (stream, headers) => this.#stream(stream, headers))
    server.on('sessionError', () => {})
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    server.on('clientError', refuseMalformed)
  }

  get url(): string {
    const host = reachable[this.host] ?? this.host
    return `https://${host.includes(':') ? `[${host}]` : host}:${this.port}`
  }

  metricsText(): string {
    return this.#front?.metrics.text() ?? ''
  }

  listen(): Promise<void> {
    const { host, port } = this.#options
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject)
        this.#server.on('error', (error: Error) => {
          this.#options.env.log.error('listening failed', { error: error.message })
        })
        this.port = (this.#server.address() as AddressInfo).port
        this.#front = makeFront(this.#options, this.url.slice('https://'.length))
        resolve()
      })
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const front = this.#front
    const { env } = this.#options
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    if (front !== undefined) {
      front.closing = true
      for (const watch of front.watches.open) watch.close()
      for (const session of this.#sessions) session.close()
      const until = env.nowMs() + limits.closeMs
      while (front.inFlight > 0 && env.nowMs() < until) await sleep(env, 10)
      // One turn more, so that what was answered last is on its way.
      await sleep(env, 10)
    }
    for (const session of this.#sessions) session.destroy()
    for (const socket of this.#sockets) socket.destroySoon()
    const cancel = env.after(500, () => {
      for (const socket of this.#sockets) socket.destroy()
    })
    await closed
    cancel()
  }

  #connected(socket: TLSSocket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.setNoDelay(true)
    socket.setKeepAlive(true, limits.keepAliveProbeMs)
    if (this.#closing !== undefined) socket.destroy()
  }

  #session(session: ServerHttp2Session): void {
    this.#sessions.add(session)
    let streams = 0
    session.once('close', () => this.#sessions.delete(session))
    session.on('error', () => {})
    session.on('stream', (stream) => {
      streams++
      stream.once('close', () => streams--)
    })
    session.setTimeout(limits.idleConnectionMs, () => {
      if (streams === 0) session.close()
    })
    this.#identities.set(session, certificateOf(session.socket as TLSSocket))
  }

  #stream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { session } = stream
    const identity = session === undefined ? 'none' : this.#identities.get(session) ?? 'none'
    this.#handle(new Http2Exchange(this.#options.env, stream, headers, identity))
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const socket = request.socket as TLSSocket
    let identity = this.#identities.get(socket)
    if (identity === undefined) {
      identity = certificateOf(socket)
      this.#identities.set(socket, identity)
    }
    if (this.#closing !== undefined) response.shouldKeepAlive = false
    if (!isUnderstood(request)) return refuseCoding(response)
    this.#handle(new Http1Exchange(this.#options.env, request, response, identity))
  }

  #handle(exchange: Exchange): void {
    if (this.#front === undefined) return exchange.destroy()
    void this.#front.handle(exchange)
  }
}

function createServer(credentials: ServingCredentials): Http2SecureServer {
  const server = createSecureServer({
    allowHTTP1: true,
    key: credentials.servingKey,
    cert: credentials.servingCertificate,
    ca: credentials.authority,
    requestCert: true,
    // Whether a certificate is good is said per request: 401, not a broken handshake.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxHeaderSize: limits.headerBytes,
    settings: {
      maxConcurrentStreams: limits.streamsPerConnection,
      initialWindowSize: limits.streamWindowBytes,
      maxHeaderListSize: limits.headerBytes,
    },
  } as Parameters<typeof createSecureServer>[0])
  server.maxConnections = limits.connections
  Object.assign(server, { keepAliveTimeout: limits.idleConnectionMs })
  return server
}

function makeFront(options: HttpServerOptions, address: string): Front {
  const { env, registry, credentials } = options
  const tokens = new ServiceAccountTokens({
    env,
    key: credentials.tokenKey,
    exists: (resource, namespace, name, uid) => {
      const spec = registry.resources.find((one) => one.group === '' && one.resource === resource)
      return spec !== undefined && registry.peek(spec, namespace, name)?.uid === uid
    },
  })
  const users = new Map(options.tokens ?? [])
  users.set(credentials.adminToken, adminUser)
  const authenticator = new Authenticator({ tokens: users, serviceAccounts: tokens })
  return new Front({ env, registry, authenticator, tokens, address })
}

/** Node.js reads `gzip, chunked` as `chunked`, and so finds another body than was sent. */
function isUnderstood({ headers }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding']
  return coding === undefined || coding.trim().toLowerCase() === 'chunked'
}

function refuseCoding(response: ServerResponse): void {
  response.shouldKeepAlive = false
  response.writeHead(501, { 'content-type': 'text/plain; charset=utf-8' })
  response.end('501 Not Implemented: unsupported transfer encoding')
}

const malformed = Buffer.from(
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n' +
  'Connection: close\r\n\r\n400 Bad Request')
const headersTooLarge = Buffer.from(
  'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n')

/** What is no HTTP/1.1 request gets a plain refusal and no second chance on its connection. */
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  socket.end(error.code === 'HPE_HEADER_OVERFLOW' ? headersTooLarge : malformed)
}

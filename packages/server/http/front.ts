import type { Env } from '@slicewise/base'
import { StatusError } from '@slicewise/kube'
import type { Registry } from '../contract.ts'
import type { Authenticator } from './authenticate.ts'
import { authorize, refuseImpersonation, refuseOtherSites } from './authorize.ts'
import { Discovery } from './discovery.ts'
import type { Exchange } from './exchange.ts'
import { answerHealth } from './health.ts'
import { limits } from './limits.ts'
import { Metrics } from './metrics.ts'
import { OpenApiDocuments } from './openapi-documents.ts'
import { BodyKinds } from './protobuf-body.ts'
import { Reply } from './reply.ts'
import type { Ground, Request } from './request.ts'
import { answerResource } from './resource-requests.ts'
import { NoSuchPath, Routes, methodNotAllowed } from './routes.ts'
import { type ServiceAccountTokens, issuer } from './service-account-tokens.ts'
import { parseTarget } from './target.ts'
import { versionInfo } from './version.ts'
import type { WatchGauge } from './watch-stream.ts'

export interface FrontOptions {
  readonly env: Env
  readonly registry: Registry
  readonly authenticator: Authenticator
  readonly tokens: ServiceAccountTokens
  /** `host:port` as clients reach it. */
  readonly address: string
}

/** Turns requests into calls of the registry and its answers into bytes; knows no sockets. */
export class Front implements Ground {
  readonly env: Env
  readonly registry: Registry
  readonly routes: Routes
  readonly kinds: BodyKinds
  readonly authenticator: Authenticator
  readonly tokens: ServiceAccountTokens
  readonly metrics: Metrics
  readonly watches: WatchGauge = { open: new Set() }
  readonly #discovery: Discovery
  readonly #openApi: OpenApiDocuments
  readonly #address: string
  /** Requests that are being worked on; watches are counted apart. */
  inFlight = 0
  closing = false

  constructor(options: FrontOptions) {
    this.env = options.env
    this.registry = options.registry
    this.authenticator = options.authenticator
    this.tokens = options.tokens
    this.#address = options.address
    this.routes = new Routes(options.registry.resources)
    this.kinds = new BodyKinds(options.registry.resources)
    this.metrics = new Metrics(this)
    this.#discovery = new Discovery(this.routes, options.address)
    this.#openApi = new OpenApiDocuments(options.env, options.registry.resources)
  }

  /** Never rejects: whatever goes wrong is answered with a Status, or cuts the exchange. */
  async handle(exchange: Exchange): Promise<void> {
    const reply = new Reply(exchange, exchange.header('audit-id') ?? this.env.uid())
    this.inFlight++
    try {
      await this.#answer(exchange, reply)
    } catch (error) {
      await this.#fail(reply, error)
    } finally {
      this.inFlight--
      this.metrics.count(exchange.method, reply.code)
    }
  }

  async #answer(exchange: Exchange, reply: Reply): Promise<void> {
    if (exchange.target.length > limits.targetBytes) {
      throw new StatusError('BadRequest', 'the request path is too long')
    }
    const target = parseTarget(exchange.target)
    if (target === undefined) {
      throw new StatusError('BadRequest', 'the request path is not properly encoded')
    }
    reply.pretty = wantsPretty(exchange, target.query)
    refuseImpersonation(exchange.headerNames())
    refuseOtherSites(exchange)
    const user = await this.authenticator.userOf(exchange)
    authorize(user, exchange.method, target)
    const request = { exchange, reply, target, user }
    if (target.names.about === 'resource') {
      return answerResource(this, request, target.names)
    }
    return this.#answerOther(request, target.names.segments)
  }

  async #answerOther(request: Request, segments: readonly string[]): Promise<void> {
    const { reply, target, exchange } = request
    const [first = '', second] = segments
    if (first === 'healthz' || first === 'livez' || first === 'readyz') {
      const check = second === undefined ? undefined : segments.slice(1).join('/')
      return answerHealth(reply, this.registry, first, check, target.query, this.closing)
    }
    if (first === '' && segments.length === 1) return reply.value(200, { paths: this.#paths() })
    if (first === 'openapi' && second === 'v3') {
      if (await this.#openApi.answer(request, segments.slice(2))) return
      return reply.text(404, '404 page not found\n')
    }
    if (first === 'openapi' && second === 'v2' && segments.length === 2) {
      return this.#openApi.answerV2(request)
    }
    const known = this.#readOnlyPath(first, second, segments.length)
    if (!known) return reply.text(404, '404 page not found\n')
    if (exchange.method !== 'GET') throw methodNotAllowed()
    if (first === 'version') {
      reply.pretty = true
      return reply.value(200, versionInfo)
    }
    if (first === 'metrics') return reply.send(200, 'text/plain; version=0.0.4; charset=utf-8',
      Buffer.from(this.metrics.text()))
    if (first === 'openid') return this.#answerKeys(reply)
    if (first === '.well-known') return this.#answerIssuer(reply)
    if (await this.#discovery.answer(reply, segments)) return
    reply.text(404, '404 page not found\n')
  }

  #readOnlyPath(first: string, second: string | undefined, length: number): boolean {
    if (first === 'api') return length <= 2
    if (first === 'apis') return length <= 3
    if (first === 'version' || first === 'metrics') return length === 1
    if (first === 'openid') return length === 3 && second === 'v1'
    return first === '.well-known' && second === 'openid-configuration' && length === 2
  }

  async #answerKeys(reply: Reply): Promise<void> {
    reply.extra['cache-control'] = 'public, max-age=3600'
    const keys = JSON.stringify(await this.tokens.keySet())
    reply.send(200, 'application/jwk-set+json', Buffer.from(keys))
  }

  async #answerIssuer(reply: Reply): Promise<void> {
    reply.extra['cache-control'] = 'public, max-age=3600'
    await reply.value(200, {
      issuer,
      jwks_uri: `https://${this.#address}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    })
  }

  #paths(): string[] {
    const paths = [
      '/.well-known/openid-configuration', '/api', '/apis', '/healthz', '/livez', '/metrics',
      '/openapi/v2', '/openapi/v3', '/openid/v1/jwks', '/readyz', '/version',
    ]
    for (const group of this.routes.groups()) {
      if (group !== '') paths.push(`/apis/${group}`)
      for (const version of this.routes.group(group)?.keys() ?? []) {
        paths.push(group === '' ? `/api/${version}` : `/apis/${group}/${version}`)
      }
    }
    return paths.sort()
  }

  async #fail(reply: Reply, error: unknown): Promise<void> {
    const { exchange } = reply
    if (exchange.closed) return
    if (exchange.answered) return exchange.destroy()
    if (error instanceof NoSuchPath) return reply.text(404, '404 page not found\n')
    if (error instanceof StatusError) return await reply.failure(error)
    this.env.log.error('request failed', {
      method: exchange.method, target: exchange.target.slice(0, 500), audit: reply.auditId,
      error: error instanceof Error ? error.stack : String(error),
    })
    await reply.failure(new StatusError('InternalError',
      'an internal fault of the server; its log says more under the Audit-Id of this answer'))
  }
}

/** Indented for people: `?pretty`, or the agents that people use by hand. */
function wantsPretty(exchange: Exchange, query: URLSearchParams): boolean {
  const asked = query.get('pretty')
  if (asked !== null) return asked === '' || asked === '1' || asked.toLowerCase() === 'true'
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(exchange.header('user-agent') ?? '')
}


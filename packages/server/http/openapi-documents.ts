import type { Env } from '@slicewise/base'
import { type OpenApi, type ResourceSpec, StatusError, openApiOf } from '@slicewise/kube'
import { nextTurn } from './list-answer.ts'
import { acceptClauses } from './negotiate.ts'
import type { Request } from './request.ts'
import { swaggerParts } from './openapi-v2-protobuf.ts'
import { type Json, swaggerOf } from './openapi-v2.ts'
import { methodNotAllowed } from './routes.ts'
import { versionInfo } from './version.ts'

const jsonTypes = new Set(['application/json', 'application/*', '*/*'])

/** A year: what is addressed by its hash never changes. */
const immutableSeconds = 365 * 24 * 3600

/** Serves `/openapi/v3`: the index, and a document a group version. Made at the first request. */
export class OpenApiDocuments {
  readonly #env: Env
  readonly #paths: readonly string[]
  readonly #openApi: OpenApi
  readonly #since: string
  #index: Promise<Buffer> | undefined
  #swagger: Promise<Record<'json' | 'protobuf', Buffer>> | undefined

  constructor(env: Env, resources: readonly ResourceSpec[]) {
    this.#env = env
    this.#openApi = openApiOf(resources, `${versionInfo.major}.${versionInfo.minor}`)
    this.#paths = [...new Set(resources.map(({ group, version }) =>
      (group === '' ? `api/${version}` : `apis/${group}/${version}`)))]
    this.#since = new Date(env.nowMs()).toUTCString()
  }

  /** False when there is no such document. */
  async answer(request: Request, segments: readonly string[]): Promise<boolean> {
    const { exchange, reply, target } = request
    if (exchange.method !== 'GET') throw methodNotAllowed()
    if (segments.length === 0) {
      this.#index ??= this.#makeIndex()
      const index = await this.#index
      if (this.#unchanged(exchange.header('if-modified-since'))) return this.#notModified(reply)
      reply.extra['last-modified'] = this.#since
      await reply.body(200, index)
      return true
    }
    const document = this.#openApi.document(segments.join('/'))
    if (document === undefined) return false
    if (!acceptsJson(exchange.header('accept'))) {
      throw new StatusError('NotAcceptable',
        'only the following media types are accepted: application/json', { details: {} })
    }
    const hash = target.query.get('hash')
    const etag = `"${document.hash}"`
    Object.assign(reply.extra, { etag, 'last-modified': this.#since, vary: 'Accept' })
    if (hash !== null && hash !== document.hash) {
      reply.extra['location'] = `/openapi/v3/${document.path}?hash=${document.hash}`
      reply.send(301, 'application/json', Buffer.alloc(0))
      return true
    }
    if (hash !== null) {
      reply.extra['cache-control'] = 'public, immutable'
      reply.extra['expires'] =
        new Date(this.#env.nowMs() + immutableSeconds * 1000).toUTCString()
    }
    const seen = exchange.header('if-none-match')
    if (seen === undefined ? this.#unchanged(exchange.header('if-modified-since'))
      : seen.split(/\s*,\s*/).includes(etag)) return this.#notModified(reply)
    await reply.body(200, Buffer.from(document.text))
    return true
  }

  /** `/openapi/v2`, for kubectl before 1.29. */
  async answerV2({ exchange, reply }: Request): Promise<void> {
    if (exchange.method !== 'GET') throw methodNotAllowed()
    const form = swaggerForm(exchange.header('accept'))
    if (form === undefined) {
      throw new StatusError('NotAcceptable', 'only the following media types are accepted: ' +
        `application/json, ${swaggerType}`, { details: {} })
    }
    this.#swagger ??= this.#makeSwagger()
    const body = (await this.#swagger)[form]
    Object.assign(reply.extra, { vary: 'Accept', 'last-modified': this.#since })
    if (this.#unchanged(exchange.header('if-modified-since'))) {
      this.#notModified(reply)
    } else if (form === 'json') await reply.body(200, body)
    else reply.send(200, swaggerType.replace('@', '.'), body)
  }

  async #makeSwagger(): Promise<Record<'json' | 'protobuf', Buffer>> {
    await (this.#index ??= this.#makeIndex())
    const documents = this.#paths.map((path) =>
      JSON.parse(this.#openApi.document(path)?.text ?? '{"paths":{}}') as Json)
    const swagger = swaggerOf(documents, versionInfo.gitVersion)
    const parts: Buffer[] = []
    for (const part of swaggerParts(swagger)) {
      parts.push(part)
      if (parts.length % 50 === 0) await nextTurn(this.#env)
    }
    return {
      json: Buffer.from(`${JSON.stringify(swagger)}\n`), protobuf: Buffer.concat(parts),
    }
  }

  /** Each document takes some milliseconds to make: one a turn. */
  async #makeIndex(): Promise<Buffer> {
    for (const path of this.#paths) {
      this.#openApi.document(path)
      await nextTurn(this.#env)
    }
    return Buffer.from(`${JSON.stringify(this.#openApi.index())}\n`)
  }

  #unchanged(since: string | undefined): boolean {
    return since !== undefined && Date.parse(since) >= Date.parse(this.#since)
  }

  #notModified(reply: Request['reply']): true {
    reply.send(304, 'application/json', Buffer.alloc(0))
    return true
  }
}

/** As clients ask for it; the answer's type is written without the sign that no type may hold. */
const swaggerType = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'

function swaggerForm(accept: string | undefined): 'json' | 'protobuf' | undefined {
  for (const clause of acceptClauses(accept ?? '*/*')) {
    if (clause.q <= 0) continue
    if (jsonTypes.has(clause.type)) return 'json'
    if (clause.type === swaggerType) return 'protobuf'
  }
  return undefined
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === '') return true
  return acceptClauses(accept).some((clause) => clause.q > 0 && jsonTypes.has(clause.type))
}

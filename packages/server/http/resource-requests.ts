import {
  type DeleteOptions, type KubeObject, type MessageType, StatusError, decodeObject, deleteOptions,
} from '@slicewise/kube'
import type { Answer, Body, Caller, ItemRequest } from '../contract.ts'
import { readObject, readPatch } from './body.ts'
import type { FrameForm } from './frames.ts'
import { answerList } from './list-answer.ts'
import { type Offer, type Representation, knowsType, negotiate } from './negotiate.ts'
import {
  booleanOf, deleteQuery, listQuery, present, watchQuery, writeQuery,
} from './query.ts'
import type { Reply } from './reply.ts'
import type { Ground, Request } from './request.ts'
import { answerReview, isReview } from './reviews.ts'
import type { Route } from './routes.ts'
import { splice, splicePartial, typeOf } from './spliced.ts'
import {
  columnsOf, definitionsText, includeObjectOf, partialOf, plainTable, rowOf, tableHead,
} from './table.ts'
import type { ResourcePath } from './target.ts'
import { answerTokenRequest } from './token-request.ts'
import { WatchStream } from './watch-stream.ts'

const offers = {
  item: { yaml: true, table: true, partial: 'PartialObjectMetadata' },
  list: { yaml: true, table: true, partial: 'PartialObjectMetadataList' },
  watch: { yaml: false, table: true, partial: 'PartialObjectMetadata' },
} satisfies Record<string, Offer>

/** What every request about a resource needs. */
interface Asked {
  readonly ground: Ground
  readonly request: Request
  readonly route: Route
  readonly item: ItemRequest
  readonly form: Representation
}

/** Answers one request about a resource, or throws the Status that refuses it. */
export async function answerResource(
  ground: Ground, request: Request, path: ResourcePath,
): Promise<void> {
  const { reply, target, exchange } = request
  const route = ground.routes.route(exchange.method, path, target.query)
  const { spec, verb } = route
  if (spec.deprecation !== undefined) reply.warn(spec.deprecation)
  const form = representation(request, route)
  const caller: Caller = {
    user: request.user,
    userAgent: exchange.header('user-agent') ?? '',
    warn: (text) => reply.warn(text),
  }
  const item: ItemRequest = {
    caller, spec, namespace: route.namespace, name: route.name,
    ...(route.subresource === undefined ? {} : { subresource: route.subresource.name }),
  }
  return handlers[verb]({ ground, request, route, item, form })
}

function representation(request: Request, route: Route): Representation {
  const offer = route.verb === 'watch' ? offers.watch
    : route.verb === 'list' || route.verb === 'deletecollection' ? offers.list : offers.item
  const form = negotiate(request.exchange.header('accept'), offer)
  if (form !== undefined) return form
  throw new StatusError('NotAcceptable',
    'only the following media types are accepted: application/json' +
    (offer.yaml ? ', application/yaml' : ''),
    knowsType(request.exchange.header('accept')) ? {} : { details: {} })
}

const handlers: Readonly<Record<Route['verb'], (asked: Asked) => Promise<void>>> = {
  get: getObject,
  list: listObjects,
  watch: watchObjects,
  create: createObject,
  update: updateObject,
  patch: patchObject,
  delete: deleteObject,
  deletecollection: deleteObjects,
}

async function getObject(asked: Asked): Promise<void> {
  const { ground, request, item } = asked
  const resourceVersion = request.target.query.get('resourceVersion') ?? undefined
  await answerItem(asked, await ground.registry.get({ ...item, ...present({ resourceVersion }) }))
}

async function listObjects({ ground, request, item, form }: Asked): Promise<void> {
  const { query } = request.target
  const include = form.as === 'table' ? includeObjectOf(query) : 'Metadata'
  const answer = await ground.registry.list({
    caller: item.caller, spec: item.spec, namespace: item.namespace, ...listQuery(query),
  })
  await answerList(ground.env, request.reply, item.spec, answer, form, include)
}

async function watchObjects({ ground, request, item, form }: Asked): Promise<void> {
  const { query } = request.target
  const frames: FrameForm = form.as === 'table' ? includeObjectOf(query) : form.as
  const options = watchQuery(query)
  const fieldSelector = item.name === '' ? options.fieldSelector
    : [`metadata.name=${item.name}`, options.fieldSelector].filter(Boolean).join(',')
  await WatchStream.run(ground.env, ground.registry, request.reply, {
    caller: item.caller, spec: item.spec, namespace: item.namespace, ...options,
    ...present({ fieldSelector }),
  }, frames, ground.watches)
}

async function createObject(asked: Asked): Promise<void> {
  const { ground, request, route, item } = asked
  const body = required(await readObject(request.exchange, ground.kinds, schemaOf(route)), route)
  if (isReview(item.spec)) {
    const review = await answerReview({
      spec: item.spec, namespace: item.namespace, user: request.user,
      authenticator: ground.authenticator, nowMs: ground.env.nowMs(),
    }, body.value)
    return request.reply.value(201, review, asked.form.format)
  }
  if (item.spec.resource === 'serviceaccounts' && item.subresource === 'token') {
    const { registry, routes, tokens } = ground
    const answer = await answerTokenRequest({
      registry, routes, tokens, accounts: item.spec, namespace: item.namespace, name: item.name,
      nowMs: ground.env.nowMs(), dryRun: request.target.query.has('dryRun'),
    }, body.value)
    return request.reply.value(201, answer, asked.form.format)
  }
  const write = writeQuery(request.target.query)
  await answerItem(asked, await ground.registry.create({ ...item, ...write, body }))
}

async function updateObject(asked: Asked): Promise<void> {
  const { ground, request, route, item } = asked
  const body = required(await readObject(request.exchange, ground.kinds, schemaOf(route)), route)
  const write = writeQuery(request.target.query)
  await answerItem(asked, await ground.registry.update({ ...item, ...write, body }))
}

async function patchObject(asked: Asked): Promise<void> {
  const { ground, request, item } = asked
  const { query } = request.target
  const { type, body } = await readPatch(request.exchange)
  const force = booleanOf(query, 'force')
  await answerItem(asked, await ground.registry.patch({
    ...item, ...writeQuery(query), type, body, ...present({ force }),
  }))
}

async function deleteObject(asked: Asked): Promise<void> {
  const { ground, item } = asked
  const options = await deletionOptions(asked)
  await answerItem(asked, await ground.registry.delete({ ...item, options }))
}

async function deleteObjects(asked: Asked): Promise<void> {
  const { ground, request, item, form } = asked
  const { query } = request.target
  const options = await deletionOptions(asked)
  const answer = await ground.registry.deleteCollection({
    caller: item.caller, spec: item.spec, namespace: item.namespace, ...listQuery(query), options,
  })
  const include = form.as === 'table' ? includeObjectOf(query) : 'Metadata'
  await answerList(ground.env, request.reply, item.spec, answer, form, include)
}

/** Options of a deletion: those of the body, or of the query when there is no body. */
async function deletionOptions({ ground, request }: Asked): Promise<DeleteOptions> {
  const body = await readObject(request.exchange, ground.kinds)
  if (body === undefined) return deleteQuery(request.target.query)
  const kind = (body.value as KubeObject | null)?.kind
  if (kind !== undefined && kind !== '' && kind !== 'DeleteOptions') {
    throw new StatusError('BadRequest',
      `the body of a deletion must be of kind DeleteOptions, not ${JSON.stringify(kind)}`)
  }
  return decodeObject(deleteOptions, body.value, 'Ignore').value
}

const schemaOf = ({ spec, subresource }: Route): MessageType<unknown> =>
  subresource?.schema ?? spec.schema

function required(body: Body | undefined, route: Route): Body {
  if (body !== undefined) return body
  const kind = route.subresource?.kind ?? route.spec.kind
  throw new StatusError('BadRequest',
    `the object provided is unrecognized (must be of type ${kind}): the body is empty`)
}

/** One object, or a Status, in the wanted form. */
async function answerItem(asked: Asked, answer: Answer): Promise<void> {
  const { request: { reply, target }, form, item, ground } = asked
  if (answer.object === undefined) {
    const { plain, code } = answer
    const status = plain.kind === 'Status'
    if (status || form.as === 'object') return reply.value(code, plain, form.format)
    const made = form.as === 'partial' ? partialOf(plain)
      : plainTable(item.spec, plain, includeObjectOf(target.query), ground.env.nowMs())
    return reply.value(code, made, form.format)
  }
  const bytes = form.as === 'table' ? tableOf(asked, answer.object)
    : form.as === 'partial' ? splicePartial(answer.object, '', '\n')
      : splice(answer.object, typeOf(item.spec), '', '\n')
  await sendBytes(reply, answer.code, bytes, form.format)
}

function tableOf(asked: Asked, object: NonNullable<Answer['object']>): Buffer {
  const { item: { spec }, request: { target }, ground } = asked
  const include = includeObjectOf(target.query)
  const version = object.revision === 0 ? '' : `"resourceVersion":"${object.revision}"`
  return Buffer.concat([
    Buffer.from(tableHead(`{${version}}`, definitionsText(columnsOf(spec)))),
    rowOf(spec, object, include, ground.env.nowMs()),
    Buffer.from(']}\n'),
  ])
}

function sendBytes(
  reply: Reply, code: number, bytes: Buffer, format: Representation['format'],
): Promise<void> {
  if (format === 'json') return reply.body(code, bytes)
  return reply.value(code, JSON.parse(bytes.toString()), 'yaml')
}


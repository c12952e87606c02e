import { createGzip, constants } from 'node:zlib'
import type { Env } from '@slicewise/base'
import type { ResourceSpec } from '@slicewise/kube'
import type { CachedObject, ListAnswer } from '../contract.ts'
import { ChunkWriter, ReaderStalled } from './chunks.ts'
import type { Exchange, OpenBody } from './exchange.ts'
import { limits } from './limits.ts'
import type { Representation } from './negotiate.ts'
import type { Reply } from './reply.ts'
import { apiVersionOf, headOf, splicePartial, splicedSize, tailOf } from './spliced.ts'
import { type IncludeObject, columnsOf, definitionsText, rowOf, tableHead } from './table.ts'

/** One item on its way: ASCII text before bytes that exist already. */
interface Item {
  readonly head: string
  readonly object?: CachedObject
  readonly bytes?: Buffer
}

interface Listing {
  readonly start: string
  readonly items: readonly Item[]
  readonly size: number
}

const end = ']}\n'

/** Answers a list in the wanted form; large ones are copied out piece by piece. */
export async function answerList(
  env: Env, reply: Reply, spec: ResourceSpec, answer: ListAnswer,
  form: Representation, include: IncludeObject,
): Promise<void> {
  const listing = form.as === 'object'
    ? plainListing(spec, answer)
    : await madeListing(env, spec, answer, form.as, include)
  if (form.format === 'yaml') {
    const text = Buffer.concat(await collect(env, listing)).toString()
    return reply.value(200, JSON.parse(text), 'yaml')
  }
  if (listing.size <= limits.gzipBytes) {
    return reply.body(200, Buffer.concat(await collect(env, listing), listing.size))
  }
  await stream(env, reply, listing)
}

function metadataText(answer: ListAnswer): string {
  return JSON.stringify({
    resourceVersion: String(answer.revision),
    ...(answer.continue === undefined ? {} : { continue: answer.continue }),
    ...(answer.remaining === undefined ? {} : { remainingItemCount: answer.remaining }),
  })
}

function plainListing(spec: ResourceSpec, answer: ListAnswer): Listing {
  const start = `{"kind":${JSON.stringify(`${spec.kind}List`)},"apiVersion":${
    JSON.stringify(apiVersionOf(spec))},"metadata":${metadataText(answer)},"items":[`
  const items: Item[] = []
  let size = start.length + end.length
  for (const object of answer.items) {
    const head = (items.length === 0 ? '' : ',') + headOf(object, '')
    size += splicedSize(object, head)
    items.push({ head, object })
  }
  return { start, items, size }
}

/** Tables and metadata lists: their items are made, a few at a time, not copied. */
async function madeListing(
  env: Env, spec: ResourceSpec, answer: ListAnswer,
  as: 'table' | 'partial', include: IncludeObject,
): Promise<Listing> {
  const metadata = metadataText(answer)
  const start = as === 'table'
    ? tableHead(metadata, definitionsText(columnsOf(spec)))
    : '{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",' +
      `"metadata":${metadata},"items":[`
  const startBytes = Buffer.from(start)
  const items: Item[] = [{ head: '', bytes: startBytes }]
  let size = startBytes.length + end.length
  const nowMs = env.nowMs()
  for (const [index, object] of answer.items.entries()) {
    const head = index === 0 ? '' : ','
    const bytes = as === 'table' ? rowOf(spec, object, include, nowMs)
      : splicePartial(object, '', '')
    size += head.length + bytes.length
    items.push({ head, bytes })
    if (index % limits.rowsPerTurn === limits.rowsPerTurn - 1) await nextTurn(env)
  }
  return { start: '', items, size }
}

export const nextTurn = (env: Env): Promise<void> =>
  new Promise((resolve) => env.after(0, resolve))

async function collect(env: Env, listing: Listing): Promise<Buffer[]> {
  const parts: Buffer[] = [Buffer.from(listing.start)]
  for (const [index, item] of listing.items.entries()) {
    if (item.head !== '') parts.push(Buffer.from(item.head, 'latin1'))
    parts.push(item.bytes ?? Buffer.from(tailOf(item.object as CachedObject)))
    if (index % 1000 === 999) await nextTurn(env)
  }
  parts.push(Buffer.from(end))
  return parts
}

async function stream(env: Env, reply: Reply, listing: Listing): Promise<void> {
  const exchange = reply.exchange
  reply.code = 200
  const packed = reply.acceptsGzip()
  if (packed) {
    reply.extra['vary'] = 'Accept-Encoding'
    reply.extra['content-encoding'] = 'gzip'
  }
  const known = packed || reply.pretty ? undefined : listing.size
  const opened = exchange.open(200, reply.headers('application/json', known))
  const body = packed ? gzipBody(opened, exchange) : opened
  const out = new ChunkWriter(env, body, exchange)
  try {
    await (reply.pretty ? copyIndented(env, out, listing) : copy(out, listing))
    out.end()
  } catch (error) {
    // The headers are gone already: cutting the answer is all that tells the reader.
    env.log.warn('list answer cut', { error: String(error) })
    exchange.destroy()
    if (!(error instanceof ReaderStalled)) throw error
  }
}

async function copy(out: ChunkWriter, listing: Listing): Promise<void> {
  out.text(listing.start)
  for (const item of listing.items) {
    if (item.head !== '') out.text(item.head)
    const full = out.bytes(item.bytes ?? tailOf(item.object as CachedObject))
    if (full) await out.drained()
    if (out.closed) return
  }
  out.text(end)
}

/** The same for people: each item indented as if the whole had been. */
async function copyIndented(env: Env, out: ChunkWriter, listing: Listing): Promise<void> {
  const made = listing.start === ''
  const first = made ? (listing.items[0]?.bytes ?? '').toString() : listing.start
  const whole = JSON.stringify(JSON.parse(`${first}]}`), null, 2)
  out.bytes(Buffer.from(whole.slice(0, whole.lastIndexOf(']'))))
  const items = made ? listing.items.slice(1) : listing.items
  for (const [index, item] of items.entries()) {
    const text = item.head + (item.bytes ?? Buffer.from(tailOf(item.object as CachedObject)))
    const value: unknown = JSON.parse(index === 0 ? text : text.slice(1))
    const lines = JSON.stringify(value, null, 2).replaceAll('\n', '\n    ')
    const full = out.bytes(Buffer.from(`${index === 0 ? '' : ','}\n    ${lines}`))
    if (full) await out.drained()
    else if (index % limits.rowsPerTurn === 0) await nextTurn(env)
    if (out.closed) return
  }
  out.text(items.length === 0 ? ']\n}\n' : '\n  ]\n}\n')
}

/** Compresses on the way; the backlog counts what stands before and behind the compression. */
function gzipBody(body: OpenBody, exchange: Exchange): OpenBody {
  const pack = createGzip({ level: constants.Z_BEST_SPEED })
  const drained: (() => void)[] = []
  const tell = (): void => {
    for (const run of drained) run()
  }
  let waiting = 0
  pack.on('data', (chunk: Buffer) => {
    body.write(chunk)
    if (body.backlog > limits.chunkBytes) pack.pause()
  })
  pack.on('end', () => body.end())
  body.onDrain(() => {
    pack.resume()
    tell()
  })
  exchange.onClose(() => pack.destroy())
  return {
    // A little that was written is no reason to wait: its leaving is told to nobody.
    get backlog() {
      return waiting + (body.backlog > limits.chunkBytes ? body.backlog : 0)
    },
    write(chunk) {
      waiting += chunk.length
      pack.write(chunk, () => {
        waiting -= chunk.length
        tell()
      })
    },
    onDrain(run) {
      drained.push(run)
    },
    end() {
      pack.end()
    },
  }
}

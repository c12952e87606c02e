import type { ClientHttp2Session } from 'node:http2'
import { connect } from 'node:tls'
import { type Env, sleep } from '@slicewise/base'
import { resources } from '@slicewise/kube'
import { nodeEnv } from '@slicewise/system/node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type Asking, type Serving, connectHttp2, http1Client, http2Client, openStream, startServing,
} from '../../../tools/testkit/serving.ts'

// The server's patience is measured in tens of seconds; here they pass ten times faster.
const real = nodeEnv({ checked: true })
const env: Env = { ...real, after: (ms, run) => real.after(ms < 5_000 ? ms : ms / 10, run) }

let serving: Serving
let session: ClientHttp2Session
beforeAll(async () => {
  serving = await startServing({ env })
  session = connectHttp2(serving)
})
afterAll(async () => {
  session.destroy()
  expect(serving.errors).toEqual([])
  await serving.close()
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const stops: (() => void)[] = []
let made = 0
const create = (data: Record<string, string> = {}): Promise<void> =>
  serving.create(resources.configmaps as never, 'default', {
    metadata: { name: `m-${made++}`, annotations: { text: 'ä' } }, data,
  } as never)

interface Event { type: string; object: any }
interface Watching { readonly events: Event[]; readonly code: number; readonly over: boolean }

/** Opens a watch and collects its events, by either protocol, with nothing between us and it. */
function open(protocol: string, path: string, asking: Asking = {}): Promise<Watching> {
  const state = { events: [] as Event[], code: 0, over: false }
  let text = ''
  const feed = (chunk: Buffer): void => {
    text += chunk.toString('latin1')
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n')) {
      const line = Buffer.from(text.slice(0, at), 'latin1').toString()
      if (line.trim() !== '') state.events.push(JSON.parse(line))
      text = text.slice(at + 1)
    }
  }
  return protocol === 'h2' ? openHttp2(path, asking, state, feed)
    : openHttp1(path, asking, state, feed)
}

type State = { events: Event[]; code: number; over: boolean }
type Feed = (chunk: Buffer) => void

function openHttp2(path: string, asking: Asking, state: State, feed: Feed): Promise<Watching> {
  const stream = openStream(serving, session, path, asking)
  stops.push(() => stream.close())
  stream.on('error', () => {})
  stream.on('data', feed)
  stream.on('close', () => {
    state.over = true
  })
  return new Promise((resolve) => {
    stream.on('response', (headers) => {
      state.code = Number(headers[':status'])
      resolve(state)
    })
  })
}

async function openHttp1(
  path: string, asking: Asking, state: State, feed: Feed,
): Promise<Watching> {
  const { Agent, request } = await import('undici')
  const agent = new Agent({ connect: { ca: serving.credentials.authority } })
  const answer = await request(`${serving.server.url}${path}`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${serving.credentials.adminToken}`, ...asking.headers },
  })
  stops.push(() => void agent.destroy())
  state.code = answer.statusCode
  answer.body.on('error', () => {})
  answer.body.on('data', feed)
  answer.body.on('close', () => {
    state.over = true
  })
  return state
}

async function until(condition: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms
  while (!condition()) {
    if (Date.now() > end) throw new Error('did not happen in time')
    await sleep(real, 5)
  }
}

const maps = '/api/v1/namespaces/default/configmaps'

describe.each(['http/1.1', 'h2'])('%s', (protocol) => {
  test('headers come before any event, then one line each', async () => {
    const list = await http1Client(serving).ask(maps)
    const rv = list.json().metadata.resourceVersion
    const watch = await open(protocol, `${maps}?watch=true&resourceVersion=${rv}`)
    expect(watch.code).toBe(200)
    expect(watch.events).toEqual([])
    for (let i = 0; i < 3; i++) await create({ text: `line\nbreak ${i} ü` })
    await until(() => watch.events.length === 3)
    expect(watch.events.map((one) => one.type)).toEqual(['ADDED', 'ADDED', 'ADDED'])
    expect(watch.events[1]?.object).toMatchObject({
      kind: 'ConfigMap', apiVersion: 'v1', data: { text: 'line\nbreak 1 ü' },
    })
  })

  test('tables name their columns once', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const path = `${maps}?watch=1&allowWatchBookmarks=true&sendInitialEvents=true` +
      '&resourceVersionMatch=NotOlderThan&fieldSelector=metadata.name!=x'
    const watch = await open(protocol, path, { headers: { accept } })
    await create()
    await create()
    await until(() => watch.events.filter((one) => one.type === 'ADDED').length >= 2)
    const [first, ...rest] = watch.events
    expect(first?.object.kind).toBe('Table')
    expect(first?.object.columnDefinitions[0].name).toBe('Name')
    for (const one of rest) expect(one.object.columnDefinitions).toBeNull()
    const bookmark = watch.events.find((one) => one.type === 'BOOKMARK')
    expect(bookmark?.object).toMatchObject({
      kind: 'Table',
      rows: [{ object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } }],
    })
  })

  test('metadata alone', async () => {
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
    const watch = await open(protocol, `${maps}?watch=1`, { headers: { accept } })
    await create({ a: 'b' })
    await until(() => watch.events.length > 0)
    const object = watch.events.at(-1)?.object
    expect(object).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' })
    expect(object.metadata.annotations).toEqual({ text: 'ä' })
    expect(object.data).toBeUndefined()
  })

  test('the old prefix, and by name', async () => {
    const name = `m-${made}`
    const watch = await open(protocol, `/api/v1/watch/namespaces/default/configmaps/${name}`)
    await create()
    await create()
    await until(() => watch.events.length > 0)
    expect(watch.events.map((one) => one.object.metadata.name)).toEqual([name])
  })

  test('a bad selector is refused before the stream', async () => {
    const bad = await open(protocol, `${maps}?watch=1&labelSelector=%3D%3D`)
    expect(bad.code).toBe(400)
  })

  test('ends after its time', async () => {
    const watch = await open(protocol, `${maps}?watch=1&timeoutSeconds=1`)
    await until(() => watch.over)
    expect(watch.events.every((one) => one.type !== 'ERROR')).toBe(true)
  })
})

test('a reader that takes nothing is cut, and others notice nothing', async () => {
  const good = await open('h2', `${maps}?watch=1`)
  const slow = connect({
    host: '127.0.0.1', port: serving.server.port, ca: serving.credentials.authority,
    ALPNProtocols: ['http/1.1'],
  })
  let cut = false
  slow.on('error', () => {})
  slow.on('close', () => {
    cut = true
  })
  await new Promise((resolve) => slow.once('secureConnect', resolve))
  slow.write(`GET ${maps}?watch=1 HTTP/1.1\r\nHost: x\r\n` +
    `Authorization: Bearer ${serving.credentials.adminToken}\r\n\r\n`)
  await new Promise((resolve) => slow.once('data', resolve))
  slow.pause()
  const before = good.events.length
  const text = 'x'.repeat(200_000)
  for (let i = 0; i < 60; i++) await create({ text })
  await until(() => good.events.length >= before + 60)
  // Nothing more is read: only the server's own cut can end this connection.
  await sleep(real, 3_500)
  slow.resume()
  await until(() => cut)
  expect(good.over).toBe(false)
}, 30_000)

test('a thousand watchers get every event', async () => {
  const sessions = Array.from({ length: 4 }, () => connectHttp2(serving))
  const counts: number[] = Array.from({ length: 1000 }, () => 0)
  const list = await http1Client(serving).ask('/api/v1/namespaces/default/services')
  const path = '/api/v1/namespaces/default/services?watch=1&resourceVersion=' +
    list.json().metadata.resourceVersion
  await Promise.all(counts.map((_zero, i) => new Promise((resolve, reject) => {
    const stream = openStream(serving, sessions[i % 4] as ClientHttp2Session, path)
    stream.on('response', resolve).on('error', reject)
    stream.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) counts[i] = (counts[i] ?? 0) + 1
    })
  })))
  for (let i = 0; i < 20; i++) {
    await serving.create(resources.services as never, 'default', {
      metadata: { name: `s-${i}` }, spec: { clusterIP: 'None', ports: [{ port: 80 }] },
    } as never)
  }
  await until(() => counts.every((n) => n === 20), 15_000)
  const metrics = await http1Client(serving).ask('/metrics')
  expect(metrics.body.toString()).toMatch(/longrunning_requests\{verb="WATCH"\} 1\d{3}/)
  for (const one of sessions) one.destroy()
}, 30_000)

test('closing ends watches properly and is quick', async () => {
  const other = await startServing()
  const client = http2Client(other)
  const agent = connectHttp2(other)
  const ends: string[] = []
  for (let i = 0; i < 20; i++) {
    const stream = openStream(other, agent, `${maps}?watch=1`)
    stream.on('end', () => ends.push('end')).on('error', () => ends.push('error'))
    stream.resume()
    await new Promise((resolve) => stream.on('response', resolve))
  }
  await client.ask(maps)
  const asked = Array.from({ length: 20 }, () => client.ask(maps))
  await Promise.race(asked)
  const from = Date.now()
  await other.close()
  expect(Date.now() - from).toBeLessThan(2_000)
  const codes = (await Promise.all(asked)).map((one) => one.code)
  expect(codes).toEqual(asked.map(() => 200))
  await until(() => ends.length === 20)
  expect(new Set(ends)).toEqual(new Set(['end']))
})

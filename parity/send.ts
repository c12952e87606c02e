/** Sends the steps of a group to one server and writes down what came back. */
import { STATUS_CODES } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request, type Dispatcher } from 'undici'
import { parse } from 'yaml'
import type { Answer, Exchange } from './exchange.ts'
import { trustBundle } from './mask.ts'
import { pickFrom } from './pick.ts'
import type { Body, Group, Step, WatchReading } from './script.ts'

/** A server that answers later than this is out of order. */
const answerMsMax = 30_000
/** Longer than any pause of a server that has something to say. */
const quietMsDefault = 400
/** For how long a step with `until` is sent again. */
const untilMsMax = 5_000
/** For how long a step with `settleMs` is sent again: controllers of a busy machine are slow. */
const settledMsMax = 20_000

export interface Target {
  readonly name: string
  readonly url: string
  readonly token?: string
  /** PEM texts. */
  readonly ca: string
  readonly certificate?: { readonly cert: string; readonly key: string }
}

interface Run {
  readonly target: Target
  readonly agents: { readonly admin: Agent; readonly other: Agent }
  readonly names: Map<string, string>
  readonly open: Map<string, Promise<Answer>>
}

/** Runs a group in a namespace of its own, which it makes and leaves behind without Services. */
export async function runGroup(
  target: Target, group: Group, namespace: string,
): Promise<Exchange[]> {
  const { ca, certificate } = target
  const options = { headersTimeout: answerMsMax, bodyTimeout: 0, connections: 8 }
  const agents = {
    admin: new Agent({ ...options, connect: { ca, ...certificate } }),
    other: new Agent({ ...options, connect: { ca } }),
  }
  const run: Run = { target, agents, names: new Map([['ns', namespace]]), open: new Map() }
  try {
    await prepareNamespace(run)
    const exchanges: Exchange[] = []
    for (const step of group.steps) {
      const answer = await takeStep(run, step)
      exchanges.push({ step, answer })
    }
    await freeAddresses(run)
    return exchanges
  } finally {
    await Promise.all([agents.admin.destroy(), agents.other.destroy()])
  }
}

/**
 * What every namespace of a cluster has, and a real server without controllers does not make:
 * without its ServiceAccount `default` no Pod could be created.
 */
async function prepareNamespace(run: Run): Promise<void> {
  const name = run.names.get('ns')
  const spaces = '/api/v1/namespaces'
  const made = [
    { path: spaces, body: { metadata: { name } } },
    { path: `${spaces}/${name}/serviceaccounts`, body: { metadata: { name: 'default' } } },
    { path: `${spaces}/${name}/configmaps`, body: { metadata: { name: trustBundle } } },
  ]
  for (const { path, body } of made) {
    const { code } = await sendOnce(run, { title: path, method: 'POST', path, body })
    if (code !== 201 && code !== 409) throw new Error(`${run.target.name}: POST ${path} -> ${code}`)
  }
}

/** A group may ask for certain addresses and ports: they shall be free when it runs again. */
async function freeAddresses(run: Run): Promise<void> {
  const path = `/api/v1/namespaces/${run.names.get('ns')}/services`
  await sendOnce(run, { title: path, method: 'DELETE', path })
}

async function takeStep(run: Run, step: Step): Promise<Answer> {
  if (step.open !== undefined) {
    const { headers, reading } = await openWatch(run, step)
    run.open.set(step.open, reading)
    return { ...headers, body: 'open' }
  }
  if (step.collect !== undefined) {
    const reading = run.open.get(step.collect)
    if (reading === undefined) throw new Error(`no watch is open as ${step.collect}`)
    return reading
  }
  const answer = await sendUntil(run, step)
  for (const [name, path] of Object.entries(step.save ?? {})) {
    run.names.set(name, String(memberAt(answer.body, path) ?? `<no ${path}>`))
  }
  return answer
}

/** For what controllers bring about: the answer counts once it changes no more. */
async function sendSettled(run: Run, step: Step, settleMs: number): Promise<Answer> {
  const giveUp = Date.now() + settledMsMax
  let [last, since] = ['', Date.now()]
  for (;;) {
    const answer = await sendOnce(run, step)
    const now = JSON.stringify(pickFrom(step, answer))
    if (now !== last) [last, since] = [now, Date.now()]
    if (Date.now() - since >= settleMs || Date.now() > giveUp) return answer
    await sleep(100)
  }
}

async function sendUntil(run: Run, step: Step): Promise<Answer> {
  if (step.settleMs !== undefined) return sendSettled(run, step, step.settleMs)
  const giveUp = Date.now() + untilMsMax
  for (;;) {
    const answer = step.watch
      ? await (await openWatch(run, step)).reading : await sendOnce(run, step)
    if (step.until === undefined || answer.code === step.until || Date.now() > giveUp) return answer
    await sleep(100)
  }
}

async function sendOnce(run: Run, step: Step): Promise<Answer> {
  const response = await start(run, step)
  const text = Buffer.from(await response.body.arrayBuffer()).toString('utf8')
  return { ...heading(response), body: readBody(text, response) }
}

async function openWatch(run: Run, step: Step) {
  const response = await start(run, step)
  const headers = heading(response)
  if (response.statusCode !== 200 || step.watch === undefined) {
    const body = readBody(await response.body.text(), response)
    return { headers, reading: Promise.resolve({ ...headers, body }) }
  }
  const reading = readEvents(response.body, step.watch).then(body => ({ ...headers, body }))
  return { headers, reading }
}

/** Reads lines until enough events came, the stream ended, or it was quiet for long enough. */
async function readEvents(stream: Dispatcher.ResponseData['body'], reading: WatchReading) {
  const events: unknown[] = []
  let rest = ''
  const quietMs = reading.quietMs ?? quietMsDefault
  const quiet = setTimeout(() => stream.destroy(), quietMs)
  try {
    for await (const chunk of stream) {
      quiet.refresh()
      const lines = (rest + Buffer.from(chunk as Uint8Array).toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const event: unknown = line === '' ? undefined : JSON.parse(line)
        if (event !== undefined && (reading.bookmarks || !isMereBookmark(event))) events.push(event)
      }
      if (events.length >= reading.events) break
    }
    if (events.length < reading.events) events.push('the stream ended')
    else events.splice(reading.events)
  } catch (error) {
    if (error instanceof SyntaxError) events.push(`not JSON: ${error.message}`)
  } finally {
    clearTimeout(quiet)
    stream.on('error', () => undefined)
    stream.destroy()
  }
  return reading.unordered ? events.sort(byObjectName) : events
}

function byObjectName(a: unknown, b: unknown): number {
  return objectName(a) < objectName(b) ? -1 : 1
}

/** Bookmarks stay last. */
function objectName(event: unknown): string {
  if (memberAt(event, 'type') !== 'ADDED') return '~'
  const name = memberAt(event, 'object.metadata.name')
    ?? memberAt(event, 'object.rows.0.object.metadata.name')
  return String(name)
}

/** A bookmark that does not end the initial events of a watch-list. */
function isMereBookmark(event: unknown): boolean {
  return memberAt(event, 'type') === 'BOOKMARK'
    && !JSON.stringify(event).includes('k8s.io/initial-events-end')
}

function start(run: Run, step: Step): Promise<Dispatcher.ResponseData> {
  const body = encode(substitute(step.body, run.names))
  const who = step.as ?? 'admin'
  const headers: Record<string, string> = {
    'user-agent': 'parity/1', accept: step.accept ?? 'application/json', ...step.headers,
  }
  const type = step.type ?? (body === null ? '' : 'application/json')
  if (type !== '') headers['content-type'] = type
  const { token, url } = run.target
  if (who === 'stranger') headers['authorization'] = 'Bearer nobody-gave-this-out'
  else if (who === 'admin' && token !== undefined) headers['authorization'] = `Bearer ${token}`
  for (const name of Object.keys(headers)) {
    headers[name] = String(substitute(headers[name], run.names))
  }
  return request(url + String(substitute(step.path, run.names)), {
    method: step.method, headers, body,
    dispatcher: who === 'admin' ? run.agents.admin : run.agents.other,
  })
}

const encode = (body: Body | undefined): string | Uint8Array | null => {
  if (body === undefined) return null
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
}

/** Puts saved values for `<<name>>` into every text of a value. */
export function substitute<T>(value: T, names: ReadonlyMap<string, string>): T
export function substitute(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(/<<(\w+)>>/g, (_, name: string) => names.get(name) ?? `<no ${name}>`)
  }
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(item => substitute(item, names))
  return Object.fromEntries(Object.entries(value)
    .map(([key, member]) => [substitute(key, names), substitute(member, names)]))
}

const compared = new Set(['content-type', 'warning', 'retry-after', 'allow', 'location'])

function heading(response: Dispatcher.ResponseData): Pick<Answer, 'code' | 'headers'> {
  const headers = Object.entries(response.headers)
    .filter(([name]) => compared.has(name))
    .map(([name, value]) => [name, [value ?? []].flat()] as const)
  return { code: response.statusCode, headers: Object.fromEntries(headers) }
}

function readBody(text: string, response: Dispatcher.ResponseData): unknown {
  const type = String(response.headers['content-type'] ?? '')
  try {
    if (type.startsWith('application/json') || text.startsWith('{')) return JSON.parse(text)
    if (type.startsWith('application/yaml')) return parse(text)
  } catch {
    return `unreadable ${type} (${STATUS_CODES[response.statusCode]}): ${text.slice(0, 200)}`
  }
  return text.slice(0, 2000)
}

export function memberAt(value: unknown, path: string): unknown {
  let found = value
  for (const name of path.split('.')) {
    if (found === null || typeof found !== 'object') return undefined
    found = (found as Record<string, unknown>)[name]
  }
  return found
}

/** The work that an API server is measured by; the same requests whoever answers. */
import { readFileSync } from 'node:fs'
import { samplePod, sampleSlice } from '../samples.ts'
import { Connection, type Served, connectAll } from './connection.ts'

export type Row = Record<string, number>

export interface Amount {
  readonly pods: number
  readonly clients: number
  readonly watchers: number
  readonly events: number
  readonly lists: number
}

/** What design goals are stated for. */
export const fullAmount: Amount =
  { pods: 10_000, clients: 24, watchers: 1_000, events: 100, lists: 5 }

export const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0

/** CPU seconds a process has used, in user and in kernel mode; none for no process. */
export function cpuSeconds(pid: number): number {
  if (pid === 0) return 0
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export const residentMiB = (pid: number): number => Number(
  /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024

const collection = '/api/v1/namespaces/default/pods'

async function perSecond(
  connections: readonly Connection[], count: number,
  send: (connection: Connection, n: number) => Promise<number>,
): Promise<number> {
  let next = 0
  const from = performance.now()
  await Promise.all(connections.map(async (connection) => {
    while (next < count) {
      const n = next++
      const code = await send(connection, n)
      if (code >= 300) throw new Error(`request ${n} was answered ${code}: ${connection.last}`)
    }
  }))
  return count / ((performance.now() - from) / 1000)
}

export async function writes(served: Served, { pods, clients }: Amount): Promise<Row> {
  const connections = await connectAll(served, clients)
  const first = connections[0] as Connection
  await first.ask('POST', '/api/v1/namespaces', '{"metadata":{"name":"default"}}')
  await first.ask('POST', '/api/v1/namespaces/default/serviceaccounts',
    '{"metadata":{"name":"default"}}')
  const bodies = Array.from({ length: pods }, (_none, n) => podOf(n))
  const cpu = cpuSeconds(served.pid)
  const storeCpu = cpuSeconds(served.storePid ?? 0)
  const creates = await perSecond(connections, pods, (connection, n) =>
    connection.ask('POST', collection, bodies[n]?.create))
  const patches = await perSecond(connections, pods, (connection, n) =>
    connection.ask('PATCH', `${collection}/web-7d4b9c-${n}/status`, bodies[n]?.status,
      'application/merge-patch+json'))
  const used = (cpuSeconds(served.pid) - cpu) / (2 * pods) * 1e6
  const more = (cpuSeconds(served.storePid ?? 0) - storeCpu) / (2 * pods) * 1e6
  for (const connection of connections) connection.close()
  return {
    'creates/s': creates, 'status patches/s': patches, 'server CPU a write, µs': used,
    'server and store CPU a write, µs': used + more,
  }
}

function podOf(n: number): { create: string; status: string } {
  const { status, ...rest } = samplePod(n) as { status: object; metadata: object }
  const { ownerReferences: _none, uid: _uid, ...metadata } =
    rest.metadata as Record<string, unknown>
  return { create: JSON.stringify({ ...rest, metadata }), status: JSON.stringify({ status }) }
}

export async function lists(served: Served, amount: Amount): Promise<Row> {
  const [connection] = await connectAll(served, 1) as [Connection]
  const times: number[] = []
  const written = residentMiB(served.pid)
  const cpu = cpuSeconds(served.pid)
  for (let i = 0; i < amount.lists; i++) {
    const from = performance.now()
    const code = await connection.ask('GET', collection)
    if (code !== 200) throw new Error(`the list was answered ${code}`)
    times.push(performance.now() - from)
  }
  const used = (cpuSeconds(served.pid) - cpu) / amount.lists * 1000
  const size = connection.received / 1e6
  connection.close()
  return {
    'list, MB': size, 'list to the last byte, ms': median(times), 'server CPU a list, ms': used,
    'resident after the writes, MiB': written, 'resident with all, MiB': residentMiB(served.pid),
  }
}

export async function fanOut(served: Served, { watchers, events }: Amount): Promise<Row> {
  const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
  const [writer] = await connectAll(served, 1) as [Connection]
  // 42 endpoints are some 10 KB.
  const slice = { ...sampleSlice(42), metadata: { name: 'fan', namespace: 'default' } }
  const code = await writer.ask('POST', slices, JSON.stringify(slice))
  if (code !== 201) throw new Error(`the slice was answered ${code}: ${writer.last}`)
  const readers = await connectAll(served, watchers)
  let lines = 0
  await Promise.all(readers.map((reader) => reader.watch(`${slices}?watch=1&resourceVersion=${
    /"resourceVersion":"(\d+)"/.exec(writer.last)?.[1]}`, () => lines++)))
  const cpu = cpuSeconds(served.pid)
  const from = performance.now()
  for (let i = 1; i <= events; i++) {
    await writer.ask('PATCH', `${slices}/fan`, `{"metadata":{"annotations":{"n":"${i}"}}}`,
      'application/merge-patch+json')
    while (lines < i * watchers) await new Promise((resolve) => setImmediate(resolve))
  }
  const used = (cpuSeconds(served.pid) - cpu) / (events * watchers) * 1e6
  const spent = (performance.now() - from) / events
  for (const reader of readers) reader.close()
  writer.close()
  return {
    'server CPU an event and watcher, µs': used, 'write to the last watcher, ms': spent,
  }
}

export async function measure(served: Served, amount: Amount): Promise<Row> {
  const row = { ...await writes(served, amount), ...await lists(served, amount) }
  return { ...row, ...await fanOut(served, amount) }
}

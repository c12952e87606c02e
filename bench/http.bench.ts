/**
 * The API server over HTTPS: durable writes of 24 clients, lists of 10,000 Pods to the last byte,
 * and one event to 1,000 watchers; ours and, where its binaries are, the reference, in one run.
 * `npx tsx bench/http.bench.ts [pods]` prints a table and the same as one line of JSON.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Connection, type Served, connectAll } from './http/connection.ts'
import { samplePod, sampleSlice } from './samples.ts'

const pods = Number(process.argv[2] ?? 10_000)
const clients = 24
const watchers = 1_000
const events = 100
const listRounds = 5

type Row = Record<string, number>

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0

/** CPU seconds a process has used, in user and in kernel mode. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const residentMb = (pid: number): number => Number(
  /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024

const collection = '/api/v1/namespaces/default/pods'

async function perSecond(
  connections: readonly Connection[], count: number, send: (c: Connection, n: number) =>
  Promise<number>,
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

async function writes(served: Served): Promise<Row> {
  const connections = await connectAll(served, clients)
  const first = connections[0] as Connection
  await first.ask('POST', '/api/v1/namespaces', '{"metadata":{"name":"default"}}')
  await first.ask('POST', '/api/v1/namespaces/default/serviceaccounts',
    '{"metadata":{"name":"default"}}')
  const bodies = Array.from({ length: pods }, (_none, n) => podOf(n))
  const cpu = cpuSeconds(served.pid)
  const creates = await perSecond(connections, pods, (connection, n) =>
    connection.ask('POST', collection, bodies[n]?.create))
  const patches = await perSecond(connections, pods, (connection, n) =>
    connection.ask('PATCH', `${collection}/web-7d4b9c-${n}/status`, bodies[n]?.status,
      'application/merge-patch+json'))
  const used = (cpuSeconds(served.pid) - cpu) / (2 * pods) * 1e6
  for (const connection of connections) connection.close()
  return { 'creates/s': creates, 'status patches/s': patches, 'server CPU a write, µs': used }
}

function podOf(n: number): { create: string; status: string } {
  const { status, ...rest } = samplePod(n) as { status: object; metadata: object }
  const { ownerReferences: _none, uid: _uid, ...metadata } =
    rest.metadata as Record<string, unknown>
  return { create: JSON.stringify({ ...rest, metadata }), status: JSON.stringify({ status }) }
}

async function lists(served: Served): Promise<Row> {
  const [connection] = await connectAll(served, 1) as [Connection]
  const times: number[] = []
  const cpu = cpuSeconds(served.pid)
  for (let i = 0; i < listRounds; i++) {
    const from = performance.now()
    const code = await connection.ask('GET', collection)
    if (code !== 200) throw new Error(`the list was answered ${code}`)
    times.push(performance.now() - from)
  }
  const used = (cpuSeconds(served.pid) - cpu) / listRounds * 1000
  const size = connection.received / 1e6
  connection.close()
  return {
    'list, MB': size, 'list to the last byte, ms': median(times),
    'server CPU a list, ms': used, 'resident with all, MB': residentMb(served.pid),
  }
}

async function fanOut(served: Served): Promise<Row> {
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
    'server CPU an event and watcher, µs': used, 'write to last of 1,000 watchers, ms': spent,
  }
}

async function measure(served: Served): Promise<Row> {
  const row = { ...await writes(served), ...await lists(served) }
  return { ...row, ...await fanOut(served) }
}

async function measureOurs(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-http-'))
  const child = fork(fileURLToPath(new URL('./http/serve.ts', import.meta.url)), [folder],
    { execArgv: ['--import', 'tsx'] })
  try {
    const served = await new Promise<Served>((resolve) => child.once('message', (message) =>
      resolve(message as Served)))
    return await measure(served)
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
    rmSync(folder, { recursive: true })
  }
}

async function measureReference(): Promise<Row | undefined> {
  const { referenceIsBuilt, startReference } = await import('../parity/reference/start.ts')
  if (!referenceIsBuilt()) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'bench-reference-'))
  const reference = await startReference({ dir, controllers: false })
  try {
    const pid = reference.pids['kube-apiserver'] ?? 0
    const row = await measure({ url: reference.url, token: reference.token, ca: reference.ca, pid })
    return { ...row, 'etcd resident, MB': residentMb(reference.pids['etcd'] ?? 0) }
  } finally {
    await reference.stop()
    rmSync(dir, { recursive: true })
  }
}

const ours = await measureOurs()
const reference = process.argv.includes('--alone') ? undefined : await measureReference()
const rounded = (value: number | undefined): string =>
  value === undefined ? '-' : value.toFixed(value < 100 ? 1 : 0)
for (const [name, value] of Object.entries({ ...reference, ...ours })) {
  const other = reference?.[name]
  console.log(name.padEnd(40), rounded(ours[name] === undefined ? undefined : value).padStart(10),
    rounded(other).padStart(10))
}
console.log(JSON.stringify({ pods, ours, reference }))

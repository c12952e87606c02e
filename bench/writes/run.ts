/** Writes through the registry without sockets; prints one JSON line of the figures. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PerformanceObserver } from 'node:perf_hooks'
import { resourceTable } from '@slicewise/kube'
import { openRegistry } from '@slicewise/server'
import { type Store, openMemoryStore } from '@slicewise/store'
import { openLmdbStore } from '@slicewise/store/lmdb'
import { nodeEnv } from '@slicewise/system/node'
import type { Answer, Body, Registry } from '../../packages/server/contract.ts'
import { parseJsonBytes } from '../../packages/server/http/json-text.ts'
import { splice, typeOf } from '../../packages/server/http/spliced.ts'
import { samplePod } from '../samples.ts'

export interface Figures {
  /** CPU of the process for one write, all its threads. */
  readonly us: number
  /** Of those, the pauses of the garbage collector. */
  readonly gcUs: number
}

/** Requests under way at a time, as with 24 clients. */
const clients = 24
const [pods = 5_000, engine = 'memory'] = [Number(process.argv[2] ?? 5_000), process.argv[3]]

const env = nodeEnv()
const folder = mkdtempSync(join(tmpdir(), 'bench-writes-'))
const store: Store = engine === 'lmdb' ? await openLmdbStore(folder, env) : openMemoryStore(env)
const registry: Registry = await openRegistry({ env, store, resources: resourceTable })
const caller = {
  user: { name: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'bench/1', warn() {},
}
let gcMs = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) gcMs += duration
}).observe({ entryTypes: ['gc'] })

const rowOf = (resource: string) => resourceTable.find((row) => row.resource === resource)!
const podRow = rowOf('pods')
const item = (n: number) => ({
  caller, spec: podRow, namespace: 'default', name: `web-7d4b9c-${n}`,
})
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** As a client sends it: no status, uid, owners. */
function newPod(n: number): Record<string, unknown> & { metadata: object; spec: object } {
  const { status: _status, metadata, spec, ...rest } = samplePod(n) as
    { status: object; metadata: Record<string, unknown>; spec: object }
  const { ownerReferences: _owners, uid: _uid, ...sent } = metadata
  return { ...rest, metadata: sent, spec }
}
const { status: running } = samplePod() as { status: { conditions: { status: string }[] } }
const turned = (ready: string): unknown => ({
  ...running, conditions: running.conditions.map((one) => ({ ...one, status: ready })),
})
const flip = (ready: string): unknown => ({
  status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: at(ready) }] },
})
const at = (ready: string): string => `2026-01-01T00:00:0${ready.length}Z`

async function measure(
  count: number, bodyOf: (n: number) => Buffer, send: (n: number, body: Body) => Promise<Answer>,
): Promise<Figures> {
  const bodies = Array.from({ length: count }, (_none, n) => bodyOf(n))
  let next = 0
  let bytes = 0
  gcMs = 0
  const from = process.cpuUsage()
  await Promise.all(Array.from({ length: clients }, async () => {
    while (next < count) {
      const n = next++
      const { object } = await send(n, parseJsonBytes(bodies[n]!))
      bytes += splice(object!, typeOf(podRow), '', '\n').length
    }
  }))
  const { user, system } = process.cpuUsage(from)
  if (bytes < count) throw new Error('nothing was answered')
  await new Promise((resolve) => setTimeout(resolve, 50))
  return { us: (user + system) / count, gcUs: gcMs * 1000 / count }
}

function patches(
  type: 'strategic' | 'merge' | 'apply', fieldManager: string, bodyOf: (n: number) => unknown,
): Promise<Figures> {
  const subresource = type === 'apply' ? {} : { subresource: 'status' }
  const force = type === 'apply' ? { force: true } : {}
  return measure(pods, (n) => bytesOf(bodyOf(n)), (n, body) =>
    registry.patch({ ...item(n), ...subresource, ...force, fieldManager, type, body }))
}

async function update(n: number, body: Body): Promise<Answer> {
  return await registry.update({ ...item(n), body })
}

async function run(): Promise<Record<string, Figures>> {
  const body = { value: { metadata: { name: 'default' } } }
  await registry.create({ caller, spec: rowOf('namespaces'), namespace: '', name: '', body })
  const create = (base: number) => measure(pods, (n) => bytesOf(newPod(base + n)), (_n, body) =>
    registry.create({ caller, spec: podRow, namespace: 'default', name: '', body }))
  await create(pods)
  return {
    'create': await create(0),
    'first status, merge': await patches('merge', 'kubelet', () => ({ status: running })),
    'status merge, whole': await patches('merge', 'kubelet', () => ({ status: turned('False') })),
    'status strategic, flip': await patches('strategic', 'kubelet', () => flip('True')),
    'apply of labels, first': await patches('apply', 'a', (n) => labelled(n, 'one')),
    'apply of labels, changed': await patches('apply', 'a', (n) => labelled(n, 'two')),
    'update of an annotation': await measure(pods, (n) => {
      const object = JSON.parse(Buffer.from(registry.peek(podRow, 'default',
        `web-7d4b9c-${n}`)!.bytes()).toString())
      object.metadata.annotations = { n: String(n) }
      return bytesOf(object)
    }, update),
  }
}

const labelled = (n: number, color: string): unknown => ({
  kind: 'Pod', apiVersion: 'v1',
  metadata: { name: `web-7d4b9c-${n}`, labels: { color } },
})

const figures = await run()
await registry.close()
await store.close()
rmSync(folder, { recursive: true })
console.log(JSON.stringify(figures))

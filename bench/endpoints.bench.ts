/**
 * What one change costs the controller of classic Endpoints and the mirroring controller. Run with
 * `npx tsx bench/endpoints.bench.ts`: prints tables (median, least and most of the rounds) and, as
 * the last line, the same as JSON. The figures of the reference are those of its own functions at
 * the same sizes on a machine of two cores: packing 1,000 addresses of one port takes 5 ms, a look
 * at 1,000 mirrored addresses 18 ms, whether anything changed or not.
 *
 * An Endpoints object is the smallest unit that the API has, so a change of one Pod sends all
 * addresses, 1,000 at most: the columns `JSON` and `parse` are the price of that.
 */
import { planEndpoints } from '../packages/controllers/endpoints/plan.ts'
import { EndpointsState } from '../packages/controllers/endpoints/state.ts'
import { planName } from '../packages/controllers/mirroring/plan.ts'
import type { Endpoints, EndpointSlice, KubeObject, Pod, Service, Stored }
  from '../packages/kube/index.ts'
import type { Step } from '../packages/engine/index.ts'
import { percentile, podObject, rounded, serviceObject } from './endpointslice/objects.ts'

const rounds = 15
let revision = 1

function stored<T extends KubeObject>(object: T, uid: string): Stored<T> {
  const { name = '', namespace = '' } = object.metadata ?? {}
  const metadata = {
    creationTimestamp: '2026-03-01T08:00:00Z', ...object.metadata, name, namespace, uid,
    resourceVersion: String(++revision),
  }
  return { ...object, metadata } as unknown as Stored<T>
}

/** Microseconds of each part of one change, of `count` changes. */
interface Cost { state: number; plan: number; json: number; parse: number; bytes: number }

function endpointsRound(pods: number, count: number): Cost {
  const state = new EndpointsState({ onDirty: () => {} })
  const service = stored<Service>(serviceObject, 'service')
  const key = 'bench/web'
  state.applyService({ key, before: undefined, after: service, revision: '1' })
  const live = Array.from({ length: pods }, (_, index) =>
    stored<Pod>(podObject(index, true), `uid-${index}`))
  for (const pod of live) {
    state.applyPod({
      key: `bench/${pod.metadata.name}`, before: undefined, after: pod, revision: '1',
    })
  }
  state.start()
  const one = state.get(key)
  if (one === undefined) throw new Error('no state')
  let standing: Stored<Endpoints> | undefined
  const look = (): Step | undefined => planEndpoints({
    service, packed: one.subsets.subsets(1_000),
    triggerTime: one.triggers.take(service.metadata.creationTimestamp),
  }, standing)
  const first = look()
  if (first?.verb !== 'create') throw new Error('nothing to create')
  standing = stored(JSON.parse(JSON.stringify(first.object)) as Endpoints, 'endpoints')
  const cost: Cost = { state: 0, plan: 0, json: 0, parse: 0, bytes: 0 }
  for (let change = 0; change < count; change++) {
    // Among the first by text, so that the change shows however much is cut.
    const index = (change * 7) % Math.min(pods, 250)
    const before = live[index] as Stored<Pod>
    const after = stored<Pod>(podObject(index, change % 2 === 1), before.metadata.uid)
    live[index] = after
    const start = performance.now()
    state.applyPod({ key: `bench/${after.metadata.name}`, before, after, revision: '1' })
    const applied = performance.now()
    const step = look()
    const planned = performance.now()
    const sent = step?.verb === 'update' ? JSON.stringify(step.object) : undefined
    const written = performance.now()
    const echo = sent === undefined ? undefined : JSON.parse(sent) as Endpoints
    const read = performance.now()
    if (echo !== undefined) standing = stored(echo, 'endpoints')
    cost.state += applied - start
    cost.plan += planned - applied
    cost.json += written - planned
    cost.parse += read - written
    cost.bytes = Math.max(cost.bytes, sent?.length ?? 0)
  }
  const each = (ms: number): number => rounded((ms / count) * 1_000)
  return {
    state: each(cost.state), plan: each(cost.plan), json: each(cost.json), parse: each(cost.parse),
    bytes: cost.bytes,
  }
}

const addresses = 1_000
const mirrorService = stored<Service>({ metadata: { name: 'db', namespace: 'bench' }, spec: {} },
  'service')

function endpointsOf(changed: number): Stored<Endpoints> {
  return stored<Endpoints>({
    metadata: { name: 'db', namespace: 'bench' },
    subsets: [{
      addresses: Array.from({ length: addresses }, (_, index) => ({
        ip: `10.${index === changed ? 9 : 0}.${index >> 8}.${index & 255}`, nodeName: 'node-1',
      })),
      ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
    }],
  }, 'endpoints')
}

interface MirrorCost { again: number; noChange: number; change: number }

function mirrorRound(count: number): MirrorCost {
  const plan = (endpoints: Stored<Endpoints>, slices: readonly Stored<EndpointSlice>[]) =>
    planName({ endpoints, service: mirrorService, slices }, 1_000).steps
  const first = endpointsOf(-1)
  const [create] = plan(first, [])
  if (create?.verb !== 'create') throw new Error('nothing to create')
  const body = JSON.parse(JSON.stringify(create.object)) as EndpointSlice
  const slice = stored<EndpointSlice>({ ...body, metadata: { ...body.metadata, name: 'db-1' } },
    'slice')
  const time = (endpoints: readonly Stored<Endpoints>[], expected: number): number => {
    const start = performance.now()
    let steps = 0
    for (const one of endpoints) steps += plan(one, [slice]).length
    const us = rounded(((performance.now() - start) / endpoints.length) * 1_000)
    if (steps !== expected) throw new Error(`${steps} writes instead of ${expected}`)
    return us
  }
  const others = Array.from({ length: count }, () => endpointsOf(-1))
  const moved = Array.from({ length: count }, (_, index) => endpointsOf(index))
  return {
    again: time(Array.from({ length: count }, () => first), 0),
    noChange: time(others, 0),
    change: time(moved, count),
  }
}

interface Row { readonly what: string; readonly figures: Record<string, number> }

function table<T extends object>(what: string, measured: readonly T[]): Row {
  const figures: Record<string, number> = {}
  for (const name of Object.keys(measured[0] ?? {})) {
    const values = measured.map((one) => (one as Record<string, number>)[name] ?? 0)
    const median = percentile(values, 0.5)
    figures[name] = median
    console.log(`${what.padEnd(34)} ${name.padEnd(10)} ${String(median).padStart(9)} (${
      percentile(values, 0)} to ${percentile(values, 1)})`)
  }
  return { what, figures }
}

const repeated = <T>(run: () => T): T[] => {
  run()
  return Array.from({ length: rounds }, run)
}
console.log('microseconds for one change; bytes of the object that is sent')
const rows = [
  ...[100, 1_000, 10_000].map((pods) =>
    table(`Endpoints of ${pods} Pods`, repeated(() => endpointsRound(pods, 200)))),
  table('mirroring of 1,000 addresses', repeated(() => mirrorRound(50))),
]
console.log(JSON.stringify({ node: process.version, rows }))

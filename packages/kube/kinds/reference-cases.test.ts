import { readFileSync } from 'node:fs'
import { silentLog } from '@slicewise/base'
import { expect, test } from 'vitest'
import { decodeObject } from '../decode.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../metadata-rules.ts'
import type { KubeObject, Stored } from '../object.ts'
import type { ClusterFacts, ResourceSpec } from '../resource.ts'
import { findKind } from '../resources.ts'
import type { Cause } from '../status.ts'
import { type ServiceAllocation, serviceAllocation } from './service-allocation.ts'
import type { Service } from './service.ts'

/**
 * What kube-apiserver 1.36.3 answered to these creates, updates and status writes: its causes, or
 * the object it would have stored. Times, ids and what its admission plugins add are cut out.
 */
interface Case {
  name: string
  kind: string
  group: string
  body: KubeObject
  before?: KubeObject
  sub?: 'status'
  causes?: Cause[]
  object?: KubeObject
}

const cases = JSON.parse(
  readFileSync(new URL('./reference-cases.json', import.meta.url), 'utf8')) as Case[]

const facts: ClusterFacts = {
  ipFamilies: ['IPv4', 'IPv6'],
  env: {
    nowMs: () => 0, elapsedMs: () => 0, after: () => () => undefined, random: () => 0,
    uid: () => 'uid',
    log: silentLog, checked: true,
  },
}

const read = (row: ResourceSpec, json: unknown): KubeObject =>
  decodeObject(row.schema, structuredClone(json), 'Ignore').value

/** Takes what is wanted, with the numbers that the reference happened to choose. */
function take(service: Service, plan: ServiceAllocation, chosen: Service | undefined): void {
  const spec = (service.spec ??= {})
  for (const { index, requested } of plan.clusterIPs) {
    spec.clusterIPs ??= []
    spec.clusterIPs[index] = requested ?? chosen?.spec?.clusterIPs?.[index] ?? '10.96.200.1'
    if (index === 0) spec.clusterIP = spec.clusterIPs[0] ?? ''
  }
  for (const { indexes, requested } of plan.nodePorts) {
    for (const index of indexes) {
      const port = spec.ports?.[index]
      if (port) port.nodePort = requested ?? chosen?.spec?.ports?.[index]?.nodePort ?? 31999
    }
  }
  if (plan.healthCheckNodePort !== undefined) {
    spec.healthCheckNodePort = plan.healthCheckNodePort.requested
      ?? chosen?.spec?.healthCheckNodePort ?? 31998
  }
}

function answer(row: ResourceSpec, one: Case): { causes: readonly Cause[]; object: KubeObject } {
  const object = read(row, one.body)
  row.defaults?.(object)
  const before = one.before && read(row, one.before) as Stored
  if (one.sub === 'status' && before !== undefined) {
    row.prepareStatusUpdate?.(object, before)
    return { object, causes: [
      ...validateObjectMetaUpdate(object.metadata ?? {}, before.metadata, row),
      ...row.validateStatusUpdate?.(object, before) ?? [],
    ] }
  }
  if (one.kind === 'Service') {
    const plan = serviceAllocation(object, before, facts)
    if (plan.causes.length > 0) return { object, causes: plan.causes }
    take(object, plan, one.object)
  }
  if (before !== undefined) {
    row.prepareUpdate?.(object, before, facts)
    return { object, causes: [
      ...validateObjectMetaUpdate(object.metadata ?? {}, before.metadata, row),
      ...row.validateUpdate?.(object, before, facts) ?? [],
    ] }
  }
  row.prepareCreate?.(object, facts)
  const { metadata = {} } = object
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName}xxxxx`
  return { object, causes: [
    ...validateObjectMeta(metadata, row), ...row.validate?.(object, facts) ?? [],
  ] }
}

function masked(object: KubeObject | undefined): unknown {
  const copy = JSON.parse(JSON.stringify(object ?? null)) as {
    status?: { conditions?: { lastTransitionTime?: unknown }[]; lastPhaseTransitionTime?: unknown }
  } | null
  for (const condition of copy?.status?.conditions ?? []) delete condition.lastTransitionTime
  delete copy?.status?.lastPhaseTransitionTime
  return copy
}

const told = (causes: readonly Cause[] | undefined): string[] =>
  (causes ?? []).map(({ reason, field }) => `${reason} ${field}`).sort()

test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const row = findKind(one.group, one.kind)
  if (row === undefined) throw new Error(`no row for ${one.kind}`)
  const { causes, object } = answer(row, one)
  expect(told(causes)).toEqual(told(one.causes))
  if (one.object !== undefined) expect(masked(object)).toEqual(masked(one.object))
})

/** Values and a diff that the reference prints of its internal types differ, the rest does not. */
const openTexts = /Duplicate value: \{|"metadata.generateName|podIPs|pod updates may not change/

test.each(cases.filter((one) => one.causes !== undefined).map((one) => [one.name, one] as const))(
  'messages: %s', (_name, one) => {
    const row = findKind(one.group, one.kind)
    const texts = (causes: readonly Cause[]): string[] => causes.map((cause) => cause.message)
      .filter((text) => !openTexts.test(text) && !/^Invalid value: ("A_|\{|\[\{)/.test(text)).sort()
    expect(texts(row === undefined ? [] : answer(row, one).causes)).toEqual(texts(one.causes ?? []))
  })

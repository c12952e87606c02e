import { readFileSync } from 'node:fs'
import { silentLog } from '@slicewise/base'
import { expect, test } from 'vitest'
import { decodeObject } from '../decode.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../metadata-rules.ts'
import type { KubeObject, Stored } from '../object.ts'
import type { ClusterFacts, ResourceSpec } from '../resource.ts'
import { findKind, findResource } from '../resources.ts'
import type { Cause } from '../status.ts'

/**
 * What kube-apiserver 1.36.3 answered to these creates, updates and status writes of the kinds
 * outside the core group: its causes, or the object it would have stored, and its warnings.
 * Times and ids are cut out; an object's own uid reads `uid`.
 */
interface Case {
  name: string
  kind: string
  group: string
  version: string
  body: KubeObject
  before?: KubeObject
  sub?: 'status'
  causes?: Cause[]
  object?: KubeObject
  warnings?: string
}

const cases = JSON.parse(
  readFileSync(new URL('./group-cases.json', import.meta.url), 'utf8')) as Case[]

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

function rowOf({ group, version, kind }: Case): ResourceSpec {
  const row = findResource(group, version, findKind(group, kind)?.resource ?? '')
  if (row === undefined) throw new Error(`no row for ${kind}`)
  return row
}

/** As the server does it: what a write may not touch is put back before the kind's own rules. */
function putBack(object: KubeObject, before: Stored, one: Case, row: ResourceSpec): void {
  const target = object as Record<string, unknown>
  const source = before as unknown as Record<string, unknown>
  const hasStatus = row.subresources?.some(({ name }) => name === 'status') === true
  for (const name of new Set([...Object.keys(target), ...Object.keys(source)])) {
    const kept = one.sub === 'status' ? ['metadata', 'status'].includes(name)
      : name !== 'status' || !hasStatus
    if (kept) continue
    if (source[name] === undefined) delete target[name]
    else target[name] = source[name]
  }
}

function answer(one: Case): { causes: readonly Cause[]; object: KubeObject } {
  const row = rowOf(one)
  const object = read(row, one.body)
  row.defaults?.(object)
  const meta = object.metadata ?? {}
  if (one.before === undefined) {
    meta.uid = 'uid'
    row.prepareCreate?.(object, facts)
    delete meta.uid
    const stored = { ...object, metadata: { ...object.metadata, uid: 'uid' } } as KubeObject
    return { object: shown(row, object), causes: [
      ...validateObjectMeta(meta, row), ...row.validate?.(stored, facts) ?? [],
    ] }
  }
  const known = read(row, one.before)
  known.metadata = { ...known.metadata, uid: 'uid' }
  const before = known as Stored
  meta.uid = 'uid'
  putBack(object, before, one, row)
  if (one.sub === 'status') row.prepareStatusUpdate?.(object, before)
  else row.prepareUpdate?.(object, before, facts)
  const rules = one.sub === 'status' ? row.validateStatusUpdate?.(object, before)
    : (row.validateUpdate ?? row.validate)?.call(row, object, before as never, facts)
  return { object, causes: [
    ...validateObjectMetaUpdate(object.metadata ?? {}, before.metadata, row), ...rules ?? [],
  ] }
}

const shown = ({ view }: ResourceSpec, object: KubeObject): KubeObject =>
  (view === undefined ? object : view.fromStored(view.toStored(object)))

function masked(object: KubeObject | undefined): unknown {
  const copy = JSON.parse(JSON.stringify(object ?? null)) as {
    metadata?: { uid?: unknown }
    status?: { conditions?: { lastTransitionTime?: unknown }[] }
  } | null
  for (const condition of copy?.status?.conditions ?? []) delete condition.lastTransitionTime
  delete copy?.metadata?.uid
  return copy
}

const told = (causes: readonly Cause[] | undefined): string[] =>
  (causes ?? []).map(({ reason, field }) => `${reason} ${field}`).sort()

test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const { causes, object } = answer(one)
  expect(told(causes)).toEqual(told(one.causes))
  if (one.object !== undefined) expect(masked(object)).toEqual(masked(one.object))
})

/** The reference prints whole objects in its internal form, which has other names. */
const wholeObject = /Invalid value: \{|Unsupported value: \{/

test.each(cases.filter((one) => one.causes !== undefined).map((one) => [one.name, one] as const))(
  'messages: %s', (_name, one) => {
    const texts = (causes: readonly Cause[]): string[] => causes.map((cause) => cause.message)
      .filter((text) => !wholeObject.test(text)).sort()
    expect(texts(answer(one).causes)).toEqual(texts(one.causes ?? []))
  })

test.each(cases.filter((one) => one.object !== undefined && one.before === undefined)
  .map((one) => [one.name, one] as const))('warnings: %s', (_name, one) => {
  const row = rowOf(one)
  const object = read(row, one.body)
  row.defaults?.(object)
  const texts = (one.warnings ?? '').split(/, (?=299 - )/).filter((text) => text !== '')
    .map((text) => text.replace(/^299 - "|"$/g, '').replaceAll('\\"', '"'))
  expect((row.warnings?.(object, undefined) ?? []).sort()).toEqual(texts.sort())
})

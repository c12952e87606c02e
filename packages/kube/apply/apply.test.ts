import { describe, expect, test } from 'vitest'
import { decodeObject } from '../decode.ts'
import type { ManagedFieldsEntry } from '../kinds/meta.ts'
import type { KubeObject } from '../object.ts'
import { applyJsonPatch, readJsonPatch } from '../patch/json.ts'
import { mergePatch } from '../patch/merge.ts'
import { type JsonObject, decodePatched } from '../patch/result.ts'
import { strategicMergePatch } from '../patch/strategic.ts'
import { apiVersionOf, resourceTable } from '../resources.ts'
import type { ResourceSpec } from '../resource.ts'
import type { StatusError } from '../status.ts'
import cases from './apply.cases.json' with { type: 'json' }
import { applyConfiguration } from './apply.ts'
import { fieldSetOf, noFields } from './fields.ts'
import { type Write, trackUpdate } from './track.ts'

/** Requests, one after the other on one object, and what the reference answered. */
interface Case {
  readonly name: string
  readonly resource: string
  readonly steps: readonly Step[]
}
interface Step {
  readonly do: 'create' | 'put' | 'merge' | 'json' | 'smp' | 'apply'
  readonly by: string
  readonly body: JsonObject
  readonly sub?: string
  readonly force?: boolean
  readonly answer?: KubeObject
  readonly refused?: { readonly code: number; readonly causes: readonly { field?: string }[] }
}

test.each(cases as unknown as readonly Case[])('$name', ({ resource, steps }) => {
  const row = resourceTable.find((one) => one.resource === resource)!
  let live: KubeObject | undefined
  for (const step of steps) {
    if (step.refused === undefined) {
      const object = answerOf(row, live, step)
      expect(timeless(object.metadata?.managedFields))
        .toEqual(timeless(step.answer?.metadata?.managedFields))
      if (step.do === 'apply') expect(plain(step.answer!)).toMatchObject(plain(object))
      live = step.answer
    } else checkRefusal(() => answerOf(row, live, step), step.refused)
  }
})

function answerOf(row: ResourceSpec, stored: KubeObject | undefined, step: Step): KubeObject {
  const hasStatus = row.subresources?.some(({ name }) => name === 'status') === true
  const write: Write = {
    schema: row.schema, manager: step.by, apiVersion: apiVersionOf(row),
    subresource: step.sub ?? '', now: '2100-01-01T00:00:00Z',
    ignored: step.sub === 'status' ? fieldSetOf([['spec'], ['metadata', 'labels']])
      : hasStatus ? fieldSetOf([['status']]) : noFields,
  }
  const body = structuredClone(step.body)
  const live = stored === undefined ? undefined
    : decodeObject(row.schema, structuredClone(stored), 'Ignore').value
  if (step.do === 'apply') {
    const object = applyConfiguration({ ...write, live, config: body, force: step.force ?? false })
    expect(body).toEqual(step.body)
    row.defaults?.(object)
    return object
  }
  const document = structuredClone(live ?? {}) as JsonObject
  const after = decodePatched(row.schema, step.do === 'create' || step.do === 'put' ? body
    : step.do === 'merge' ? mergePatch(document, body)
    : step.do === 'json' ? applyJsonPatch(document, readJsonPatch(body))
    : strategicMergePatch(row.schema, document, body), 'Ignore').value
  row.defaults?.(after)
  const managedFields = trackUpdate({ ...write, before: live, after })
  return { ...after, metadata: { ...after.metadata, managedFields: managedFields ?? [] } }
}

function checkRefusal(run: () => unknown, refused: NonNullable<Step['refused']>): void {
  let error: StatusError | undefined
  try {
    run()
  } catch (thrown) {
    error = thrown as StatusError
  }
  // What the schema does not allow is an internal error there and a bad request here.
  expect(error?.code).toBe(refused.code === 500 ? 400 : refused.code)
  const byField = (a: { field?: string }, b: { field?: string }): number =>
    (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  expect([...error?.details?.causes ?? []].sort(byField)).toEqual([...refused.causes].sort(byField))
}

/** Entries with times that are of another day here; their order is tested by itself. */
const timeless = (entries: readonly ManagedFieldsEntry[] | undefined): unknown[] =>
  (entries ?? []).map((entry) => ({ ...entry, time: entry.time !== undefined }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
const keyOf = (entry: object): string => JSON.stringify({ ...entry, fieldsV1: null })

function plain(object: KubeObject): object {
  const { kind: _, apiVersion: __, metadata, ...rest } = object as KubeObject & { status?: unknown }
  const { managedFields: ___, creationTimestamp: ____, ...meta } = metadata ?? {}
  delete rest.status
  return { ...rest, metadata: meta }
}

const { schema } = resourceTable.find((row) => row.resource === 'configmaps')!
const write: Write = {
  schema, manager: 'm', apiVersion: 'v1', subresource: '', now: '2026-01-02T00:00:00Z',
  ignored: noFields,
}
const config = (data: object): object =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data })
const applied = (manager: string, data: object, live?: KubeObject, force = false): KubeObject =>
  applyConfiguration({ ...write, manager, live, config: config(data), force })

describe('texts', () => {
  const live = trackedBy('u', applied('m', { a: '1', b: '1' }), { a: '1', b: '2' })
  test('one conflict', () => {
    expect(() => applied('n', { b: '3' }, live))
      .toThrow('Apply failed with 1 conflict: conflict with "u" using v1: .data.b')
  })
  test('several conflicts', () => {
    expect(() => applied('n', { a: '2', b: '3' }, live)).toThrow('Apply failed with 2 conflicts: '
      + 'conflicts with "m":\n- .data.a\nconflicts with "u" using v1:\n- .data.b')
  })
  test('an unknown field', () => {
    expect(() => applyConfiguration({
      ...write, live: undefined, force: false, config: { ...config({}), foo: 1 },
    })).toThrow('failed to create typed patch object (/x; /v1, Kind=ConfigMap): .foo: field not '
      + 'declared in schema')
  })
})

function trackedBy(manager: string, before: KubeObject, data: object): KubeObject {
  const after = { ...before, data } as KubeObject
  const managedFields = trackUpdate({ ...write, manager, before, after })!
  return { ...after, metadata: { ...after.metadata, managedFields } }
}

describe('entries', () => {
  test('stand in order: Apply before Update, then by time and manager', () => {
    let live = trackedBy('z', applied('m', { a: '1' }), { a: '1', z: '1' })
    live = trackedBy('b', live, { a: '1', z: '1', b: '1' })
    live = applied('k', { k: '1' }, live)
    expect(live.metadata?.managedFields?.map(({ manager }) => manager))
      .toEqual(['k', 'm', 'b', 'z'])
  })
  test('are the stored ones when nothing changed', () => {
    const live = applied('m', { a: '1' })
    const after = structuredClone(live)
    delete after.metadata!.managedFields
    expect(trackUpdate({ ...write, manager: 'u', before: live, after }))
      .toBe(live.metadata?.managedFields)
  })
  test('keep their time when nothing changed', () => {
    const live = applied('m', { a: '1' })
    const again = applyConfiguration({
      ...write, now: '2027-01-01T00:00:00Z', live, config: config({ a: '1' }), force: false,
    })
    expect(again).toEqual(live)
  })
  test('of an object that nobody owned stay away', () => {
    const before = { metadata: { name: 'x' }, data: { a: '1' } } as KubeObject
    const after = { metadata: { name: 'x' }, data: { a: '2' } } as KubeObject
    expect(trackUpdate({ ...write, before, after })).toBeUndefined()
  })
  test('are forgotten when the client says so', () => {
    const live = applied('m', { a: '1' })
    expect(trackUpdate({ ...write, before: live, after: live, reset: true })).toBeUndefined()
  })
  test('that are malformed are replaced by the stored ones', () => {
    const live = applied('m', { a: '1' })
    const broken = [{ manager: 'q', operation: 'Steal', apiVersion: 'v1', fieldsType: 'FieldsV1' }]
    const metadata = { ...live.metadata, managedFields: broken }
    const after = { ...live, data: { a: '2' }, metadata } as KubeObject
    const managers = trackUpdate({ ...write, manager: 'u', before: live, after })
    expect(managers?.map(({ manager }) => manager)).toEqual(['u'])
  })
})

import { sameJson } from '@slicewise/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOf } from '../../../tools/testkit/schema-arbitrary.ts'
import { decodeObject } from '../decode.ts'
import type { KubeObject } from '../object.ts'
import { apiVersionOf, resourceTable } from '../resources.ts'
import type { ResourceSpec } from '../resource.ts'
import { applyConfiguration } from './apply.ts'
import { faultsOf, fieldsOf } from './configuration.ts'
import { type FieldSet, isEmpty, noFields, parseFields, pathsOf, union } from './fields.ts'
import { type Plan, planOf } from './plan.ts'
import { type Write, trackUpdate, withoutUntracked } from './track.ts'

const row = (resource: string): ResourceSpec =>
  resourceTable.find((one) => one.resource === resource)!
const rows = ['services', 'deployments', 'configmaps', 'endpointslices', 'nodes'].map(row)

/** A body without managedFields and without keys that stand twice. */
function arbitraryConfig({ schema, kind, ...rest }: ResourceSpec): fc.Arbitrary<KubeObject> {
  return arbitraryOf(schema).map((given) => {
    const object = JSON.parse(JSON.stringify(given)) as KubeObject
    giveKeys(planOf(schema), object)
    const { managedFields: _, ...metadata } = object.metadata ?? {}
    return {
      ...object, kind, apiVersion: apiVersionOf({ schema, kind, ...rest }),
      metadata: { ...metadata, name: 'x' },
    }
  }).filter((object) => faultsOf(planOf(schema), object).length === 0)
}

/** Clients give the keys of list elements; one that is left out is a case of its own. */
function giveKeys(plan: Plan, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) giveKeys(plan.of!, item)
    for (const { name, preset } of plan.keys ?? []) {
      for (const item of value as Record<string, unknown>[]) item[name] ??= preset ?? 'k'
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const of = plan.of ?? plan.fields?.get(name)
      if (of !== undefined) giveKeys(of, member)
    }
  }
}

const stored = ({ schema }: ResourceSpec, object: KubeObject): KubeObject => {
  const { kind: _, apiVersion: __, ...rest } = structuredClone(object)
  return decodeObject(schema, rest, 'Ignore').value as KubeObject
}

const writeOf = (spec: ResourceSpec, manager: string): Write => ({
  schema: spec.schema, manager, apiVersion: apiVersionOf(spec), subresource: '',
  now: '2026-01-01T00:00:00Z', ignored: noFields,
})

const bare = (object: KubeObject): KubeObject => {
  const { managedFields: _, ...metadata } = object.metadata ?? {}
  return { ...object, metadata }
}

function owned(object: KubeObject, manager?: string): FieldSet {
  return (object.metadata?.managedFields ?? [])
    .filter((entry) => manager === undefined || entry.manager === manager)
    .map((entry) => parseFields(entry.fieldsV1 ?? {})).reduce(union, noFields)
}

const texts = (set: FieldSet): string[] => [...pathsOf(set)].map((path) => path.join(' '))

describe.each(rows)('$kind', (spec) => {
  const config = arbitraryConfig(spec)
  const plan = planOf(spec.schema)
  const apply = (manager: string, given: KubeObject, live?: KubeObject, force = true): KubeObject =>
    applyConfiguration({ ...writeOf(spec, manager), live, config: given, force })

  test('a create is owned down to its leaves by the one who made it', () => {
    fc.assert(fc.property(config, (given) => {
      const after = stored(spec, given)
      const managedFields = trackUpdate({ ...writeOf(spec, 'c'), before: undefined, after }) ?? []
      expect(managedFields.length).toBeLessThanOrEqual(1)
      const mine = new Set(texts(managedFields.length === 0 ? noFields
        : parseFields(managedFields[0]!.fieldsV1)))
      const empty = fieldsOf(plan, stored(spec, {}))
      const leaves = texts(withoutUntracked(fieldsOf(plan, after)))
      // A zero value that always stands is nobody's, as in the reference.
      const unowned = leaves.filter((one) => !mine.has(one) && !texts(empty).includes(one))
      expect(unowned).toEqual([])
      const places = leaves.map((one) => `${one} `)
      for (const one of mine) {
        expect(places.some((place) => place.startsWith(`${one} `)), one).toBe(true)
        expect(one).not.toMatch(/^f:(kind|apiVersion)$|^f:metadata f:name$/)
      }
    }), { seed: 21, numRuns: 40 })
  })

  test('an apply owns what it gives, is repeatable, and changes no argument', () => {
    fc.assert(fc.property(config, (given) => {
      const copy = structuredClone(given)
      const first = apply('m', given)
      expect(given).toEqual(copy)
      expect(texts(owned(first, 'm'))).toEqual(texts(withoutUntracked(fieldsOf(plan, given))))
      const again = apply('m', given, first, false)
      expect(bare(again)).toEqual(bare(first))
      expect(texts(owned(again))).toEqual(texts(owned(first)))
    }), { seed: 22, numRuns: 60 })
  })

  test('what was added by an apply goes when it is applied no more', () => {
    fc.assert(fc.property(config, config, (base, extra) => {
      const made = stored(spec, base)
      const managedFields = trackUpdate({ ...writeOf(spec, 'c'), before: undefined, after: made })
      if (managedFields === undefined) return
      const live = { ...made, metadata: { ...made.metadata, managedFields } }
      let applied: KubeObject
      try {
        applied = apply('m', extra, live, false)
      } catch (error) {
        expect(error).toMatchObject({ reason: 'Conflict' })
        return
      }
      const { kind, apiVersion } = extra
      const none = { kind: kind!, apiVersion: apiVersion!, metadata: { name: 'x' } }
      const gone = apply('m', none, applied)
      expect(isEmpty(owned(gone, 'm'))).toBe(true)
      const left = texts(fieldsOf(plan, gone))
      const lost = texts(fieldsOf(plan, made))
        .filter((one) => !left.includes(one) && !one.startsWith('f:metadata'))
      expect(lost).toEqual([])
    }), { seed: 23, numRuns: 60 })
  })

  test('an update changes owners only of what it changes', () => {
    fc.assert(fc.property(config, config, (base, other) => {
      const first = apply('m', base)
      const after = stored(spec, other)
      const entries = trackUpdate({ ...writeOf(spec, 'u'), before: first, after })
      const object = { ...after, metadata: { ...after.metadata, managedFields: entries ?? [] } }
      const held = texts(owned(object as KubeObject, 'm'))
      for (const one of held) expect(texts(owned(first, 'm'))).toContain(one)
      for (const one of texts(owned(object as KubeObject, 'u'))) {
        expect(held).not.toContain(one)
      }
      if (sameJson(bare(first), bare(object as KubeObject))) {
        expect(entries).toBe(first.metadata?.managedFields)
      }
    }), { seed: 24, numRuns: 60 })
  })
})

import { seededRandom, silentLog } from '@slicewise/base'
import { expect, test } from 'vitest'
import { decodeObject } from '../decode.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../metadata-rules.ts'
import type { KubeObject, Stored } from '../object.ts'
import type { ClusterFacts, ResourceSpec } from '../resource.ts'
import { resourceTable } from '../resources.ts'
import type { AnyType, MessageType } from '../schema.ts'
import { StatusError } from '../status.ts'
import { serviceAllocation } from './service-allocation.ts'

/** Whatever a client sends: the rules answer with causes and never throw. */

const depthMax = 9
const texts = ['', 'a', 'A b', '10.0.0.1', 'fd00::1', 'None', 'Exists', 'In', 'x/y', '../a', '-1']

type Random = () => number
const pick = <T>(random: Random, from: readonly T[]): T | undefined =>
  from[Math.floor(random() * from.length)]

function value(
  type: AnyType, allowed: readonly string[] | undefined, random: Random, depth: number,
): unknown {
  if (random() < 0.04) return null
  switch (type.kind) {
    case 'message': return message(type, random, depth + 1)
    case 'list': {
      const count = depth > depthMax ? 0 : Math.floor(random() * 3)
      return Array.from({ length: count }, () => value(type.of, allowed, random, depth + 1))
    }
    case 'map': return random() < 0.3
      ? {} : { [pick(random, texts) ?? 'k']: value(type.of, undefined, random, depth + 1) }
    case 'bool': return random() < 0.5
    case 'int32': case 'int64': case 'double': return pick(random, [0, 1, 80, 70000, -1])
    case 'quantity': return pick(random, ['0', '1', '-1', '500m', '1Gi'])
    case 'intOrString': return pick(random, [0, 80, '', 'http', '25%', 'a--b'])
    case 'time': return '2026-01-01T00:00:00Z'
    case 'microTime': return '2026-01-01T00:00:00.000000Z'
    case 'bytes': return 'YQ=='
    case 'raw': case 'fieldsV1': return {}
    default: return pick(random, random() < 0.7 && allowed ? allowed : texts)
  }
}

function message(type: MessageType<unknown>, random: Random, depth: number): unknown {
  const made: Record<string, unknown> = {}
  const chance = depth < 3 ? 0.6 : depth > depthMax ? 0.05 : 0.25
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.inline) Object.assign(made, value(field.type, undefined, random, depth) ?? {})
    else if (random() < chance) made[name] = value(field.type, field.enum, random, depth)
  }
  return made
}

function body(row: ResourceSpec, random: Random): KubeObject {
  for (;;) {
    try {
      const object = decodeObject(row.schema, message(row.schema, random, 0), 'Ignore').value
      object.metadata ??= {}
      return object
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
    }
  }
}

function judge(
  row: ResourceSpec, next: KubeObject, before: KubeObject, facts: ClusterFacts,
): number {
  const old = before as Stored
  row.defaults?.(before)
  row.defaults?.(next)
  if (row.kind === 'Service') serviceAllocation(next, old, facts)
  const updated = structuredClone(next)
  row.prepareUpdate?.(updated, old, facts)
  const status = structuredClone(next)
  row.prepareStatusUpdate?.(status, old)
  if (row.kind === 'Service') serviceAllocation(next, undefined, facts)
  row.prepareCreate?.(next, facts)
  row.generationChanged?.(updated, old)
  row.warnings?.(next, undefined)
  for (const read of Object.values(row.fieldSelectors ?? {})) read(next)
  row.view?.toStored(row.view.fromStored(row.view.toStored(structuredClone(next))))
  const refused = row.validate?.(next, facts) ?? []
  // Only what was accepted is ever printed.
  if (refused.length === 0) {
    for (const column of row.columns ?? []) column.cell(next as Stored, 0)
    row.rowConditions?.(next as Stored)
  }
  return [
    ...validateObjectMeta(next.metadata ?? {}, row), ...refused,
    ...validateObjectMetaUpdate(updated.metadata ?? {}, old.metadata, row),
    ...row.validateUpdate?.(updated, old, facts) ?? [],
    ...row.validateStatusUpdate?.(status, old) ?? [],
  ].length
}

test.each(resourceTable.map((row) => [`${row.group}/${row.resource}`, row] as const))(
  'rules of %s answer anything', (name, row) => {
    const random = seededRandom(7)
    const facts: ClusterFacts = {
      ipFamilies: ['IPv4', 'IPv6'],
      env: {
        nowMs: () => 0, elapsedMs: () => 0, after: () => () => undefined, random,
        uid: () => 'uid', log: silentLog,
        checked: true,
      },
    }
    let causes = 0
    for (let round = 0; round < 150; round++) {
      causes += judge(row, body(row, random), body(row, random), facts)
    }
    expect(causes, name).toBeGreaterThan(0)
  })

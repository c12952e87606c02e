import fc from 'fast-check'
import { type MessageType, type ResourceSpec, StatusError, resourceTable } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { arbitraryOf } from '../../tools/testkit/schema-arbitrary.ts'
import type { Answer, PatchRequest } from './contract.ts'
import type { OpenRegistry } from './registry.ts'
import { openTestRegistry, testCaller } from './test-env.ts'

const caller = testCaller()
const rows = resourceTable.filter(row => row.virtual !== true)

/** Values that no schema allows, and texts that have tripped servers. */
const garbage = fc.oneof(
  fc.constantFrom<unknown>(null, 0, '', [], {}, 'x', true, { $patch: 'delete' }, { $patch: 'odd' },
    [null], [{ $patch: 'replace' }], { spec: null }, { metadata: [] }, { metadata: { name: 5 } },
    { spec: { $retainKeys: ['a'] } }, { metadata: { managedFields: [] } },
    { metadata: { labels: { ['__proto__']: 'x', constructor: 'y' } } }, '\ud800'),
  fc.jsonValue({ maxDepth: 4 }))

/** A refusal is an answer; anything else that is thrown is a fault. */
async function answers(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    expect(error.code, error.message).toBeLessThan(500)
    return undefined
  }
}

function placed(row: ResourceSpec, name: string): {
  caller: typeof caller; spec: ResourceSpec; namespace: string; name: string
} {
  return { caller, spec: row, namespace: row.namespaced ? 'default' : '', name }
}

async function write(registry: OpenRegistry, row: ResourceSpec, value: unknown, given: Given) {
  const { name, type, subresource, mode } = given
  const more = {
    ...(subresource === '' ? {} : { subresource }), fieldValidation: mode, fieldManager: 'fuzz',
  }
  const at = placed(row, name)
  const body = { value }
  switch (type) {
    case 'create': return await answers(registry.create({ ...placed(row, ''), ...more, body }))
    case 'update': return await answers(registry.update({ ...at, ...more, body }))
    default: return await answers(registry.patch({ ...at, ...more, type, body }))
  }
}

interface Given {
  readonly name: string
  readonly type: 'create' | 'update' | PatchRequest['type']
  readonly subresource: string
  readonly mode: string
}

const given = fc.record<Given>({
  name: fc.constantFrom('a', 'b', 'c'),
  type: fc.constantFrom('create', 'update', 'json', 'merge', 'strategic', 'apply'),
  subresource: fc.constantFrom('', '', '', 'status', 'scale', 'finalize', 'binding', 'eviction'),
  mode: fc.constantFrom('Ignore', 'Warn', 'Strict'),
})

const operation = fc.record({
  op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'odd'),
  path: fc.constantFrom('/spec', '/metadata/name', '/metadata', '/status/x', '', '/-', '/spec/0/a'),
  from: fc.constantFrom('/spec', '/metadata/labels', '/x'),
  value: garbage,
})

/** A body that may have the right envelope round a random object. */
function bodyOf(row: ResourceSpec, { name, type }: Given): fc.Arbitrary<unknown> {
  if (type === 'json') return fc.oneof(garbage, fc.array(operation, { maxLength: 4 }))
  const object = arbitraryOf(row.schema as MessageType<unknown>, 5).map(value => ({
    ...(value as object), kind: row.kind,
    apiVersion: row.group === '' ? row.version : `${row.group}/${row.version}`,
    metadata: { ...(value as { metadata?: object }).metadata, name, namespace: undefined },
  }))
  return fc.oneof({ weight: 1, arbitrary: garbage }, { weight: 3, arbitrary: object })
}

test('whatever is written, nothing breaks and what is stored can be read', async () => {
  const registry = await openTestRegistry()
  const one = fc.nat(rows.length - 1).chain(index => given.chain(how =>
    bodyOf(rows[index]!, how).map(value => ({ index, how, value }))))
  await fc.assert(fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 8 }), async steps => {
    for (const { index, how, value } of steps) {
      const row = rows[index]!
      const answer = await write(registry, row, structuredClone(value), how)
      const object = answer?.object
      if (object === undefined) continue
      const text = new TextDecoder().decode(object.bytes())
      expect(text.startsWith('{"metadata":{"')).toBe(true)
      expect(JSON.parse(text).metadata.resourceVersion).toBeUndefined()
      const stored = object.object()
      expect({ ...stored.metadata, resourceVersion: undefined })
        .toEqual({ ...JSON.parse(text).metadata, resourceVersion: undefined })
    }
  }), { numRuns: 400, seed: 20261121 })
  for (const row of rows) {
    const list = await registry.list({ ...placed(row, ''), namespace: '' })
    for (const item of list.items) {
      await answers(registry.delete({
        ...placed(row, item.name), namespace: item.namespace, options: {},
      }))
    }
  }
  await registry.close()
}, 60_000)

import { expect, test } from 'vitest'
import { resourceTable } from '../resources.ts'
import { StatusError } from '../status.ts'
import { type JsonObject, decodePatched, isObject } from './result.ts'
import cases from './strategic.cases.json' with { type: 'json' }
import { strategicMergePatch } from './strategic.ts'

/** What the reference answered, with its defaults; `look` is the part that the case is about. */
interface Case {
  readonly name: string
  readonly resource: string
  readonly live: JsonObject
  readonly patch: unknown
  readonly look: string
  readonly result: unknown
}

const partOf = (object: unknown, path: string): unknown =>
  path.split('.').reduce((at, name) => (isObject(at) ? at[name] : undefined), object) ?? null

test.each(cases as unknown as readonly Case[])('$name', (one) => {
  const { resource, live, patch, look, result } = one
  const row = resourceTable.find((one) => one.resource === resource)!
  const patched = (): unknown => {
    const merged = strategicMergePatch(row.schema, structuredClone(live), structuredClone(patch))
    const { value } = decodePatched(row.schema, merged, 'Strict')
    row.defaults?.(value)
    return partOf(value, look)
  }
  if (isObject(result) && 'refused' in result) {
    expect(patched).toThrow(StatusError)
    const codes = result['refused'] === 500 ? [400, 422] : [result['refused']]
    expect(codes).toContain(codeOf(patched))
    return
  }
  const mine = patched()
  expect({ part: result }).toMatchObject({ part: mine })
  if (Array.isArray(result)) expect(mine).toHaveLength(result.length)
})

function codeOf(run: () => unknown): number {
  try {
    run()
    return 200
  } catch (error) {
    return (error as StatusError).code
  }
}

const { schema: services } = resourceTable.find((row) => row.resource === 'services')!

test('long lists merge in linear time', () => {
  const ports = (from: number, of: object): object[] =>
    Array.from({ length: 50_000 }, (_, at) => ({ port: from + at, ...of }))
  const merged = strategicMergePatch(services, { spec: { ports: ports(0, {}) } },
    { spec: { ports: ports(25_000, { name: 'x' }) } })
  expect((merged['spec'] as { ports: object[] }).ports).toHaveLength(75_000)
})

test('__proto__ stays a member', () => {
  const merged = strategicMergePatch(services, { metadata: { labels: { a: 'b' } } },
    JSON.parse('{"metadata":{"labels":{"__proto__":"x","toString":null}}}'))
  expect(JSON.stringify(merged)).toBe('{"metadata":{"labels":{"a":"b","__proto__":"x"}}}')
})

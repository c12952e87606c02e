import fc from 'fast-check'
import type { AnyType, Field, MessageType } from '../../packages/kube/schema.ts'

const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,6}[a-z0-9])?$/)
const seconds = fc.integer({ min: -60_000_000_000, max: 250_000_000_000 })
  .map((value) => `${new Date(value * 1000).toISOString().slice(0, 19)}Z`)

/** Free-form values without numbers that JSON cannot keep. */
const json = fc.jsonValue({ maxDepth: 2, noUnicodeString: false })

/** JSON that a client might send for a schema: any subset of the fields, any depth it allows. */
export function arbitraryOf(type: AnyType, depth = 8): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'string': return fc.oneof(name, fc.string({ maxLength: 12, unit: 'grapheme' }))
    case 'bool': return fc.boolean()
    case 'int32': return fc.oneof(fc.integer(), fc.constant(0))
    case 'int64': return fc.oneof(fc.maxSafeInteger(), fc.constant(0))
    case 'double': return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'bytes': return fc.base64String({ maxLength: 16 })
    case 'time': return fc.oneof(seconds, fc.constant(null))
    case 'microTime': return fc.tuple(seconds, fc.integer({ min: 0, max: 999_999 }))
      .map(([text, micros]) => `${text.slice(0, -1)}.${String(micros).padStart(6, '0')}Z`)
    case 'quantity': return fc.tuple(fc.integer({ min: 0, max: 99_999 }),
      fc.constantFrom('', 'm', 'k', 'Ki', 'Mi', 'G')).map(([count, unit]) => `${count}${unit}`)
    case 'intOrString': return fc.oneof(fc.integer(), name)
    case 'raw': return json
    case 'fieldsV1': return fc.constant({ 'f:metadata': { 'f:labels': { '.': {} } } })
    case 'list': return fc.array(arbitraryOf(type.of, depth - 1), { maxLength: 3 })
    case 'map': return fc.dictionary(name, arbitraryOf(type.of, depth - 1), { maxKeys: 3 })
    case 'message': return arbitraryMessage(type, depth)
  }
}

function arbitraryMessage(type: MessageType<unknown>, depth: number): fc.Arbitrary<object> {
  if (depth <= 0) return fc.constant({})
  const members: Record<string, fc.Arbitrary<unknown>> = {}
  collect(type, members, depth)
  return fc.record(members, { requiredKeys: [], noNullPrototype: true })
}

function collect(
  type: MessageType<unknown>, members: Record<string, fc.Arbitrary<unknown>>, depth: number,
): void {
  for (const [key, field] of Object.entries(type.fields)) {
    if (field.inline && field.type.kind === 'message') collect(field.type, members, depth)
    else members[key] = sometimes(field, depth)
  }
}

/** Most fields of a large message are left out, else every object is huge. */
function sometimes(field: Field, depth: number): fc.Arbitrary<unknown> {
  const nested = ['message', 'list', 'map'].includes(field.type.kind)
  return fc.oneof({ weight: nested ? 4 : 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.memo(() => arbitraryOf(field.type, depth - 1))() })
}

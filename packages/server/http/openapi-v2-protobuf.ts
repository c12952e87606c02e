import type { Json, Swagger } from './openapi-v2.ts'

/**
 * Swagger 2.0 in the protobuf form that the Go clients read (`openapi.v2.Document` of
 * gnostic-models): field numbers are facts of that format. Only what Kubernetes documents hold is
 * written. Each path and each definition is one part, so that a caller may pause between them.
 */
export function* swaggerParts(swagger: Swagger): Generator<Buffer> {
  yield text(1, swagger.swagger)
  yield message(2, [text(1, swagger.info.title), text(2, swagger.info.version)])
  for (const [path, item] of Object.entries(swagger.paths)) {
    yield message(8, [message(2, [text(1, path), message(2, pathItem(item))])])
  }
  for (const [name, schema] of Object.entries(swagger.definitions)) {
    yield message(9, [message(1, [text(1, name), message(2, schemaParts(schema))])])
  }
}

type Parts = readonly Buffer[]

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80)
  return Buffer.from([...bytes, value])
}

const bytes = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(value.length), value])

const text = (field: number, value: string | undefined): Buffer =>
  value === undefined || value === '' ? Buffer.alloc(0) : bytes(field, Buffer.from(value))

const texts = (field: number, values: readonly string[] | undefined): Buffer =>
  Buffer.concat((values ?? []).map((value) => bytes(field, Buffer.from(value))))

const flag = (field: number, value: boolean | undefined): Buffer =>
  value ? Buffer.concat([varint(field * 8), Buffer.from([1])]) : Buffer.alloc(0)

const message = (field: number, parts: Parts): Buffer => bytes(field, Buffer.concat(parts))

/** `Any`: the value as YAML text, and JSON is YAML. */
const any = (field: number, value: unknown): Buffer =>
  value === undefined ? Buffer.alloc(0) : message(field, [text(2, JSON.stringify(value))])

const extensions = (field: number, from: Json): Buffer =>
  Buffer.concat(Object.entries(from).filter(([key]) => key.startsWith('x-'))
    .map(([key, value]) => message(field, [text(1, key), any(2, value)])))

const methodFields = { get: 2, put: 3, post: 4, delete: 5, patch: 8 } as const

function pathItem(item: Json): Parts {
  const parts: Buffer[] = []
  for (const [method, field] of Object.entries(methodFields)) {
    if (item[method]) parts.push(message(field, operation(item[method] as Json)))
  }
  return [...parts, ...(item['parameters'] ?? []).map((one: Json) => parameterItem(9, one))]
}

const operation = (from: Json): Parts => [
  texts(1, from['tags']),
  text(3, from['description']),
  text(5, from['operationId']),
  texts(6, from['produces']),
  texts(7, from['consumes']),
  ...(from['parameters'] ?? []).map((one: Json) => parameterItem(8, one)),
  message(9, Object.entries((from['responses'] ?? {}) as Json).map(([code, response]) =>
    message(1, [text(1, code), message(2, [message(1, responseParts(response as Json))])]))),
  extensions(13, from),
]

const responseParts = (response: Json): Parts => [
  text(1, response['description']),
  ...(response['schema']
    ? [message(2, [message(1, schemaParts(response['schema'] as Json))])] : []),
]

function parameterItem(field: number, from: Json): Buffer {
  return message(field, [message(1, [from['in'] === 'body'
    ? message(1, [
      text(1, from['description']), text(2, from['name']), text(3, 'body'),
      flag(4, from['required']),
      ...(from['schema'] ? [message(5, schemaParts(from['schema'] as Json))] : []),
    ])
    : message(2, [plainParameter(from)])])])
}

/** Query and path parameters differ by one member, which moves the numbers after it. */
function plainParameter(from: Json): Buffer {
  const isQuery = from['in'] === 'query'
  const shift = isQuery ? 1 : 0
  return message(isQuery ? 3 : 4, [
    flag(1, from['required']),
    text(2, from['in']),
    text(3, from['description']),
    text(4, from['name']),
    text(5 + shift, from['type']),
    text(6 + shift, from['format']),
    flag(19 + shift, from['uniqueItems']),
  ])
}

function schemaParts(schema: Json): Parts {
  const { additionalProperties, items, properties } = schema
  return [
    text(1, schema['$ref']),
    text(2, schema['format']),
    text(4, schema['description']),
    any(5, schema['default']),
    texts(19, schema['required']),
    ...(schema['enum'] ?? []).map((value: unknown) => any(20, value)),
    ...(typeof additionalProperties === 'object'
      ? [message(21, [message(1, schemaParts(additionalProperties as Json))])] : []),
    ...(schema['type'] ? [message(22, [text(1, schema['type'])])] : []),
    ...(items ? [message(23, [message(1, schemaParts(items as Json))])] : []),
    ...(properties ? [message(25, Object.entries(properties as Json).map(([name, one]) =>
      message(1, [text(1, name), message(2, schemaParts(one as Json))])))] : []),
    extensions(31, schema),
  ]
}

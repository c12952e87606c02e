/**
 * The older form of the OpenAPI documents: one Swagger 2.0 document for all groups. kubectl before
 * 1.29 reads it for `explain` and for validation, and only in its protobuf form
 * (`openapi-v2-protobuf.ts`).
 */
export interface Swagger {
  readonly swagger: '2.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Json>>
  readonly definitions: Readonly<Record<string, Json>>
}

export type Json = Readonly<Record<string, any>>

/** Joins OpenAPI 3.0 documents, given as parsed JSON, into one Swagger document. */
export function swaggerOf(documents: readonly Json[], version: string): Swagger {
  const paths: Record<string, Json> = {}
  const definitions: Record<string, Json> = {}
  for (const document of documents) {
    for (const [path, item] of Object.entries(document['paths'] as Json)) {
      paths[path] ??= pathItem(item)
    }
    const schemas = document['components']?.schemas as Json | undefined
    for (const [name, schema] of Object.entries(schemas ?? {})) {
      definitions[name] = joined(definitions[name], schemaOf(schema))
    }
  }
  return { swagger: '2.0', info: { title: 'Kubernetes', version }, paths, definitions }
}

const kinds = 'x-kubernetes-group-version-kind'

/** DeleteOptions and the like stand in several documents, each with the kinds of its group. */
function joined(known: Json | undefined, schema: Json): Json {
  if (known?.[kinds] === undefined || schema[kinds] === undefined) return known ?? schema
  const all = new Map<string, unknown>()
  for (const one of [...known[kinds], ...schema[kinds]]) all.set(JSON.stringify(one), one)
  return { ...known, [kinds]: [...all.values()] }
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

function pathItem(item: Json): Json {
  const out: Record<string, unknown> = {}
  for (const method of methods) if (item[method]) out[method] = operation(item[method] as Json)
  if (item['parameters']) out['parameters'] = item['parameters'].map(parameter)
  return out
}

function operation(from: Json): Json {
  const content = from['requestBody']?.content as Json | undefined
  const parameters: Json[] = (from['parameters'] ?? []).map(parameter)
  if (content !== undefined) {
    const schema = (Object.values(content)[0] as Json | undefined)?.['schema'] as Json | undefined
    parameters.unshift({
      name: 'body', in: 'body', required: true, ...(schema ? { schema: schemaOf(schema) } : {}),
    })
  }
  const responses: Record<string, Json> = {}
  const produces = new Set<string>()
  for (const [code, response] of Object.entries((from['responses'] ?? {}) as Json)) {
    const bodies = (response.content ?? {}) as Json
    for (const type of Object.keys(bodies)) produces.add(type)
    const schema = (Object.values(bodies)[0] as Json | undefined)?.['schema'] as Json | undefined
    responses[code] = {
      description: response.description, ...(schema ? { schema: schemaOf(schema) } : {}),
    }
  }
  return {
    ...Object.fromEntries(Object.entries(from).filter(([key]) =>
      key.startsWith('x-') || ['tags', 'description', 'operationId'].includes(key))),
    ...(content === undefined ? {} : { consumes: Object.keys(content) }),
    produces: [...produces],
    ...(parameters.length === 0 ? {} : { parameters }),
    responses,
  }
}

function parameter(from: Json): Json {
  const { schema, ...rest } = from
  return { ...rest, ...schema as Json }
}

/** References lose their wrapping and point into `definitions`; the rest stays as it is. */
function schemaOf(schema: Json): Json {
  const { allOf, $ref, properties, items, additionalProperties, ...rest } = schema
  const reference = ($ref ?? (allOf?.length === 1 ? allOf[0].$ref : undefined)) as
    string | undefined
  if (reference !== undefined) {
    const { default: _dropped, ...others } = rest
    return { ...others, $ref: reference.replace('#/components/schemas/', '#/definitions/') }
  }
  const out: Record<string, unknown> = { ...rest }
  delete out['oneOf']
  delete out['anyOf']
  if (items !== undefined) out['items'] = schemaOf(items as Json)
  if (typeof additionalProperties === 'object') {
    out['additionalProperties'] = schemaOf(additionalProperties as Json)
  }
  if (properties !== undefined) {
    out['properties'] = Object.fromEntries(Object.entries(properties as Json)
      .map(([name, one]) => [name, schemaOf(one as Json)]))
  }
  return out
}

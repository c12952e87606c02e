import { deleteOptions, listMeta, statusDetails } from './kinds/meta.ts'
import {
  deleteOptionsSchema, patchSchema, pathsOf, statusSchema,
} from './openapi-paths.ts'
import { type GroupVersionKind, type Schema, SchemaSet } from './openapi-schemas.ts'
import type { ResourceSpec } from './resource.ts'

export interface OpenApiDocument {
  /** Such as `api/v1` and `apis/apps/v1`. */
  readonly path: string
  /** OpenAPI 3.0 as JSON. */
  readonly text: string
  /** Changes exactly when the text does. */
  readonly hash: string
}

/** The OpenAPI of a resource table. Documents are made at first use and kept. */
export interface OpenApi {
  /** Body of `/openapi/v3`: where each group version's document is, with its hash. */
  index(): Readonly<{ paths: Readonly<Record<string, { readonly serverRelativeURL: string }>> }>
  /** Undefined when the table has no such group version. */
  document(path: string): OpenApiDocument | undefined
}

/** `version` is what `info.version` shows, such as `1.36`. */
export function openApiOf(rows: readonly ResourceSpec[], version: string): OpenApi {
  const byPath = new Map<string, ResourceSpec[]>()
  for (const row of rows) {
    const path = row.group === '' ? `api/${row.version}` : `apis/${row.group}/${row.version}`
    const found = byPath.get(path)
    if (found === undefined) byPath.set(path, [row])
    else found.push(row)
  }
  const kinds = kindsBySchema(rows)
  const made = new Map<string, OpenApiDocument>()
  const document = (path: string): OpenApiDocument | undefined => {
    const known = made.get(path)
    const own = byPath.get(path)
    if (known !== undefined || own === undefined) return known
    const text = JSON.stringify(documentOf(own, kinds, version))
    const fresh = { path, text, hash: hashOf(text) }
    made.set(path, fresh)
    return fresh
  }
  const index = (): ReturnType<OpenApi['index']> => ({
    paths: Object.fromEntries([...byPath.keys()].sort().map((path) =>
      [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${document(path)?.hash}` }])),
  })
  return { document, index }
}

/** Which kinds a schema is the body of; a schema that is none has no entry. */
function kindsBySchema(rows: readonly ResourceSpec[]): Map<string, GroupVersionKind[]> {
  const kinds = new Map<string, GroupVersionKind[]>()
  const add = (schema: string, kind: GroupVersionKind): void => {
    if (!kinds.has(schema)) kinds.set(schema, [kind])
  }
  for (const { group, version, kind, schema, subresources } of rows) {
    add(schema.name, { group, kind, version })
    for (const one of subresources ?? []) {
      if (one.schema === undefined) continue
      add(one.schema.name, {
        group: one.group ?? group, kind: one.kind ?? kind, version: one.version ?? version,
      })
    }
  }
  return kinds
}

function documentOf(
  rows: readonly ResourceSpec[], kinds: Map<string, GroupVersionKind[]>, version: string,
): Schema {
  const { group } = rows[0]!
  const withOptions = new Map(kinds)
  const options = { kind: 'DeleteOptions', version: 'v1' }
  withOptions.set(deleteOptionsSchema, [
    { group: '', ...options },
    ...(group === '' ? [] : [{ group, ...options, version: rows[0]!.version }]),
  ])
  const schemas = new SchemaSet(withOptions)
  if (rows.some((row) => row.verbs.includes('delete'))) {
    schemas.addSpecial(patchSchema)
    schemas.addMessage(deleteOptions)
    schemas.addLiteral(statusSchema, statusOf(schemas))
  }
  const paths: Record<string, Schema> = {}
  for (const row of rows) {
    schemas.addMessage(row.schema)
    if (row.verbs.includes('list')) {
      schemas.addList(row.schema, listMeta,
        { group: row.group, kind: row.kind, version: row.version })
    }
    for (const { schema } of row.subresources ?? []) if (schema) schemas.addMessage(schema)
    Object.assign(paths, pathsOf(row))
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths,
    components: {
      schemas: schemas.all(),
      securitySchemes: {
        BearerToken: {
          type: 'apiKey', description: 'Bearer token', name: 'authorization', in: 'header',
        },
      },
    },
  }
}

function statusOf(schemas: SchemaSet): Schema {
  const text = (description: string): Schema => ({ description, type: 'string' })
  return {
    description: 'Why a request failed, or that it succeeded without an object to return.',
    type: 'object',
    properties: {
      apiVersion: text('Group and version of the form the object is written in.'),
      code: { description: 'HTTP status code.', type: 'integer', format: 'int32' },
      details: {
        description: 'Which object and which fields are meant.',
        allOf: [schemas.addMessage(statusDetails)],
      },
      kind: text('The kind of the object.'),
      message: text('What happened, for people.'),
      metadata: {
        description: 'Where an expired list continues.',
        default: {}, allOf: [schemas.addMessage(listMeta)],
      },
      reason: text('What happened, for programs.'),
      status: text('Success or Failure.'),
    },
    'x-kubernetes-group-version-kind': [{ group: '', kind: 'Status', version: 'v1' }],
  }
}

/** 128 bits that differ when the text differs; no protection against one who tries. */
function hashOf(text: string): string {
  let a = 0x9e3779b9, b = 0x243f6a88, c = 0xb7e15162, d = 0xdeadbeef
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    a = Math.imul(a ^ char, 0x9e3779b1)
    b = Math.imul(b ^ char, 0x85ebca77)
    c = Math.imul(c + char, 0xc2b2ae3d) ^ (a >>> 15)
    d = Math.imul(d + char, 0x27d4eb2f) ^ (b >>> 13)
  }
  return [a, b, c, d].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('')
    .toUpperCase()
}

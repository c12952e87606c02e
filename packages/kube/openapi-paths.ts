import type { GroupVersionKind, Schema } from './openapi-schemas.ts'
import { refTo } from './openapi-schemas.ts'
import type { ResourceSpec, SubresourceSpec } from './resource.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
export const patchSchema = `${meta}Patch`
export const statusSchema = `${meta}Status`
export const deleteOptionsSchema = `${meta}DeleteOptions`

const parameter = (
  where: 'query' | 'path', name: string, type: string, description: string,
): Schema => ({
  name, in: where, description, ...(where === 'path' ? { required: true } : {}),
  schema: { type, uniqueItems: true },
})
const query = (name: string, type: string, description: string): Schema =>
  parameter('query', name, type, description)

const dryRun = query('dryRun', 'string', 'With `All` everything happens but the write.')
const fieldManager = query('fieldManager', 'string', 'Who owns the written fields.')
const fieldValidation = query('fieldValidation', 'string',
  'What becomes of unknown and duplicate fields: Ignore, Warn or Strict.')
const writing = [dryRun, fieldManager, fieldValidation]
const patching = [...writing, query('force', 'boolean',
  'Apply takes fields over from other managers.')]

const selecting = [
  query('continue', 'string', 'Token of the page before.'),
  query('fieldSelector', 'string', 'Only objects whose fields match.'),
  query('labelSelector', 'string', 'Only objects whose labels match.'),
  query('limit', 'integer', 'Largest number of objects in an answer.'),
  query('resourceVersion', 'string', 'The revision to read, or to watch from.'),
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant: Exact or NotOlderThan.'),
  query('sendInitialEvents', 'boolean', 'A watch begins with the objects there are.'),
  query('timeoutSeconds', 'integer', 'How long the request may last.'),
]
const listing = [
  query('allowWatchBookmarks', 'boolean', 'A watch may send bookmarks.'),
  ...selecting,
  query('watch', 'boolean', 'Answer with a stream of changes.'),
]
const deleting = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'Seconds before the object is removed.'),
  query('orphanDependents', 'boolean', 'Deprecated: use propagationPolicy.'),
  query('propagationPolicy', 'string',
    'What becomes of dependents: Orphan, Background or Foreground.'),
]
const namespaceParameter = parameter('path', 'namespace', 'string', 'Namespace of the object.')
const pretty = query('pretty', 'string', 'Indent the answer.')

const patchTypes = [
  'application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const answerTypes = ['application/json', 'application/yaml']

const contentOf = (types: readonly string[], schema: Schema): Schema =>
  Object.fromEntries(types.map((type) => [type, { schema }]))

function responses(codes: readonly number[], name: string, watch = false): Schema {
  const types = watch ? [...answerTypes, 'application/json;stream=watch'] : answerTypes
  const content = contentOf(types, refTo(name))
  return {
    ...Object.fromEntries(codes.map((code) => [code, { description: texts[code], content }])),
    401: { description: 'Unauthorized' },
  }
}

const texts: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' }

/** What the operations of one path have in common. */
interface PathOf {
  readonly tag: string
  /** `AppsV1NamespacedDeployment`: what follows the verb in an operation's id. */
  readonly id: string
  readonly kind: GroupVersionKind
  readonly schema: string
  readonly name: string
}

function operation(
  of: PathOf, action: string, verb: string, rest: Schema & { readonly id?: string },
): Schema {
  const { id, ...members } = rest
  return {
    tags: [of.tag],
    description: `${verb} ${of.name}`,
    operationId: id ?? `${verb}${of.id}`,
    ...members,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': of.kind,
  }
}

const body = (name: string): Schema =>
  ({ content: contentOf(['*/*'], refTo(name)), required: true })

const operations = {
  list: (of: PathOf) => operation(of, 'list', 'list', {
    parameters: listing, responses: responses([200], `${of.schema}List`, true),
  }),
  create: (of: PathOf) => operation(of, 'post', 'create', {
    parameters: writing, requestBody: body(of.schema),
    responses: responses([200, 201, 202], of.schema),
  }),
  get: (of: PathOf) => operation(of, 'get', 'read', { responses: responses([200], of.schema) }),
  update: (of: PathOf) => operation(of, 'put', 'replace', {
    parameters: writing, requestBody: body(of.schema), responses: responses([200, 201], of.schema),
  }),
  patch: (of: PathOf) => operation(of, 'patch', 'patch', {
    parameters: patching,
    requestBody: { content: contentOf(patchTypes, refTo(patchSchema)), required: true },
    responses: responses([200, 201], of.schema),
  }),
  delete: (of: PathOf, answer: string) => operation(of, 'delete', 'delete', {
    parameters: deleting, requestBody: { content: contentOf(['*/*'], refTo(deleteOptionsSchema)) },
    responses: responses([200, 202], answer),
  }),
  deletecollection: (of: PathOf) => operation(of, 'deletecollection', 'delete', {
    id: `delete${of.id.replace('Namespaced', 'CollectionNamespaced')}`
      .replace(/^(delete(?:.*?)V\d+)(?!Collection)/, '$1Collection'),
    parameters: [...selecting, ...deleting],
    requestBody: { content: contentOf(['*/*'], refTo(deleteOptionsSchema)) },
    responses: responses([200], statusSchema),
  }),
}

/** `apps` of apps, `rbacAuthorization` of rbac.authorization.k8s.io, `core` of the core group. */
function groupWord(group: string): string {
  if (group === '') return 'core'
  return group.replace(/\.k8s\.io$/, '')
    .replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Paths of one row of the resource table, for every verb it has. */
export function pathsOf(row: ResourceSpec): Record<string, Schema> {
  const base = row.group === '' ? `/api/${row.version}` : `/apis/${row.group}/${row.version}`
  const word = `${capital(groupWord(row.group))}${capital(row.version)}`
  const scope = row.namespaced ? 'Namespaced' : ''
  const of: PathOf = {
    tag: `${groupWord(row.group)}_${row.version}`, id: `${word}${scope}${row.kind}`,
    kind: { group: row.group, version: row.version, kind: row.kind }, schema: row.schema.name,
    name: row.kind,
  }
  const common = row.namespaced ? [namespaceParameter, pretty] : [pretty]
  const collection = `${base}${row.namespaced ? '/namespaces/{namespace}' : ''}/${row.resource}`
  const paths: Record<string, Schema> = {}
  const has = (verb: ResourceSpec['verbs'][number]): boolean => row.verbs.includes(verb)
  if (row.namespaced && has('list')) {
    paths[`${base}/${row.resource}`] = {
      get: operations.list({ ...of, id: `${word}${row.kind}ForAllNamespaces` }),
      parameters: [pretty],
    }
  }
  paths[collection] = {
    ...(has('list') ? { get: operations.list(of) } : {}),
    ...(has('create') ? { post: operations.create(of) } : {}),
    ...(has('deletecollection') ? { delete: operations.deletecollection(of) } : {}),
    parameters: common,
  }
  const nameParameter = parameter('path', 'name', 'string', `Name of the ${row.kind}.`)
  if (has('get') || has('update') || has('delete')) {
    paths[`${collection}/{name}`] = {
      ...(has('get') ? { get: operations.get(of) } : {}),
      ...(has('update') ? { put: operations.update(of) } : {}),
      ...(has('delete')
        ? { delete: operations.delete(of, row.deleteReturnsObject ? of.schema : statusSchema) }
        : {}),
      ...(has('patch') ? { patch: operations.patch(of) } : {}),
      parameters: [nameParameter, ...common],
    }
  }
  for (const subresource of row.subresources ?? []) {
    paths[`${collection}/{name}/${subresource.name}`] = {
      ...subresourceOperations(of, subresource), parameters: [nameParameter, ...common],
    }
  }
  return paths
}

function subresourceOperations(parent: PathOf, subresource: SubresourceSpec): Schema {
  const kind: GroupVersionKind = {
    group: subresource.group ?? parent.kind.group,
    version: subresource.version ?? parent.kind.version,
    kind: subresource.kind ?? parent.kind.kind,
  }
  const of: PathOf = {
    ...parent, kind, id: `${parent.id}${capital(subresource.name)}`,
    schema: subresource.schema?.name ?? parent.schema,
    name: `${subresource.name} of ${parent.name}`,
  }
  return Object.fromEntries(subresource.verbs.map((verb) => [
    { create: 'post', get: 'get', patch: 'patch', update: 'put' }[verb], operations[verb](of),
  ]))
}

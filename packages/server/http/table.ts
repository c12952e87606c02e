import { type Column, type KubeObject, type ResourceSpec, type Stored, StatusError, formatAge,
} from '@slicewise/kube'
import type { CachedObject } from '../contract.ts'
import { splice, splicePartial, typeOf } from './spliced.ts'

export type IncludeObject = 'Metadata' | 'Object' | 'None'

export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? ''
  if (value === '') return 'Metadata'
  if (value === 'Metadata' || value === 'Object' || value === 'None') return value
  throw new StatusError('BadRequest',
    `Unable to convert to Table as requested: includeObject: Invalid value: ${
      JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`)
}

/** Columns of a kind that has no printer of its own. */
const defaultColumns: readonly Column<KubeObject>[] = [
  {
    name: 'Name', type: 'string', format: 'name', doc: 'Name of the object',
    cell: (object) => object.metadata.name,
  },
  {
    name: 'Created At', type: 'date', doc: 'When the object was made',
    cell: (object) => object.metadata.creationTimestamp,
  },
]

export const columnsOf = (spec: ResourceSpec): readonly Column<KubeObject>[] =>
  spec.columns ?? defaultColumns

const definitions = new WeakMap<readonly Column<KubeObject>[], string>()

/** The `columnDefinitions` of a kind as JSON, made once. */
export function definitionsText(columns: readonly Column<KubeObject>[]): string {
  let text = definitions.get(columns)
  if (text === undefined) {
    text = JSON.stringify(columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? '',
      description: column.doc ?? '',
      priority: column.priority ?? 0,
    })))
    definitions.set(columns, text)
  }
  return text
}

/** JSON of a table up to its rows; `]}` ends it. `columns` is null in all but the first event. */
export const tableHead = (metadata: string, columns: string): string =>
  `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${metadata},` +
  `"columnDefinitions":${columns},"rows":[`

/** One row of a table: cells, conditions and as much of the object as was asked for. */
export function rowOf(
  spec: ResourceSpec, object: CachedObject, include: IncludeObject, nowMs: number,
): Buffer {
  const parsed = object.object()
  const cells = columnsOf(spec).map((column) => column.cell(parsed, nowMs))
  const conditions = spec.rowConditions?.(parsed) ?? []
  const start = rowStart(cells, conditions)
  if (include === 'None') return Buffer.from(`${start}null}`)
  const rest = include === 'Object'
    ? splice(object, typeOf(spec), '', '}')
    : splicePartial(object, '', '}')
  return Buffer.concat([Buffer.from(start), rest])
}

function rowStart(cells: readonly unknown[], conditions: readonly unknown[]): string {
  const extra = conditions.length === 0 ? '' : `"conditions":${JSON.stringify(conditions)},`
  return `{"cells":${JSON.stringify(cells)},${extra}"object":`
}

/** Rows of answers that are no stored objects (Scale, and what a dry run would have made). */
export function plainTable(
  spec: ResourceSpec, object: KubeObject, include: IncludeObject, nowMs: number,
): unknown {
  const stored = object as Stored
  const columns = object.kind === 'Scale' ? scaleColumns : columnsOf(spec)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: stored.metadata.resourceVersion ?? '' },
    columnDefinitions: JSON.parse(definitionsText(columns)) as unknown,
    rows: [{
      cells: columns.map((column) => column.cell(stored, nowMs)),
      object: include === 'None' ? null : include === 'Object' ? object : partialOf(object),
    }],
  }
}

export const partialOf = (object: KubeObject): unknown => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata ?? {},
})

interface Scale extends KubeObject {
  spec?: { replicas?: number }
  status?: { replicas?: number }
}

const scaleColumns: readonly Column<KubeObject>[] = [
  {
    name: 'Name', type: 'string', doc: 'Name of the scaled object',
    cell: (object) => object.metadata.name,
  },
  {
    name: 'Desired', type: 'integer', doc: 'Wanted number of instances',
    cell: (object) => (object as Scale).spec?.replicas ?? 0,
  },
  {
    name: 'Available', type: 'integer', doc: 'Observed number of instances',
    cell: (object) => (object as Scale).status?.replicas ?? 0,
  },
  {
    name: 'Age', type: 'string', doc: 'Time since the scaled object was made',
    cell: (object, nowMs) => formatAge(object.metadata.creationTimestamp, nowMs),
  },
]

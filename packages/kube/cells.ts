import { formatAge } from './age.ts'
import type { KubeObject } from './object.ts'
import type { Column } from './resource.ts'

/** The first column of every table. */
export const nameColumn: Column<KubeObject> = {
  name: 'Name', type: 'string', format: 'name', doc: 'Unique among the objects of its kind.',
  cell: (object) => object.metadata.name,
}

/** Time since creation. */
export const ageColumn: Column<KubeObject> = {
  name: 'Age', type: 'string', doc: 'Time since the object was created.',
  cell: (object, nowMs) => formatAge(object.metadata.creationTimestamp, nowMs),
}

export const createdColumn: Column<KubeObject> = {
  name: 'Created At', type: 'date', doc: 'When the object was created.',
  cell: (object) => object.metadata.creationTimestamp,
}

type CellOf<T extends KubeObject> = Column<T>['cell']

export const textColumn = <T extends KubeObject>(
  name: string, doc: string, cell: CellOf<T>,
): Column<T> => ({ name, type: 'string', doc, cell })

/** Shown by `-o wide` only. */
export const wideColumn = <T extends KubeObject>(
  name: string, doc: string, cell: CellOf<T>,
): Column<T> => ({ name, type: 'string', priority: 1, doc, cell })

export const countColumn = <T extends KubeObject>(
  name: string, doc: string, cell: CellOf<T>,
): Column<T> => ({ name, type: 'integer', doc, cell })

/** The first three, comma separated, and how many more there are. */
export function clipped(items: readonly string[], whenNone: string): string {
  if (items.length === 0) return whenNone
  const more = items.length > 3 ? ` + ${items.length - 3} more...` : ''
  return items.slice(0, 3).join(',') + more
}

/** `k=v` pairs sorted by key. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return pairs.length === 0 ? '<none>' : pairs.map(([key, value]) => `${key}=${value}`).join(',')
}

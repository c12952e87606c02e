import { formatAge } from '../age.ts'
import { nameColumn, textColumn, wideColumn } from '../cells.ts'
import type { Column, FieldReader, ResourceSpec } from '../resource.ts'
import type { Stored } from '../object.ts'
import {
  eventFromStored, eventToStored, validateEvent, validateEventV1, validateEventV1Update,
} from './event-rules.ts'
import { type Event, type EventV1, event, eventV1 } from './event.ts'
import type { ObjectReference } from './reference.ts'
import { everyVerb } from './verbs.ts'

const firstSeen = (object: Event): string | null | undefined =>
  object.firstTimestamp || object.eventTime

const lastSeen = (object: Event): string | null | undefined => (object.series === undefined
  ? object.lastTimestamp || firstSeen(object) : object.series.lastObservedTime)

function sourceCell({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || ''
  const host = source?.host || reportingInstance || ''
  return host === '' ? component : `${component}, ${host}`
}

function targetCell({ involvedObject }: Event): string {
  const kind = (involvedObject?.kind ?? '').toLowerCase()
  return involvedObject?.name ? `${kind}/${involvedObject.name}` : kind
}

const columns: readonly Column<Event>[] = [
  textColumn('Last Seen', 'Time since it was last observed.',
    (object, nowMs) => formatAge(lastSeen(object), nowMs)),
  textColumn('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
  textColumn('Reason', 'Why it was reported, in one word.', ({ reason }) => reason ?? ''),
  textColumn('Object', 'What it is about.', targetCell),
  wideColumn('Subobject', 'Which part it is about.',
    ({ involvedObject }) => involvedObject?.fieldPath ?? ''),
  wideColumn('Source', 'Who reported it.', sourceCell),
  textColumn('Message', 'What happened, for people.', ({ message }) => (message ?? '').trim()),
  wideColumn('First Seen', 'Time since it was first observed.',
    (object, nowMs) => formatAge(firstSeen(object), nowMs)),
  wideColumn('Count', 'How often it was observed.',
    ({ series, count }) => (series === undefined ? count || 1 : series.count ?? 0)),
  { ...nameColumn, priority: 1 },
]

const referenceFields = [
  'kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath',
] as const

function referenceSelectors<T>(
  prefix: string, read: (object: T) => ObjectReference | undefined,
): Record<string, FieldReader<T>> {
  return Object.fromEntries(referenceFields.map((field) =>
    [`${prefix}.${field}`, (object: T): string => read(object)?.[field] ?? '']))
}

export const events: ResourceSpec<Event> = {
  group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true,
  singular: 'event',
  shortNames: ['ev'],
  verbs: everyVerb,
  schema: event,
  ttlSeconds: 3600,
  nameRule: 'subdomain',
  createOnUpdate: true,
  validate: validateEvent,
  validateUpdate: validateEvent,
  columns,
  fieldSelectors: {
    ...referenceSelectors<Event>('involvedObject', (object) => object.involvedObject),
    'reason': ({ reason }) => reason ?? '',
    'reportingComponent': ({ reportingComponent }) => reportingComponent ?? '',
    'source': ({ source, reportingComponent }) => source?.component || reportingComponent || '',
    'type': ({ type }) => type ?? '',
  },
}

const viewed = (object: Stored<EventV1>): Stored<Event> => eventToStored(object) as Stored<Event>

export const eventsV1: ResourceSpec<EventV1> = {
  group: 'events.k8s.io', version: 'v1', resource: 'events', kind: 'Event', namespaced: true,
  singular: 'event',
  shortNames: ['ev'],
  verbs: everyVerb,
  schema: eventV1,
  view: { of: 'events', fromStored: eventFromStored, toStored: eventToStored },
  ttlSeconds: 3600,
  nameRule: 'subdomain',
  createOnUpdate: true,
  validate: validateEventV1,
  validateUpdate: validateEventV1Update,
  columns: columns.map((column): Column<EventV1> =>
    ({ ...column, cell: (object, nowMs) => column.cell(viewed(object), nowMs) })),
  fieldSelectors: {
    ...referenceSelectors<EventV1>('regarding', (object) => object.regarding),
    'reason': ({ reason }) => reason ?? '',
    'reportingController': ({ reportingController }) => reportingController ?? '',
    'type': ({ type }) => type ?? '',
  },
}

import { qualifiedNameCauses, subdomainCauses } from '../causes.ts'
import { byteLength } from '../names.ts'
import type { KubeObject, Stored } from '../object.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import type { Event, EventV1 } from './event.ts'

const textBytesMax = 128
const noteBytesMax = 1024

/** The view of events.k8s.io onto a stored (core) Event. */
export function eventFromStored(object: KubeObject): EventV1 {
  const {
    involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent,
    reportingInstance, ...same
  } = object as Event
  return {
    ...same,
    ...(reportingComponent ? { reportingController: reportingComponent } : {}),
    ...(reportingInstance ? { reportingInstance } : {}),
    regarding: involvedObject,
    ...(message ? { note: message } : {}),
    deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? null,
    deprecatedLastTimestamp: lastTimestamp ?? null,
    ...(count ? { deprecatedCount: count } : {}),
  } as EventV1
}

/** The stored form of an Event written through events.k8s.io. */
export function eventToStored(object: EventV1): Event {
  const {
    regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp,
    deprecatedCount, reportingController, reportingInstance, ...same
  } = object
  return {
    ...same,
    involvedObject: regarding ?? {},
    ...(note ? { message: note } : {}),
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    ...(deprecatedCount ? { count: deprecatedCount } : {}),
    reportingComponent: reportingController ?? '',
    reportingInstance: reportingInstance ?? '',
  }
}

export const validateEvent = (event: Event): Cause[] => eventCauses(event, 'reportingComponent')

/** Rules for both groups; only the name of one field differs. */
function eventCauses(event: Event, reporter: string): Cause[] {
  const namespace = event.metadata?.namespace ?? ''
  const about = event.involvedObject?.namespace ?? ''
  const mismatch = cause.invalid('involvedObject.namespace', about,
    'does not match event.namespace')
  const names = subdomainCauses('namespace', namespace)
  if (!event.eventTime) {
    const fits = about === '' ? ['', 'default'].includes(namespace) : about === namespace
    return [...(fits ? [] : [mismatch]), ...names]
  }
  const found: Cause[] = []
  if (about === '' && !['default', 'kube-system'].includes(namespace)) found.push(mismatch)
  if (!event.reportingComponent) found.push(cause.required(reporter))
  found.push(...qualifiedNameCauses(reporter, event.reportingComponent ?? ''))
  for (const field of ['reportingInstance', 'action', 'reason'] as const) {
    if (!event[field]) found.push(cause.required(field))
    found.push(...lengthCauses(field, event[field], textBytesMax))
  }
  return [...found, ...lengthCauses('message', event.message, noteBytesMax), ...names]
}

function lengthCauses(field: string, text: string | undefined, max: number): Cause[] {
  return byteLength(text ?? '') <= max
    ? [] : [cause.invalid(field, '', `can have at most ${max} characters`)]
}

/** The newer API refuses what only the older one may set. */
export function validateEventV1(object: EventV1): Cause[] {
  const event = eventToStored(object)
  const found = [...eventCauses(event, 'reportingController'), ...seriesCauses(event)]
  if (!event.eventTime) found.push(cause.required('eventTime'))
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    found.push(cause.invalid('type', '', `has invalid value: ${event.type ?? ''}`))
  }
  const unset = (field: string): Cause => cause.invalid(field, '', 'needs to be unset')
  if (event.firstTimestamp) found.push(unset('firstTimestamp'))
  if (event.lastTimestamp) found.push(unset('lastTimestamp'))
  if (event.count) found.push(unset('count'))
  if (event.source?.component || event.source?.host) found.push(unset('source'))
  return found
}

function seriesCauses({ series }: Event): Cause[] {
  if (series === undefined) return []
  const found: Cause[] = []
  if ((series.count ?? 0) < 2) {
    found.push(cause.invalid('series.count', '', 'should be at least 2'))
  }
  if (!series.lastObservedTime) found.push(cause.required('series.lastObservedTime'))
  return found
}

const immutable = [
  'involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp', 'count',
  'reason', 'type', 'eventTime', 'action', 'related', 'reportingComponent', 'reportingInstance',
] as const

export function validateEventV1Update(next: EventV1, before: Stored<EventV1>): Cause[] {
  const now = eventToStored(next)
  const old = eventToStored(before)
  const found = eventCauses(now, 'reportingController')
  if (!sameValue(now.series, old.series)) found.push(...seriesCauses(now))
  for (const field of immutable) {
    if (sameValue(now[field] ?? '', old[field] ?? '')) continue
    const told = field === 'reportingComponent' ? 'reportingController' : field
    found.push(cause.invalid(told, now[field] ?? null, 'field is immutable'))
  }
  return found
}

import type { ResourceSpec } from '../resource.ts'
import { type Event, type EventV1, event, eventV1 } from './event.ts'
import { everyVerb } from './verbs.ts'

export const events: ResourceSpec<Event> = {
  group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true,
  singular: 'event',
  shortNames: ['ev'],
  verbs: everyVerb,
  schema: event,
  ttlSeconds: 3600,
  nameRule: 'subdomain',
  createOnUpdate: true,
}

export const eventsV1: ResourceSpec<EventV1> = {
  group: 'events.k8s.io', version: 'v1', resource: 'events', kind: 'Event', namespaced: true,
  singular: 'event',
  shortNames: ['ev'],
  verbs: everyVerb,
  schema: eventV1,
  ttlSeconds: 3600,
  nameRule: 'subdomain',
  createOnUpdate: true,
}

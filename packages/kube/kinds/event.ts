import { type Infer, always, field, int32, message, microTime, string, time } from '../schema.ts'
import { objectMeta } from './meta.ts'
import { objectReference } from './reference.ts'

const core = 'io.k8s.api.core.v1.'
const events = 'io.k8s.api.events.v1.'

export const eventSource = message(`${core}EventSource`, {
  component: field(1, string),
  host: field(2, string),
})
export interface EventSource extends Infer<typeof eventSource> {}

export const eventSeries = message(`${core}EventSeries`, {
  count: field(1, int32),
  lastObservedTime: always(2, microTime),
})
export interface EventSeries extends Infer<typeof eventSeries> {}

export const event = message(`${core}Event`, {
  metadata: always(1, objectMeta, { required: true }),
  involvedObject: always(2, objectReference, { required: true, doc: 'What it happened to.' }),
  reason: field(3, string, { doc: 'Why it was reported, in one word.' }),
  message: field(4, string, { doc: 'What happened, for people.' }),
  source: field(5, eventSource),
  firstTimestamp: always(6, time),
  lastTimestamp: always(7, time),
  count: field(8, int32, { doc: 'How often it has happened.' }),
  type: field(9, string, { doc: 'Normal or Warning.' }),
  eventTime: always(10, microTime),
  series: field(11, eventSeries, { pointer: true }),
  action: field(12, string),
  related: field(13, objectReference, { pointer: true }),
  reportingComponent: always(14, string),
  reportingInstance: always(15, string),
}, { doc: 'Something that happened to an object; kept for an hour.' })
export interface Event extends Infer<typeof event> {}

export const eventSeriesV1 = message(`${events}EventSeries`, {
  count: always(1, int32, { required: true }),
  lastObservedTime: always(2, microTime, { required: true }),
})
export interface EventSeriesV1 extends Infer<typeof eventSeriesV1> {}

export const eventV1 = message(`${events}Event`, {
  metadata: always(1, objectMeta),
  eventTime: always(2, microTime, { required: true, doc: 'When it was first observed.' }),
  series: field(3, eventSeriesV1, { pointer: true }),
  reportingController: field(4, string),
  reportingInstance: field(5, string),
  action: field(6, string),
  reason: field(7, string, { doc: 'Why it was reported, in one word.' }),
  regarding: field(8, objectReference, { doc: 'What it happened to.' }),
  related: field(9, objectReference, { pointer: true }),
  note: field(10, string, { doc: 'What happened, for people.' }),
  type: field(11, string, { doc: 'Normal or Warning.' }),
  deprecatedSource: field(12, eventSource),
  deprecatedFirstTimestamp: always(13, time),
  deprecatedLastTimestamp: always(14, time),
  deprecatedCount: field(15, int32),
}, { doc: 'Something that happened to an object; kept for an hour.' })
export interface EventV1 extends Infer<typeof eventV1> {}

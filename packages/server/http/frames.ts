import type { ResourceSpec, StatusError, Stored } from '@slicewise/kube'
import type { CachedEvent } from '../contract.ts'
import type { Frame } from './exchange.ts'
import { limits } from './limits.ts'
import { apiVersionOf, splice, splicePartial, typeOf } from './spliced.ts'
import { type IncludeObject, columnsOf, definitionsText, rowOf, tableHead } from './table.ts'

/** In which form events leave: part of what watchers must have in common to share frames. */
export type FrameForm = 'object' | 'partial' | IncludeObject

/** What the front keeps on an event: its frames, by form. */
interface Encoded {
  readonly spec: ResourceSpec
  readonly frames: Partial<Record<FrameForm, { readonly frame: Frame; readonly atMs: number }>>
}

const newFrame = (bytes: Buffer): Frame => ({ bytes, chunked: undefined })

/** The event as one line; made once for all watchers of one form, tables again when ages grew. */
export function frameOf(
  spec: ResourceSpec, event: CachedEvent, form: FrameForm, first: boolean, nowMs: number,
): Frame {
  const isTable = form !== 'object' && form !== 'partial'
  if (isTable && first) return newFrame(tableEvent(spec, event, form, true, nowMs))
  let encoded = event.encoded as Encoded | undefined
  if (encoded === undefined || encoded.spec !== spec) {
    encoded = { spec, frames: {} }
    event.encoded = encoded
  }
  const known = encoded.frames[form]
  if (known !== undefined && (!isTable || nowMs - known.atMs <= limits.tableFrameMs)) {
    return known.frame
  }
  const frame = newFrame(lineOf(spec, event, form, nowMs))
  encoded.frames[form] = { frame, atMs: nowMs }
  return frame
}

function lineOf(
  spec: ResourceSpec, event: CachedEvent, form: FrameForm, nowMs: number,
): Buffer {
  const before = `{"type":"${event.type}","object":`
  if (form === 'object') return splice(event.object, typeOf(spec), before, '}\n')
  if (form === 'partial') return splicePartial(event.object, before, '}\n')
  return tableEvent(spec, event, form, false, nowMs)
}

function tableEvent(
  spec: ResourceSpec, event: CachedEvent, include: IncludeObject, first: boolean, nowMs: number,
): Buffer {
  const columns = first ? definitionsText(columnsOf(spec)) : 'null'
  const head = tableHead(`{"resourceVersion":"${event.object.revision}"}`, columns)
  return Buffer.concat([
    Buffer.from(`{"type":"${event.type}","object":${head}`),
    rowOf(spec, event.object, include, nowMs),
    Buffer.from(']}}\n'),
  ])
}

export function bookmarkFrame(
  spec: ResourceSpec, revision: number, initialEventsEnd: boolean, form: FrameForm, first: boolean,
): Frame {
  const metadata = {
    resourceVersion: String(revision),
    ...(initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  }
  const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
  if (form === 'object') {
    return lineFrame({ kind: spec.kind, apiVersion: apiVersionOf(spec), metadata })
  }
  if (form === 'partial') return lineFrame(partial)
  const columns = columnsOf(spec)
  return lineFrame({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: metadata.resourceVersion },
    columnDefinitions: first ? JSON.parse(definitionsText(columns)) as unknown : null,
    rows: [{ cells: bookmarkCells(columns), object: form === 'None' ? null : partial }],
  })
}

/** What an object without anything in it would show. */
function bookmarkCells(columns: ReturnType<typeof columnsOf>): unknown[] {
  const nothing = { metadata: { name: '', uid: '', resourceVersion: '' } } as Stored
  return columns.map((column) => column.cell(nothing, 0))
}

const lineFrame = (object: unknown): Frame =>
  newFrame(Buffer.from(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`))

export const errorFrame = (error: StatusError): Frame =>
  newFrame(Buffer.from(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`))

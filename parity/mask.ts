/**
 * Makes transcripts of two servers comparable: whatever a server chooses by itself (uids,
 * resourceVersions, times, allocated addresses and ports, generated names) becomes a mark numbered
 * by order of appearance, so that "the same value again" stays visible. What the script itself
 * sent is never masked.
 */
import type { Exchange } from './exchange.ts'
import { pickFrom } from './pick.ts'

export interface Entry {
  readonly title: string
  readonly request: string
  readonly code: number
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: unknown
}

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const time = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g
const serviceAddress4 = /\b10\.96\.\d{1,3}\.\d{1,3}\b/g
const serviceAddress6 = /\bfd00:10:96::[0-9a-f:]+\b/g
const accessVolume = /kube-api-access-[a-z0-9]{5}/g
const nodePortCell = /(?<=:)3[0-2]\d{3}(?=\/)/g
const age = /^(<invalid>|\d+[smhdy](\d+[smhd])?)$/

/** The ConfigMap that every namespace gets. */
export const trustBundle = 'kube-root-ca.crt'

interface Masker {
  /** Everything that the script sent, as one text. */
  readonly sent: string
  readonly namespace: string
  readonly marks: Map<string, string>
  readonly counts: Map<string, number>
  readonly nowMs: number
}

/** The transcript of a group; `nowMs` tells the server's times from those that scripts make up. */
export function maskExchanges(
  exchanges: readonly Exchange[], namespace: string, sent: string, nowMs: number,
): Entry[] {
  const masker: Masker = { sent, namespace, marks: new Map(), counts: new Map(), nowMs }
  for (const { answer } of exchanges) findGeneratedNames(masker, answer.body)
  return exchanges.map(({ step, answer }) => ({
    title: step.title,
    request: `${step.method} ${step.path}`,
    code: answer.code,
    ...step.silent ? { headers: {}, body: '<not compared>' } : {
      headers: maskValue(masker, answer.headers, '') as Entry['headers'],
      body: maskValue(masker, pickFrom(step, answer), ''),
    },
  }))
}

function mark(masker: Masker, kind: string, value: string): string {
  const known = masker.marks.get(value)
  if (known !== undefined) return known
  const count = (masker.counts.get(kind) ?? 0) + 1
  masker.counts.set(kind, count)
  const made = `<${kind} ${count}>`
  masker.marks.set(value, made)
  return made
}

/** True for a prefix and the five letters and digits that a server appends. */
const isGenerated = (name: string, prefix: string) => name.startsWith(prefix.slice(0, 58))
  && /^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(name.slice(prefix.slice(0, 58).length))

/** A refused name stands in a Status without `generateName`: the script's own prefix tells. */
function findRefusedNames(masker: Masker, text: string): void {
  for (const [, prefix = ''] of masker.sent.matchAll(/"generateName":"([^"]+)"/g)) {
    if (isGenerated(text, prefix)) mark(masker, `name ${prefix}`, text)
  }
}

/** Names are recognised by the `generateName` beside them, then masked wherever they occur. */
function findGeneratedNames(masker: Masker, value: unknown): void {
  if (typeof value === 'string') return findRefusedNames(masker, value)
  if (value === null || typeof value !== 'object') return
  if (Array.isArray(value)) return value.forEach(item => findGeneratedNames(masker, item))
  const { generateName, name } = value as { generateName?: unknown; name?: unknown }
  if (typeof generateName === 'string' && typeof name === 'string'
    && isGenerated(name, generateName)) {
    mark(masker, `name ${generateName}`, name)
  }
  Object.values(value).forEach(member => findGeneratedNames(masker, member))
}

function maskValue(masker: Masker, value: unknown, field: string): unknown {
  if (typeof value === 'string') return maskText(masker, value, field)
  if (typeof value === 'number') return maskNumber(masker, value, field)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map(item => maskValue(masker, item, field))
    return field === 'managedFields' ? items.sort(byManager) : items
  }
  return maskObject(masker, value as Record<string, unknown>)
}

/**
 * A uid and a revision are named after their object, so that an object which one server lacks does
 * not renumber those of all others.
 */
function nameIdentity(masker: Masker, meta: Record<string, unknown>): void {
  const { name, uid, resourceVersion } = meta
  if (typeof name !== 'string' || typeof uid !== 'string') return
  const shown = masker.marks.get(name) ?? name.replaceAll(masker.namespace, '<ns>')
  if (!masker.sent.includes(uid)) mark(masker, `uid of ${shown}`, uid)
  if (typeof resourceVersion !== 'string' || !/^\d+$/.test(resourceVersion)) return
  if (!masker.sent.includes(`"${resourceVersion}"`)) {
    mark(masker, `revision of ${shown}`, resourceVersion)
  }
}

/** Both servers have it; how it came about is not compared. */
function isTrustBundle(value: Record<string, unknown>): boolean {
  const object = (value['object'] ?? value) as { metadata?: { name?: unknown } } | null
  return object?.metadata?.name === trustBundle
}

function maskObject(masker: Masker, value: Record<string, unknown>): unknown {
  if (isTrustBundle(value) && !('type' in value)) return `<${trustBundle}>`
  nameIdentity(masker, value)
  const table = value['kind'] === 'Table'
  if (value['type'] === 'BOOKMARK') {
    return { ...value, object: maskBookmark(masker, value['object']) }
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => {
    if (key === 'metadata' && (Array.isArray(value['items']) || table)) {
      return [key, maskListMeta(masker, member)]
    }
    if (table && key === 'columnDefinitions' && Array.isArray(member)) {
      return [key, member.map(column => ({ ...column, description: '<text>' }))]
    }
    return [maskText(masker, key, ''), maskValue(masker, member, key)]
  }))
}

/** A bookmark's resourceVersion is the store's too. */
function maskBookmark(masker: Masker, object: unknown): unknown {
  return maskValue(masker, JSON.parse(JSON.stringify(object, (key, value: unknown) =>
    key === 'resourceVersion' && value !== '' ? '<list revision>' : value)), '')
}

/** A list's resourceVersion is the store's, which other groups move meanwhile. */
function maskListMeta(masker: Masker, meta: unknown): unknown {
  if (meta === null || typeof meta !== 'object') return meta
  return Object.fromEntries(Object.entries(meta).map(([key, value]) => {
    if (key === 'resourceVersion' && value !== '') return [key, '<list revision>']
    if (key === 'continue' && value !== '') return [key, '<token>']
    return [key, maskValue(masker, value, key)]
  }))
}

function maskText(masker: Masker, text: string, field: string): string {
  const keep = (value: string) => masker.sent.includes(value)
  if (field === 'resourceVersion' && /^\d+$/.test(text)) {
    return keep(`"${text}"`) ? text : mark(masker, 'revision', text)
  }
  if (field === 'cells' && age.test(text)) return '<age>'
  const marked = (kind: string) => (value: string) =>
    keep(value) ? value : mark(masker, kind, value)
  let masked = text.replaceAll(masker.namespace, '<ns>')
    .replace(uuid, marked('uid'))
    .replace(time, value => keep(value) || !isNow(masker, value) ? value : timeMark(value))
    .replace(serviceAddress4, marked('address 4'))
    .replace(serviceAddress6, marked('address 6'))
    .replace(accessVolume, 'kube-api-access-<random>')
  if (field === 'cells') masked = masked.replace(nodePortCell, marked('port'))
  for (const [value, made] of masker.marks) {
    if (made.startsWith('<name ')) masked = masked.replaceAll(value, made)
  }
  return masked
}

/** How many fraction digits a time has is part of the format. */
const timeMark = (value: string) => value.includes('.') ? '<micro time>' : '<time>'

function isNow(masker: Masker, value: string): boolean {
  return Math.abs(Date.parse(value) - masker.nowMs) < 26 * 3600_000
}

function maskNumber(masker: Masker, value: number, field: string): number | string {
  const port = field === 'nodePort' || field === 'healthCheckNodePort'
  return port && !masker.sent.includes(String(value)) ? mark(masker, 'port', String(value)) : value
}

function byManager(a: unknown, b: unknown): number {
  return managerKey(a) < managerKey(b) ? -1 : 1
}

/** Entries of one second stand by manager, others by time: the order may depend on the second. */
function managerKey(entry: unknown): string {
  const { operation, manager, subresource, apiVersion } =
    entry as Record<string, string | undefined>
  return [operation, manager, subresource ?? '', apiVersion].join('\n')
}

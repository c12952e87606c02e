/** Finds where two transcripts of one script differ, leaving out what no client may rely on. */
import type { Entry } from './mask.ts'

export interface Difference {
  /** `group: step`. */
  readonly step: string
  /** `group: step: member`, the member as a path such as `body.spec.ports[0].port`. */
  readonly where: string
  readonly reference: unknown
  readonly ours: unknown
}

export type MemberDifference = Omit<Difference, 'step'>

/** Texts are free, except for these, which clients look for or people know by heart. */
const firmTexts = [
  / not found$/, / already exists$/, /^too old resource version/,
  /: the object has been modified; please apply your changes to/,
  /^Apply failed with /, /cannot (get|list|watch|create|update|patch|delete) /,
]
/** Of a cause's message the form is firm, the detail after it free. */
const causeForm = new RegExp(`^(${[
  'Required value', 'Invalid value', 'Unsupported value', 'Duplicate value', 'Forbidden',
  'Too (many|long|few)', 'Not found', 'Internal error', 'Too large resource version',
  'conflict with "[^"]*"( using [^:]*)?',
].join('|')})`)

export function compareEntries(
  group: string, reference: readonly Entry[], ours: readonly Entry[],
): Difference[] {
  return reference.flatMap((entry, index) => {
    const other = ours[index]
    const found = differences(firmParts(entry), other && firmParts(other))
    return named(`${group}: ${entry.title}`, found)
  })
}

/** Says of members to which step they belong. */
export function named(step: string, found: readonly MemberDifference[]): Difference[] {
  return found.map(each => ({ ...each, step, where: `${step}: ${each.where}` }))
}

function firmParts({ code, headers, body }: Entry): object {
  const { 'content-type': type, warning, ...rest } = headers
  return {
    code,
    headers: {
      ...rest,
      ...warning ? { warning: [...warning].sort() } : {},
      ...type ? { 'content-type': type.map(text => text.replaceAll('; ', ';').toLowerCase()) } : {},
    },
    body: firm(body, code >= 400 && type?.[0]?.startsWith('text/plain')),
  }
}

function firm(value: unknown, plain = false): unknown {
  if (plain && typeof value === 'string') return value.trim()
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(item => firm(item))
  const record = value as Record<string, unknown>
  if (record['kind'] === 'Status' && typeof record['status'] === 'string') return firmStatus(record)
  return Object.fromEntries(Object.entries(record).map(([key, member]) => [key, firm(member)]))
}

function firmStatus(status: Record<string, unknown>): unknown {
  const message = String(status['message'] ?? '')
  const details = status['details'] as { causes?: readonly Record<string, string>[] } | undefined
  const causes = details?.causes && distinctCauses(details.causes)
  return {
    ...status,
    message: firmTexts.some(text => text.test(message)) ? message : message === '' ? '' : '<text>',
    ...details ? { details: { ...details, ...causes ? { causes } : {} } } : {},
  }
}

/** As a set: the reference tells one cause once for each of its layers, in an order by chance. */
function distinctCauses(causes: readonly Record<string, string>[]): readonly unknown[] {
  const found = causes.map(({ reason, field, message = '' }) =>
    ({ reason, field, message: causeForm.exec(message)?.[0] ?? '<text>' }))
  const distinct = new Map(found.map(each => [JSON.stringify(each), each]))
  return [...distinct.values()].sort((a, b) => causeKey(a) < causeKey(b) ? -1 : 1)
}

const causeKey = (cause: { reason: unknown; field: unknown }) => `${cause.field}\n${cause.reason}`

/** Every member in which two JSON values differ; a missing member is `undefined`. */
export function differences(
  reference: unknown, ours: unknown, where = '',
): MemberDifference[] {
  if (Object.is(reference, ours)) return []
  if (isMap(reference) && isMap(ours)) {
    const names = [...new Set([...Object.keys(reference), ...Object.keys(ours)])].sort()
    return names.flatMap(name =>
      differences(reference[name], ours[name], where === '' ? name : `${where}.${name}`))
  }
  if (Array.isArray(reference) && Array.isArray(ours)) {
    const length = Math.max(reference.length, ours.length)
    return Array.from({ length }, (_, index) => index).flatMap(index =>
      differences(reference[index], ours[index], `${where}[${index}]`))
  }
  return [{ where, reference, ours }]
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

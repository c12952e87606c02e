import { readRoot, refusal, startReading, unrecognized } from './decode-reader.ts'
import { countNames, duplicateNames } from './json-text.ts'
import { limits } from './limits.ts'
import type { MessageType } from './schema.ts'

/** What becomes of unknown and duplicate fields: dropped, reported, or refused. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

export interface Decoded<T> {
  readonly value: T
  /** Such as `unknown field "spec.ports[0].foo"` and `duplicate field "data.a"`; Warn only. */
  readonly findings: readonly string[]
}

/**
 * Reads a JSON body as one object of a kind: text that is not JSON, a duplicate name, and all that
 * `decodeObject` refuses throw `BadRequest`.
 */
export function decodeText<T>(
  schema: MessageType<T>, text: string, mode: FieldValidation,
): Decoded<T> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw unrecognized(schema, `json parse error: ${(error as Error).message}`)
  }
  return decodeObject(schema, json, mode, text)
}

/**
 * Gives a parsed body the form in which Go would write it back: unknown and null members are
 * dropped, so are zero values of `omitempty` fields, what always stands is completed, times,
 * quantities and base64 are canonical. Owns `json`: the result may be the same object, changed.
 * `text`, where there is one, is searched for duplicate names. `kind` and `apiVersion` stay.
 *
 * Throws `BadRequest` for a value of the wrong type; the message names the field. Numbers beyond
 * 2^53 are refused, not rounded. Strict throws `BadRequest` with every finding.
 */
export function decodeObject<T>(
  schema: MessageType<T>, json: unknown, mode: FieldValidation, text?: string,
): Decoded<T> {
  const reading = startReading(schema, mode !== 'Ignore')
  const value = readRoot(reading, json)
  if (mode === 'Ignore') return { value: value as T, findings: [] }
  const findings = reading.findings
  if (text !== undefined && countNames(text) !== reading.names) {
    addDuplicates(findings, text)
  }
  if (mode === 'Strict' && findings.length > 0) {
    throw refusal(reading, `strict decoding error: ${findings.join(', ')}`)
  }
  return { value: value as T, findings }
}

function addDuplicates(findings: string[], text: string): void {
  const unknown = findings.map((one) => one.slice('unknown field "'.length, -1))
  for (const path of duplicateNames(text, limits.decodeFindingsMax)) {
    const inside = unknown.some((field) =>
      path === field || (path.startsWith(field) && /^[.[]/.test(path.slice(field.length))))
    if (!inside && findings.length < limits.decodeFindingsMax) {
      findings.push(`duplicate field ${JSON.stringify(path)}`)
    }
  }
}

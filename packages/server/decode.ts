import {
  type FieldValidation, type KubeObject, type MessageType, type ObjectMeta, type ResourceSpec,
  decodeObject,
} from '@slicewise/kube'
import type { Body, Caller } from './contract.ts'
import { checkKind } from './metadata.ts'
import { badRequest } from './refusals.ts'

/** An object under way: metadata is there and may be changed. */
export type Draft = KubeObject & { metadata: ObjectMeta }

interface Reading {
  /** What kind and version must say where they are given. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly caller: Caller
  readonly validation: FieldValidation
}

/**
 * Reads a body as one object of a schema. Findings of the text parser and of the reader are
 * reported as warnings, or refused together under Strict.
 */
export function decodeBody<T extends KubeObject>(
  schema: MessageType<T>, body: Body, { kind, caller, validation }: Reading,
): T & Draft {
  checkKind(body.value, kind)
  const mode = validation === 'Ignore' ? 'Ignore' : 'Warn'
  const decoded = decodeObject(schema, body.value, mode)
  if (validation !== 'Ignore') {
    const { group, version, kind: name } = kind
    const place = group === '' ? version : `${group}/${version}`
    report([...decoded.findings, ...(body.findings ?? [])], validation, caller,
      `${name} in version "${place}" cannot be handled as a ${name}: `)
  }
  const object = decoded.value as T & Draft
  object.metadata ??= {}
  return object
}

export function report(
  findings: readonly string[], validation: FieldValidation, caller: Caller, what = '',
): void {
  if (findings.length === 0) return
  if (validation === 'Strict') {
    throw badRequest(`${what}strict decoding error: ${findings.join(', ')}`)
  }
  for (const finding of findings) caller.warn(finding)
}

/** The same for a value the server itself has put together from a stored object. */
export function decodeQuietly(spec: ResourceSpec, value: unknown): Draft {
  const object = decodeObject(spec.schema, value, 'Ignore').value as Draft
  object.metadata ??= {}
  return object
}

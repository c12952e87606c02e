import type { StatusCause, StatusDetails } from './kinds/meta.ts'
import { limits } from './limits.ts'

/** Machine-readable reasons of a failure (metav1.StatusReason) and their HTTP codes. */
export const statusCodes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  Conflict: 409,
  AlreadyExists: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const
export type StatusReason = keyof typeof statusCodes

/** The `Status` object that answers a failed request. */
export interface Status {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly continue?: string }
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: StatusReason | (string & {})
  readonly details?: StatusDetails
  readonly code?: number
}

export interface StatusErrorOptions {
  readonly details?: StatusDetails
  /** Restart token of an expired list. */
  readonly continue?: string
  readonly cause?: unknown
}

/** A refusal in the form Kubernetes uses; thrown by every `Api`, local or remote. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly reason: StatusReason
  readonly code: number
  readonly details: StatusDetails | undefined
  readonly continueToken: string | undefined
  constructor(reason: StatusReason, message: string, options: StatusErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = reason
    this.code = statusCodes[reason]
    this.details = options.details
    this.continueToken = options.continue
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

/** Reasons of one cause inside an `Invalid` or `BadRequest` status (metav1.CauseType). */
export type CauseReason =
  | 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueNotSupported' | 'FieldValueDuplicate'
  | 'FieldValueForbidden' | 'FieldValueNotFound' | 'FieldValueTooLong' | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid' | 'InternalError'

/** One finding of a validation rule: what is wrong with which field. */
export interface Cause extends StatusCause {
  readonly reason: CauseReason
  readonly message: string
  /** Path such as `spec.ports[0].nodePort` or `data[key]`. */
  readonly field: string
}

const quote = (value: unknown): string => JSON.stringify(value) ?? 'null'

/** Makers of causes; messages have the form of k8s.io/apimachinery's field errors. */
export const cause = {
  required: (field: string, detail = ''): Cause =>
    ({ reason: 'FieldValueRequired', message: withDetail('Required value', detail), field }),
  invalid: (field: string, value: unknown, detail: string): Cause =>
    ({ reason: 'FieldValueInvalid', message: `Invalid value: ${quote(value)}: ${detail}`, field }),
  notSupported: (field: string, value: unknown, supported: readonly string[]): Cause => ({
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${quote(value)}: supported values: ${
      [...supported].sort().map(quote).join(', ')}`,
    field,
  }),
  duplicate: (field: string, value: unknown): Cause =>
    ({ reason: 'FieldValueDuplicate', message: `Duplicate value: ${quote(value)}`, field }),
  forbidden: (field: string, detail: string): Cause =>
    ({ reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field }),
  notFound: (field: string, value: unknown): Cause =>
    ({ reason: 'FieldValueNotFound', message: `Not found: ${quote(value)}`, field }),
  tooLong: (field: string, maxBytes: number): Cause => ({
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${maxBytes} bytes`,
    field,
  }),
  tooMany: (field: string, count: number, max: number): Cause => ({
    reason: 'FieldValueTooMany',
    message: `Too many: ${count}: must have at most ${max} items`,
    field,
  }),
  typeInvalid: (field: string, value: unknown, detail: string): Cause => ({
    reason: 'FieldValueTypeInvalid', message: `Invalid value: ${quote(value)}: ${detail}`, field,
  }),
} as const

function withDetail(message: string, detail: string): string {
  return detail === '' ? message : `${message}: ${detail}`
}

/**
 * The 422 that reports every cause, or the first thousand: a body of bad items has a hundred times
 * its size in causes. `kind` is the Kind, `group` empty for the core group.
 */
export function invalid(
  kind: string, group: string, name: string, all: readonly Cause[],
): StatusError {
  const causes = all.slice(0, limits.causesMax)
  const lines = causes.map((one) => `${one.field}: ${one.message}`)
  if (all.length > causes.length) lines.push(`and ${all.length - causes.length} more`)
  const what = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`
  const qualified = group === '' ? kind : `${kind}.${group}`
  const details: StatusDetails = { causes }
  if (kind !== '') details.kind = kind
  if (name !== '') details.name = name
  if (group !== '') details.group = group
  return new StatusError('Invalid', `${qualified} "${name}" is invalid: ${what}`, { details })
}

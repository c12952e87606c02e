import {
  labelFaults, portNameFaults, portNumberFaults, qualifiedNameFaults, subdomainFaults,
} from './names.ts'
import { type Cause, cause } from './status.ts'

/** Turns the faults of a text into causes on one field. */
export function invalidAll(field: string, value: unknown, faults: readonly string[]): Cause[] {
  return faults.map((fault) => cause.invalid(field, value, fault))
}

/** A value that must be set and one of a closed list. */
export function enumCauses(
  field: string, value: string | undefined, allowed: readonly string[],
): Cause[] {
  if (value === undefined || value === '') return [cause.required(field)]
  return optionalEnumCauses(field, value, allowed)
}

/** A value that may be unset. */
export function optionalEnumCauses(
  field: string, value: string | undefined | null, allowed: readonly string[],
): Cause[] {
  if (value === undefined || value === null || allowed.includes(value)) return []
  return [cause.notSupported(field, value, allowed)]
}

/** As `enumCauses`, for the fields whose refusal lists the values in an order of its own. */
export function listedEnumCauses(
  field: string, value: string | undefined, allowed: readonly string[],
): Cause[] {
  if (value === undefined || value === '') return [cause.required(field)]
  return allowed.includes(value) ? [] : [notListed(field, value, allowed)]
}

/** As `cause.notSupported`, for the refusals that list the values in an order of their own. */
export function notListed(field: string, value: unknown, allowed: readonly string[]): Cause {
  const values = allowed.map((one) => JSON.stringify(one)).join(', ')
  return {
    reason: 'FieldValueNotSupported', field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`,
  }
}

/** Effects of taints in the order refusals list them. */
export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const

export const labelCauses = (field: string, text: string): Cause[] =>
  invalidAll(field, text, labelFaults(text))
export const subdomainCauses = (field: string, text: string): Cause[] =>
  invalidAll(field, text, subdomainFaults(text))
export const qualifiedNameCauses = (field: string, text: string): Cause[] =>
  invalidAll(field, text, qualifiedNameFaults(text))

/** A port number, or the name of a container port. */
export function portCauses(field: string, port: number | string): Cause[] {
  return invalidAll(field, port,
    typeof port === 'number' ? portNumberFaults(port) : portNameFaults(port))
}

export function nonNegativeCauses(field: string, value: number | undefined | null): Cause[] {
  return (value ?? 0) >= 0
    ? []
    : [cause.invalid(field, value, 'must be greater than or equal to 0')]
}

export const immutableCause = (field: string, value: unknown): Cause =>
  cause.invalid(field, value ?? null, 'field is immutable')

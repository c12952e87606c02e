import { immutableCause, nonNegativeCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import type { ControllerRevision } from './controller-revision.ts'

export function validateRevision({ revision, data }: ControllerRevision): Cause[] {
  const found = nonNegativeCauses('revision', revision)
  if (data === undefined || data === null) {
    found.push(cause.required('data', 'data is mandatory'))
  } else if (typeof data !== 'object' || Array.isArray(data)) {
    found.push(cause.required('data', 'data must be a valid JSON object'))
  }
  return found
}

export function validateRevisionUpdate(
  next: ControllerRevision, before: Stored<ControllerRevision>,
): Cause[] {
  const found = nonNegativeCauses('revision', next.revision)
  if (!sameValue(next.data, before.data)) found.push(immutableCause('data', next.data))
  return found
}

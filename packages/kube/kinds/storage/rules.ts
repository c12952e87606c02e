import { immutableCause, qualifiedNameCauses } from '../../causes.ts'
import { byteLength } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { type StorageClass, volumeBindingModeValues } from './storage-class.ts'

const parametersMax = 512
const parameterBytesMax = 256 * 1024
const reclaimPolicies = ['Delete', 'Retain']

export function defaultStorageClass(object: StorageClass): void {
  object.reclaimPolicy ??= 'Delete'
  object.volumeBindingMode ??= 'Immediate'
}

export function validateStorageClass(object: StorageClass): Cause[] {
  const { provisioner, parameters = {}, reclaimPolicy = '', volumeBindingMode } = object
  const found = provisioner === '' ? [cause.required('provisioner')]
    : qualifiedNameCauses('provisioner', provisioner.toLowerCase())
  const pairs = Object.entries(parameters)
  if (pairs.length > parametersMax) {
    found.push(cause.tooLong('parameters', parametersMax))
  } else {
    if (pairs.some(([key]) => key === '')) {
      found.push(cause.invalid('parameters', '', 'field can not be empty.'))
    }
    const bytes = pairs.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0)
    if (bytes > parameterBytesMax) found.push(cause.tooLong('parameters', parameterBytesMax))
  }
  if (reclaimPolicy !== '' && !reclaimPolicies.includes(reclaimPolicy)) {
    found.push(cause.notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies))
  }
  if (volumeBindingMode === undefined) found.push(cause.required('volumeBindingMode'))
  else if (!volumeBindingModeValues.includes(volumeBindingMode)) {
    found.push(cause.notSupported('volumeBindingMode', volumeBindingMode, volumeBindingModeValues))
  }
  return [...found, ...topologyCauses(object)]
}

function topologyCauses({ allowedTopologies = [] }: StorageClass): Cause[] {
  const found: Cause[] = []
  const seen: unknown[] = []
  for (const [index, term] of allowedTopologies.entries()) {
    const at = `allowedTopologies[${index}].matchLabelExpressions`
    const values: Record<string, string[]> = {}
    for (const [n, { key, values: wanted }] of (term.matchLabelExpressions ?? []).entries()) {
      if (!wanted?.length) found.push(cause.required(`${at}[${n}].values`))
      for (const [m, one] of (wanted ?? []).entries()) {
        if (wanted.indexOf(one) < m) found.push(cause.duplicate(`${at}[${n}].values[${m}]`, one))
      }
      found.push(...qualifiedNameCauses(`${at}[${n}].key`, key))
      if (values[key] !== undefined) found.push(cause.duplicate(`${at}[${n}].key`, key))
      values[key] = [...wanted ?? []].sort()
    }
    if (seen.some((one) => sameValue(one, values))) found.push(cause.duplicate(at, ''))
    seen.push(values)
  }
  return found
}

const immutable = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const

export function validateStorageClassUpdate(
  next: StorageClass, before: Stored<StorageClass>,
): Cause[] {
  return immutable.filter((name) => !sameValue(next[name], before[name]))
    .map((name) => immutableCause(name, next[name]))
}

import { immutableCause, listedEnumCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { type Cause, cause } from '../../status.ts'
import type { PriorityClass } from './priority-class.ts'

const highestOfUsers = 1_000_000_000
const systemPrefix = 'system-'
const systemClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}

export function defaultPriorityClass(object: PriorityClass): void {
  object.preemptionPolicy ??= 'PreemptLowerPriority'
}

export function validatePriorityClass(object: PriorityClass): Cause[] {
  const { metadata, value, preemptionPolicy } = object
  const name = metadata?.name ?? ''
  const found: Cause[] = []
  if (name.startsWith(systemPrefix)) {
    const wrong = systemFault(name, object)
    if (wrong !== undefined) {
      found.push(cause.forbidden('metadata.name', `priority class names with '${systemPrefix}' `
        + `prefix are reserved for system use only. error: ${wrong}`))
    }
  } else if (value > highestOfUsers) {
    found.push(cause.forbidden('value',
      `maximum allowed value of a user defined priority is ${highestOfUsers}`))
  }
  if (preemptionPolicy !== undefined) {
    found.push(...listedEnumCauses('preemptionPolicy', preemptionPolicy,
      ['PreemptLowerPriority', 'Never']))
  }
  return found
}

function systemFault(name: string, { value, globalDefault }: PriorityClass): string | undefined {
  const wanted = systemClasses[name]
  if (wanted === undefined) return `${name} is not a known system priority class`
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`
  return globalDefault === true ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

export function validatePriorityClassUpdate(
  next: PriorityClass, before: Stored<PriorityClass>,
): Cause[] {
  const found: Cause[] = []
  if (next.value !== before.value) {
    found.push(cause.forbidden('value', 'may not be changed in an update.'))
  }
  if (next.preemptionPolicy !== before.preemptionPolicy) {
    found.push(immutableCause('preemptionPolicy', next.preemptionPolicy))
  }
  return found
}

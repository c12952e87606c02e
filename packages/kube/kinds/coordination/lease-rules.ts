import { invalidAll } from '../../causes.ts'
import { qualifiedNameFaults } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { type Cause, cause } from '../../status.ts'
import type { Lease } from './lease.ts'

const strategies = ['OldestEmulationVersion']

/** Coordinated elections are not served: their fields are dropped, unless they stand already. */
export function prepareLease(next: Lease, before?: Stored<Lease>): void {
  if (next.spec === undefined) return
  if (before?.spec?.strategy === undefined) delete next.spec.strategy
  if (before?.spec?.preferredHolder === undefined) delete next.spec.preferredHolder
}

export function validateLease({ spec = {} }: Lease): Cause[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec
  const found: Cause[] = []
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    found.push(cause.invalid('spec.leaseDurationSeconds', leaseDurationSeconds,
      'must be greater than 0'))
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    found.push(cause.invalid('spec.leaseTransitions', leaseTransitions,
      'must be greater than or equal to 0'))
  }
  if (strategy?.includes('/') === true) {
    found.push(...invalidAll('spec.strategy.strategy', strategy, qualifiedNameFaults(strategy)))
  } else if (strategy !== undefined && !strategies.includes(strategy)) {
    found.push(cause.notSupported('spec.strategy.strategy', strategy, strategies))
  }
  if (preferredHolder && !strategy) {
    found.push(cause.forbidden('spec.preferredHolder',
      'may only be specified if `strategy` is defined'))
  }
  return found
}

import { nonNegativeCauses } from '../../causes.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { countOrPercentCauses, notAboveAll } from '../apps/rules.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import {
  type PodDisruptionBudget, unhealthyPodEvictionPolicyTypeValues,
} from './pod-disruption-budget.ts'

export function prepareBudgetCreate(object: PodDisruptionBudget): void {
  object.status = {
    disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0,
  }
}

/** An empty selector means all Pods, an absent one none. */
export const budgetGeneration = (
  { spec: next }: PodDisruptionBudget, { spec: before }: PodDisruptionBudget,
): boolean => !sameValue(next, before)
  || (next?.selector === undefined) !== (before?.selector === undefined)

export function validateBudget({ spec = {} }: PodDisruptionBudget): Cause[] {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec
  const found: Cause[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    found.push(cause.invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const [field, value] of [
    ['spec.minAvailable', minAvailable], ['spec.maxUnavailable', maxUnavailable],
  ] as const) {
    found.push(...countOrPercentCauses(field, value), ...notAboveAll(field, value))
  }
  found.push(...selectorCauses(spec.selector, 'spec.selector'))
  if (policy !== undefined && !unhealthyPodEvictionPolicyTypeValues.includes(policy)) {
    found.push(cause.notSupported('spec.unhealthyPodEvictionPolicy', policy,
      unhealthyPodEvictionPolicyTypeValues))
  }
  return found
}

export function validateBudgetStatus({ status }: PodDisruptionBudget): Cause[] {
  return [
    ...nonNegativeCauses('status.disruptionsAllowed', status?.disruptionsAllowed),
    ...nonNegativeCauses('status.currentHealthy', status?.currentHealthy),
    ...nonNegativeCauses('status.desiredHealthy', status?.desiredHealthy),
    ...nonNegativeCauses('status.expectedPods', status?.expectedPods),
  ]
}

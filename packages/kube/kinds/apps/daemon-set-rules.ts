import { nonNegativeCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import { type DaemonSet, daemonSetStrategyTypes } from './daemon-set.ts'
import {
  countOrPercentCauses, countsCauses, isZero, keepSpec, keepStatus, notAboveAll,
  selectorAndTemplateCauses, selectorUnchanged,
} from './rules.ts'

const noStatus = {
  currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0,
}

export function defaultDaemonSet(object: DaemonSet): void {
  const spec = (object.spec ??= { selector: {}, template: {} })
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ||= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {})
    rolling.maxUnavailable ??= 1
    rolling.maxSurge ??= 0
  }
  spec.revisionHistoryLimit ??= 10
  defaultTemplateSpec(spec.template ??= {})
}

export function prepareDaemonSetCreate(object: DaemonSet): void {
  object.status = { ...noStatus }
}

export function prepareDaemonSetUpdate(next: DaemonSet, before: Stored<DaemonSet>): void {
  keepStatus(next, before)
}

export function prepareDaemonSetStatus(next: DaemonSet, before: Stored<DaemonSet>): void {
  keepSpec(next, before)
}

export const daemonSetGeneration = (next: DaemonSet, before: DaemonSet): boolean =>
  !sameValue(next.spec, before.spec)

export function validateDaemonSet({ spec = { selector: {}, template: {} } }: DaemonSet): Cause[] {
  return [
    ...selectorAndTemplateCauses(spec),
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...strategyCauses(spec.updateStrategy),
    ...nonNegativeCauses('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ]
}

function strategyCauses(strategy: NonNullable<DaemonSet['spec']>['updateStrategy']): Cause[] {
  const { type, rollingUpdate } = strategy ?? {}
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') {
    return [cause.notSupported('spec.updateStrategy', strategy?.type ?? '', daemonSetStrategyTypes)]
  }
  const at = 'spec.updateStrategy.rollingUpdate'
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {}
  const found = [
    ...countOrPercentCauses(`${at}.maxUnavailable`, maxUnavailable),
    ...countOrPercentCauses(`${at}.maxSurge`, maxSurge),
  ]
  if (!isZero(maxSurge) && !isZero(maxUnavailable)) {
    found.push(cause.invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  } else if (isZero(maxSurge) && isZero(maxUnavailable)) {
    found.push(cause.required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  }
  return [
    ...found, ...notAboveAll(`${at}.maxUnavailable`, maxUnavailable),
    ...notAboveAll(`${at}.maxSurge`, maxSurge),
  ]
}

export function validateDaemonSetUpdate(next: DaemonSet, before: Stored<DaemonSet>): Cause[] {
  return [...validateDaemonSet(next), ...selectorUnchanged(next.spec ?? {}, before.spec)]
}

export function validateDaemonSetStatus(next: DaemonSet): Cause[] {
  return countsCauses(next.status, ['currentNumberScheduled', 'numberMisscheduled',
    'desiredNumberScheduled', 'numberReady', 'observedGeneration', 'updatedNumberScheduled',
    'numberAvailable', 'numberUnavailable', 'collisionCount'])
}

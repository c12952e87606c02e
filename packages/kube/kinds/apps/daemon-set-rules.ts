import { nonNegativeCauses, notListed } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import { templateCauses } from '../pod/spec-rules.ts'
import { type DaemonSet, daemonSetStrategyTypes } from './daemon-set.ts'
import {
  alwaysRestarts, collisionCauses, countOrPercentCauses, countsCauses, isEmpty, isZero, matchCauses,
  notAboveAll, selectorUnchanged,
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
  // Set from the start, so that it counts as a field of the writer.
  setTemplateCount(object, String(templateCountOf(object)))
}

/** Counts the templates a DaemonSet has had; kept by the server since before generations. */
const templateCount = 'deprecated.daemonset.template.generation'

function setTemplateCount(object: DaemonSet, count: string): void {
  const metadata = (object.metadata ??= {})
  metadata.annotations = { ...metadata.annotations, [templateCount]: count }
}

const templateCountOf = ({ metadata }: DaemonSet): number => {
  const text = metadata?.annotations?.[templateCount] ?? ''
  return /^\d+$/.test(text) ? Number(text) : 0
}

export function prepareDaemonSetCreate(object: DaemonSet): void {
  object.status = { ...noStatus }
  setTemplateCount(object, String(Math.max(templateCountOf(object), 1)))
}

export function prepareDaemonSetUpdate(next: DaemonSet, before: Stored<DaemonSet>): void {
  const changed = !sameValue(next.spec?.template, before.spec?.template)
  setTemplateCount(next, String(templateCountOf(before) + (changed ? 1 : 0)))
}

export function prepareDaemonSetStatus(next: DaemonSet, before: Stored<DaemonSet>): void {
  setTemplateCount(next, String(templateCountOf(before)))
}

export const daemonSetGeneration = (next: DaemonSet, before: DaemonSet): boolean =>
  !sameValue(next.spec, before.spec)

export function validateDaemonSet({ spec = { selector: {}, template: {} } }: DaemonSet): Cause[] {
  return [
    ...selectorAndTemplate(spec),
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...strategyCauses(spec.updateStrategy),
    ...nonNegativeCauses('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ]
}

/** Unlike the other kinds it may lack a selector, which then matches nothing. */
function selectorAndTemplate(spec: NonNullable<DaemonSet['spec']>): Cause[] {
  const selector = spec.selector ?? undefined
  const found = selectorCauses(selector, 'spec.selector')
  if (found.length === 0) found.push(...matchCauses(spec))
  if (selector !== undefined && isEmpty(selector)) {
    found.push(cause.invalid('spec.selector', selector, 'empty selector is invalid for daemonset'))
  }
  return [
    ...found, ...templateCauses(spec.template ?? {}, 'spec.template'),
    ...alwaysRestarts(spec.template, 'DaemonSet'),
  ]
}

function strategyCauses(strategy: NonNullable<DaemonSet['spec']>['updateStrategy']): Cause[] {
  const { type, rollingUpdate } = strategy ?? {}
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') {
    return [notListed('spec.updateStrategy', strategy ?? {},
      [...daemonSetStrategyTypes].reverse())]
  }
  const at = 'spec.updateStrategy.rollingUpdate'
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {}
  const found = [
    ...countOrPercentCauses(`${at}.maxUnavailable`, maxUnavailable),
    ...countOrPercentCauses(`${at}.maxSurge`, maxSurge),
  ]
  if (!isZero(maxSurge) && !isZero(maxUnavailable)) {
    found.push(cause.invalid(`${at}.maxSurge`, maxSurge,
      'may not be set when maxUnavailable is non-zero'))
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

export function validateDaemonSetStatus(next: DaemonSet, before: Stored<DaemonSet>): Cause[] {
  return [
    ...countsCauses(next.status, ['currentNumberScheduled', 'numberMisscheduled',
      'desiredNumberScheduled', 'numberReady', 'observedGeneration', 'updatedNumberScheduled',
      'numberAvailable', 'numberUnavailable', 'collisionCount']),
    ...collisionCauses(next.status, before.status),
  ]
}

import { nonNegativeCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import {
  atMostCauses, countOrPercentCauses, countsCauses, isZero, keepSpec, keepStatus,
  selectorAndTemplateCauses, selectorUnchanged,
} from './rules.ts'
import { type StatefulSet, podManagementPolicies, statefulSetStrategyTypes } from './stateful-set.ts'

export function defaultStatefulSet(object: StatefulSet): void {
  const spec = (object.spec ??= { selector: {}, template: {}, serviceName: '' })
  spec.podManagementPolicy ||= 'OrderedReady'
  const strategy = (spec.updateStrategy ??= {})
  strategy.type ||= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') (strategy.rollingUpdate ??= {}).partition ??= 0
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {})
  retention.whenDeleted ||= 'Retain'
  retention.whenScaled ||= 'Retain'
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
  defaultTemplateSpec(spec.template ??= {})
  for (const claim of spec.volumeClaimTemplates ?? []) {
    Object.assign(claim, { kind: 'PersistentVolumeClaim', apiVersion: 'v1' })
    if (claim.spec !== undefined) claim.spec.volumeMode ??= 'Filesystem'
    claim.status = { phase: 'Pending', ...claim.status }
  }
}

export function prepareStatefulSetCreate(object: StatefulSet): void {
  object.status = { replicas: 0, availableReplicas: 0 }
}

export function prepareStatefulSetUpdate(next: StatefulSet, before: Stored<StatefulSet>): void {
  keepStatus(next, before)
}

export function prepareStatefulSetStatus(next: StatefulSet, before: Stored<StatefulSet>): void {
  keepSpec(next, before)
}

export const statefulSetGeneration = (next: StatefulSet, before: StatefulSet): boolean =>
  !sameValue(next.spec, before.spec)

export function validateStatefulSet(
  { spec = { selector: {}, template: {}, serviceName: '' } }: StatefulSet,
): Cause[] {
  return [
    ...policyCauses(spec.podManagementPolicy),
    ...strategyCauses(spec.updateStrategy),
    ...nonNegativeCauses('spec.replicas', spec.replicas),
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegativeCauses('spec.ordinals.start', spec.ordinals?.start),
    ...selectorAndTemplateCauses(spec),
  ]
}

function policyCauses(policy: string | undefined): Cause[] {
  if (policy === undefined || policy === '') return [cause.required('spec.podManagementPolicy')]
  return (podManagementPolicies as readonly string[]).includes(policy) ? [] : [
    cause.invalid('spec.podManagementPolicy', policy,
      `must be '${podManagementPolicies.join("' or '")}'`),
  ]
}

function strategyCauses(strategy: NonNullable<StatefulSet['spec']>['updateStrategy']): Cause[] {
  const { type, rollingUpdate } = strategy ?? {}
  if (type === undefined) return [cause.required('spec.updateStrategy')]
  if (type === 'OnDelete') {
    return rollingUpdate === undefined ? [] : [cause.invalid('spec.updateStrategy.rollingUpdate',
      rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'")]
  }
  if (type !== 'RollingUpdate') {
    return [cause.invalid('spec.updateStrategy', strategy,
      `must be '${[...statefulSetStrategyTypes].reverse().join("' or '")}'`)]
  }
  const at = 'spec.updateStrategy.rollingUpdate'
  const found = [
    ...nonNegativeCauses(`${at}.partition`, rollingUpdate?.partition),
    ...countOrPercentCauses(`${at}.maxUnavailable`, rollingUpdate?.maxUnavailable),
  ]
  if (rollingUpdate?.maxUnavailable !== undefined && isZero(rollingUpdate.maxUnavailable)) {
    found.push(cause.invalid(`${at}.maxUnavailable`, rollingUpdate.maxUnavailable, 'cannot be 0'))
  }
  return found
}

const changeable = [
  'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'minReadySeconds',
  'persistentVolumeClaimRetentionPolicy',
] as const

export function validateStatefulSetUpdate(next: StatefulSet, before: Stored<StatefulSet>): Cause[] {
  const found = validateStatefulSet(next)
  const rest = { ...next.spec } as Record<string, unknown>
  const old = { ...before.spec } as Record<string, unknown>
  for (const name of changeable) {
    delete rest[name]
    delete old[name]
  }
  if (!sameValue(rest, old)) {
    found.push(cause.forbidden('spec', "updates to statefulset spec for fields other than " +
      `'${[...changeable].sort().slice(0, -1).join("', '")}' and ` +
      `'${[...changeable].sort().at(-1)}' are forbidden`))
  }
  return found.length > 0 ? found : selectorUnchanged(next.spec ?? {}, before.spec)
}

export function validateStatefulSetStatus(next: StatefulSet): Cause[] {
  return [
    ...countsCauses(next.status, ['replicas', 'readyReplicas', 'currentReplicas',
      'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount']),
    ...atMostCauses(next.status, [
      ['readyReplicas', 'replicas'], ['currentReplicas', 'replicas'],
      ['updatedReplicas', 'replicas'], ['availableReplicas', 'replicas'],
      ['availableReplicas', 'readyReplicas'],
    ]),
  ]
}

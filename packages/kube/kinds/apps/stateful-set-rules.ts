import { labelCauses, nonNegativeCauses, notListed } from '../../causes.ts'
import { annotationsCauses, labelsCauses } from '../../metadata-rules.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import type { PodTemplateSpec } from '../pod/pod.ts'
import { claimSpecCauses } from '../volume-claim-rules.ts'
import {
  atMostCauses, collisionCauses, countOrPercentCauses, countsCauses, isZero, notAboveAll,
  selectorAndTemplateCauses,
} from './rules.ts'
import {
  type StatefulSet, type StatefulSetSpec, podManagementPolicies, statefulSetStrategyTypes,
} from './stateful-set.ts'

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
  delete object.spec?.updateStrategy?.rollingUpdate?.maxUnavailable
}

/** Several Pods at a time are not served: the field is dropped, unless it stands already. */
export function prepareStatefulSetUpdate(next: StatefulSet, before: Stored<StatefulSet>): void {
  if (before.spec?.updateStrategy?.rollingUpdate?.maxUnavailable === undefined) {
    delete next.spec?.updateStrategy?.rollingUpdate?.maxUnavailable
  }
}

export const statefulSetGeneration = (next: StatefulSet, before: StatefulSet): boolean =>
  !sameValue(next.spec, before.spec)

export function validateStatefulSet(
  { spec = { selector: {}, template: {}, serviceName: '' } }: StatefulSet,
): Cause[] {
  return [
    ...(spec.volumeClaimTemplates ?? []).flatMap(({ spec: claim }, index) =>
      claimSpecCauses(claim ?? {}, `spec.volumeClaimTemplates[${index}].spec`)),
    ...(spec.serviceName ? labelCauses('spec.serviceName', spec.serviceName) : []),
    ...changeableCauses(spec),
  ]
}

/** What is checked again on updates, too. */
function changeableCauses(spec: StatefulSetSpec): Cause[] {
  const kept = spec.persistentVolumeClaimRetentionPolicy
  const template = templateOf(spec)
  const retention = ['whenDeleted', 'whenScaled'] as const
  return [
    ...policyCauses(spec.podManagementPolicy),
    ...strategyCauses(spec.updateStrategy),
    ...retention.flatMap((name) => (kept === undefined ? []
      : notInCauses(`spec.persistentVolumeClaimRetentionPolicy.${name}`, kept[name] ?? ''))),
    ...nonNegativeCauses('spec.replicas', spec.replicas),
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegativeCauses('spec.ordinals.start', spec.ordinals?.start),
    ...selectorAndTemplateCauses({ ...spec, template }, 'StatefulSet'),
    ...labelsCauses(template.metadata?.labels, 'spec.template.labels'),
    ...annotationsCauses(template.metadata?.annotations, 'spec.template.annotations'),
  ]
}

function notInCauses(field: string, policy: string): Cause[] {
  return ['Retain', 'Delete'].includes(policy)
    ? [] : [notListed(field, policy, ['Retain', 'Delete'])]
}

/** The template as its Pods get it: with a volume for each claim, and names of their own. */
function templateOf(
  { template = {}, volumeClaimTemplates = [] }: StatefulSetSpec,
): PodTemplateSpec {
  if (template.spec === undefined) return template
  const { hostname: _hostname, subdomain: _subdomain, ...spec } = template.spec
  const claims = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '')
  const volumes = [
    ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
    ...(spec.volumes ?? []).filter(({ name }) => !claims.includes(name)),
  ]
  return { ...template, spec: volumes.length === 0 ? spec : { ...spec, volumes } }
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
  return [...found, ...notAboveAll(`${at}.maxUnavailable`, rollingUpdate?.maxUnavailable)]
}

const changeable = [
  'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy', 'minReadySeconds',
] as const

export function validateStatefulSetUpdate(next: StatefulSet, before: Stored<StatefulSet>): Cause[] {
  const found = changeableCauses(next.spec ?? { selector: {}, template: {}, serviceName: '' })
  const rest = { ...next.spec } as Record<string, unknown>
  const old = { ...before.spec } as Record<string, unknown>
  for (const name of changeable) {
    delete rest[name]
    delete old[name]
  }
  if (!sameValue(rest, old)) {
    found.push(cause.forbidden('spec', 'updates to statefulset spec for fields other than '
      + `'${changeable.slice(0, -1).join("', '")}' and '${changeable.at(-1)}' are forbidden`))
  }
  return found
}

export function validateStatefulSetStatus(
  next: StatefulSet, before: Stored<StatefulSet>,
): Cause[] {
  return [
    ...countsCauses(next.status, ['replicas', 'readyReplicas', 'currentReplicas',
      'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount']),
    ...atMostCauses(next.status, [
      ['readyReplicas', 'status.replicas'], ['currentReplicas', 'status.replicas'],
      ['updatedReplicas', 'status.replicas'], ['availableReplicas', 'status.replicas'],
      ['availableReplicas', 'status.readyReplicas'],
    ]),
    ...collisionCauses(next.status, before.status),
  ]
}

import { nonNegativeCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import { type Deployment, deploymentStrategyTypes } from './deployment.ts'
import {
  atMostCauses, collisionCauses, countOrPercentCauses, countsCauses, isZero, notAboveAll,
  selectorAndTemplateCauses, selectorUnchanged,
} from './rules.ts'

export function defaultDeployment(object: Deployment): void {
  const spec = (object.spec ??= { selector: {}, template: {} })
  spec.replicas ??= 1
  defaultTemplateSpec(spec.template ??= {})
  const strategy = (spec.strategy ??= {})
  strategy.type ||= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {})
    rolling.maxUnavailable ??= '25%'
    rolling.maxSurge ??= '25%'
  }
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
}

export function prepareDeploymentCreate(object: Deployment): void {
  object.status = {}
}

/** Through `/status` labels stay as they are, too. */
export function prepareDeploymentStatus(next: Deployment, before: Stored<Deployment>): void {
  const { labels } = before.metadata
  next.metadata ??= {}
  if (labels === undefined) delete next.metadata.labels
  else next.metadata.labels = { ...labels }
}

export const deploymentGeneration = (next: Deployment, before: Deployment): boolean =>
  !sameValue(next.spec, before.spec) ||
  !sameValue(next.metadata?.annotations, before.metadata?.annotations)

export function validateDeployment({ spec = { selector: {}, template: {} } }: Deployment): Cause[] {
  const found = [
    ...nonNegativeCauses('spec.replicas', spec.replicas),
    ...selectorAndTemplateCauses(spec, 'ReplicaSet'),
    ...strategyCauses(spec.strategy),
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...nonNegativeCauses('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ]
  const deadline = spec.progressDeadlineSeconds
  if (deadline !== undefined) {
    found.push(...nonNegativeCauses('spec.progressDeadlineSeconds', deadline))
    if (deadline <= (spec.minReadySeconds ?? 0)) {
      found.push(cause.invalid('spec.progressDeadlineSeconds', deadline,
        'must be greater than minReadySeconds'))
    }
  }
  return found
}

function strategyCauses(strategy: NonNullable<Deployment['spec']>['strategy']): Cause[] {
  if (strategy === undefined) return []
  const { rollingUpdate, type } = strategy
  if (type === 'Recreate') {
    return rollingUpdate === undefined ? [] : [cause.forbidden('spec.strategy.rollingUpdate',
      "may not be specified when strategy `type` is 'Recreate'")]
  }
  if (type !== 'RollingUpdate') {
    return [cause.notSupported('spec.strategy', strategy, deploymentStrategyTypes)]
  }
  const at = 'spec.strategy.rollingUpdate'
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {}
  const found = [
    ...countOrPercentCauses(`${at}.maxUnavailable`, maxUnavailable),
    ...countOrPercentCauses(`${at}.maxSurge`, maxSurge),
  ]
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    found.push(cause.invalid(`${at}.maxUnavailable`, maxUnavailable ?? null,
      'may not be 0 when `maxSurge` is 0'))
  }
  return [...found, ...notAboveAll(`${at}.maxUnavailable`, maxUnavailable)]
}

export function validateDeploymentUpdate(next: Deployment, before: Stored<Deployment>): Cause[] {
  return [
    ...validateDeployment(next),
    ...selectorUnchanged(next.spec ?? {}, before.spec),
  ]
}

export function validateDeploymentStatus(next: Deployment, before: Stored<Deployment>): Cause[] {
  return [
    ...countsCauses(next.status, ['observedGeneration', 'replicas', 'updatedReplicas',
      'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'terminatingReplicas',
      'collisionCount']),
    ...atMostCauses(next.status, [
      ['updatedReplicas', 'status.replicas'], ['readyReplicas', 'status.replicas'],
      ['availableReplicas', 'status.replicas'], ['availableReplicas', 'readyReplicas'],
    ]),
    ...collisionCauses(next.status, before.status),
  ]
}

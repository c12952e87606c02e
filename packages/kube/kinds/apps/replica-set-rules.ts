import { nonNegativeCauses } from '../../causes.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import type { Cause } from '../../status.ts'
import { defaultTemplateSpec } from '../pod/defaults.ts'
import type { ReplicaSet } from './replica-set.ts'
import {
  atMostCauses, countsCauses, selectorAndTemplateCauses, selectorUnchanged,
} from './rules.ts'

export function defaultReplicaSet(object: ReplicaSet): void {
  const spec = (object.spec ??= { selector: {} })
  spec.replicas ??= 1
  defaultTemplateSpec(spec.template ??= {})
}

export function prepareReplicaSetCreate(object: ReplicaSet): void {
  object.status = { replicas: 0 }
}

export const replicaSetGeneration = (next: ReplicaSet, before: ReplicaSet): boolean =>
  !sameValue(next.spec, before.spec)

export function validateReplicaSet({ spec = { selector: {} } }: ReplicaSet): Cause[] {
  return [
    ...nonNegativeCauses('spec.replicas', spec.replicas),
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...selectorAndTemplateCauses(spec, 'ReplicaSet'),
  ]
}

export function validateReplicaSetUpdate(next: ReplicaSet, before: Stored<ReplicaSet>): Cause[] {
  return [...validateReplicaSet(next), ...selectorUnchanged(next.spec ?? {}, before.spec)]
}

export function validateReplicaSetStatus(next: ReplicaSet): Cause[] {
  return [
    ...countsCauses(next.status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas',
      'availableReplicas', 'terminatingReplicas', 'observedGeneration']),
    ...atMostCauses(next.status, [
      ['fullyLabeledReplicas', 'status.replicas'], ['readyReplicas', 'status.replicas'],
      ['availableReplicas', 'status.replicas'], ['availableReplicas', 'readyReplicas'],
    ]),
  ]
}

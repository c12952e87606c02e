import { nonNegativeCauses } from '../causes.ts'
import { labelsCauses } from '../metadata-rules.ts'
import type { Stored } from '../object.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import { defaultTemplateSpec } from './pod/defaults.ts'
import { templateCauses } from './pod/spec-rules.ts'
import type { ReplicationController } from './replication-controller.ts'

export function defaultReplicationController(object: ReplicationController): void {
  const spec = (object.spec ??= {})
  const labels = spec.template?.metadata?.labels
  if (labels !== undefined) {
    if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels }
    object.metadata ??= {}
    if (Object.keys(object.metadata.labels ?? {}).length === 0) {
      object.metadata.labels = { ...labels }
    }
  }
  spec.replicas ??= 1
  if (spec.template !== undefined) defaultTemplateSpec(spec.template)
}

export function prepareReplicationControllerCreate(object: ReplicationController): void {
  object.status = { replicas: 0 }
}

export function prepareReplicationControllerUpdate(
  next: ReplicationController, before: Stored<ReplicationController>,
): void {
  next.status = structuredClone(before.status ?? { replicas: 0 })
}

export function prepareReplicationControllerStatus(
  next: ReplicationController, before: Stored<ReplicationController>,
): void {
  next.spec = structuredClone(before.spec ?? {})
}

export const replicationControllerGeneration = (
  next: ReplicationController, before: ReplicationController,
): boolean => !sameValue(next.spec, before.spec)

export function validateReplicationController({ spec = {} }: ReplicationController): Cause[] {
  const selector = spec.selector ?? {}
  const found = [
    ...nonNegativeCauses('spec.minReadySeconds', spec.minReadySeconds),
    ...labelsCauses(selector, 'spec.selector'),
    ...nonNegativeCauses('spec.replicas', spec.replicas),
  ]
  if (Object.keys(selector).length === 0) found.push(cause.required('spec.selector'))
  const template = spec.template
  if (template === undefined) return [...found, cause.required('spec.template')]
  const labels = template.metadata?.labels ?? {}
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
    found.push(cause.invalid('spec.template.metadata.labels', labels,
      '`selector` does not match template `labels`'))
  }
  found.push(...templateCauses(template, 'spec.template'))
  if (template.spec?.restartPolicy !== 'Always') {
    found.push(cause.notSupported('spec.template.spec.restartPolicy',
      template.spec?.restartPolicy ?? '', ['Always']))
  }
  return found
}

import { ageColumn, nameColumn, textColumn } from '../cells.ts'
import type { Stored } from '../object.ts'
import type { ResourceSpec } from '../resource.ts'
import { type Cause, cause } from '../status.ts'
import { type Namespace, namespace } from './namespace.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

const nameLabel = 'kubernetes.io/metadata.name'

function defaultNamespace(object: Namespace): void {
  const name = object.metadata?.name
  if (name) labelWithName(object, name)
  object.status ??= {}
  object.status.phase ||= 'Active'
}

function labelWithName(object: Namespace, name: string): void {
  object.metadata ??= {}
  object.metadata.labels = { ...object.metadata.labels, [nameLabel]: name }
}

function prepareCreate(object: Namespace): void {
  object.status = { phase: 'Active' }
  const finalizers = (object.spec ??= {}).finalizers ?? []
  object.spec.finalizers = finalizers.includes('kubernetes')
    ? finalizers : [...finalizers, 'kubernetes']
  // The name may only now be known when it was generated.
  if (object.metadata?.name) labelWithName(object, object.metadata.name)
}

/** Finalizers of the spec change only through `/finalize`. */
function prepareUpdate(next: Namespace, before: Stored<Namespace>): void {
  next.spec = { ...next.spec, finalizers: [...(before.spec?.finalizers ?? [])] }
  next.status = structuredClone(before.status ?? {})
}

function prepareStatusUpdate(next: Namespace, before: Stored<Namespace>): void {
  next.spec = structuredClone(before.spec ?? {})
}

/** For `PUT /finalize`: everything but the finalizers of the spec stays. */
export function prepareFinalize(next: Namespace, before: Stored<Namespace>): void {
  next.status = structuredClone(before.status ?? {})
}

function validateStatusUpdate(next: Namespace): Cause[] {
  const phase = next.status?.phase ?? ''
  const deleting = Boolean(next.metadata?.deletionTimestamp)
  if (phase === (deleting ? 'Terminating' : 'Active')) return []
  return [cause.invalid('status.Phase', phase, deleting
    ? 'may only be \'Terminating\' if `deletionTimestamp` is not empty'
    : 'may only be \'Active\' if `deletionTimestamp` is empty')]
}

export const namespaces: ResourceSpec<Namespace> = {
  group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false,
  singular: 'namespace',
  shortNames: ['ns'],
  verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
  schema: namespace,
  subresources: [{ name: 'finalize', verbs: ['update'] }, statusSubresource],
  nameRule: 'label',
  deleteReturnsObject: true,
  defaults: defaultNamespace,
  prepareCreate,
  prepareUpdate,
  prepareStatusUpdate,
  validateStatusUpdate,
  columns: [
    nameColumn,
    textColumn('Status', 'Active, or Terminating while it is emptied.',
      ({ status }) => status?.phase ?? ''),
    ageColumn,
  ],
  fieldSelectors: { 'status.phase': ({ status }) => status?.phase ?? '' },
}

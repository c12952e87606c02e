import type { ResourceSpec } from '../resource.ts'
import { type Namespace, namespace } from './namespace.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

export const namespaces: ResourceSpec<Namespace> = {
  group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false,
  singular: 'namespace',
  shortNames: ['ns'],
  verbs: everyVerb.filter((verb) => verb !== 'deletecollection'),
  schema: namespace,
  subresources: [{ name: 'finalize', verbs: ['update'] }, statusSubresource],
  nameRule: 'label',
  deleteReturnsObject: true,
}

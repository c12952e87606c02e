import type { ResourceSpec } from '../../resource.ts'
import { eviction } from '../eviction.ts'
import { createOnly, everyVerb, statusSubresource } from '../verbs.ts'
import { type Binding, type Pod, type PodTemplate, binding, pod, podTemplate } from './pod.ts'

export const pods: ResourceSpec<Pod> = {
  group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true,
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  verbs: everyVerb,
  schema: pod,
  subresources: [
    { name: 'binding', kind: 'Binding', schema: binding, verbs: ['create'] },
    {
      name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', schema: eviction,
      verbs: ['create'],
    },
    statusSubresource,
  ],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
}

export const podtemplates: ResourceSpec<PodTemplate> = {
  group: '', version: 'v1', resource: 'podtemplates', kind: 'PodTemplate', namespaced: true,
  singular: 'podtemplate',
  verbs: everyVerb,
  schema: podTemplate,
  nameRule: 'subdomain',
  deleteReturnsObject: true,
}

export const bindings: ResourceSpec<Binding> = {
  group: '', version: 'v1', resource: 'bindings', kind: 'Binding', namespaced: true,
  singular: 'binding',
  verbs: createOnly,
  virtual: true,
  schema: binding,
  nameRule: 'subdomain',
}

import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
import { type PriorityClass, priorityClass } from './priority-class.ts'

export const priorityclasses: ResourceSpec<PriorityClass> = {
  group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses', kind: 'PriorityClass',
  namespaced: false,
  singular: 'priorityclass',
  shortNames: ['pc'],
  verbs: everyVerb,
  schema: priorityClass,
  nameRule: 'subdomain',
}

import { ageColumn, countColumn, nameColumn, textColumn } from '../../cells.ts'
import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
import { type PriorityClass, priorityClass } from './priority-class.ts'
import {
  defaultPriorityClass, validatePriorityClass, validatePriorityClassUpdate,
} from './rules.ts'

export const priorityclasses: ResourceSpec<PriorityClass> = {
  group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses', kind: 'PriorityClass',
  namespaced: false,
  singular: 'priorityclass',
  shortNames: ['pc'],
  verbs: everyVerb,
  schema: priorityClass,
  nameRule: 'subdomain',
  defaults: defaultPriorityClass,
  generationChanged: () => false,
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  columns: [
    nameColumn,
    countColumn('Value', 'Higher is more important.', ({ value }) => value),
    {
      name: 'Global-Default', type: 'boolean', doc: 'Also for Pods that name no class.',
      cell: ({ globalDefault }) => globalDefault ?? false,
    },
    ageColumn,
    textColumn('PreemptionPolicy', 'Whether Pods may push others out.',
      ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
}

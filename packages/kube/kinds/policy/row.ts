import { ageColumn, countColumn, nameColumn, textColumn } from '../../cells.ts'
import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type PodDisruptionBudget, podDisruptionBudget } from './pod-disruption-budget.ts'
import {
  budgetGeneration, prepareBudgetCreate, validateBudget, validateBudgetStatus,
} from './rules.ts'

export const poddisruptionbudgets: ResourceSpec<PodDisruptionBudget> = {
  group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', kind: 'PodDisruptionBudget',
  namespaced: true,
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  verbs: everyVerb,
  schema: podDisruptionBudget,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  conditionalUpdateOnly: true,
  generationChanged: budgetGeneration,
  prepareCreate: prepareBudgetCreate,
  validate: validateBudget,
  validateUpdate: validateBudget,
  validateStatusUpdate: validateBudgetStatus,
  columns: [
    nameColumn,
    textColumn('Min Available', 'How many Pods must stay.',
      ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    textColumn('Max Unavailable', 'How many Pods may be missing.',
      ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    countColumn('Allowed Disruptions', 'How many Pods may be evicted now.',
      ({ status }) => status?.disruptionsAllowed ?? 0),
    ageColumn,
  ],
}

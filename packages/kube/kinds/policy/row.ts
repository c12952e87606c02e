import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type PodDisruptionBudget, podDisruptionBudget } from './pod-disruption-budget.ts'

export const poddisruptionbudgets: ResourceSpec<PodDisruptionBudget> = {
  group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', kind: 'PodDisruptionBudget',
  namespaced: true,
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  verbs: everyVerb,
  schema: podDisruptionBudget,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}

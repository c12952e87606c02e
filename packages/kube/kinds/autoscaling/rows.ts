import type { Column, ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type HorizontalPodAutoscalerV1, horizontalPodAutoscalerV1 } from './autoscaler-v1.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from './autoscaler.ts'
import { autoscalerColumns } from './columns.ts'
import {
  autoscalerFromStored, autoscalerToStored, keepCarried, storedForm,
} from './conversion.ts'
import {
  defaultAutoscaler, prepareAutoscalerCreate, validateAutoscaler, validateAutoscalerStatus,
  validateAutoscalerUpdate,
} from './rules.ts'

export const horizontalpodautoscalers: ResourceSpec<HorizontalPodAutoscaler> = {
  group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler', namespaced: true,
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  verbs: everyVerb,
  schema: horizontalPodAutoscaler,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  defaults: defaultAutoscaler,
  prepareCreate: prepareAutoscalerCreate,
  validate: validateAutoscaler,
  validateUpdate: validateAutoscalerUpdate,
  validateStatusUpdate: validateAutoscalerStatus,
  columns: autoscalerColumns,
}

export const horizontalpodautoscalersV1: ResourceSpec<HorizontalPodAutoscalerV1> = {
  group: 'autoscaling', version: 'v1', resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler', namespaced: true,
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  verbs: everyVerb,
  schema: horizontalPodAutoscalerV1,
  view: {
    of: 'horizontalpodautoscalers', fromStored: autoscalerFromStored, toStored: autoscalerToStored,
  },
  subresources: [statusSubresource],
  nameRule: 'subdomain',
  defaults(object) {
    const spec = (object.spec ??= { scaleTargetRef: { kind: '', name: '' }, maxReplicas: 0 })
    spec.minReplicas ??= 1
  },
  prepareCreate(object) {
    object.status = { currentReplicas: 0, desiredReplicas: 0 }
  },
  prepareUpdate: (next, before) => keepCarried('status', next, before),
  prepareStatusUpdate: (next, before) => keepCarried('spec', next, before),
  validate: (object) => validateAutoscaler(autoscalerToStored(object)),
  validateUpdate: (next, before) =>
    validateAutoscalerUpdate(autoscalerToStored(next), storedForm(before)),
  validateStatusUpdate: (next) => validateAutoscalerStatus(autoscalerToStored(next)),
  columns: autoscalerColumns.map((column): Column<HorizontalPodAutoscalerV1> =>
    ({ ...column, cell: (object, nowMs) => column.cell(storedForm(object), nowMs) })),
}

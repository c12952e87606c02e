import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type HorizontalPodAutoscalerV1, horizontalPodAutoscalerV1 } from './autoscaler-v1.ts'
import { type HorizontalPodAutoscaler, horizontalPodAutoscaler } from './autoscaler.ts'
import { autoscalerFromStored, autoscalerToStored } from './conversion.ts'

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
}

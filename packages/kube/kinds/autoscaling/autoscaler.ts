import {
  type Infer, always, field, int32, int64, list, message, quantity, string, time,
} from '../../schema.ts'
import { objectMeta } from '../meta.ts'
import { crossVersionObjectReference, metricSpec, metricStatus } from './metrics.ts'

const pkg = 'io.k8s.api.autoscaling.v2.'

export const hpaScalingPolicy = message(`${pkg}HPAScalingPolicy`, {
  type: always(1, string, { required: true }),
  value: always(2, int32, { required: true }),
  periodSeconds: always(3, int32, { required: true }),
})
export interface HPAScalingPolicy extends Infer<typeof hpaScalingPolicy> {}

export const hpaScalingRules = message(`${pkg}HPAScalingRules`, {
  stabilizationWindowSeconds: field(3, int32, { pointer: true }),
  selectPolicy: field(1, string, { pointer: true }),
  policies: field(2, list(hpaScalingPolicy), { list: 'atomic' }),
  tolerance: field(4, quantity, { pointer: true }),
})
export interface HPAScalingRules extends Infer<typeof hpaScalingRules> {}

export const horizontalPodAutoscalerBehavior = message(`${pkg}HorizontalPodAutoscalerBehavior`, {
  scaleUp: field(1, hpaScalingRules, { pointer: true }),
  scaleDown: field(2, hpaScalingRules, { pointer: true }),
})
export interface HorizontalPodAutoscalerBehavior
  extends Infer<typeof horizontalPodAutoscalerBehavior> {}

export const horizontalPodAutoscalerSpec = message(`${pkg}HorizontalPodAutoscalerSpec`, {
  scaleTargetRef: always(1, crossVersionObjectReference, {
    required: true, doc: 'What is scaled.',
  }),
  minReplicas: field(2, int32, { pointer: true, doc: 'Never fewer; 1 when unset.' }),
  maxReplicas: always(3, int32, { required: true, doc: 'Never more.' }),
  metrics: field(4, list(metricSpec), {
    list: 'atomic', doc: 'What is measured, and the wanted values.',
  }),
  behavior: field(5, horizontalPodAutoscalerBehavior, {
    pointer: true, doc: 'How fast it may go up and down.',
  }),
})
export interface HorizontalPodAutoscalerSpec extends Infer<typeof horizontalPodAutoscalerSpec> {}

export const horizontalPodAutoscalerCondition = message(`${pkg}HorizontalPodAutoscalerCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastTransitionTime: always(3, time),
  reason: field(4, string),
  message: field(5, string),
})
export interface HorizontalPodAutoscalerCondition
  extends Infer<typeof horizontalPodAutoscalerCondition> {}

export const horizontalPodAutoscalerStatus = message(`${pkg}HorizontalPodAutoscalerStatus`, {
  observedGeneration: field(1, int64, { pointer: true }),
  lastScaleTime: field(2, time, { pointer: true }),
  currentReplicas: field(3, int32),
  desiredReplicas: always(4, int32, { required: true }),
  currentMetrics: always(5, list(metricStatus), { list: 'atomic' }),
  conditions: field(6, list(horizontalPodAutoscalerCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface HorizontalPodAutoscalerStatus
  extends Infer<typeof horizontalPodAutoscalerStatus> {}

export const horizontalPodAutoscaler = message(`${pkg}HorizontalPodAutoscaler`, {
  metadata: field(1, objectMeta),
  spec: field(2, horizontalPodAutoscalerSpec, { required: true }),
  status: field(3, horizontalPodAutoscalerStatus),
}, { doc: 'How many replicas something shall have, by metrics.' })
export interface HorizontalPodAutoscaler extends Infer<typeof horizontalPodAutoscaler> {}

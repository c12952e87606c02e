import { type Infer, always, field, int32, int64, message, string, time } from '../../schema.ts'
import { objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.autoscaling.v1.'

export const crossVersionObjectReferenceV1 = message(`${pkg}CrossVersionObjectReference`, {
  kind: always(1, string, { required: true }),
  name: always(2, string, { required: true }),
  apiVersion: field(3, string),
}, { atomic: true })
export interface CrossVersionObjectReferenceV1
  extends Infer<typeof crossVersionObjectReferenceV1> {}

export const horizontalPodAutoscalerSpecV1 = message(`${pkg}HorizontalPodAutoscalerSpec`, {
  scaleTargetRef: always(1, crossVersionObjectReferenceV1, {
    required: true, doc: 'What is scaled.',
  }),
  minReplicas: field(2, int32, { pointer: true, doc: 'Never fewer; 1 when unset.' }),
  maxReplicas: always(3, int32, { required: true, doc: 'Never more.' }),
  targetCPUUtilizationPercentage: field(4, int32, {
    pointer: true, doc: 'Wanted share of the requested CPU.',
  }),
})
export interface HorizontalPodAutoscalerSpecV1
  extends Infer<typeof horizontalPodAutoscalerSpecV1> {}

export const horizontalPodAutoscalerStatusV1 = message(`${pkg}HorizontalPodAutoscalerStatus`, {
  observedGeneration: field(1, int64, { pointer: true }),
  lastScaleTime: field(2, time, { pointer: true }),
  currentReplicas: always(3, int32, { required: true }),
  desiredReplicas: always(4, int32, { required: true }),
  currentCPUUtilizationPercentage: field(5, int32, { pointer: true }),
})
export interface HorizontalPodAutoscalerStatusV1
  extends Infer<typeof horizontalPodAutoscalerStatusV1> {}

export const horizontalPodAutoscalerV1 = message(`${pkg}HorizontalPodAutoscaler`, {
  metadata: field(1, objectMeta),
  spec: field(2, horizontalPodAutoscalerSpecV1, { required: true }),
  status: field(3, horizontalPodAutoscalerStatusV1),
}, { doc: 'How many replicas something shall have, by CPU.' })
export interface HorizontalPodAutoscalerV1 extends Infer<typeof horizontalPodAutoscalerV1> {}

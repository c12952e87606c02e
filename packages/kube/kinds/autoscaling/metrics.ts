import { type Infer, always, field, int32, message, quantity, string } from '../../schema.ts'
import { labelSelector } from '../meta.ts'

const pkg = 'io.k8s.api.autoscaling.v2.'

export const crossVersionObjectReference = message(`${pkg}CrossVersionObjectReference`, {
  kind: always(1, string, { required: true }),
  name: always(2, string, { required: true }),
  apiVersion: field(3, string),
})
export interface CrossVersionObjectReference extends Infer<typeof crossVersionObjectReference> {}

export const metricIdentifier = message(`${pkg}MetricIdentifier`, {
  name: always(1, string, { required: true }),
  selector: field(2, labelSelector, { pointer: true }),
})
export interface MetricIdentifier extends Infer<typeof metricIdentifier> {}

export const metricTarget = message(`${pkg}MetricTarget`, {
  type: always(1, string, { required: true }),
  value: field(2, quantity, { pointer: true }),
  averageValue: field(3, quantity, { pointer: true }),
  averageUtilization: field(4, int32, { pointer: true }),
})
export interface MetricTarget extends Infer<typeof metricTarget> {}

export const metricValueStatus = message(`${pkg}MetricValueStatus`, {
  value: field(1, quantity, { pointer: true }),
  averageValue: field(2, quantity, { pointer: true }),
  averageUtilization: field(3, int32, { pointer: true }),
})
export interface MetricValueStatus extends Infer<typeof metricValueStatus> {}

export const objectMetricSource = message(`${pkg}ObjectMetricSource`, {
  describedObject: always(1, crossVersionObjectReference, { required: true }),
  target: always(2, metricTarget, { required: true }),
  metric: always(3, metricIdentifier, { required: true }),
})
export interface ObjectMetricSource extends Infer<typeof objectMetricSource> {}

export const podsMetricSource = message(`${pkg}PodsMetricSource`, {
  metric: always(1, metricIdentifier, { required: true }),
  target: always(2, metricTarget, { required: true }),
})
export interface PodsMetricSource extends Infer<typeof podsMetricSource> {}

export const resourceMetricSource = message(`${pkg}ResourceMetricSource`, {
  name: always(1, string, { required: true }),
  target: always(2, metricTarget, { required: true }),
})
export interface ResourceMetricSource extends Infer<typeof resourceMetricSource> {}

export const containerResourceMetricSource = message(`${pkg}ContainerResourceMetricSource`, {
  name: always(1, string, { required: true }),
  target: always(2, metricTarget, { required: true }),
  container: always(3, string, { required: true }),
})
export interface ContainerResourceMetricSource
  extends Infer<typeof containerResourceMetricSource> {}

export const externalMetricSource = message(`${pkg}ExternalMetricSource`, {
  metric: always(1, metricIdentifier, { required: true }),
  target: always(2, metricTarget, { required: true }),
})
export interface ExternalMetricSource extends Infer<typeof externalMetricSource> {}

export const metricSpec = message(`${pkg}MetricSpec`, {
  type: always(1, string, { required: true }),
  object: field(2, objectMetricSource, { pointer: true }),
  pods: field(3, podsMetricSource, { pointer: true }),
  resource: field(4, resourceMetricSource, { pointer: true }),
  containerResource: field(7, containerResourceMetricSource, { pointer: true }),
  external: field(5, externalMetricSource, { pointer: true }),
})
export interface MetricSpec extends Infer<typeof metricSpec> {}

export const objectMetricStatus = message(`${pkg}ObjectMetricStatus`, {
  metric: always(1, metricIdentifier, { required: true }),
  current: always(2, metricValueStatus, { required: true }),
  describedObject: always(3, crossVersionObjectReference, { required: true }),
})
export interface ObjectMetricStatus extends Infer<typeof objectMetricStatus> {}

export const podsMetricStatus = message(`${pkg}PodsMetricStatus`, {
  metric: always(1, metricIdentifier, { required: true }),
  current: always(2, metricValueStatus, { required: true }),
})
export interface PodsMetricStatus extends Infer<typeof podsMetricStatus> {}

export const resourceMetricStatus = message(`${pkg}ResourceMetricStatus`, {
  name: always(1, string, { required: true }),
  current: always(2, metricValueStatus, { required: true }),
})
export interface ResourceMetricStatus extends Infer<typeof resourceMetricStatus> {}

export const containerResourceMetricStatus = message(`${pkg}ContainerResourceMetricStatus`, {
  name: always(1, string, { required: true }),
  current: always(2, metricValueStatus, { required: true }),
  container: always(3, string, { required: true }),
})
export interface ContainerResourceMetricStatus
  extends Infer<typeof containerResourceMetricStatus> {}

export const externalMetricStatus = message(`${pkg}ExternalMetricStatus`, {
  metric: always(1, metricIdentifier, { required: true }),
  current: always(2, metricValueStatus, { required: true }),
})
export interface ExternalMetricStatus extends Infer<typeof externalMetricStatus> {}

export const metricStatus = message(`${pkg}MetricStatus`, {
  type: always(1, string, { required: true }),
  object: field(2, objectMetricStatus, { pointer: true }),
  pods: field(3, podsMetricStatus, { pointer: true }),
  resource: field(4, resourceMetricStatus, { pointer: true }),
  containerResource: field(7, containerResourceMetricStatus, { pointer: true }),
  external: field(5, externalMetricStatus, { pointer: true }),
})
export interface MetricStatus extends Infer<typeof metricStatus> {}

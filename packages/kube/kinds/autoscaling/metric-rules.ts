import { invalidAll, labelCauses, qualifiedNameCauses } from '../../causes.ts'
import { pathSegmentFaults } from '../../names.ts'
import { compareQuantities } from '../../quantity.ts'
import { type Cause, cause } from '../../status.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import type { HorizontalPodAutoscalerSpec } from './autoscaler.ts'
import type { MetricIdentifier, MetricSpec, MetricTarget } from './metrics.ts'
import { referenceCauses } from './reference-rules.ts'

/** The member that goes with each type of metric. */
const members = {
  Object: 'object', Pods: 'pods', Resource: 'resource', External: 'external',
  ContainerResource: 'containerResource',
} as const
const order = ['object', 'external', 'pods', 'resource', 'containerResource'] as const
const targetTypes = ['Utilization', 'Value', 'AverageValue']

export function metricsCauses({ metrics = [], minReplicas }: HorizontalPodAutoscalerSpec): Cause[] {
  const found = metrics.flatMap((metric, index) => metricCauses(metric, `spec.metrics[${index}]`))
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    found.push(cause.forbidden('spec.metrics', 'must specify at least one Object or External '
      + 'metric to support scaling to zero replicas'))
  }
  return found
}

function metricCauses(metric: MetricSpec, at: string): Cause[] {
  const found: Cause[] = []
  const types = Object.keys(members)
  const expected = (members as Record<string, keyof MetricSpec>)[metric.type]
  const unknown = cause.notSupported(`${at}.type`, metric.type, types)
  if (metric.type === '') {
    found.push(cause.required(`${at}.type`, 'must specify a metric source type'))
  }
  if (expected === undefined) found.push(unknown)
  const present = order.filter((name) => metric[name] !== undefined)
  if (present[0] !== undefined) found.push(...sourceCauses(metric, present[0], at))
  if (expected === undefined) found.push(unknown)
  else if (metric[expected] === undefined) {
    found.push(cause.required(`${at}.${expected}`,
      'must populate information for the given metric source'))
  }
  if (present.length !== 1) {
    for (const name of present) {
      if (name !== expected) {
        found.push(cause.forbidden(`${at}.${name}`, 'must populate the given metric source only'))
      }
    }
  }
  return found
}

function sourceCauses(metric: MetricSpec, member: (typeof order)[number], at: string): Cause[] {
  const field = `${at}.${member}`
  const { object, external, pods, resource, containerResource } = metric
  switch (member) {
    case 'object': return object === undefined ? [] : [
      ...referenceCauses(object.describedObject, `${field}.describedObject`, 'form'),
      ...identifierCauses(object.metric, `${field}.metric`),
      ...targetCauses(object.target, `${field}.target`),
      ...eitherCauses(object.target, `${field}.target`, 'must set either a target value or '
        + 'averageValue'),
    ]
    case 'external': return external === undefined ? [] : [
      ...identifierCauses(external.metric, `${field}.metric`),
      ...targetCauses(external.target, `${field}.target`),
      ...eitherCauses(external.target, `${field}.target`,
        'must set either a target value for metric or a per-pod target',
        'may not set both a target value for metric and a per-pod target'),
    ]
    case 'pods': return pods === undefined ? [] : [
      ...identifierCauses(pods.metric, `${field}.metric`),
      ...targetCauses(pods.target, `${field}.target`),
      ...(pods.target.averageValue === undefined ? [cause.required(
        `${field}.target.averageValue`, 'must specify a positive target averageValue')] : []),
    ]
    case 'resource': return resource === undefined ? [] : [
      ...nameCauses(resource.name, `${field}.name`),
      ...usageCauses(resource.target, `${field}.target`),
    ]
    case 'containerResource': return containerResource === undefined ? [] : [
      ...nameCauses(containerResource.name, `${field}.name`),
      ...(containerResource.container === ''
        ? [cause.required(`${field}.container`, 'must specify a container')]
        : labelCauses(`${field}.container`, containerResource.container)),
      ...usageCauses(containerResource.target, `${field}.target`),
    ]
  }
}

function nameCauses(name: string, field: string): Cause[] {
  return name === '' ? [cause.required(field, 'must specify a resource name')]
    : qualifiedNameCauses(field, name)
}

function identifierCauses({ name, selector }: MetricIdentifier, at: string): Cause[] {
  return [
    ...(name === '' ? [cause.required(`${at}.name`, 'must specify a metric name')]
      : invalidAll(`${at}.name`, name, pathSegmentFaults(name))),
    ...selectorCauses(selector, `${at}.selector`),
  ]
}

function targetCauses(target: MetricTarget, at: string): Cause[] {
  const { type, value, averageValue, averageUtilization } = target
  const found: Cause[] = []
  if (type === '') found.push(cause.required(`${at}.type`, 'must specify a metric target type'))
  if (!targetTypes.includes(type)) {
    found.push(cause.invalid(`${at}.type`, type,
      'must be either Utilization, Value, or AverageValue'))
  }
  if (value !== undefined && compareQuantities(value, '0') <= 0) {
    found.push(cause.invalid(`${at}.value`, value, 'must be positive'))
  }
  if (averageValue !== undefined && compareQuantities(averageValue, '0') <= 0) {
    found.push(cause.invalid(`${at}.averageValue`, averageValue, 'must be positive'))
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    found.push(cause.invalid(`${at}.averageUtilization`, averageUtilization,
      'must be greater than 0'))
  }
  return found
}

function eitherCauses(
  { value, averageValue }: MetricTarget, at: string, none: string, both?: string,
): Cause[] {
  if (value === undefined && averageValue === undefined) {
    return [cause.required(`${at}.averageValue`, none)]
  }
  return both !== undefined && value !== undefined && averageValue !== undefined
    ? [cause.forbidden(`${at}.value`, both)] : []
}

function usageCauses(target: MetricTarget, at: string): Cause[] {
  const { averageUtilization, averageValue } = target
  const found = targetCauses(target, at)
  if (averageUtilization === undefined && averageValue === undefined) {
    found.push(cause.required(`${at}.averageUtilization`,
      'must set either a target raw value or a target utilization'))
  } else if (averageUtilization !== undefined && averageValue !== undefined) {
    found.push(cause.forbidden(`${at}.averageValue`,
      'may not set both a target raw value and a target utilization'))
  }
  return found
}

import type { MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from './metrics.ts'

/** The flat form in which the annotations of autoscaling/v1 hold metrics. */
interface FlatSource {
  name?: string
  container?: string
  metricName?: string
  metricSelector?: object
  selector?: object
  target?: object
  targetValue?: string
  targetAverageValue?: string
  targetAverageUtilization?: number
  averageValue?: string
  currentValue?: string
  currentAverageValue?: string
  currentAverageUtilization?: number
}
interface Flat {
  type: string
  object?: FlatSource
  pods?: FlatSource
  resource?: FlatSource
  containerResource?: FlatSource
  external?: FlatSource
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** A copy without members that are undefined. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
}

export function metricsToText(metrics: readonly MetricSpec[]): string {
  return JSON.stringify(metrics.map((metric) => {
    const { type, object, pods, resource, containerResource: contained, external } = metric
    return defined({
      type,
      object: object && defined({
        target: object.describedObject, metricName: object.metric.name,
        targetValue: object.target.value ?? '0', selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
      pods: pods && defined({
        metricName: pods.metric.name, targetAverageValue: pods.target.averageValue ?? '0',
        selector: pods.metric.selector,
      }),
      resource: resource && defined({
        name: resource.name, targetAverageUtilization: resource.target.averageUtilization,
        targetAverageValue: resource.target.averageValue,
      }),
      containerResource: contained && defined({
        name: contained.name, targetAverageUtilization: contained.target.averageUtilization,
        targetAverageValue: contained.target.averageValue, container: contained.container,
      }),
      external: external && defined({
        metricName: external.metric.name, metricSelector: external.metric.selector,
        targetValue: external.target.value, targetAverageValue: external.target.averageValue,
      }),
    })
  }))
}

function readFlat(text: string | undefined): Flat[] | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value as Flat[] : undefined
  } catch {
    return undefined
  }
}

export function metricsFromText(text: string | undefined): MetricSpec[] {
  return (readFlat(text) ?? []).map((flat) => {
    const { type, object, pods, resource, containerResource: contained, external } = flat
    return defined({
      type,
      object: object && {
        describedObject: object.target, metric: identifier(object.metricName, object.selector),
        target: objectTarget(object),
      },
      pods: pods && {
        metric: identifier(pods.metricName, pods.selector),
        target: { type: 'AverageValue', averageValue: pods.targetAverageValue },
      },
      resource: resource && { name: resource.name, target: usageTarget(resource) },
      containerResource: contained && {
        name: contained.name, target: usageTarget(contained), container: contained.container,
      },
      external: external && {
        metric: identifier(external.metricName, external.metricSelector),
        target: defined({
          type: external.targetValue === undefined ? 'AverageValue' : 'Value',
          value: external.targetValue, averageValue: external.targetAverageValue,
        }),
      },
    }) as MetricSpec
  })
}

const identifier = (name: string | undefined, selector: object | undefined): object =>
  defined({ name: name ?? '', selector })

function objectTarget({ averageValue, targetValue }: FlatSource): MetricTarget {
  if (averageValue === undefined) {
    return { type: 'Value', ...(targetValue === undefined ? {} : { value: targetValue }) }
  }
  return {
    type: 'AverageValue', averageValue,
    ...(targetValue === undefined || targetValue === '0' ? {} : { value: targetValue }),
  }
}

const usageTarget = ({ targetAverageUtilization, targetAverageValue }: FlatSource): object =>
  defined({
    type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization',
    averageValue: targetAverageValue, averageUtilization: targetAverageUtilization,
  })

export function statusesToText(statuses: readonly MetricStatus[]): string {
  return JSON.stringify(statuses.map((status) => {
    const { type, object, pods, resource, containerResource: contained, external } = status
    return defined({
      type,
      object: object && defined({
        target: object.describedObject, metricName: object.metric.name,
        currentValue: object.current.value ?? '0', selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
      pods: pods && defined({
        metricName: pods.metric.name, currentAverageValue: pods.current.averageValue ?? '0',
        selector: pods.metric.selector,
      }),
      resource: resource && { name: resource.name, ...flatUsage(resource.current) },
      containerResource: contained && {
        name: contained.name, ...flatUsage(contained.current), container: contained.container,
      },
      external: external && defined({
        metricName: external.metric.name, metricSelector: external.metric.selector,
        currentValue: external.current.value ?? '0',
        currentAverageValue: external.current.averageValue,
      }),
    })
  }))
}

const flatUsage = ({ averageUtilization, averageValue }: MetricValueStatus): object => defined({
  currentAverageUtilization: averageUtilization, currentAverageValue: averageValue ?? '0',
})

export function statusesFromText(text: string | undefined): MetricStatus[] | undefined {
  return readFlat(text)?.map((flat) => {
    const { type, object, pods, resource, containerResource: contained, external } = flat
    return defined({
      type,
      object: object && {
        metric: identifier(object.metricName, object.selector), describedObject: object.target,
        current: defined({ value: object.currentValue, averageValue: object.averageValue }),
      },
      pods: pods && {
        metric: identifier(pods.metricName, pods.selector),
        current: defined({ averageValue: pods.currentAverageValue }),
      },
      resource: resource && { name: resource.name, current: usageNow(resource) },
      containerResource: contained && {
        name: contained.name, current: usageNow(contained), container: contained.container,
      },
      external: external && {
        metric: identifier(external.metricName, external.metricSelector),
        current: defined({
          value: external.currentValue, averageValue: external.currentAverageValue,
        }),
      },
    }) as MetricStatus
  })
}

const usageNow = ({ currentAverageUtilization, currentAverageValue }: FlatSource): object =>
  defined({ averageValue: currentAverageValue, averageUtilization: currentAverageUtilization })

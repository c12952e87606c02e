import type { HorizontalPodAutoscalerV1 } from './autoscaler-v1.ts'
import type { HorizontalPodAutoscaler } from './autoscaler.ts'
import type { KubeObject } from '../../object.ts'
import type { MetricSpec, MetricStatus } from './metrics.ts'

/** What an autoscaler aims at when nothing is said, in percent of the requested CPU. */
export const defaultCpuUtilization = 80

export const cpuMetric = (percent: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
})

const cpuShare = ({ type, resource }: MetricSpec): number | undefined =>
  (type === 'Resource' && resource?.name === 'cpu'
    ? resource.target.averageUtilization : undefined)

const cpuNow = ({ type, resource }: MetricStatus): number | undefined =>
  (type === 'Resource' && resource?.name === 'cpu'
    ? resource.current.averageUtilization : undefined)

const firstOf = <T, U>(items: readonly T[], read: (item: T) => U | undefined): U | undefined => {
  for (const item of items) {
    const found = read(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** A stored autoscaler as autoscaling/v1 shows it. */
export function autoscalerFromStored(stored: KubeObject): HorizontalPodAutoscalerV1 {
  const { spec, status, ...rest } = stored as HorizontalPodAutoscaler
  const share = firstOf(spec?.metrics ?? [], cpuShare)
  const now = firstOf(status?.currentMetrics ?? [], cpuNow)
  return {
    ...rest,
    spec: {
      scaleTargetRef: spec?.scaleTargetRef ?? { kind: '', name: '' },
      ...(spec?.minReplicas === undefined ? {} : { minReplicas: spec.minReplicas }),
      maxReplicas: spec?.maxReplicas ?? 0,
      ...(share === undefined ? {} : { targetCPUUtilizationPercentage: share }),
    },
    status: {
      ...(status?.observedGeneration === undefined
        ? {} : { observedGeneration: status.observedGeneration }),
      ...(status?.lastScaleTime === undefined ? {} : { lastScaleTime: status.lastScaleTime }),
      currentReplicas: status?.currentReplicas ?? 0,
      desiredReplicas: status?.desiredReplicas ?? 0,
      ...(now === undefined ? {} : { currentCPUUtilizationPercentage: now }),
    },
  }
}

/** What is stored of an autoscaler written through autoscaling/v1. */
export function autoscalerToStored(object: HorizontalPodAutoscalerV1): KubeObject {
  const { spec, status, ...rest } = object
  const share = spec?.targetCPUUtilizationPercentage
  const now = status?.currentCPUUtilizationPercentage
  const stored: HorizontalPodAutoscaler = {
    ...rest,
    spec: {
      scaleTargetRef: spec?.scaleTargetRef ?? { kind: '', name: '' },
      ...(spec?.minReplicas === undefined ? {} : { minReplicas: spec.minReplicas }),
      maxReplicas: spec?.maxReplicas ?? 0,
      metrics: [cpuMetric(share ?? defaultCpuUtilization)],
    },
    status: {
      ...(status?.observedGeneration === undefined
        ? {} : { observedGeneration: status.observedGeneration }),
      ...(status?.lastScaleTime === undefined ? {} : { lastScaleTime: status.lastScaleTime }),
      ...(status?.currentReplicas ? { currentReplicas: status.currentReplicas } : {}),
      desiredReplicas: status?.desiredReplicas ?? 0,
      currentMetrics: now === undefined ? null as never
        : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: now } } }],
    },
  }
  return stored
}

import type { KubeObject, Stored } from '../../object.ts'
import type { ObjectMeta } from '../meta.ts'
import type { HorizontalPodAutoscalerV1 } from './autoscaler-v1.ts'
import type {
  HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerStatus,
} from './autoscaler.ts'
import { metricsFromText, metricsToText, statusesFromText, statusesToText } from './v1-metrics.ts'
import type { MetricSpec, MetricStatus } from './metrics.ts'

type Conditions = NonNullable<HorizontalPodAutoscalerStatus['conditions']>

/** What an autoscaler aims at when nothing is said, in percent of the requested CPU. */
export const defaultCpuUtilization = 80

export const cpuMetric = (percent: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
})

/** Annotations in which autoscaling/v1 carries what it has no fields for. */
const carried = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  current: 'autoscaling.alpha.kubernetes.io/current-metrics',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
} as const

/** Metadata without those annotations. */
export function withoutCarried(metadata: ObjectMeta): ObjectMeta {
  const { annotations, ...rest } = metadata
  if (annotations === undefined) return metadata
  const names: readonly string[] = Object.values(carried)
  const own = Object.entries(annotations).filter(([name]) => !names.includes(name))
  if (own.length === Object.keys(annotations).length) return metadata
  return own.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(own) }
}

/** Puts annotations that carry the spec, or the status, back as they were. */
export function keepCarried(
  part: 'spec' | 'status', next: HorizontalPodAutoscalerV1, { metadata }: Stored,
): void {
  const names = part === 'spec'
    ? [carried.metrics, carried.behavior] : [carried.current, carried.conditions]
  const meta = (next.metadata ??= {})
  const annotations: Record<string, string> = { ...meta.annotations }
  for (const name of names) {
    const value = metadata.annotations?.[name]
    if (value === undefined) delete annotations[name]
    else annotations[name] = value
  }
  if (Object.keys(annotations).length === 0) delete meta.annotations
  else meta.annotations = annotations
}

const cpuShare = ({ type, resource }: MetricSpec): number | undefined =>
  (type === 'Resource' && resource?.name === 'cpu'
    ? resource.target.averageUtilization : undefined)

function cpuNow(metrics: readonly MetricStatus[]): number | undefined {
  return metrics.map(({ type, resource }) => (type === 'Resource' && resource?.name === 'cpu'
    ? resource.current.averageUtilization : undefined)).findLast((share) => share !== undefined)
}

/** A stored autoscaler as autoscaling/v1 shows it. */
export function autoscalerFromStored(stored: KubeObject): HorizontalPodAutoscalerV1 {
  const { metadata = {}, spec, status } = stored as HorizontalPodAutoscaler
  const metrics = spec?.metrics ?? []
  const current = status?.currentMetrics ?? []
  const others = metrics.filter((metric) => cpuShare(metric) === undefined)
  const annotations: Record<string, string> = { ...withoutCarried(metadata).annotations }
  if (others.length > 0) annotations[carried.metrics] = metricsToText(others)
  if (current.length > 0) annotations[carried.current] = statusesToText(current)
  if (spec?.behavior !== undefined) annotations[carried.behavior] = behaviorToText(spec.behavior)
  if (status?.conditions?.length) {
    annotations[carried.conditions] = conditionsToText(status.conditions)
  }
  const share = metrics.map(cpuShare).find((one) => one !== undefined)
  const now = cpuNow(current)
  const { annotations: _old, ...meta } = metadata
  return {
    metadata: Object.keys(annotations).length === 0 ? meta : { ...meta, annotations },
    spec: {
      scaleTargetRef: spec?.scaleTargetRef ?? { kind: '', name: '' },
      ...(spec?.minReplicas === undefined ? {} : { minReplicas: spec.minReplicas }),
      maxReplicas: spec?.maxReplicas ?? 0,
      ...(share === undefined ? {} : { targetCPUUtilizationPercentage: share }),
    },
    status: {
      ...seen(status),
      currentReplicas: status?.currentReplicas ?? 0,
      desiredReplicas: status?.desiredReplicas ?? 0,
      ...(now === undefined ? {} : { currentCPUUtilizationPercentage: now }),
    },
  }
}

/** Members in the order of the reference, which some compare as text. */
const conditionsToText = (conditions: Conditions): string => JSON.stringify(conditions.map(
  ({ type, status, lastTransitionTime, reason, message }) => ({
    type, status, lastTransitionTime: lastTransitionTime ?? null,
    ...(reason ? { reason } : {}), ...(message ? { message } : {}),
  })))

type Seen = Pick<HorizontalPodAutoscalerStatus, 'observedGeneration' | 'lastScaleTime'>

/** Members of the status that are the same in both versions and may be unset. */
function seen(status: Seen | undefined): Seen {
  return {
    ...(status?.observedGeneration === undefined
      ? {} : { observedGeneration: status.observedGeneration }),
    ...(status?.lastScaleTime ? { lastScaleTime: status.lastScaleTime } : {}),
  }
}

/** What is stored of an autoscaler written through autoscaling/v1. */
export function autoscalerToStored(object: HorizontalPodAutoscalerV1): KubeObject {
  const { metadata = {}, spec, status } = object
  const { annotations = {} } = metadata
  const share = spec?.targetCPUUtilizationPercentage
  const metrics = [
    ...metricsFromText(annotations[carried.metrics]),
    ...(share === undefined ? [] : [cpuMetric(share)]),
  ]
  const behavior = behaviorFromText(annotations[carried.behavior])
  const stored: HorizontalPodAutoscaler = {
    metadata: withoutCarried(metadata),
    spec: {
      scaleTargetRef: spec?.scaleTargetRef ?? { kind: '', name: '' },
      ...(spec?.minReplicas === undefined ? {} : { minReplicas: spec.minReplicas }),
      maxReplicas: spec?.maxReplicas ?? 0,
      metrics: metrics.length > 0 ? metrics : [cpuMetric(defaultCpuUtilization)],
      ...(behavior === undefined ? {} : { behavior }),
    },
    status: statusToStored(object, status?.currentCPUUtilizationPercentage),
  }
  return stored
}

function statusToStored(
  { metadata, status }: HorizontalPodAutoscalerV1, now: number | undefined,
): HorizontalPodAutoscalerStatus {
  const annotations = metadata?.annotations ?? {}
  const current = statusesFromText(annotations[carried.current])
    ?? (now === undefined ? undefined
      : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: now } } }])
  const conditions = readList(annotations[carried.conditions])
  return {
    ...seen(status),
    ...(status?.currentReplicas ? { currentReplicas: status.currentReplicas } : {}),
    desiredReplicas: status?.desiredReplicas ?? 0,
    // Go prints an unset list of this field as null.
    currentMetrics: current ?? null as never,
    ...(conditions === undefined ? {} : { conditions: conditions as Conditions }),
  }
}

function readList(text: string | undefined): unknown[] | undefined {
  const value = readJson(text)
  return Array.isArray(value) ? value : undefined
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The annotation spells members with a capital and holds null for what is unset. */
const behaviorMembers = [
  'ScaleUp', 'ScaleDown', 'StabilizationWindowSeconds', 'SelectPolicy', 'Policies', 'Tolerance',
  'Type', 'Value', 'PeriodSeconds',
] as const
const unsetRules = {
  stabilizationWindowSeconds: null, selectPolicy: null, policies: null, tolerance: null,
}

function behaviorToText({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): string {
  return JSON.stringify(renamed({
    scaleUp: scaleUp === undefined ? null : { ...unsetRules, ...scaleUp },
    scaleDown: scaleDown === undefined ? null : { ...unsetRules, ...scaleDown },
  }, (name) => name.slice(0, 1).toUpperCase() + name.slice(1), false))
}

function behaviorFromText(text: string | undefined): HorizontalPodAutoscalerBehavior | undefined {
  const known = new Map(behaviorMembers.map((name) =>
    [name.toLowerCase(), name.slice(0, 1).toLowerCase() + name.slice(1)]))
  const read = renamed(readJson(text), (name) => known.get(name.toLowerCase()),
    true)
  return typeof read === 'object' && read !== null && Object.keys(read).length > 0
    ? read as HorizontalPodAutoscalerBehavior : undefined
}

/** Members without a new name fall out; so does null when `dropNull`, for it means unset. */
function renamed(
  value: unknown, rename: (name: string) => string | undefined, dropNull: boolean,
): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, rename, dropNull))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]) => {
    const to = rename(name)
    return to === undefined || (dropNull && member === null)
      ? [] : [[to, renamed(member, rename, dropNull)]]
  }))
}

/** A stored autoscaler in the newer form, of which columns and rules of v1 take what they show. */
export const storedForm = (object: Stored<HorizontalPodAutoscalerV1>):
Stored<HorizontalPodAutoscaler> => autoscalerToStored(object) as Stored<HorizontalPodAutoscaler>

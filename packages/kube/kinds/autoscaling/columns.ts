import { ageColumn, countColumn, nameColumn, textColumn } from '../../cells.ts'
import type { Column } from '../../resource.ts'
import type { HorizontalPodAutoscaler } from './autoscaler.ts'
import type { MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from './metrics.ts'

const unknown = '<unknown>'
const shownMax = 2

/** `current/target` of metrics that are quantities. */
function quantityCell(
  target: MetricTarget, current: MetricValueStatus | undefined, marked: boolean,
): string {
  if (target.averageValue === undefined) {
    return `${current === undefined ? unknown : current.value ?? '0'}/${target.value ?? '0'}`
  }
  return `${current?.averageValue ?? unknown}/${target.averageValue}${marked ? ' (avg)' : ''}`
}

function usageCell(
  name: string, target: MetricTarget, current: MetricValueStatus | undefined,
): string {
  if (target.averageValue !== undefined) {
    const now = current === undefined ? unknown : current.averageValue ?? '0'
    return `${name}: ${now}/${target.averageValue}`
  }
  const percent = (share: number | undefined, whenUnset: string): string =>
    (share === undefined ? whenUnset : `${share}%`)
  return `${name}: ${percent(current?.averageUtilization, unknown)}/`
    + percent(target.averageUtilization, '<auto>')
}

function metricCell(
  { type, external, pods, object, resource, containerResource }: MetricSpec,
  now: MetricStatus | undefined,
): string {
  switch (type) {
    case 'External':
      return external ? quantityCell(external.target, now?.external?.current, true) : ''
    case 'Object': return object ? quantityCell(object.target, now?.object?.current, true) : ''
    case 'Pods': return pods ? quantityCell(pods.target, now?.pods?.current, false) : ''
    case 'Resource':
      return resource ? usageCell(resource.name, resource.target, now?.resource?.current) : ''
    case 'ContainerResource': return containerResource ? usageCell(containerResource.name,
      containerResource.target, now?.containerResource?.current) : ''
    default: return '<unknown type>'
  }
}

function targetsCell({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec?.metrics ?? []
  if (metrics.length === 0) return '<none>'
  const cells = metrics.map((metric, index) => metricCell(metric, status?.currentMetrics?.[index]))
  const more = cells.length > shownMax ? ` + ${cells.length - shownMax} more...` : ''
  return cells.slice(0, shownMax).join(', ') + more
}

export const autoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  textColumn('Reference', 'What is scaled.', ({ spec }) =>
    `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`),
  textColumn('Targets', 'Values now, and those aimed at.', targetsCell),
  textColumn('MinPods', 'Never fewer.', ({ spec }) => String(spec?.minReplicas ?? '<unset>')),
  { ...countColumn('MaxPods', 'Never more.', ({ spec }: HorizontalPodAutoscaler) =>
    spec?.maxReplicas ?? 0), type: 'string' },
  { ...countColumn('Replicas', 'How many there are.', ({ status }: HorizontalPodAutoscaler) =>
    status?.currentReplicas ?? 0), type: 'string' },
  ageColumn,
]

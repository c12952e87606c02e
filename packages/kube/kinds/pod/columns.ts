import { formatAge } from '../../age.ts'
import { ageColumn, nameColumn, textColumn, wideColumn } from '../../cells.ts'
import type { Column, RowCondition } from '../../resource.ts'
import type { Pod } from './pod.ts'
import type { ContainerStatus } from './status.ts'

interface Scan {
  reason: string
  ready: number
  restarts: number
  /** End of the last container that was started again; empty when none was. */
  restartedAt: string
}

const isSidecar = (pod: Pod, name: string): boolean =>
  pod.spec?.initContainers?.find((one) => one.name === name)?.restartPolicy === 'Always'

const conditionStatus = (pod: Pod, type: string): string | undefined =>
  pod.status?.conditions?.find((condition) => condition.type === type)?.status

/** Status, readiness and restarts of a Pod as `kubectl get` shows them. */
export function scanPod(pod: Pod): Scan {
  const gated = pod.status?.conditions?.some((condition) =>
    condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated')
  const scan: Scan = {
    reason: gated ? 'SchedulingGated' : pod.status?.reason || pod.status?.phase || '',
    ready: 0, restarts: 0, restartedAt: '',
  }
  const sidecars = { ...scan }
  const initializing = scanInit(pod, scan, sidecars)
  if (!initializing || conditionStatus(pod, 'Initialized') === 'True') {
    scan.restarts = sidecars.restarts
    scan.restartedAt = sidecars.restartedAt
    scanContainers(pod, scan)
  }
  if (pod.metadata?.deletionTimestamp) {
    if (pod.status?.reason === 'NodeLost') scan.reason = 'Unknown'
    else if (!['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')) scan.reason = 'Terminating'
  }
  return scan
}

function count(scan: Scan, status: ContainerStatus): void {
  scan.restarts += status.restartCount ?? 0
  const ended = status.lastState?.terminated?.finishedAt ?? ''
  if (ended > scan.restartedAt) scan.restartedAt = ended
}

/** True while an init container has not finished or has failed; its state is then the reason. */
function scanInit(pod: Pod, scan: Scan, sidecars: Scan): boolean {
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    count(scan, status)
    const sidecar = isSidecar(pod, status.name)
    if (sidecar) count(sidecars, status)
    const { terminated, waiting } = status.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecar && status.started === true) {
      if (status.ready) scan.ready++
      continue
    }
    if (terminated !== undefined) scan.reason = `Init:${endReason(terminated)}`
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') {
      scan.reason = `Init:${waiting.reason}`
    } else {
      scan.reason = `Init:${index}/${pod.spec?.initContainers?.length ?? 0}`
    }
    return true
  }
  return false
}

function endReason(ended: { reason?: string; signal?: number; exitCode: number }): string {
  if (ended.reason) return ended.reason
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`
}

function scanContainers(pod: Pod, scan: Scan): void {
  let running = false
  let failure = ''
  for (const status of (pod.status?.containerStatuses ?? []).toReversed()) {
    count(scan, status)
    const state = status.state ?? {}
    if (state.waiting?.reason) scan.reason = state.waiting.reason
    else if (state.terminated !== undefined) {
      scan.reason = endReason(state.terminated)
      if (state.terminated.exitCode !== 0) failure = scan.reason
    } else if (status.ready && state.running !== undefined) {
      running = true
      scan.ready++
    }
  }
  if (scan.reason !== 'Completed') return
  if (running && conditionStatus(pod, 'Ready') === 'True') scan.reason = 'Running'
  else if (failure !== '') scan.reason = failure
  else if (running) scan.reason = 'NotReady'
}

function readyCell(pod: Pod): string {
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
  return `${scanPod(pod).ready}/${(pod.spec?.containers?.length ?? 0) + sidecars.length}`
}

function restartsCell(pod: Pod, nowMs: number): string {
  const { restarts, restartedAt } = scanPod(pod)
  if (restarts === 0 || restartedAt === '') return String(restarts)
  return `${restarts} (${formatAge(restartedAt, nowMs)} ago)`
}

function gatesCell(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const open = gates.filter((gate) => conditionStatus(pod, gate.conditionType) === 'True')
  return `${open.length}/${gates.length}`
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  textColumn('Ready', 'Containers that are ready, of all that count.', readyCell),
  textColumn('Status', 'What the Pod is doing, or why it is not.', (pod) => scanPod(pod).reason),
  textColumn('Restarts', 'How often containers were started again.', restartsCell),
  ageColumn,
  wideColumn('IP', 'First address.', ({ status }) => status?.podIPs?.[0]?.ip || '<none>'),
  wideColumn('Node', 'Where it runs.', ({ spec }) => spec?.nodeName || '<none>'),
  wideColumn('Nominated Node', 'Where room is being made for it.',
    ({ status }) => status?.nominatedNodeName || '<none>'),
  wideColumn('Readiness Gates', 'Extra conditions that hold, of all.', gatesCell),
]

export function podRowConditions(pod: Pod): RowCondition[] {
  const phase = pod.status?.phase
  if (phase !== 'Succeeded' && phase !== 'Failed') return []
  return [{
    type: 'Completed', status: 'True', reason: phase,
    message: phase === 'Succeeded'
      ? 'The pod has completed successfully.' : 'The pod failed.',
  }]
}

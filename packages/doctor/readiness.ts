import { type Container, type ContainerStatus, type Pod, conditionOf } from '@slicewise/kube'
import type { FindingId } from './findings.ts'

/** Why a Pod is not ready, or has no address, as its own status tells it. */
export interface Unready {
  readonly id: FindingId
  readonly text: string
  /** RFC 3339; absent when the status does not say. */
  readonly since?: string
}

const pullReasons = new Set([
  'ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull',
  'RegistryUnavailable',
])
const configReasons = new Set([
  'CreateContainerConfigError', 'CreateContainerError', 'RunContainerError',
])

/** The nearest cause, looked for from the scheduling of the Pod to its readiness gates. */
export function whyUnready(pod: Pod): Unready {
  const found = unscheduled(pod) ?? unreachable(pod) ?? unreadyContainer(pod) ?? unmetGate(pod)
  const since = found?.since ?? conditionOf(pod, 'Ready')?.lastTransitionTime
  const { id, text } = found ?? unknownCause(pod)
  return { id, text, ...(since ? { since } : {}) }
}

function unscheduled(pod: Pod): Unready | undefined {
  if (pod.spec?.nodeName) return undefined
  const scheduled = conditionOf(pod, 'PodScheduled')
  const told = scheduled?.status === 'False' ? scheduled.message || scheduled.reason : ''
  const since = scheduled?.lastTransitionTime || pod.metadata?.creationTimestamp
  return {
    id: 'NotScheduled', ...(since ? { since } : {}),
    text: `it is on no Node${told ? `: ${told}` : ', and the scheduler has not said why'}`,
  }
}

function unreachable(pod: Pod): Unready | undefined {
  const ready = conditionOf(pod, 'Ready')
  const lost = ready?.status === 'Unknown' || pod.status?.reason === 'NodeLost'
  if (!lost) return undefined
  return { id: 'NodeUnreachable', text: `nothing is heard of its Node ${pod.spec?.nodeName ?? ''}` }
}

function unreadyContainer(pod: Pod): Unready | undefined {
  const init = statuses(pod, 'init').find(({ container, status }) =>
    container.restartPolicy !== 'Always' && status?.state?.terminated?.exitCode !== 0)
  if (init?.status !== undefined) return unfinishedInit(init.container, init.status)
  const all = [...statuses(pod, 'init').filter(({ container }) =>
    container.restartPolicy === 'Always'), ...statuses(pod, 'regular')]
  const unready = all.find(({ status }) => status !== undefined && !status.ready)
  if (unready?.status !== undefined) return whyContainer(pod, unready.container, unready.status)
  return undefined
}

interface Stated { readonly container: Container; readonly status: ContainerStatus | undefined }

function statuses(pod: Pod, which: 'init' | 'regular'): Stated[] {
  const containers = which === 'init' ? pod.spec?.initContainers : pod.spec?.containers
  const known = which === 'init'
    ? pod.status?.initContainerStatuses : pod.status?.containerStatuses
  return (containers ?? []).map((container) =>
    ({ container, status: known?.find(({ name }) => name === container.name) }))
}

function unfinishedInit({ name }: Container, status: ContainerStatus): Unready {
  const stuck = whyNotRunning(name, status)
  if (stuck !== undefined && stuck.id !== 'ContainerStarts') return stuck
  const running = status.state?.running !== undefined
  return {
    id: 'InitContainersRun',
    text: `its init container ${name} ${running ? 'has not finished' : 'has not run yet'}`,
  }
}

function whyContainer(pod: Pod, container: Container, status: ContainerStatus): Unready {
  const { name } = container
  const stuck = whyNotRunning(name, status)
  if (stuck !== undefined) return stuck
  if (container.startupProbe !== undefined && status.started !== true) {
    return { id: 'StartupProbeFails', text: `container ${name} has not passed its startup probe` }
  }
  if (container.readinessProbe !== undefined) {
    const asks = probeText(container)
    return {
      id: 'ReadinessProbeFails',
      text: `container ${name} does not pass its readiness probe${asks ? ` (${asks})` : ''}`,
    }
  }
  return unmetGate(pod) ?? {
    id: 'PodNotReady', text: `container ${name} runs and is not ready, it has no readiness probe`,
  }
}

/** Waiting or ended; undefined for one that runs, or whose state is not told. */
function whyNotRunning(name: string, status: ContainerStatus): Unready | undefined {
  const { waiting, terminated } = status.state ?? {}
  const reason = waiting?.reason ?? ''
  const again = status.restartCount > 0 ? `, started ${status.restartCount} times again` : ''
  if (pullReasons.has(reason)) {
    const image = status.image ? ` "${status.image}"` : ''
    return {
      id: 'ImageMissing', text: `the image${image} of container ${name} is not pulled: ${reason}`,
    }
  }
  if (configReasons.has(reason)) {
    const told = waiting?.message ? `: ${waiting.message}` : ''
    return {
      id: 'ContainerMisconfigured', text: `container ${name} is not made, ${reason}${told}`,
    }
  }
  if (reason === 'CrashLoopBackOff' || (terminated !== undefined && status.restartCount > 0)) {
    const last = terminated ?? status.lastState?.terminated
    const ended = last === undefined ? '' : ` (exit code ${last.exitCode})`
    return { id: 'ContainerCrashes', text: `container ${name} crashes${ended}${again}` }
  }
  if (terminated !== undefined) {
    const since = terminated.finishedAt
    return {
      id: 'ContainerEnded', ...(since ? { since } : {}),
      text: `container ${name} has ended (exit code ${terminated.exitCode})`,
    }
  }
  if (waiting === undefined) return undefined
  const text = `container ${name} has not started: ${reason || 'waiting'}`
  return { id: 'ContainerStarts', text }
}

function probeText({ readinessProbe }: Container): string {
  const { httpGet, tcpSocket, grpc, exec } = readinessProbe ?? {}
  if (httpGet) return `GET ${httpGet.path ?? '/'} at port ${httpGet.port}`
  if (tcpSocket) return `connects to port ${tcpSocket.port}`
  if (grpc) return `gRPC at port ${grpc.port}`
  return exec ? `runs ${(exec.command ?? []).slice(0, 3).join(' ')}` : ''
}

function unmetGate(pod: Pod): Unready | undefined {
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const condition = conditionOf(pod, conditionType)
    if (condition?.status === 'True') continue
    const since = condition?.lastTransitionTime
    const state = condition === undefined ? 'nobody has set' : condition.status
    const clause = condition === undefined
      ? `${state} the condition ${conditionType} of its readiness gate`
      : `its readiness gate ${conditionType} is ${state}`
    return { id: 'ReadinessGateUnmet', text: clause, ...(since ? { since } : {}) }
  }
  return undefined
}

function unknownCause(pod: Pod): Unready {
  const ready = conditionOf(pod, 'Ready')
  if (ready === undefined) {
    const started = (pod.status?.containerStatuses ?? []).length > 0
    return started
      ? { id: 'PodNotReady', text: 'it has no Ready condition' }
      : { id: 'ContainerStarts', text: `its Node ${pod.spec?.nodeName} has not reported it yet` }
  }
  const told = ready.message || ready.reason
  const text = `its Ready condition is ${ready.status}${told ? `: ${told}` : ''}`
  return { id: 'PodNotReady', text }
}

import { seconds } from '@slicewise/base'
import type { Container, ContainerState, ContainerStatus, Pod, PodCondition, PodStatus, Stored }
  from '@slicewise/kube'
import type { ContainerPhase, Moment } from './lifecycle.ts'

/** Addresses of one Pod: its own, and those of its Node. */
export interface Addresses {
  readonly pod: readonly string[]
  readonly node: readonly string[]
}

/** The status a kubelet would report at this moment. Conditions keep their transition times. */
export function statusOf(
  pod: Stored<Pod>, moment: Moment, addresses: Addresses, bornMs: number, nowMs: number,
): PodStatus {
  const hostIPs = addresses.node.map((ip) => ({ ip }))
  const podIPs = moment.networked ? addresses.pod.map((ip) => ({ ip })) : []
  const first = podIPs[0]?.ip
  const hostIP = hostIPs[0]?.ip
  return {
    ...(pod.metadata.generation === undefined
      ? {} : { observedGeneration: pod.metadata.generation }),
    phase: moment.phase,
    conditions: conditionsOf(pod, moment, nowMs),
    ...(hostIP === undefined ? {} : { hostIP, hostIPs }),
    ...(first === undefined ? {} : { podIP: first, podIPs }),
    startTime: pod.status?.startTime ?? seconds(bornMs),
    ...initStatuses(pod, moment, bornMs),
    containerStatuses: (pod.spec?.containers ?? [])
      .map((container) => containerStatus(pod, container, moment)),
    ...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
  }
}

function conditionsOf(pod: Stored<Pod>, moment: Moment, nowMs: number): PodCondition[] {
  const ready = moment.containers.at === 'running' && moment.containers.ready
  const ended = moment.phase === 'Succeeded' || moment.phase === 'Failed'
  const names = (pod.spec?.containers ?? []).map((container) => container.name).join(' ')
  const unready: [reason: string, message: string] = ended
    ? [moment.phase === 'Failed' ? 'PodFailed' : 'PodCompleted', '']
    : ['ContainersNotReady', `containers with unready status: [${names}]`]
  const inits = (pod.spec?.initContainers ?? []).map((container) => container.name).join(' ')
  const uninitialized: [string, string] =
    ['ContainersNotInitialized', `containers with incomplete status: [${inits}]`]
  const gates = (pod.spec?.readinessGates ?? []).every((gate) => pod.status?.conditions?.some(
    (one) => one.type === gate.conditionType && one.status === 'True'))
  const gated: [string, string] = ['ReadinessGatesNotReady', 'a readiness gate is not True']
  const sandboxed = moment.networked && !ended
  return [
    condition(pod, 'PodReadyToStartContainers', sandboxed, undefined, nowMs),
    condition(pod, 'Initialized', moment.initialized,
      moment.initialized ? completed(ended, moment) : uninitialized, nowMs),
    condition(pod, 'Ready', ready && gates, ready ? (gates ? undefined : gated) : unready, nowMs),
    condition(pod, 'ContainersReady', ready, ready ? undefined : unready, nowMs),
    condition(pod, 'PodScheduled', true, undefined, nowMs),
  ]
}

function completed(ended: boolean, moment: Moment): [string, string] | undefined {
  return ended && moment.phase === 'Succeeded' ? ['PodCompleted', ''] : undefined
}

function condition(
  pod: Stored<Pod>, type: string, holds: boolean, because: [string, string] | undefined,
  nowMs: number,
): PodCondition {
  const status = holds ? 'True' : 'False'
  const known = pod.status?.conditions?.find((one) => one.type === type)
  const generation = pod.metadata.generation
  return {
    type, status, lastProbeTime: null,
    lastTransitionTime: known?.status === status ? known.lastTransitionTime : seconds(nowMs),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(because?.[0] ? { reason: because[0] } : {}),
    ...(because?.[1] ? { message: because[1] } : {}),
  }
}

function containerStatus(pod: Stored<Pod>, container: Container, moment: Moment): ContainerStatus {
  const { containers, restarts, exitCode } = moment
  const image = container.image ?? ''
  const began = containers.at !== 'waiting'
  const id = `simulated://${pod.metadata.uid}/${container.name}/${restarts}`
  return {
    name: container.name,
    state: stateOf(containers, exitCode, id),
    lastState: lastStateOf(pod, container, containers, exitCode, id),
    ready: containers.at === 'running' && containers.ready,
    restartCount: restarts,
    image,
    imageID: began ? `simulated://${image}` : '',
    ...(began ? { containerID: id } : {}),
    started: containers.at === 'running',
    ...(began ? resourcesOf(container) : {}),
  }
}

/** A Node gives what is asked for, at once; that it says so is what allows to ask for other. */
function resourcesOf(
  { resources = {} }: Container,
): Pick<ContainerStatus, 'resources' | 'allocatedResources'> {
  const { requests } = resources
  return { resources, ...(requests === undefined ? {} : { allocatedResources: requests }) }
}

function stateOf(
  containers: ContainerPhase, exitCode: number, containerID: string,
): ContainerState {
  switch (containers.at) {
    case 'waiting':
      return { waiting: { reason: containers.reason } }
    case 'running':
      return { running: { startedAt: seconds(containers.sinceMs) } }
    case 'crashed':
      return {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'the container ended and waits to be started again',
        },
      }
    case 'ended':
      return terminated(containers, exitCode, containerID)
  }
}

function terminated(
  at: { readonly sinceMs: number; readonly startedMs: number }, exitCode: number,
  containerID: string,
): ContainerState {
  return {
    terminated: {
      exitCode, reason: exitCode === 0 ? 'Completed' : 'Error',
      startedAt: seconds(at.startedMs), finishedAt: seconds(at.sinceMs), containerID,
    },
  }
}

function lastStateOf(
  pod: Stored<Pod>, container: Container, containers: ContainerPhase, exitCode: number, id: string,
): ContainerState {
  if (containers.at === 'crashed') return terminated(containers, exitCode, id)
  const known = pod.status?.containerStatuses?.find((one) => one.name === container.name)
  return known?.lastState ?? {}
}

function initStatuses(
  pod: Stored<Pod>, moment: Moment, bornMs: number,
): { initContainerStatuses?: ContainerStatus[] } {
  const inits = pod.spec?.initContainers ?? []
  if (inits.length === 0) return {}
  return {
    initContainerStatuses: inits.map((container) => container.restartPolicy === 'Always'
      ? containerStatus(pod, container, moment)
      : initStatus(pod, container, moment.initialized, bornMs)),
  }
}

function initStatus(
  pod: Stored<Pod>, container: Container, done: boolean, bornMs: number,
): ContainerStatus {
  const containerID = `simulated://${pod.metadata.uid}/${container.name}/0`
  const state = done
    ? terminated({ sinceMs: bornMs, startedMs: bornMs }, 0, containerID)
    : { waiting: { reason: 'PodInitializing' } }
  return {
    name: container.name, state, lastState: {}, ready: done, restartCount: 0,
    image: container.image ?? '', imageID: done ? `simulated://${container.image ?? ''}` : '',
    ...(done ? { containerID, ...resourcesOf(container) } : {}), started: false,
  }
}

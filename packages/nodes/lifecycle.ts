import type { Pod, Stored } from '@slicewise/kube'
import { limits } from './limits.ts'
import type { Steering } from './steering.ts'

/** What the simulator remembers of one Pod; times are wall clock, ms. */
export interface Life {
  /** First seen on its Node. */
  readonly bornMs: number
  /** The present sandbox began to be made; equals `bornMs` until a restart. */
  readonly sandboxMs: number
  /** Deletion was first seen; absent while the Pod is wanted. */
  readonly endingMs?: number
}

export type ContainerPhase =
  | { readonly at: 'waiting'; readonly reason: 'PodInitializing' | 'ContainerCreating' }
  | { readonly at: 'running'; readonly sinceMs: number; readonly ready: boolean }
  | { readonly at: 'crashed'; readonly sinceMs: number; readonly startedMs: number }
  | { readonly at: 'ended'; readonly sinceMs: number; readonly startedMs: number }

/** Where a Pod stands at one moment. */
export interface Moment {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  readonly initialized: boolean
  /** The sandbox has its addresses. */
  readonly networked: boolean
  readonly containers: ContainerPhase
  readonly restarts: number
  readonly exitCode: number
  /** The Pod has ended after its deletion: the object can go. */
  readonly over: boolean
  /** When the next change comes, wall clock ms; Infinity when none does by itself. */
  readonly nextMs: number
}

/** Lengths of the stages of one Pod, ms of wall clock (already divided by the speed). */
export interface Stages {
  readonly admitMs: number
  readonly initMs: number
  readonly startMs: number
  readonly readyMs: number
  readonly graceMs: number
  readonly endMs: number
}

/** The table of stages: what a Pod asks for, what its annotations say, or the usual times. */
export function stagesOf(pod: Stored<Pod>, steering: Steering, speed: number): Stages {
  const spec = pod.spec
  const inits = (spec?.initContainers ?? []).filter((one) => one.restartPolicy !== 'Always')
  const graceSeconds = pod.metadata.deletionGracePeriodSeconds ??
    spec?.terminationGracePeriodSeconds ?? 30
  const divided = (ms: number): number => ms / speed
  return {
    admitMs: divided(limits.admitMs),
    initMs: divided(inits.length * limits.initMs),
    startMs: divided(steering.startMs ?? limits.startMs),
    readyMs: divided(steering.readyMs ?? probedReadyMs(pod)),
    graceMs: divided(graceSeconds * 1_000),
    endMs: divided(steering.endMs ?? limits.endMs),
  }
}

/** From container start to ready as the probes ask: 0 without a readiness or startup probe. */
export function probedReadyMs(pod: Stored<Pod>): number {
  let longest = 0
  for (const { startupProbe, readinessProbe } of pod.spec?.containers ?? []) {
    const startup = startupProbe === undefined ? 0 : (startupProbe.initialDelaySeconds ?? 0) +
      (startupProbe.periodSeconds ?? 10)
    const more = (readinessProbe?.successThreshold ?? 1) - 1
    const readiness = readinessProbe === undefined ? 0 : Math.max(
      1, readinessProbe.initialDelaySeconds ?? 0,
    ) + more * (readinessProbe.periodSeconds ?? 10)
    longest = Math.max(longest, startup + readiness)
  }
  return longest * 1_000
}

/** Where the Pod stands at `nowMs`. Pure: the same life gives the same moment. */
export function momentOf(
  pod: Stored<Pod>, life: Life, steering: Steering, speed: number, nowMs: number,
): Moment {
  const stages = stagesOf(pod, steering, speed)
  const initMs = life.sandboxMs + stages.admitMs
  const startedMs = initMs + stages.initMs + stages.startMs
  const overMs = life.endingMs === undefined
    ? Infinity
    : life.endingMs + Math.min(stages.graceMs, stages.endMs)
  if (nowMs >= overMs) return ended(startedMs, Math.min(nowMs, overMs), steering, true, pod)
  if (nowMs < startedMs) {
    const initialized = stages.initMs === 0 || nowMs >= initMs + stages.initMs
    const nextMs = Math.min(initialized ? startedMs : initMs + stages.initMs, overMs)
    return pending(initialized, Math.max(nextMs, nowMs + 1))
  }
  return running(pod, { stages, steering, speed, startedMs, overMs }, nowMs)
}

function pending(initialized: boolean, nextMs: number): Moment {
  const reason = initialized ? 'ContainerCreating' : 'PodInitializing'
  return {
    phase: 'Pending', initialized, networked: false, containers: { at: 'waiting', reason },
    restarts: 0, exitCode: 0, over: false, nextMs,
  }
}

interface Course {
  readonly stages: Stages
  readonly steering: Steering
  readonly speed: number
  readonly startedMs: number
  readonly overMs: number
}

/** Containers run, and may end by themselves, be started again after a pause, and flap. */
function running(pod: Stored<Pod>, course: Course, nowMs: number): Moment {
  const { steering, speed, overMs } = course
  const lifeMs = steering.exitMs === undefined ? Infinity : Math.max(1, steering.exitMs / speed)
  const policy = pod.spec?.restartPolicy ?? 'Always'
  const again = policy === 'Always' || (policy === 'OnFailure' && steering.exitCode !== 0)
  let startedMs = course.startedMs
  let restarts = 0
  while (nowMs >= startedMs + lifeMs) {
    const exitMs = startedMs + lifeMs
    if (!again) return ended(startedMs, exitMs, steering, false, pod)
    const pauseMs = Math.min(limits.backoffMsMax, limits.backoffMsMin * 2 ** restarts) / speed
    if (nowMs < exitMs + pauseMs) {
      return {
        phase: 'Running', initialized: true, networked: true, restarts,
        containers: { at: 'crashed', sinceMs: exitMs, startedMs }, exitCode: steering.exitCode,
        over: false, nextMs: Math.min(exitMs + pauseMs, overMs),
      }
    }
    startedMs = exitMs + pauseMs
    restarts++
  }
  const { ready, nextMs } = readiness(course, startedMs, nowMs)
  return {
    phase: 'Running', initialized: true, networked: true, restarts, exitCode: steering.exitCode,
    containers: { at: 'running', sinceMs: startedMs, ready },
    over: false, nextMs: Math.min(nextMs, startedMs + lifeMs, overMs),
  }
}

function readiness(
  { steering, stages, speed }: Course, startedMs: number, nowMs: number,
): { ready: boolean; nextMs: number } {
  if (!steering.ready) return { ready: false, nextMs: Infinity }
  const firstMs = startedMs + stages.readyMs
  if (nowMs < firstMs) return { ready: false, nextMs: firstMs }
  if (steering.flap === undefined) return { ready: true, nextMs: Infinity }
  const readyMs = steering.flap.readyMs / speed
  const cycleMs = readyMs + steering.flap.unreadyMs / speed
  const roundStartMs = firstMs + Math.floor((nowMs - firstMs) / cycleMs) * cycleMs
  const ready = nowMs < roundStartMs + readyMs
  return { ready, nextMs: ready ? roundStartMs + readyMs : roundStartMs + cycleMs }
}

function ended(
  startedMs: number, sinceMs: number, steering: Steering, over: boolean, pod: Stored<Pod>,
): Moment {
  const exitCode = steering.exitMs === undefined && over ? 0 : steering.exitCode
  const failed = exitCode !== 0
  return {
    phase: failed ? 'Failed' : 'Succeeded', initialized: true,
    networked: (pod.status?.podIPs ?? []).length > 0 || !over,
    containers: { at: 'ended', sinceMs, startedMs: Math.min(startedMs, sinceMs) },
    restarts: pod.status?.containerStatuses?.[0]?.restartCount ?? 0,
    exitCode, over, nextMs: Infinity,
  }
}

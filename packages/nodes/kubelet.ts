import { type Env, steadyClock } from '@slicewise/base'
import { type Pod, type Stored, resources } from '@slicewise/kube'
import { type Plan, type Step, noPlan } from '@slicewise/engine'
import { type Life, type Moment, momentOf, stagesOf } from './lifecycle.ts'
import type { PodRuntime } from './runtime.ts'
import { type Addresses, statusOf } from './status.ts'
import { type Steering, steeringOf } from './steering.ts'

/** What one kubelet knows of one Pod beyond the object itself; rebuilt from its status. */
interface Known {
  life: Life
  /** Text of the sandbox annotation that the present addresses belong to. */
  sandbox: string
  told: boolean
}

/** Walks the Pods of one simulated Node through their lives. Plans only; never writes. */
export class Kubelet {
  /** A Pod that runs does not begin anew because somebody set the clock. */
  readonly #nowMs: () => number
  readonly #speed: number
  readonly #runtime: PodRuntime
  readonly #nodeAddresses: readonly string[]
  readonly #pods = new Map<string, Known>()

  constructor(options: {
    env: Env
    speed: number
    runtime: PodRuntime
    nodeAddresses: readonly string[]
  }) {
    this.#nowMs = steadyClock(options.env)
    this.#speed = options.speed
    this.#runtime = options.runtime
    this.#nodeAddresses = options.nodeAddresses
  }

  forget(uid: string): void {
    this.#pods.delete(uid)
    this.#runtime.remove(uid)
  }

  /** What has to be written for the Pod now, and when to look again. */
  plan(pod: Stored<Pod>): Plan {
    const nowMs = this.#nowMs()
    const steering = steeringOf(pod)
    const known = this.#known(pod, steering, nowMs)
    if (isFinished(pod) && !pod.metadata.deletionTimestamp) return noPlan
    const moment = momentOf(pod, known.life, steering, this.#speed, nowMs)
    const plan = this.#write(pod, moment, known.life.bornMs, nowMs)
    return this.#withProblems(pod, known, steering, plan)
  }

  #write(pod: Stored<Pod>, moment: Moment, bornMs: number, nowMs: number): Plan {
    const addresses: Addresses = {
      pod: moment.networked ? this.#runtime.sandbox(pod) : [],
      node: this.#nodeAddresses,
    }
    const status = statusOf(pod, moment, addresses, bornMs, nowMs)
    const steps: Step[] = sameStatus(pod, status) ? [] : [statusStep(pod, status)]
    if (moment.over) steps.push(removeStep(pod))
    const waitMs = Math.max(1, moment.nextMs - nowMs)
    const againMs = moment.nextMs === Infinity ? {} : { againMs: waitMs }
    return { steps, ...againMs }
  }

  #known(pod: Stored<Pod>, steering: Steering, nowMs: number): Known {
    const { uid, deletionTimestamp } = pod.metadata
    let known = this.#pods.get(uid)
    if (known === undefined) {
      known = { life: this.#adopt(pod, steering, nowMs), sandbox: steering.sandbox, told: false }
      this.#pods.set(uid, known)
    }
    if (deletionTimestamp && known.life.endingMs === undefined) {
      known.life = { ...known.life, endingMs: nowMs }
    }
    if (known.sandbox !== steering.sandbox) {
      known.sandbox = steering.sandbox
      known.life = { ...known.life, sandboxMs: nowMs }
      this.#runtime.renew(pod)
    }
    return known
  }

  /** A Pod that ran before this process started goes on where its status says it stood. */
  #adopt(pod: Stored<Pod>, steering: Steering, nowMs: number): Life {
    const reported = Date.parse(pod.status?.startTime ?? '')
    const bornMs = Number.isNaN(reported) ? nowMs : Math.min(nowMs, reported)
    const running = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt
    if (!running) return { bornMs, sandboxMs: bornMs }
    this.#runtime.sandbox(pod)
    const stages = stagesOf(pod, steering, this.#speed)
    const startedMs = Date.parse(running)
    return { bornMs, sandboxMs: startedMs - stages.admitMs - stages.initMs - stages.startMs }
  }

  #withProblems(pod: Stored<Pod>, known: Known, steering: Steering, plan: Plan): Plan {
    if (known.told || steering.problems.length === 0) return plan
    known.told = true
    const events = steering.problems.map((message) => ({
      regarding: pod, regardingKind: 'Pod', regardingApiVersion: 'v1',
      type: 'Warning' as const, reason: 'BadAnnotation', message,
    }))
    return { ...plan, events }
  }
}

function isFinished(pod: Stored<Pod>): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

/** The first report of a Pod is made as soon as it is seen; later ones only when they differ. */
function sameStatus(pod: Stored<Pod>, status: NonNullable<Pod['status']>): boolean {
  return comparable(pod.status ?? {}) === comparable(status)
}

/** What a report is about, without the conditions of others and without member order. */
function comparable(status: NonNullable<Pod['status']>): string {
  const ours = (status.conditions ?? []).filter((one) => kubeletConditions.has(one.type))
  const conditions = ours
    .map((one) => [one.type, one.status, one.reason ?? '', one.message ?? ''].join(' ')).sort()
  const containers = [...status.initContainerStatuses ?? [], ...status.containerStatuses ?? []]
  return JSON.stringify([
    status.observedGeneration, status.phase, status.podIPs ?? [], status.hostIP, status.startTime,
    conditions,
    containers.map((one) => [
      one.name, one.ready, one.restartCount, one.image, Object.entries(one.state ?? {})[0],
      // What they are follows the generation.
      one.resources !== undefined,
    ]),
  ])
}

const kubeletConditions: ReadonlySet<string> = new Set([
  'PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled',
])

function statusStep(pod: Stored<Pod>, status: NonNullable<Pod['status']>): Step {
  const patch = { metadata: { uid: pod.metadata.uid }, status: cleared(pod, status) }
  return {
    verb: 'patch', ref: resources.pods, subresource: 'status', item: itemOf(pod),
    patch: { type: 'strategic', patch },
  }
}

/** Addresses that are gone have to be taken back by name: a patch merges lists by their key. */
function cleared(pod: Stored<Pod>, status: NonNullable<Pod['status']>): object {
  const kept = new Set((status.podIPs ?? []).map((one) => one.ip))
  const gone = (pod.status?.podIPs ?? []).filter((one) => !kept.has(one.ip))
  if (gone.length === 0) return status
  const podIPs = [...status.podIPs ?? [], ...gone.map(({ ip }) => ({ ip, $patch: 'delete' }))]
  return { ...status, podIP: status.podIP ?? null, podIPs }
}

function removeStep(pod: Stored<Pod>): Step {
  return {
    verb: 'delete', ref: resources.pods, item: itemOf(pod), uid: pod.metadata.uid,
    options: { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } },
  }
}

function itemOf(pod: Stored<Pod>): { name: string; namespace: string } {
  return { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' }
}


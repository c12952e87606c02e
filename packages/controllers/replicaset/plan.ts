import { sameJson } from '@slicewise/base'
import {
  type Pod, type ReplicaSet, type ReplicaSetStatus, type Stored, resources,
} from '@slicewise/kube'
import {
  controllerReference, isTerminating, type Plan, type PlannedEvent, type Step, type StepResult,
} from '@slicewise/engine'
import { claim } from '../workloads/ownership.ts'
import {
  isActive, isAvailable, isFullyLabelled, isReady, nextAvailableMs, podOf,
} from '../workloads/pods.ts'
import { seconds } from '@slicewise/base'
import { deletionOrder } from './rank.ts'

/** As many Pods at once as the reference makes or deletes in one look. */
const burst = 500

export interface ReplicaSetWorld {
  readonly replicaSet: Stored<ReplicaSet>
  /** Pods of the namespace that it controls or that nobody controls. */
  readonly pods: readonly Stored<Pod>[]
  /** Pods on the same Node that belong to ReplicaSets of the same owner. */
  crowd(pod: Stored<Pod>): number
  /** Why Pods could not be made or deleted when it was tried last. */
  readonly failure?: ReplicaFailure | undefined
  readonly nowMs: number
}

export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete'
  readonly message: string
}

/** What one look at a ReplicaSet decides. */
export function planReplicaSet(world: ReplicaSetWorld): Plan {
  const { replicaSet, nowMs } = world
  const ref = resources.replicasets
  const selector = replicaSet.spec?.selector
  const { owned, steps: claims } = claim({ ref, object: replicaSet, selector }, resources.pods,
    world.pods)
  const active = owned.filter(isActive)
  const status = statusOf(world, owned, active)
  // The status first: it holds also when Pods cannot be made.
  const steps: Step[] = [...claims]
  if (status !== undefined) steps.push(statusStep(replicaSet, status))
  if (!replicaSet.metadata.deletionTimestamp && claims.length === 0) {
    const { more, fewer } = difference(replicaSet, active)
    if (more > 0) steps.push(...creations(replicaSet, more))
    if (fewer > 0) steps.push(...deletions(world, active, fewer))
  }
  const againMs = nextAvailableMs(active, replicaSet.spec?.minReadySeconds ?? 0, nowMs)
  return { steps, parallel: true, ...(againMs === undefined ? {} : { againMs }) }
}

function difference(
  replicaSet: Stored<ReplicaSet>, active: readonly Stored<Pod>[],
): { more: number; fewer: number } {
  const missing = (replicaSet.spec?.replicas ?? 1) - active.length
  return { more: Math.min(burst, missing), fewer: Math.min(burst, -missing) }
}

function creations(replicaSet: Stored<ReplicaSet>, count: number): Step[] {
  const made = podOf(replicaSet.spec?.template ?? {})
  const object: Pod = {
    ...made,
    metadata: {
      ...made.metadata,
      generateName: `${replicaSet.metadata.name}-`,
      namespace: replicaSet.metadata.namespace ?? '',
      ownerReferences: [controllerReference(resources.replicasets, replicaSet)],
    },
  }
  return Array.from({ length: count }, () => ({ verb: 'create', ref: resources.pods, object }))
}

function deletions(
  world: ReplicaSetWorld, active: readonly Stored<Pod>[], count: number,
): Step[] {
  const order = deletionOrder(active, (pod) => world.crowd(pod), world.nowMs)
  return order.slice(0, count).map((pod) => {
    const message = `Deleted pod: ${pod.metadata.name}`
    return {
      verb: 'delete', ref: resources.pods, uid: pod.metadata.uid,
      item: { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
      event: replicaSetEvent(world.replicaSet, 'Normal', 'SuccessfulDelete', message),
    }
  })
}

export function replicaSetEvent(
  regarding: Stored<ReplicaSet>, type: 'Normal' | 'Warning', reason: string, message: string,
): PlannedEvent {
  return {
    regarding, regardingKind: 'ReplicaSet', regardingApiVersion: 'apps/v1', type, reason, message,
  }
}

/** Events about Pods that were made, or could not be made. */
export function creationEvents(
  replicaSet: Stored<ReplicaSet>, results: readonly StepResult[],
): PlannedEvent[] {
  const events: PlannedEvent[] = []
  for (const result of results) {
    if (result.step.verb !== 'create' || (!result.ok && isTerminating(result.error))) continue
    events.push(result.ok
      ? replicaSetEvent(replicaSet, 'Normal', 'SuccessfulCreate',
        `Created pod: ${result.object?.metadata.name}`)
      : replicaSetEvent(replicaSet, 'Warning', 'FailedCreate',
        `Error creating: ${result.error.message}`))
  }
  return events
}

/** The status that should stand there, or undefined when it does. */
function statusOf(
  { replicaSet, failure, nowMs }: ReplicaSetWorld, owned: readonly Stored<Pod>[],
  active: readonly Stored<Pod>[],
): ReplicaSetStatus | undefined {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0
  const count = (test: (pod: Stored<Pod>) => boolean): number => active.filter(test).length
  const wanted: ReplicaSetStatus = {
    replicas: active.length,
    fullyLabeledReplicas: count((pod) => isFullyLabelled(pod, replicaSet.spec?.template)),
    readyReplicas: count(isReady),
    availableReplicas: count((pod) => isAvailable(pod, minReadySeconds, nowMs)),
    terminatingReplicas: owned.filter((pod) => pod.metadata.deletionTimestamp).length,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...conditionsOf(replicaSet, failure, nowMs),
  }
  const found = replicaSet.status
  const members = Object.keys(wanted) as (keyof ReplicaSetStatus)[]
  const same = sameJson(found?.conditions ?? [], wanted.conditions ?? []) && members
    .every((name) => name === 'conditions' || (found?.[name] ?? 0) === (wanted[name] ?? 0))
  const counted = found?.terminatingReplicas !== undefined
  return same && counted ? undefined : wanted
}

/** The condition of a failure keeps its time while the reason stays. */
function conditionsOf(
  { status }: Stored<ReplicaSet>, failure: ReplicaFailure | undefined, nowMs: number,
): Pick<ReplicaSetStatus, 'conditions'> {
  const known = status?.conditions ?? []
  const others = known.filter((one) => one.type !== 'ReplicaFailure')
  if (failure === undefined) return others.length === 0 ? {} : { conditions: others }
  const same = known.some((one) =>
    one.type === 'ReplicaFailure' && one.status === 'True' && one.reason === failure.reason)
  if (same) return { conditions: known }
  const lastTransitionTime = seconds(nowMs)
  return {
    conditions: [
      ...others, { type: 'ReplicaFailure', status: 'True', lastTransitionTime, ...failure },
    ],
  }
}

/** What the results of a look say about failures; undefined when all went well. */
export function failureOf(results: readonly StepResult[]): ReplicaFailure | undefined {
  for (const result of results) {
    if (result.ok || isTerminating(result.error)) continue
    const { message } = result.error
    if (result.step.verb === 'create') return { reason: 'FailedCreate', message }
    if (result.step.verb === 'delete') return { reason: 'FailedDelete', message }
  }
  return undefined
}

function statusStep(replicaSet: Stored<ReplicaSet>, status: ReplicaSetStatus): Step {
  const object: ReplicaSet = { ...replicaSet, status }
  return { verb: 'update', ref: resources.replicasets, subresource: 'status', object }
}

import {
  type Pod, type ReplicaSet, type ReplicaSetStatus, type Stored, resources,
} from '@slicewise/kube'
import {
  controllerReference, type Plan, type PlannedEvent, type Step, type StepResult,
} from '@slicewise/engine'
import { claim } from '../workloads/ownership.ts'
import {
  isActive, isAvailable, isFullyLabelled, isReady, nextAvailableMs, podOf,
} from '../workloads/pods.ts'
import { deletionOrder } from './rank.ts'

/** As many Pods at once as the reference makes or deletes in one look. */
const burst = 500

export interface ReplicaSetWorld {
  readonly replicaSet: Stored<ReplicaSet>
  /** Pods of the namespace that it controls or that nobody controls. */
  readonly pods: readonly Stored<Pod>[]
  /** Pods on the same Node that belong to ReplicaSets of the same owner. */
  crowd(pod: Stored<Pod>): number
  readonly nowMs: number
}

/** What one look at a ReplicaSet decides. */
export function planReplicaSet(world: ReplicaSetWorld): Plan {
  const { replicaSet, nowMs } = world
  const ref = resources.replicasets
  const selector = replicaSet.spec?.selector
  const { owned, steps: claims } = claim({ ref, object: replicaSet, selector }, resources.pods,
    world.pods)
  const active = owned.filter(isActive)
  const steps: Step[] = [...claims]
  if (!replicaSet.metadata.deletionTimestamp && claims.length === 0) {
    const { more, fewer } = difference(replicaSet, active)
    if (more > 0) steps.push(...creations(replicaSet, more))
    if (fewer > 0) steps.push(...deletions(world, active, fewer))
  }
  const status = statusOf(replicaSet, owned, active, nowMs)
  if (status !== undefined) steps.push(statusStep(replicaSet, status))
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
    if (result.step.verb !== 'create') continue
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
  replicaSet: Stored<ReplicaSet>, owned: readonly Stored<Pod>[], active: readonly Stored<Pod>[],
  nowMs: number,
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
    ...(replicaSet.status?.conditions === undefined
      ? {} : { conditions: replicaSet.status.conditions }),
  }
  const found = replicaSet.status
  const same = (Object.keys(wanted) as (keyof ReplicaSetStatus)[])
    .every((name) => name === 'conditions' || (found?.[name] ?? 0) === (wanted[name] ?? 0))
  const counted = found?.terminatingReplicas !== undefined
  return same && counted ? undefined : wanted
}

function statusStep(replicaSet: Stored<ReplicaSet>, status: ReplicaSetStatus): Step {
  const object: ReplicaSet = { ...replicaSet, status }
  return { verb: 'update', ref: resources.replicasets, subresource: 'status', object }
}

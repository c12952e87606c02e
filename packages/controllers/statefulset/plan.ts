import {
  type ControllerRevision, type Pod, type StatefulSet, type StatefulSetStatus, type Stored,
  resources,
} from '@slicewise/kube'
import { sameJson } from '@slicewise/base'
import { type Plan, type PlannedEvent, type Step } from '@slicewise/engine'
import { claim } from '../workloads/ownership.ts'
import { isAvailable, isFinished, isReady, nextAvailableMs } from '../workloads/pods.ts'
import {
  claimRevisions, findRevision, revisionLabel, templateOf, truncated,
} from '../workloads/revisions.ts'
import { claimsFor, ordinalOf, podFor } from './pod.ts'

export interface StatefulSetWorld {
  readonly set: Stored<StatefulSet>
  /** Pods of the namespace that it controls or that nobody controls. */
  readonly pods: readonly Stored<Pod>[]
  /** Those that it controls or that nobody in the namespace controls. */
  readonly revisions: readonly Stored<ControllerRevision>[]
  hasClaim(namespace: string, name: string): boolean
  readonly nowMs: number
}

interface Rollout {
  readonly world: StatefulSetWorld
  readonly set: Stored<StatefulSet>
  readonly current: Stored<ControllerRevision>
  readonly update: Stored<ControllerRevision>
  /** By ordinal, those inside the wanted range. */
  readonly replicas: ReadonlyMap<number, Stored<Pod>>
  /** Those outside of it, highest ordinal first. */
  readonly condemned: readonly Stored<Pod>[]
  readonly start: number
  readonly count: number
  /** One at a time, in order. */
  readonly ordered: boolean
}

/** What one look at a StatefulSet decides. */
export function planStatefulSet(world: StatefulSetWorld): Plan {
  const { set } = world
  const owner = { ref: resources.statefulsets, object: set, selector: set.spec?.selector }
  const { owned, steps } = claim(owner, resources.pods, world.pods)
  const revisions = claimRevisions(owner, world.revisions)
  if (steps.length + revisions.steps.length > 0) return { steps: [...steps, ...revisions.steps] }
  const found = findRevision({
    ref: resources.statefulsets, object: set, template: set.spec?.template,
    labels: set.spec?.selector?.matchLabels ?? {}, collisionCount: set.status?.collisionCount,
  }, revisions.owned)
  const deleting = Boolean(set.metadata.deletionTimestamp)
  if (found.steps !== undefined && !deleting) return { steps: found.steps }
  const rollout = rolloutOf(world, owned, found.update ?? named(set.status?.updateRevision))
  const deed = deleting ? nothing : nextDeed(rollout)
  const status = statusOf(rollout, owned)
  const all = [...deed.steps]
  if (status !== undefined) all.push(statusStep(set, status))
  all.push(...truncated(revisions.owned, usedRevisions(rollout, owned),
    set.spec?.revisionHistoryLimit))
  const againMs = nextAvailableMs(owned, set.spec?.minReadySeconds ?? 0, world.nowMs)
  return {
    steps: all, ...(rollout.ordered ? {} : { parallel: true as const }),
    ...(againMs === undefined ? {} : { againMs }),
  }
}

/** A revision that went before its set did; only its name is of use. */
function named(name = ''): Stored<ControllerRevision> {
  return { metadata: { name, uid: '', resourceVersion: '', creationTimestamp: '' }, revision: 0 }
}

function rolloutOf(
  world: StatefulSetWorld, owned: readonly Stored<Pod>[], update: Stored<ControllerRevision>,
): Rollout {
  const { set, revisions } = world
  const start = set.spec?.ordinals?.start ?? 0
  const count = set.spec?.replicas ?? 1
  const replicas = new Map<number, Stored<Pod>>()
  const condemned: Stored<Pod>[] = []
  for (const pod of owned) {
    const ordinal = ordinalOf(set, pod)
    if (ordinal === undefined) continue
    if (ordinal >= start && ordinal < start + count) replicas.set(ordinal, pod)
    else condemned.push(pod)
  }
  condemned.sort((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0))
  const deletionName = set.metadata.deletionTimestamp ? set.status?.currentRevision : undefined
  const current = revisions.find((one) => one.metadata.name === set.status?.currentRevision)
  return {
    world, set, update,
    current: current ?? (deletionName === undefined ? update : named(deletionName)),
    replicas, condemned, start, count,
    ordered: set.spec?.podManagementPolicy !== 'Parallel',
  }
}

interface Deed {
  readonly steps: readonly Step[]
}
const nothing: Deed = { steps: [] }

/** First the wanted Pods in order, then those too many, then those of an old revision. */
function nextDeed(rollout: Rollout): Deed {
  const made = makeReplicas(rollout)
  if (made.waiting || made.steps.length > 0) return made
  const dropped = dropCondemned(rollout)
  if (dropped.waiting || dropped.steps.length > 0) return dropped
  return replaceOutdated(rollout)
}

interface Progress extends Deed {
  readonly waiting: boolean
}

function makeReplicas(rollout: Rollout): Progress {
  const { set, replicas, start, count, ordered, world } = rollout
  const steps: Step[] = []
  const done = (waiting: boolean): Progress => ({ steps, waiting })
  for (let ordinal = start; ordinal < start + count; ordinal++) {
    const pod = replicas.get(ordinal)
    if (pod === undefined) {
      steps.push(...creation(rollout, ordinal))
    } else if (isFinished(pod)) {
      if (!pod.metadata.deletionTimestamp) steps.push(deletion(set, pod))
      if (ordered) return done(true)
    } else if (ordered && !isHealthy(pod)) {
      return done(true)
    } else if (ordered && !isAvailable(pod, set.spec?.minReadySeconds ?? 0, world.nowMs)) {
      return done(true)
    }
    if (ordered && steps.length > 0) return done(true)
  }
  return done(false)
}

function dropCondemned({ world, set, condemned, ordered, replicas }: Rollout): Progress {
  const steps: Step[] = []
  const firstUnhealthy = [...replicas.values(), ...condemned]
    .filter((pod) => !isHealthy(pod))
    .sort((a, b) => (ordinalOf(set, a) ?? 0) - (ordinalOf(set, b) ?? 0))[0]
  for (const pod of condemned) {
    if (pod.metadata.deletionTimestamp) {
      if (ordered) return { steps, waiting: true }
      continue
    }
    const well = isHealthy(pod) &&
      isAvailable(pod, set.spec?.minReadySeconds ?? 0, world.nowMs)
    if (ordered && !well && pod !== firstUnhealthy) {
      return { steps, waiting: true }
    }
    steps.push(deletion(set, pod))
    if (ordered) return { steps, waiting: true }
  }
  return { steps, waiting: false }
}

/** From the highest ordinal down to the partition, one at a time, if all above are well. */
function replaceOutdated(rollout: Rollout): Deed {
  const { set, start, count, replicas, update, world } = rollout
  const strategy = set.spec?.updateStrategy
  if (strategy?.type === 'OnDelete') return nothing
  const partition = strategy?.rollingUpdate?.partition ?? 0
  const minReady = set.spec?.minReadySeconds ?? 0
  for (let ordinal = start + count - 1; ordinal >= start + partition; ordinal--) {
    const pod = replicas.get(ordinal)
    if (pod === undefined) return nothing
    const outdated = pod.metadata.labels?.[revisionLabel] !== revisionName(update)
    if (outdated && !pod.metadata.deletionTimestamp) return { steps: [deletion(set, pod)] }
    if (!isHealthy(pod) || !isAvailable(pod, minReady, world.nowMs)) return nothing
  }
  return nothing
}

function creation(rollout: Rollout, ordinal: number): Step[] {
  const { set, world } = rollout
  const namespace = set.metadata.namespace ?? ''
  const revision = isCurrentNeeded(rollout, ordinal) ? rollout.current : rollout.update
  const object = podFor(set, ordinal, templateOf(revision), revisionName(revision))
  const claims = claimsFor(set, ordinal)
    .filter((one) => !world.hasClaim(namespace, one.metadata?.name ?? ''))
  return [
    ...claims.map((one): Step =>
      ({ verb: 'create', ref: resources.persistentvolumeclaims, object: one })),
    { verb: 'create', ref: resources.pods, object },
  ]
}

/** Pods below the partition, and those that were never updated, stay at the current revision. */
function isCurrentNeeded({ set, start, current, update }: Rollout, ordinal: number): boolean {
  if (current === update) return false
  const strategy = set.spec?.updateStrategy
  if (strategy?.rollingUpdate !== undefined) {
    return ordinal < start + (strategy.rollingUpdate.partition ?? 0)
  }
  return strategy?.type === 'RollingUpdate' && ordinal < start + (set.status?.currentReplicas ?? 0)
}

/** Pods carry the whole name of their revision, as the reference labels them. */
function revisionName(revision: ControllerRevision): string {
  return revision.metadata?.name ?? ''
}

function isHealthy(pod: Stored<Pod>): boolean {
  return pod.status?.phase === 'Running' && isReady(pod) && !pod.metadata.deletionTimestamp
}

function statusOf(rollout: Rollout, owned: readonly Stored<Pod>[]): StatefulSetStatus | undefined {
  const { set, current, update, world } = rollout
  const minReady = set.spec?.minReadySeconds ?? 0
  const created = owned.filter((pod) => ordinalOf(set, pod) !== undefined)
  const running = created.filter((pod) => pod.status?.phase === 'Running')
  const count = (pods: readonly Stored<Pod>[], test: (pod: Stored<Pod>) => boolean): number =>
    pods.filter(test).length
  const isAt = (revision: ControllerRevision) => (pod: Stored<Pod>): boolean =>
    !pod.metadata.deletionTimestamp &&
    pod.metadata.labels?.[revisionLabel] === revisionName(revision)
  const replicas = created.length
  const readyReplicas = count(running, isReady)
  const updatedReplicas = count(created, isAt(update))
  const finished = set.spec?.updateStrategy?.type !== 'OnDelete' &&
    updatedReplicas === replicas && readyReplicas === replicas && replicas === rollout.count
  const status: StatefulSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas, readyReplicas, updatedReplicas,
    availableReplicas: count(running, (pod) => isAvailable(pod, minReady, world.nowMs)),
    currentReplicas: finished ? updatedReplicas : count(created, isAt(current)),
    currentRevision: finished ? update.metadata.name : current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: set.status?.collisionCount ?? 0,
    ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
  }
  return sameJson(pruned(set.status), pruned(status)) ? undefined : status
}

function pruned(status: StatefulSetStatus | undefined): object {
  const always = new Set(['replicas', 'availableReplicas', 'collisionCount'])
  return Object.fromEntries(Object.entries(status ?? {})
    .filter(([name, value]) => always.has(name) || (value !== 0 && value !== '')))
}

function usedRevisions(rollout: Rollout, owned: readonly Stored<Pod>[]): Set<string> {
  const used = new Set([rollout.current.metadata.name, rollout.update.metadata.name])
  for (const pod of owned) used.add(pod.metadata.labels?.[revisionLabel] ?? '')
  return used
}

function statusStep(set: Stored<StatefulSet>, status: StatefulSetStatus): Step {
  const object: StatefulSet = { ...set, status }
  return { verb: 'update', ref: resources.statefulsets, subresource: 'status', object }
}

function deletion(set: Stored<StatefulSet>, pod: Stored<Pod>): Step {
  return {
    verb: 'delete', ref: resources.pods, uid: pod.metadata.uid,
    item: { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
    event: setEvent(set, 'Normal', 'SuccessfulDelete',
      `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`),
  }
}

export function setEvent(
  regarding: Stored<StatefulSet>, type: 'Normal' | 'Warning', reason: string, message: string,
): PlannedEvent {
  return {
    regarding, regardingKind: 'StatefulSet', regardingApiVersion: 'apps/v1', type, reason, message,
  }
}

import { sameJson } from '@slicewise/base'
import {
  type ControllerRevision, type DaemonSet, type DaemonSetStatus, type Node, type Pod, type Stored,
  type Toleration, resources,
} from '@slicewise/kube'
import { controllerReference, type Plan, type PlannedEvent, type Step } from '@slicewise/engine'
import { isTolerated, matchesNode } from '../scheduler/fit.ts'
import { claim } from '../workloads/ownership.ts'
import { isActive, isAvailable, isFinished, isReady, nextAvailableMs, podOf }
  from '../workloads/pods.ts'
import { findRevision, revisionLabel, truncated } from '../workloads/revisions.ts'
import { resolve } from '../workloads/rollout.ts'

export interface DaemonSetWorld {
  readonly set: Stored<DaemonSet>
  readonly nodes: readonly Stored<Node>[]
  /** Pods of the namespace that it controls or that nobody controls. */
  readonly pods: readonly Stored<Pod>[]
  readonly revisions: readonly Stored<ControllerRevision>[]
  readonly nowMs: number
}

/** Taints that daemon Pods bear without saying so, as the reference adds them. */
const borne: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const hostNetworkBorne: Toleration = {
  key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule',
}
/** As many Pods at once as the reference makes or deletes in one look. */
const burst = 250

/** Whether a Node should run a Pod of the set, and whether one that runs there may stay. */
interface Place {
  readonly node: Stored<Node>
  readonly run: boolean
  readonly stay: boolean
  readonly pods: readonly Stored<Pod>[]
}

/** What one look at a DaemonSet decides. */
export function planDaemonSet(world: DaemonSetWorld): Plan {
  const { set, nowMs } = world
  const owner = { ref: resources.daemonsets, object: set, selector: set.spec?.selector }
  const { owned, steps } = claim(owner, resources.pods, world.pods)
  if (steps.length > 0) return { steps }
  const found = findRevision({
    ref: resources.daemonsets, object: set, template: set.spec?.template,
    labels: set.spec?.selector?.matchLabels ?? {}, collisionCount: set.status?.collisionCount,
  }, world.revisions)
  if (found.steps !== undefined) return { steps: found.steps }
  const hash = found.update.metadata.labels?.[revisionLabel] ?? ''
  const places = placesOf(world, owned)
  const events: PlannedEvent[] = []
  const deeds = set.metadata.deletionTimestamp ? [] : manage(set, places, owned, hash, events)
  const rolling = deeds.length > 0 || set.metadata.deletionTimestamp
    ? [] : update(world, places, hash, events)
  const status = statusOf(set, places, hash, nowMs)
  const all: Step[] = [...deeds, ...rolling]
  if (status !== undefined) all.push(statusStep(set, status))
  all.push(...truncated(world.revisions, used(found.update, world.revisions, owned),
    set.spec?.revisionHistoryLimit))
  const againMs = nextAvailableMs(owned, set.spec?.minReadySeconds ?? 0, nowMs)
  return { steps: all, events, parallel: true, ...(againMs === undefined ? {} : { againMs }) }
}

function used(
  update: Stored<ControllerRevision>, revisions: readonly Stored<ControllerRevision>[],
  owned: readonly Stored<Pod>[],
): Set<string> {
  const hashes = new Set(owned.map((pod) => pod.metadata.labels?.[revisionLabel]))
  const names = revisions
    .filter((one) => hashes.has(one.metadata.labels?.[revisionLabel]))
    .map((one) => one.metadata.name)
  return new Set([update.metadata.name, ...names])
}

function placesOf({ set, nodes }: DaemonSetWorld, owned: readonly Stored<Pod>[]): Place[] {
  const byNode = new Map<string, Stored<Pod>[]>()
  for (const pod of owned) {
    const name = targetOf(pod)
    const pods = byNode.get(name)
    if (pods === undefined) byNode.set(name, [pod])
    else pods.push(pod)
  }
  return [...nodes].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)).map((node) =>
    ({ node, ...fit(set, node), pods: byNode.get(node.metadata.name) ?? [] }))
}

/** The Node of a Pod: where it is bound, or where its affinity will bind it. */
export function targetOf(pod: Stored<Pod>): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const field = required?.nodeSelectorTerms[0]?.matchFields?.find((one) => one.key === 'metadata.name')
  return field?.values?.[0] ?? ''
}

function fit(set: Stored<DaemonSet>, node: Stored<Node>): { run: boolean; stay: boolean } {
  const spec = set.spec?.template?.spec ?? { containers: [] }
  const tolerations = tolerationsOf(set)
  const wanted = spec.nodeName ? spec.nodeName === node.metadata.name : true
  if (!wanted || !matchesNode(spec, node)) return { run: false, stay: false }
  const bad = (node.spec?.taints ?? []).filter((taint) =>
    taint.effect !== 'PreferNoSchedule' && !isTolerated(tolerations, taint))
  return { run: bad.length === 0, stay: bad.every((taint) => taint.effect !== 'NoExecute') }
}

function tolerationsOf(set: Stored<DaemonSet>): Toleration[] {
  const spec = set.spec?.template?.spec
  const extra = spec?.hostNetwork === true ? [...borne, hostNetworkBorne] : borne
  return [...spec?.tolerations ?? [], ...extra]
}

/** One Pod on every Node that should run one, none on those that must not. */
function manage(
  set: Stored<DaemonSet>, places: readonly Place[], owned: readonly Stored<Pod>[], hash: string,
  events: PlannedEvent[],
): Step[] {
  const creations: Step[] = []
  const deletions: Step[] = []
  const remove = (pod: Stored<Pod>): void => {
    deletions.push(deletion(pod))
    events.push(daemonEvent(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`))
  }
  const known = new Set(places.map((place) => place.node.metadata.name))
  for (const place of places) {
    const pods = place.pods.filter((pod) => !pod.metadata.deletionTimestamp)
    const failed = pods.filter(isFinished)
    const active = pods.filter(isActive)
    if (!place.stay) for (const pod of pods) remove(pod)
    else if (failed.length > 0) for (const pod of failed) remove(pod)
    else if (place.run && place.pods.length === 0) creations.push(creation(set, place.node, hash))
    else for (const pod of surplus(set, active, hash)) remove(pod)
  }
  for (const pod of owned) {
    if (!pod.spec?.nodeName && !known.has(targetOf(pod)) && isActive(pod)) remove(pod)
  }
  return [...creations.slice(0, burst), ...deletions.slice(0, burst)]
}

/** More than one Pod on a Node: the oldest stays, unless a surge replaces it. */
function surplus(
  set: Stored<DaemonSet>, active: readonly Stored<Pod>[], hash: string,
): readonly Stored<Pod>[] {
  if (active.length < 2) return []
  const sorted = [...active].sort((a, b) =>
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp))
  if (surgeOf(set) === 0) return sorted.slice(1)
  const fresh = sorted.find((pod) => isAt(pod, hash))
  const old = sorted.filter((pod) => !isAt(pod, hash))
  if (fresh === undefined || old.length === 0) return sorted.slice(1)
  return isReady(fresh) ? old : old.slice(1)
}

function surgeOf(set: Stored<DaemonSet>): number {
  const surge = set.spec?.updateStrategy?.rollingUpdate?.maxSurge
  return set.spec?.updateStrategy?.type === 'OnDelete' || surge === undefined || surge === 0 ||
    surge === '0%' ? 0 : 1
}

function isAt(pod: Stored<Pod>, hash: string): boolean {
  return pod.metadata.labels?.[revisionLabel] === hash
}

/** Replaces Pods of an old revision, as many at once as the strategy allows. */
function update(
  world: DaemonSetWorld, places: readonly Place[], hash: string, events: PlannedEvent[],
): Step[] {
  const { set, nowMs } = world
  const strategy = set.spec?.updateStrategy
  if (strategy?.type === 'OnDelete') return []
  const running = places.filter((place) => place.run)
  const minReady = set.spec?.minReadySeconds ?? 0
  const ready = (pod: Stored<Pod>): boolean =>
    isActive(pod) && isAvailable(pod, minReady, nowMs)
  if (surgeOf(set) > 0) return surge(set, running, hash, ready)
  const most = Math.max(1,
    resolve(strategy?.rollingUpdate?.maxUnavailable ?? 1, running.length, 'up'))
  const unavailable = running.filter((place) => !place.pods.some(ready)).length
  let left = most - unavailable
  const steps: Step[] = []
  const outdated = running.flatMap((place) => place.pods)
    .filter((pod) => isActive(pod) && !isAt(pod, hash))
  for (const pod of [...outdated.filter((one) => !ready(one)), ...outdated.filter(ready)]) {
    if (ready(pod) && left-- <= 0) break
    steps.push(deletion(pod))
    events.push(daemonEvent(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`))
  }
  return steps
}

function surge(
  set: Stored<DaemonSet>, running: readonly Place[], hash: string,
  ready: (pod: Stored<Pod>) => boolean,
): Step[] {
  const most = resolve(set.spec?.updateStrategy?.rollingUpdate?.maxSurge, running.length, 'up')
  const surging = running.filter((place) => {
    const fresh = place.pods.find((pod) => isAt(pod, hash) && isActive(pod))
    return fresh !== undefined && place.pods.length > 1 && !ready(fresh)
  }).length
  const waiting = running.filter((place) => place.pods.some((pod) => isActive(pod)) &&
    !place.pods.some((pod) => isAt(pod, hash)))
  return waiting.slice(0, Math.max(0, most - surging)).map((place) =>
    creation(set, place.node, hash))
}

function creation(set: Stored<DaemonSet>, node: Stored<Node>, hash: string): Step {
  const made = podOf(set.spec?.template ?? {})
  const terms = [{
    matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node.metadata.name] }],
  }]
  const required = made.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const nodeSelectorTerms = required === undefined
    ? terms
    : required.nodeSelectorTerms.map((term) => ({ ...term, matchFields: terms[0]?.matchFields ?? [] }))
  const object: Pod = {
    metadata: {
      ...made.metadata,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? '',
      labels: { ...made.metadata?.labels, [revisionLabel]: hash },
      ownerReferences: [controllerReference(resources.daemonsets, set)],
    },
    spec: {
      ...made.spec,
      containers: made.spec?.containers ?? [],
      affinity: {
        ...made.spec?.affinity,
        nodeAffinity: {
          ...made.spec?.affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
        },
      },
      tolerations: tolerationsOf(set),
    },
  }
  return { verb: 'create', ref: resources.pods, object }
}

function deletion(pod: Stored<Pod>): Step {
  return {
    verb: 'delete', ref: resources.pods, uid: pod.metadata.uid,
    item: { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
  }
}

function statusOf(
  set: Stored<DaemonSet>, places: readonly Place[], hash: string, nowMs: number,
): DaemonSetStatus | undefined {
  const minReady = set.spec?.minReadySeconds ?? 0
  const running = places.filter((place) => place.run)
  const oldest = (place: Place): Stored<Pod> | undefined => [...place.pods].sort((a, b) =>
    Number(isReady(b)) - Number(isReady(a)) ||
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp))[0]
  const chosen = running.map(oldest).filter((pod) => pod !== undefined)
  const available = chosen.filter((pod) => isAvailable(pod, minReady, nowMs)).length
  const status: DaemonSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    desiredNumberScheduled: running.length,
    currentNumberScheduled: chosen.length,
    numberMisscheduled: places.filter((place) => !place.run && place.pods.length > 0).length,
    numberReady: chosen.filter(isReady).length,
    updatedNumberScheduled: running.filter((place) =>
      place.pods.some((pod) => isAt(pod, hash))).length,
    numberAvailable: available,
    numberUnavailable: running.length - available,
    ...(set.status?.collisionCount === undefined
      ? {} : { collisionCount: set.status.collisionCount }),
    ...(set.status?.conditions === undefined ? {} : { conditions: set.status.conditions }),
  }
  const nonzero = (of: DaemonSetStatus | undefined): object =>
    Object.fromEntries(Object.entries(of ?? {}).filter(([, value]) => value !== 0))
  return sameJson(nonzero(set.status), nonzero(status)) ? undefined : status
}

function statusStep(set: Stored<DaemonSet>, status: DaemonSetStatus): Step {
  const object: DaemonSet = { ...set, status }
  return { verb: 'update', ref: resources.daemonsets, subresource: 'status', object }
}

export function daemonEvent(
  regarding: Stored<DaemonSet>, type: 'Normal' | 'Warning', reason: string, message: string,
): PlannedEvent {
  return {
    regarding, regardingKind: 'DaemonSet', regardingApiVersion: 'apps/v1', type, reason, message,
  }
}

import { sameJson } from '@slicewise/base'
import {
  type ControllerRevision, type DaemonSet, type DaemonSetStatus, type Node, type Pod, type Stored,
  type Toleration, resources,
} from '@slicewise/kube'
import {
  controllerReference, noPlan, type Plan, type PlannedEvent, type Step,
} from '@slicewise/engine'
import { isTolerated, matchesNode } from '../scheduler/fit.ts'
import { claim } from '../workloads/ownership.ts'
import { isActive, isAvailable, isFinished, isReady, nextAvailableMs, podOf }
  from '../workloads/pods.ts'
import { byRevision, claimRevisions, findRevision, revisionDeletion, revisionLabel }
  from '../workloads/revisions.ts'
import { allowsSurge, byAge, isAt, planUpdate, surplusOf } from './update.ts'

export interface DaemonSetWorld {
  readonly set: Stored<DaemonSet>
  readonly nodes: readonly Stored<Node>[]
  /** Pods of the namespace that it controls or that nobody controls. */
  readonly pods: readonly Stored<Pod>[]
  /** Those that it controls or that nobody in the namespace controls. */
  readonly revisions: readonly Stored<ControllerRevision>[]
  /** How long a failed Pod has to stay on a Node before it is replaced, ms; 0 when it may go. */
  failedWaitMs(node: string): number
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

/** A Plan that also says on which Nodes failed Pods are given up. */
export interface DaemonSetPlan extends Plan {
  readonly failedOn?: readonly string[]
}

/** What one look at a DaemonSet decides; one that is being deleted is left alone. */
export function planDaemonSet(world: DaemonSetWorld): DaemonSetPlan {
  const { set, nowMs } = world
  if (set.metadata.deletionTimestamp) return noPlan
  const owner = { ref: resources.daemonsets, object: set, selector: set.spec?.selector }
  const { owned, steps } = claim(owner, resources.pods, world.pods)
  const revisions = claimRevisions(owner, world.revisions)
  if (steps.length + revisions.steps.length > 0) return { steps: [...steps, ...revisions.steps] }
  const found = findRevision({
    ref: resources.daemonsets, object: set, template: set.spec?.template,
    labels: set.spec?.selector?.matchLabels ?? {}, collisionCount: set.status?.collisionCount,
  }, revisions.owned)
  if (found.steps !== undefined) return { steps: found.steps }
  const hash = found.update.metadata.labels?.[revisionLabel] ?? ''
  const places = placesOf(world, owned)
  const managed = manage(world, places, owned, hash)
  const rolling = managed.steps.length > 0 ? [] : update(world, places, hash)
  const status = statusOf(set, places, hash, nowMs)
  const all: Step[] = [...managed.steps, ...rolling]
  if (status !== undefined) all.push(statusStep(set, status))
  all.push(...cleanup(set, found.update, revisions.owned, owned))
  const waitMs = Math.min(managed.waitMs,
    nextAvailableMs(owned, set.spec?.minReadySeconds ?? 0, nowMs) ?? Infinity)
  return {
    steps: all, events: managed.events, failedOn: managed.failedOn, parallel: true,
    ...(waitMs === Infinity ? {} : { againMs: waitMs }),
  }
}

/** Old revisions beyond the limit, oldest first; those of living Pods stay and count. */
function cleanup(
  set: Stored<DaemonSet>, update: Stored<ControllerRevision>,
  revisions: readonly Stored<ControllerRevision>[], owned: readonly Stored<Pod>[],
): Step[] {
  const hashes = new Set(owned.map((pod) => pod.metadata.labels?.[revisionLabel]))
  const old = revisions.filter((one) => one !== update).sort(byRevision)
  const surplus = Math.max(0, old.length - (set.spec?.revisionHistoryLimit ?? 10))
  return old.filter((one) => !hashes.has(one.metadata.labels?.[revisionLabel]))
    .slice(0, surplus).map(revisionDeletion)
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
  const field = required?.nodeSelectorTerms[0]?.matchFields
    ?.find((one) => one.key === 'metadata.name')
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

interface Managed {
  readonly steps: readonly Step[]
  readonly events: readonly PlannedEvent[]
  readonly failedOn: readonly string[]
  /** When a failed Pod may go that has to stay now, ms from now; Infinity without one. */
  readonly waitMs: number
}

/** One Pod on every Node that should run one, none on those that must not. */
function manage(
  world: DaemonSetWorld, places: readonly Place[], owned: readonly Stored<Pod>[], hash: string,
): Managed {
  const { set, nowMs } = world
  const creations: Step[] = []
  const deletions: Step[] = []
  const events: PlannedEvent[] = []
  const failedOn: string[] = []
  let waitMs = Infinity
  const available = (pod: Stored<Pod>): boolean =>
    isAvailable(pod, set.spec?.minReadySeconds ?? 0, nowMs)
  for (const { node, run, stay, pods } of places) {
    const wanted = pods.filter((pod) => !pod.metadata.deletionTimestamp)
    const active = wanted.filter((pod) => !isFinished(pod))
    if (!stay) {
      for (const pod of wanted) deletions.push(deletion(set, pod))
      continue
    }
    for (const pod of wanted.filter(isFinished)) {
      const delayMs = pod.status?.phase === 'Failed' ? world.failedWaitMs(node.metadata.name) : 0
      waitMs = Math.min(waitMs, delayMs > 0 ? delayMs : Infinity)
      if (delayMs > 0) continue
      if (pod.status?.phase === 'Failed') failedOn.push(node.metadata.name)
      events.push(finishedEvent(set, pod, node.metadata.name))
      deletions.push(deletion(set, pod))
    }
    const missing = pods.length === 0 || (allowsSurge(set) && active.length === 0)
    if (run && missing) creations.push(creation(set, node, hash))
    for (const pod of surplusOf(set, active, hash, available)) deletions.push(deletion(set, pod))
  }
  const known = new Set(places.map((place) => place.node.metadata.name))
  for (const pod of owned) {
    const lost = !pod.spec?.nodeName && !known.has(targetOf(pod)) && isActive(pod)
    if (lost) deletions.push(deletion(set, pod))
  }
  return {
    steps: [...creations.slice(0, burst), ...deletions.slice(0, burst)], events, failedOn, waitMs,
  }
}

function finishedEvent(set: Stored<DaemonSet>, pod: Stored<Pod>, node: string): PlannedEvent {
  const { namespace, name } = pod.metadata
  return pod.status?.phase === 'Failed'
    ? daemonEvent(set, 'Warning', 'FailedDaemonPod',
      `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`)
    : daemonEvent(set, 'Normal', 'SucceededDaemonPod',
      `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`)
}

/** Replaces Pods of an old revision, as many at once as the strategy allows. */
function update(world: DaemonSetWorld, places: readonly Place[], hash: string): Step[] {
  const { set, nowMs } = world
  const { remove, surge } = planUpdate({
    set, hash, nowMs,
    places: places.map(({ node, run, pods }) => ({ name: node.metadata.name, run, pods })),
  })
  const nodes = new Map(places.map(({ node }) => [node.metadata.name, node]))
  const creations = surge.flatMap((name) => {
    const node = nodes.get(name)
    return node === undefined ? [] : [creation(set, node, hash)]
  })
  const deletions = remove.map((pod) => deletion(set, pod))
  return [...creations.slice(0, burst), ...deletions.slice(0, burst)]
}

function creation(set: Stored<DaemonSet>, node: Stored<Node>, hash: string): Step {
  const made = podOf(set.spec?.template ?? {})
  const terms = [{
    matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node.metadata.name] }],
  }]
  const required = made.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const nodeSelectorTerms = required === undefined
    ? terms
    : required.nodeSelectorTerms.map((term) =>
      ({ ...term, matchFields: terms[0]?.matchFields ?? [] }))
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

function deletion(set: Stored<DaemonSet>, pod: Stored<Pod>): Step {
  return {
    verb: 'delete', ref: resources.pods, uid: pod.metadata.uid,
    item: { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' },
    event: daemonEvent(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`),
  }
}

function statusOf(
  set: Stored<DaemonSet>, places: readonly Place[], hash: string, nowMs: number,
): DaemonSetStatus | undefined {
  const minReady = set.spec?.minReadySeconds ?? 0
  const running = places.filter((place) => place.run)
  const chosen = running.map((place) => [...place.pods].sort(byAge)[0])
    .filter((pod) => pod !== undefined)
  const available = chosen.filter((pod) => isAvailable(pod, minReady, nowMs)).length
  const status: DaemonSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    desiredNumberScheduled: running.length,
    currentNumberScheduled: chosen.length,
    numberMisscheduled: places.filter((place) => !place.run && place.pods.length > 0).length,
    numberReady: chosen.filter(isReady).length,
    updatedNumberScheduled: chosen.filter((pod) => isAt(pod, hash)).length,
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

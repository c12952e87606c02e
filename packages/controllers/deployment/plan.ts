import { sameJson } from '@slicewise/base'
import {
  type Deployment, type DeploymentCondition, type Pod, type ReplicaSet, type Stored, resources,
} from '@slicewise/kube'
import { noPlan, type Plan, type PlannedEvent, type Step } from '@slicewise/engine'
import { claim } from '../workloads/ownership.ts'
import {
  annotation, annotationsFor, newReplicaSet, replicasOf, revisionOf, sizes, splitByTemplate,
} from './replica-sets.ts'
import { type Rollout, currentSize, recreateSizes, rollingSizes } from './rolling.ts'
import { type Sizes, isScaled, scaleSizes } from './scale.ts'
import {
  type StatusDecision, decideStatus, isComplete, isTimed, withCondition,
} from './status.ts'

export interface DeploymentWorld {
  readonly deployment: Stored<Deployment>
  /** ReplicaSets of the namespace that it controls or that nobody controls. */
  readonly replicaSets: readonly Stored<ReplicaSet>[]
  /** Whether a ReplicaSet of this name exists in the namespace, whoever controls it. */
  isTaken(name: string): boolean
  /** Pods that a ReplicaSet controls. */
  podsOf(replicaSet: Stored<ReplicaSet>): readonly Stored<Pod>[]
  readonly nowMs: number
}

/** What one look at a Deployment decides. Each look takes one step of a rollout. */
export function planDeployment(world: DeploymentWorld): Plan {
  const { deployment, nowMs } = world
  const owner = {
    ref: resources.deployments, object: deployment, selector: deployment.spec?.selector,
  }
  const { owned, steps } = claim(owner, resources.replicasets, world.replicaSets)
  if (steps.length > 0) return { steps }
  const rollout: Rollout = { deployment, ...splitByTemplate(deployment, owned) }
  if (deployment.metadata.deletionTimestamp) {
    return finish(deployment, decideStatus({ ...rollout, nowMs }, false), [])
  }
  const paused = pausedCondition(deployment, nowMs)
  if (paused !== undefined) return statusOnly(deployment, paused)
  if (deployment.spec?.paused === true || isScaled(deployment, owned)) {
    return planScale(world, rollout)
  }
  return deployment.spec?.strategy?.type === 'Recreate'
    ? planRecreate(world, rollout)
    : planRolling(world, rollout)
}

function planScale(world: DeploymentWorld, rollout: Rollout): Plan {
  const { deployment, current, old } = rollout
  const prepared = current === undefined ? undefined : prepare(world, rollout)
  if (prepared !== undefined) return prepared
  const resized = resize(rollout, scaleSizes(deployment, current, old))
  if (resized.steps.length > 0) return resized
  const stale = [...old, ...(current === undefined ? [] : [current])]
    .filter((one) => replicasOf(one) > 0 && !hasSizes(deployment, one))
  if (stale.length > 0) {
    return { steps: stale.map((one) => replicaSetStep(withSizes(deployment, one))) }
  }
  const steps = deployment.spec?.paused === true ? cleanup(rollout) : []
  return finish(deployment, decideStatus({ ...rollout, nowMs: world.nowMs }, false), steps)
}

function planRolling(world: DeploymentWorld, rollout: Rollout): Plan {
  const prepared = prepare(world, rollout)
  if (prepared !== undefined) return prepared
  const resized = resize(rollout, rollingSizes(rollout))
  if (resized.steps.length > 0) return withStatus(world, rollout, resized)
  return settle(world, rollout)
}

function planRecreate(world: DeploymentWorld, rollout: Rollout): Plan {
  const oldPods = rollout.old.flatMap((one) => world.podsOf(one))
  const next = recreateSizes(rollout, oldPods)
  if (next === 'waiting') return settle(world, rollout)
  const emptying = [...next].some(([one]) => one !== rollout.current)
  if (emptying) return withStatus(world, rollout, resize(rollout, next))
  const prepared = prepare(world, rollout)
  if (prepared !== undefined) return prepared
  const resized = resize(rollout, next)
  return resized.steps.length > 0 ? withStatus(world, rollout, resized) : settle(world, rollout)
}

/** The current ReplicaSet has to exist and to carry revision, annotations and minReadySeconds. */
function prepare(world: DeploymentWorld, rollout: Rollout): Plan | undefined {
  const { deployment, current, old } = rollout
  const revision = Math.max(0, ...old.map(revisionOf)) + 1
  if (current === undefined) return createCurrent(world, rollout, revision)
  const wanted = annotationsFor(deployment, current, revision)
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0
  if (!sameJson(wanted, current.metadata.annotations ?? {}) ||
    (current.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const object: ReplicaSet = {
      ...current,
      metadata: { ...current.metadata, annotations: wanted },
      spec: { ...current.spec, selector: current.spec?.selector ?? {}, minReadySeconds },
    }
    return { steps: [replicaSetStep(object)] }
  }
  return announce(world, rollout, current)
}

/** A hash that another ReplicaSet bears already is changed by counting collisions. */
function createCurrent(world: DeploymentWorld, rollout: Rollout, revision: number): Plan {
  const { deployment } = rollout
  const replicas = currentSize(rollout)
  const object = newReplicaSet(deployment, replicas, revision)
  const name = object.metadata?.name ?? ''
  if (world.isTaken(name)) {
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1
    return { steps: [statusStep(deployment, { ...deployment.status, collisionCount })] }
  }
  const create: Step = { verb: 'create', ref: resources.replicasets, object }
  const event = scalingEvent(deployment, 'up', name, 0, replicas)
  const known = deployment.status?.conditions ?? []
  const conditions = isTimed(deployment) ? withCondition(known, {
    type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${name}"`,
  }, world.nowMs) : [...known]
  const numbered = atRevision(deployment, String(revision))
  return {
    steps: [
      replicas === 0 ? create : { ...create, event },
      statusStep(numbered, { ...deployment.status, conditions }),
    ],
  }
}

function atRevision(deployment: Stored<Deployment>, revision: string): Stored<Deployment> {
  const annotations = { ...deployment.metadata.annotations, [annotation.revision]: revision }
  return { ...deployment, metadata: { ...deployment.metadata, annotations } }
}

/**
 * The Deployment says which revision it is at and that its ReplicaSet was found: one write of the
 * status, which also carries annotations, so that no generation passes.
 */
function announce(
  { nowMs }: DeploymentWorld, { deployment }: Rollout, current: Stored<ReplicaSet>,
): Plan | undefined {
  const revision = current.metadata.annotations?.[annotation.revision] ?? '0'
  const known = deployment.status?.conditions ?? []
  const numbered = deployment.metadata.annotations?.[annotation.revision] === revision
  const found = isTimed(deployment) && !known.some((one) => one.type === 'Progressing')
  if (numbered && !found) return undefined
  const conditions = found ? withCondition(known, {
    type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet',
    message: `Found new replica set "${current.metadata.name}"`,
  }, nowMs) : [...known]
  const status = { ...deployment.status, conditions }
  return { steps: [statusStep(atRevision(deployment, revision), status)] }
}

/** Nothing to resize: clean up after a finished rollout and bring the status up to date. */
function settle(world: DeploymentWorld, rollout: Rollout): Plan {
  const { deployment } = rollout
  const decision = decideStatus({ ...rollout, nowMs: world.nowMs }, true)
  const done = decision.status ?? deployment.status
  const steps = done !== undefined && isComplete(deployment, done) ? cleanup(rollout) : []
  return finish(deployment, decision, steps)
}

/** Old ReplicaSets beyond `revisionHistoryLimit`, oldest revisions first. */
function cleanup({ deployment, old }: Rollout): Step[] {
  const limit = deployment.spec?.revisionHistoryLimit
  if (limit === undefined) return []
  const candidates = old.filter((one) => !one.metadata.deletionTimestamp)
    .sort((a, b) => revisionOf(a) - revisionOf(b))
  const surplus = candidates.slice(0, Math.max(0, candidates.length - limit))
  return surplus.filter(isEmpty).map((one) => ({
    verb: 'delete', ref: resources.replicasets, uid: one.metadata.uid,
    item: { name: one.metadata.name, namespace: one.metadata.namespace ?? '' },
  }))
}

function isEmpty(set: Stored<ReplicaSet>): boolean {
  return replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0 &&
    (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0)
}

function resize({ deployment }: Rollout, next: Sizes): { steps: Step[] } {
  const steps: Step[] = []
  for (const [set, size] of next) {
    const before = replicasOf(set)
    const sized = withSizes(deployment, set)
    const spec = { ...set.spec, selector: set.spec?.selector ?? {}, replicas: size }
    const direction = size > before ? 'up' : 'down'
    const event = scalingEvent(deployment, direction, set.metadata.name, before, size)
    steps.push({ ...replicaSetStep({ ...sized, spec }), event })
  }
  return { steps }
}

function hasSizes(deployment: Deployment, set: Stored<ReplicaSet>): boolean {
  return Object.entries(sizes(deployment))
    .every(([name, value]) => set.metadata.annotations?.[name] === value)
}

function withSizes(deployment: Deployment, set: Stored<ReplicaSet>): Stored<ReplicaSet> {
  const annotations = { ...set.metadata.annotations, ...sizes(deployment) }
  return { ...set, metadata: { ...set.metadata, annotations } }
}

function replicaSetStep(object: ReplicaSet): Step {
  return { verb: 'update', ref: resources.replicasets, object }
}

function scalingEvent(
  deployment: Stored<Deployment>, direction: 'up' | 'down', name: string, from: number, to: number,
): PlannedEvent {
  return {
    regarding: deployment, regardingKind: 'Deployment', regardingApiVersion: 'apps/v1',
    type: 'Normal', reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${name} from ${from} to ${to}`,
  }
}

function withStatus(world: DeploymentWorld, rollout: Rollout, plan: Plan): Plan {
  const { deployment } = rollout
  const { status } = decideStatus({ ...rollout, nowMs: world.nowMs }, true)
  const steps = status === undefined ? plan.steps : [...plan.steps, statusStep(deployment, status)]
  return { ...plan, steps }
}

function finish(
  deployment: Stored<Deployment>, { status, againMs }: StatusDecision, steps: readonly Step[],
): Plan {
  const all = status === undefined ? steps : [...steps, statusStep(deployment, status)]
  if (all.length === 0 && againMs === undefined) return noPlan
  return { steps: all, ...(againMs === undefined ? {} : { againMs }) }
}

function statusOnly(
  deployment: Stored<Deployment>, conditions: readonly DeploymentCondition[],
): Plan {
  return { steps: [statusStep(deployment, { ...deployment.status, conditions: [...conditions] })] }
}

function statusStep(
  deployment: Stored<Deployment>, status: NonNullable<Deployment['status']>,
): Step {
  const object: Deployment = { ...deployment, status }
  return { verb: 'update', ref: resources.deployments, subresource: 'status', object }
}

/** Pausing and resuming show in the Progressing condition; undefined when nothing has to change. */
function pausedCondition(
  deployment: Stored<Deployment>, nowMs: number,
): DeploymentCondition[] | undefined {
  if (!isTimed(deployment)) return undefined
  const conditions = deployment.status?.conditions ?? []
  const known = conditions.find((one) => one.type === 'Progressing')
  const paused = deployment.spec?.paused === true
  if (known?.reason === 'ProgressDeadlineExceeded') return undefined
  if (paused && known?.reason !== 'DeploymentPaused') {
    return withCondition(conditions, {
      type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    }, nowMs)
  }
  if (!paused && known?.reason === 'DeploymentPaused') {
    return withCondition(conditions, {
      type: 'Progressing', status: 'Unknown', reason: 'DeploymentResumed',
      message: 'Deployment is resumed',
    }, nowMs)
  }
  return undefined
}

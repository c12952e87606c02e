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
  type NewCondition, type StatusDecision, decideStatus, isComplete, isTimed, withCondition,
} from './status.ts'

export interface DeploymentWorld {
  readonly deployment: Stored<Deployment>
  /** ReplicaSets of the namespace that it controls or that nobody controls. */
  readonly replicaSets: readonly Stored<ReplicaSet>[]
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

function planScale({ nowMs }: DeploymentWorld, rollout: Rollout): Plan {
  const { deployment, current, old } = rollout
  const resized = resize(rollout, scaleSizes(deployment, current, old))
  if (resized.steps.length > 0) return resized
  const stale = [...old, ...(current === undefined ? [] : [current])]
    .filter((one) => replicasOf(one) > 0 && !hasSizes(deployment, one))
  if (stale.length > 0) {
    return { steps: stale.map((one) => replicaSetStep(withSizes(deployment, one))) }
  }
  return finish(deployment, decideStatus({ ...rollout, nowMs }, false), [])
}

function planRolling(world: DeploymentWorld, rollout: Rollout): Plan {
  const prepared = prepare(world, rollout, true)
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
  const prepared = prepare(world, rollout, true)
  if (prepared !== undefined) return prepared
  const resized = resize(rollout, next)
  return resized.steps.length > 0 ? withStatus(world, rollout, resized) : settle(world, rollout)
}

/** The current ReplicaSet has to exist and to carry revision, annotations and minReadySeconds. */
function prepare(world: DeploymentWorld, rollout: Rollout, create: boolean): Plan | undefined {
  const { deployment, current, old } = rollout
  const revision = Math.max(0, ...old.map(revisionOf)) + 1
  if (current === undefined) return create ? createCurrent(rollout, revision) : undefined
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

function createCurrent(rollout: Rollout, revision: number): Plan {
  const { deployment } = rollout
  const replicas = currentSize(rollout)
  const object = newReplicaSet(deployment, replicas, revision)
  const name = object.metadata?.name ?? ''
  const events = replicas === 0 ? [] : [scalingEvent(deployment, 'up', name, 0, replicas)]
  return { steps: [{ verb: 'create', ref: resources.replicasets, object }], events }
}

/**
 * The Deployment says which revision it is at and that its ReplicaSet was found or made: one write
 * of the status, which also carries annotations, so that no generation passes.
 */
function announce(
  { nowMs }: DeploymentWorld, { deployment }: Rollout, current: Stored<ReplicaSet>,
): Plan | undefined {
  const revision = current.metadata.annotations?.[annotation.revision] ?? '0'
  const known = deployment.status?.conditions ?? []
  const numbered = deployment.metadata.annotations?.[annotation.revision] === revision
  const found = isTimed(deployment) && !known.some((one) => one.type === 'Progressing')
  if (numbered && !found) return undefined
  const annotations = { ...deployment.metadata.annotations, [annotation.revision]: revision }
  const conditions = found
    ? withCondition(known, newReplicaSetCondition(current, nowMs), nowMs) : [...known]
  const object: Stored<Deployment> = {
    ...deployment, metadata: { ...deployment.metadata, annotations },
  }
  return { steps: [statusStep(object, { ...deployment.status, conditions })] }
}

function newReplicaSetCondition(current: Stored<ReplicaSet>, nowMs: number): NewCondition {
  const { creationTimestamp, name } = current.metadata
  const made = Date.parse(creationTimestamp) >= nowMs - 10_000
  return made
    ? {
      type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${name}"`,
    }
    : {
      type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet',
      message: `Found new replica set "${name}"`,
    }
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

function resize({ deployment }: Rollout, next: Sizes): { steps: Step[]; events: PlannedEvent[] } {
  const steps: Step[] = []
  const events: PlannedEvent[] = []
  for (const [set, size] of next) {
    const before = replicasOf(set)
    const sized = withSizes(deployment, set)
    const spec = { ...set.spec, selector: set.spec?.selector ?? {}, replicas: size }
    steps.push(replicaSetStep({ ...sized, spec }))
    events.push(scalingEvent(
      deployment, size > before ? 'up' : 'down', set.metadata.name, before, size,
    ))
  }
  return { steps, events }
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

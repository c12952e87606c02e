import { sameJson } from '@slicewise/base'
import { type Deployment, type PodTemplateSpec, type ReplicaSet, type Stored, resources }
  from '@slicewise/kube'
import { controllerReference } from '@slicewise/engine'
import { withLabel } from '../workloads/pods.ts'
import { resolve, templateHash } from '../workloads/rollout.ts'

/** Facts about the ReplicaSets of one Deployment. */

export const hashLabel = 'pod-template-hash'
export const annotation = {
  revision: 'deployment.kubernetes.io/revision',
  history: 'deployment.kubernetes.io/revision-history',
  desired: 'deployment.kubernetes.io/desired-replicas',
  max: 'deployment.kubernetes.io/max-replicas',
} as const

/** Annotations of a Deployment that are its own and not its ReplicaSets'. */
const notCopied: ReadonlySet<string> = new Set([
  ...Object.values(annotation), 'deprecated.deployment.rollback.to',
  'kubectl.kubernetes.io/last-applied-configuration',
])

export const replicasOf = (object: Deployment | ReplicaSet): number => object.spec?.replicas ?? 1
export const sumReplicas = (sets: readonly Stored<ReplicaSet>[]): number =>
  sets.reduce((sum, one) => sum + replicasOf(one), 0)
export const sumStatus = (
  sets: readonly Stored<ReplicaSet>[],
  count: 'availableReplicas' | 'readyReplicas' | 'replicas' | 'terminatingReplicas',
): number => sets.reduce((sum, one) => sum + (one.status?.[count] ?? 0), 0)

export function maxSurge(deployment: Deployment): number {
  return fenceposts(deployment).surge
}

/** Pods that may be missing during a rolling update; 0 for other strategies. */
export function maxUnavailable(deployment: Deployment): number {
  return Math.min(fenceposts(deployment).unavailable, replicasOf(deployment))
}

function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { strategy } = deployment.spec ?? {}
  const replicas = replicasOf(deployment)
  if (strategy?.type === 'Recreate' || replicas === 0) return { surge: 0, unavailable: 0 }
  const surge = resolve(strategy?.rollingUpdate?.maxSurge, replicas, 'up')
  const unavailable = resolve(strategy?.rollingUpdate?.maxUnavailable, replicas, 'down')
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

export function revisionOf(object: ReplicaSet | Deployment): number {
  return Number(object.metadata?.annotations?.[annotation.revision] ?? 0) || 0
}

export function byCreation(a: Stored<ReplicaSet>, b: Stored<ReplicaSet>): number {
  const order = Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp)
  return order || (a.metadata.name < b.metadata.name ? -1 : 1)
}

/** The oldest ReplicaSet whose template is the Deployment's, and the others. */
export function splitByTemplate(
  deployment: Deployment, sets: readonly Stored<ReplicaSet>[],
): { current: Stored<ReplicaSet> | undefined; old: Stored<ReplicaSet>[] } {
  const sorted = [...sets].sort(byCreation)
  const current = sorted.find((one) => sameTemplate(one.spec?.template, deployment.spec?.template))
  return { current, old: sorted.filter((one) => one !== current) }
}

function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return sameJson(withoutHash(a), withoutHash(b))
}

function withoutHash(template: PodTemplateSpec | undefined): unknown {
  const { [hashLabel]: _, ...labels } = template?.metadata?.labels ?? {}
  return { spec: template?.spec, metadata: { ...template?.metadata, labels } }
}

/** The ReplicaSet that a Deployment's template asks for, not yet made. */
export function newReplicaSet(
  deployment: Stored<Deployment>, replicas: number, revision: number,
): ReplicaSet {
  const template = deployment.spec?.template ?? {}
  const hash = templateHash(template, deployment.status?.collisionCount)
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  return {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? '',
      labels,
      annotations: annotationsFor(deployment, undefined, revision),
      ownerReferences: [controllerReference(resources.deployments, deployment)],
    },
    spec: {
      replicas,
      ...(deployment.spec?.minReadySeconds === undefined
        ? {} : { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: withLabel(deployment.spec?.selector, hashLabel, hash),
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

/** Annotations of the current ReplicaSet: the Deployment's own, revision, history, first sizes. */
export function annotationsFor(
  deployment: Stored<Deployment>, set: Stored<ReplicaSet> | undefined, revision: number,
): Record<string, string> {
  const wanted = { ...set?.metadata.annotations }
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!notCopied.has(name)) wanted[name] = value
  }
  const before = wanted[annotation.revision]
  if (before === undefined || Number(before) < revision) {
    if (before !== undefined) {
      wanted[annotation.history] = extended(wanted[annotation.history], before)
    }
    wanted[annotation.revision] = String(revision)
  }
  // Sizes of one that exists follow when it is resized: until then they tell how it was shared.
  return set === undefined ? { ...wanted, ...sizes(deployment) } : wanted
}

export function sizes(deployment: Deployment): Record<string, string> {
  return {
    [annotation.desired]: String(replicasOf(deployment)),
    [annotation.max]: String(replicasOf(deployment) + maxSurge(deployment)),
  }
}

function extended(history: string | undefined, revision: string): string {
  if (!history) return revision
  return history.split(',').includes(revision) ? history : `${history},${revision}`
}

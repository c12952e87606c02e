import { selects } from '@slicewise/discovery'
import { type Finding, makeFinding } from './findings.ts'
import { type NearMiss, nearMiss } from './near-miss.ts'
import type { Workload } from './world.ts'

type Labels = Readonly<Record<string, string>>

/** How many Pods it wants; a DaemonSet as many as there are Nodes for it. */
export function wantedReplicas(workload: Workload): number {
  if (workload.kind === 'DaemonSet') return workload.object.status?.desiredNumberScheduled ?? 0
  return workload.object.spec?.replicas ?? 1
}

export const workloadAbout = ({ kind, object }: Workload): string =>
  `${kind.toLowerCase()}/${object.metadata.name}`

/** ReplicaSets of Deployments are left to their Deployments. */
function own(workloads: readonly Workload[], namespace: string): Workload[] {
  return workloads.filter(({ object: { metadata } }) => metadata.namespace === namespace
    && !metadata.ownerReferences?.some(({ controller }) => controller === true))
}

const templateLabels = ({ object }: Workload): Labels | undefined =>
  object.spec?.template?.metadata?.labels

/** Why nothing that would make Pods for the selector has any now; empty when nothing would. */
export function idleWorkloads(
  workloads: readonly Workload[], namespace: string, selector: Labels,
): Finding[] {
  return own(workloads, namespace).filter((one) => selects(selector, templateLabels(one)))
    .map(idleFinding)
}

function idleFinding(workload: Workload): Finding {
  const replicas = wantedReplicas(workload)
  const about = workloadAbout(workload)
  if (replicas === 0 && workload.kind !== 'DaemonSet') {
    return makeFinding('ScaledToZero', about, 'it would make the Pods, and is scaled to zero')
  }
  const details = { replicas }
  if (replicas === 0) {
    return makeFinding('WorkloadMakesNoPods', about, 'no Node takes its Pods', { details })
  }
  const failure = failureOf(workload)
  return makeFinding('WorkloadMakesNoPods', about,
    `it wants ${replicas} Pods and has made none${failure === '' ? '' : `: ${failure}`}`,
    { details })
}

function failureOf({ object }: Workload): string {
  const conditions = object.status?.conditions ?? []
  const failed = conditions.find(({ type, status }) =>
    type === 'ReplicaFailure' && status === 'True')
  return failed?.message || failed?.reason || ''
}

/** Workloads whose template nearly has the labels of the selector, the nearest first. */
export function nearWorkloads(
  workloads: readonly Workload[], namespace: string, selector: Labels,
): { readonly workload: Workload; readonly miss: NearMiss }[] {
  return own(workloads, namespace).flatMap((workload) => {
    const miss = nearMiss(selector, templateLabels(workload))
    return miss === undefined ? [] : [{ workload, miss }]
  }).sort((a, b) => b.miss.nearness - a.miss.nearness)
}

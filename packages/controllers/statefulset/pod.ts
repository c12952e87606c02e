import {
  type PersistentVolumeClaim, type Pod, type PodTemplateSpec, type StatefulSet, type Stored,
  resources,
} from '@slicewise/kube'
import { controllerReference } from '@slicewise/engine'
import { podOf } from '../workloads/pods.ts'
import { revisionLabel } from '../workloads/revisions.ts'

const podNameLabel = 'statefulset.kubernetes.io/pod-name'
const podIndexLabel = 'apps.kubernetes.io/pod-index'

/** The number at the end of a Pod's name, or undefined when it is not the set's. */
export function ordinalOf(set: Stored<StatefulSet>, pod: Stored<Pod>): number | undefined {
  const match = /^(.*)-(\d+)$/.exec(pod.metadata.name)
  return match?.[1] === set.metadata.name ? Number(match[2]) : undefined
}

/** The Pod of one ordinal, with its stable name, hostname and claims. */
export function podFor(
  set: Stored<StatefulSet>, ordinal: number, template: PodTemplateSpec, revision: string,
): Pod {
  const name = `${set.metadata.name}-${ordinal}`
  const made = podOf(template)
  const subdomain = set.spec?.serviceName
  const claims = set.spec?.volumeClaimTemplates ?? []
  const volumes = claims.map((claim) => ({
    name: claim.metadata?.name ?? '',
    persistentVolumeClaim: { claimName: claimName(claim, name) },
  }))
  const named = new Set(volumes.map((volume) => volume.name))
  const others = (made.spec?.volumes ?? []).filter((volume) => !named.has(volume.name))
  return {
    metadata: {
      ...made.metadata,
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? '',
      labels: {
        ...made.metadata?.labels, [podNameLabel]: name, [podIndexLabel]: String(ordinal),
        [revisionLabel]: revision,
      },
      ownerReferences: [controllerReference(resources.statefulsets, set)],
    },
    spec: {
      ...made.spec,
      containers: made.spec?.containers ?? [],
      hostname: name,
      ...(subdomain ? { subdomain } : {}),
      ...(volumes.length + others.length === 0 ? {} : { volumes: [...volumes, ...others] }),
    },
  }
}

/** The claims of one Pod, as they have to exist. */
export function claimsFor(set: Stored<StatefulSet>, ordinal: number): PersistentVolumeClaim[] {
  const pod = `${set.metadata.name}-${ordinal}`
  return (set.spec?.volumeClaimTemplates ?? []).map((claim) => ({
    metadata: {
      ...claim.metadata,
      name: claimName(claim, pod),
      namespace: set.metadata.namespace ?? '',
      labels: { ...claim.metadata?.labels, ...set.spec?.selector?.matchLabels },
    },
    ...(claim.spec === undefined ? {} : { spec: claim.spec }),
  }))
}

function claimName(claim: PersistentVolumeClaim, pod: string): string {
  return `${claim.metadata?.name}-${pod}`
}

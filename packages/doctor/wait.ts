import { differenceTable } from '@slicewise/discovery'
import type { EndpointSlice } from '@slicewise/kube'
import type { PodReport } from './why-pod.ts'
import type { ServiceReport } from './why-service.ts'

const bySlices = new Set<string>([
  ...Object.keys(differenceTable), 'NoSlices', 'MirrorMissing', 'MirrorExtra', 'MirrorLeft',
])

/** What is at fault stands in slices alone, which a controller may be about to put right. */
export function isInFlight({ findings }: ServiceReport | PodReport): boolean {
  return findings.some(({ id, severity }) => severity === 'fault' && bySlices.has(id))
}

/** Ready endpoints in slices: one of both families, or in two slices at once, counts once. */
export function readyEndpoints(slices: readonly EndpointSlice[]): number {
  const ready = new Set<string>()
  for (const { endpoints, metadata } of slices) {
    if (metadata?.deletionTimestamp) continue
    for (const { conditions, targetRef, addresses } of endpoints ?? []) {
      if (conditions?.ready === false) continue
      const { name, namespace = '' } = targetRef ?? {}
      ready.add(name ? `${namespace}/${name}` : [...addresses ?? []].sort().join())
    }
  }
  return ready.size
}

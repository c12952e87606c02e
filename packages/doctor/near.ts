import { selects } from '@slicewise/discovery'
import type { Pod, Service, Stored } from '@slicewise/kube'
import { type Finding, makeFinding } from './findings.ts'
import { limits } from './limits.ts'
import { missText, nearMiss } from './near-miss.ts'
import { nearWorkloads, workloadAbout } from './workloads.ts'
import type { World } from './world.ts'

/**
 * Pods that the selector meets in another namespace or nearly meets in its own, the nearest first;
 * where no such Pod is there, workloads that would make one.
 */
export function nearFindings(world: World, service: Stored<Service>): Finding[] {
  const { namespace = '' } = service.metadata
  const selector = service.spec?.selector ?? {}
  const pods = world.pods ?? []
  const elsewhere = pods.filter(({ metadata }) => metadata.namespace !== namespace
    && Object.keys(selector).length > 0 && selects(selector, metadata.labels))
  const near = pods.filter(({ metadata }) => metadata.namespace === namespace).flatMap((pod) => {
    const miss = nearMiss(selector, pod.metadata.labels)
    return miss === undefined ? [] : [{ about: `pod/${pod.metadata.name}`, pod, miss }]
  }).sort((a, b) => b.miss.nearness - a.miss.nearness || (a.about < b.about ? -1 : 1))
  const workloads = near.length > 0 ? [] : nearWorkloads(world.workloads, namespace, selector)
    .map(({ workload, miss }) => ({ about: workloadAbout(workload), miss }))
  const missed = [...near, ...workloads].slice(0, limits.nearMissesMax).map(({ about, miss }) =>
    makeFinding('LabelsDiffer', about, missText(miss), {
      details: { met: miss.met, pairs: miss.pairs, key: miss.misses[0]?.key ?? '' },
    }))
  return [...elsewhere.slice(0, limits.nearMissesMax).map(elsewhereFinding), ...missed]
}

function elsewhereFinding({ metadata }: Stored<Pod>): Finding {
  const { name, namespace = '' } = metadata
  return makeFinding('OtherNamespace', `pod/${name}`,
    `it has these labels, and runs in namespace ${namespace}`, { details: { namespace } })
}

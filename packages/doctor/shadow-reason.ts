import {
  type Difference, type Family, differenceTable, exclusions, isPodReady, membership,
} from '@slicewise/discovery'
import { type Node, type Pod, type Service, conditionOf } from '@slicewise/kube'
import { whyUnready } from './readiness.ts'

/** Why it should be as derived: what the Pod, its Node or the Service say. */
export function reasonFor(
  one: Difference, service: Service, pod: Pod | undefined, node: Node | undefined,
): string {
  if (!differenceTable[one.id].matters) return 'another packing of the same endpoints'
  if (one.pod === undefined) return reasonWithoutPod(one, service)
  if (pod === undefined) return `there is no Pod ${one.pod}`
  const family = one.family as Family
  const verdict = membership(pod, service, family, node)
  if (!verdict.in) return exclusions[verdict.why].why
  switch (one.id) {
    case 'NodeWrong': return `the Pod is on Node ${pod.spec?.nodeName || '(none)'}`
    case 'ZoneWrong': return `the labels of Node ${pod.spec?.nodeName} say so`
    case 'AddressStale': return 'status.podIPs of the Pod say so'
    case 'PodWrong': return `the Pod of that name has the uid ${pod.metadata?.uid}`
    case 'PortsWrong': return 'the ports of the Service and the containers give these'
    case 'HintsWrong': return `the Service asks for ${service.spec?.trafficDistribution ?? 'none'}`
    case 'HostnameWrong': return 'spec.hostname and spec.subdomain of the Pod say so'
    default: return stateOf(pod)
  }
}

function reasonWithoutPod({ id }: Difference, service: Service): string {
  if (id === 'EndpointExtra') {
    return service.spec?.selector === undefined
      ? 'the Endpoints object does not have it' : 'no Pod is behind it'
  }
  if (id === 'EndpointMissing') return 'the Endpoints object has it'
  return differenceTable[id].meaning
}

function stateOf(pod: Pod): string {
  const deleted = pod.metadata?.deletionTimestamp
  if (deleted) return `the Pod is being deleted since ${deleted}`
  const since = conditionOf(pod, 'Ready')?.lastTransitionTime
  if (isPodReady(pod)) return `the Pod is ready${since ? ` since ${since}` : ''}`
  return `the Pod is not ready: ${whyUnready(pod).text}`
}

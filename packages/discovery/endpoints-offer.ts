import type { EndpointsAddress, Pod, Service } from '@slicewise/kube'
import type { Family } from './address.ts'
import { hostnameOf, isPodReady, podReference } from './endpoint.ts'
import { familiesOf, hasNoClusterIP } from './families.ts'
import { familyOf } from './address.ts'
import { type PodAddresses, publishesNotReady, whyUnfit } from './membership.ts'
import type { Offer } from './packed-subsets.ts'
import type { PortGroup } from './ports.ts'

/**
 * What a selected Pod adds to the Endpoints of a Service; undefined for nothing. Endpoints know one
 * family and no Pods on their way out (unless the Service publishes what is not ready), and leave
 * out a Pod of which no port can be found.
 */
export function offerOf(
  pod: Pod, service: Service, addresses: PodAddresses, ports: PortGroup,
): Offer | undefined {
  if (whyUnfit(pod) !== undefined) return undefined
  const published = publishesNotReady(service)
  if (pod.metadata?.deletionTimestamp && !published) return undefined
  const [ip] = addresses[familyFor(service, pod)]
  if (ip === undefined) return undefined
  const portless = (service.spec?.ports ?? []).length === 0 && service.spec?.clusterIP === 'None'
  if (ports.ports.length === 0 && !portless) return undefined
  return { address: addressOf(pod, service, ip), ready: published || isPodReady(pod), ports }
}

/** The first family of the Service; a headless one without families takes what the Pod has. */
function familyFor(service: Service, pod: Pod): Family {
  const headless = (service.spec?.ipFamilies ?? []).length === 0 && hasNoClusterIP(service)
  if (headless) return familyOf(pod.status?.podIP ?? '') ?? 'IPv4'
  return familiesOf(service)[0] ?? 'IPv4'
}

/**
 * A Pod without a Node has no `nodeName`, where the reference writes an empty one: the API refuses
 * that, and all other addresses of the Service with it.
 */
function addressOf(pod: Pod, service: Service, ip: string): EndpointsAddress {
  const hostname = hostnameOf(pod, service)
  const { nodeName } = pod.spec ?? {}
  return {
    ip,
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName ? { nodeName } : {}),
    targetRef: podReference(pod),
  }
}

import type {
  Endpoint, EndpointPort, Endpoints, EndpointsAddress, EndpointsPort, Stored,
} from '@slicewise/kube'
import { type Family, families, parseAddress } from './address.ts'
import { portsKey, type PortGroup } from './ports.ts'
import { repackSubsets } from './subsets.ts'

/** Value of the managed-by label of slices that mirror Endpoints. */
export const managedByMirroring = 'endpointslicemirroring-controller.k8s.io'
/** On Endpoints: exactly `true` keeps them from being mirrored. */
export const skipMirrorLabel = 'endpointslice.kubernetes.io/skip-mirror'
/** On Endpoints that are a lock of old leader elections; they are not for consumers. */
export const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader'

/** One slice that Endpoints ask for. */
export interface MirroredGroup {
  readonly key: string
  readonly family: Family
  readonly ports: readonly EndpointPort[]
  /** Not empty. */
  readonly endpoints: readonly Endpoint[]
}

/** Endpoints as slices. */
export interface Mirror {
  /** In order of family and ports. */
  readonly groups: readonly MirroredGroup[]
  /** Texts that are no IP address. */
  readonly invalid: number
  /** Addresses that have no place, with those that are invalid. */
  readonly skipped: number
}

/** These Endpoints are for consumers of slices. */
export function isMirrorable({ metadata }: Stored<Endpoints>): boolean {
  return metadata.labels?.[skipMirrorLabel] !== 'true'
    && metadata.annotations?.[leaderAnnotation] === undefined
}

/** Names the slice of a group: slices found are compared with the wanted one of their key. */
export function mirrorKey(
  family: string, ports: readonly EndpointPort[] | null | undefined,
): string {
  return `${family} ${portsKey(ports)}`
}

/**
 * The slices of Endpoints: one for each family and set of ports. Of each subset at most `max`
 * addresses count, ready ones first; families and states share that number. What is no IP address
 * is left out and takes no place.
 */
export function mirrorOf(endpoints: Endpoints, max: number): Mirror {
  const found = new Map<string, { family: Family; ports: PortGroup; by: Map<string, Endpoint> }>()
  const total = { invalid: 0, skipped: 0 }
  for (const subset of repackSubsets(endpoints.subsets)) {
    const ports = slicePorts(subset.ports)
    const groups = Object.fromEntries(families.map((family) => {
      const key = mirrorKey(family, ports.ports)
      const group = found.get(key) ?? { family, ports, by: new Map<string, Endpoint>() }
      found.set(key, group)
      return [family, group.by]
    })) as Record<Family, Map<string, Endpoint>>
    const { addresses = [], notReadyAddresses = [] } = subset
    const accepted = accept(addresses, true, max, groups, total)
    const rest = accept(notReadyAddresses, false, max - accepted, groups, total)
    total.skipped += addresses.length + notReadyAddresses.length - accepted - rest
  }
  const groups = [...found].map(([key, { family, ports, by }]) =>
    ({ key, family, ports: ports.ports, endpoints: [...by.values()].slice(0, max) }))
  return { groups: groups.filter(({ endpoints: some }) => some.length > 0), ...total }
}

/** Returns how many were taken. */
function accept(
  addresses: readonly EndpointsAddress[], ready: boolean, room: number,
  groups: Readonly<Record<Family, Map<string, Endpoint>>>, total: { invalid: number },
): number {
  let accepted = 0
  for (const address of addresses) {
    if (accepted >= room) break
    const parsed = parseAddress(typeof address.ip === 'string' ? address.ip : '')
    if (parsed === undefined) {
      total.invalid++
      continue
    }
    accepted++
    const endpoint = mirroredEndpoint(address, parsed.text, ready)
    groups[parsed.family].set(identityOf(endpoint), endpoint)
  }
  return accepted
}

function mirroredEndpoint(
  { hostname, nodeName, targetRef }: EndpointsAddress, ip: string, ready: boolean,
): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName === undefined || nodeName === null ? {} : { nodeName }),
    ...(targetRef ? { targetRef } : {}),
  }
}

/** Two endpoints of one identity are one endpoint in two states. */
export function identityOf({ addresses, hostname, targetRef }: Endpoint): string {
  const ips = addresses.length === 1 ? addresses[0] : [...addresses].sort().join()
  return `${ips} ${hostname ?? ''} ${targetRef?.namespace ?? ''} ${targetRef?.name ?? ''}`
}

function slicePorts(ports: readonly EndpointsPort[] | undefined): PortGroup {
  const made = (ports ?? []).map(({ name, port, protocol, appProtocol }): EndpointPort => ({
    name: name ?? '', port, protocol: protocol ?? 'TCP',
    ...(appProtocol === undefined || appProtocol === null ? {} : { appProtocol }),
  }))
  return { key: portsKey(made), ports: made }
}

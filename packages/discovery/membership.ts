import type { Node, Pod, Service } from '@slicewise/kube'
import { type Family, parseAddress } from './address.ts'

/**
 * Why a Pod is not an endpoint of a Service: a closed list. `keepsPorts`: the Pod's set of ports
 * still counts as wanted, so a slice of these ports stays even when it runs empty.
 */
export const exclusions = {
  OtherNamespace: {
    keepsPorts: false, why: 'a Service selects Pods of its own namespace only',
  },
  ExternalName: {
    keepsPorts: false, why: 'a Service of type ExternalName is an alias and selects nothing',
  },
  NoSelector: {
    keepsPorts: false, why: 'the Service has no selector; its endpoints are kept by hand',
  },
  LabelsDiffer: {
    keepsPorts: false, why: 'the labels of the Pod do not have what the selector asks for',
  },
  PodFinished: {
    keepsPorts: false, why: 'the Pod has run to its end (phase Succeeded or Failed)',
  },
  NoPodIP: {
    keepsPorts: false, why: 'the Pod has no address yet',
  },
  NoAddressOfFamily: {
    keepsPorts: true, why: 'status.podIPs of the Pod has no address of this family',
  },
  NodeMissing: {
    keepsPorts: true, why: 'the Node that spec.nodeName names does not exist',
  },
} as const satisfies Record<string, { readonly keepsPorts: boolean; readonly why: string }>

export type Exclusion = keyof typeof exclusions
export type Membership = { readonly in: true } | { readonly in: false; readonly why: Exclusion }

const member: Membership = { in: true }
const out = (why: Exclusion): Membership => ({ in: false, why })

/**
 * Whether `pod` is an endpoint of `service` in `family`. `node` is the one that `spec.nodeName`
 * names, undefined when there is none. Being an endpoint does not mean being ready.
 */
export function membership(
  pod: Pod, service: Service, family: Family, node: Node | undefined,
): Membership {
  if (pod.metadata?.namespace !== service.metadata?.namespace) return out('OtherNamespace')
  const unselective = whySelectsNothing(service)
  if (unselective !== undefined) return out(unselective)
  if (!selects(service.spec?.selector, pod.metadata?.labels)) return out('LabelsDiffer')
  const unfit = whyUnfit(pod)
  if (unfit !== undefined) return out(unfit)
  if (addressesOf(pod)[family].length === 0) return out('NoAddressOfFamily')
  if (node === undefined && !publishesNotReady(service)) return out('NodeMissing')
  return member
}

/** Why the controller leaves the slices of a Service alone; undefined when it keeps them. */
export function whySelectsNothing(service: Service): Exclusion | undefined {
  if (service.spec?.type === 'ExternalName') return 'ExternalName'
  return (service.spec?.selector ?? undefined) === undefined ? 'NoSelector' : undefined
}

/** Every pair of the selector stands in the labels. An empty one takes all, a missing one none. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (selector === undefined) return false
  for (const key in selector) {
    // A careless server may send null for no labels.
    if (!labels || labels[key] !== selector[key]) return false
  }
  return true
}

/** Why a selected Pod is an endpoint of no family; undefined when it may be one. */
export function whyUnfit(pod: Pod): Exclusion | undefined {
  const phase = pod.status?.phase
  if (phase === 'Failed' || phase === 'Succeeded') return 'PodFinished'
  const hasIP = Boolean(pod.status?.podIP) || (pod.status?.podIPs?.length ?? 0) > 0
  return hasIP ? undefined : 'NoPodIP'
}

export function publishesNotReady(service: Service): boolean {
  return service.spec?.publishNotReadyAddresses === true
}

export type PodAddresses = Readonly<Record<Family, readonly string[]>>
const noAddresses: PodAddresses = { IPv4: [], IPv6: [] }

/** Canonical addresses by family, from `status.podIPs` alone; what is no address is skipped. */
export function addressesOf(pod: Pod): PodAddresses {
  const ips = pod.status?.podIPs ?? []
  if (ips.length === 0) return noAddresses
  const found: Record<Family, string[]> = { IPv4: [], IPv6: [] }
  for (const { ip } of ips) {
    const address = parseAddress(ip ?? '')
    if (address !== undefined) found[address.family].push(address.text)
  }
  return found
}

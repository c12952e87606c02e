import { parseCidr } from '@slicewise/base'
import { immutableCause, invalidAll, subdomainCauses } from '../../causes.ts'
import { canonicalCidrCauses, cidrWarnings } from '../../ip-rules.ts'
import { pathSegmentFaults } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { segmentCauses } from './ingress-rules.ts'
import type { IPAddress } from './ip-address.ts'
import type { ServiceCIDR } from './service-cidr.ts'

/** Rules of IPAddress and ServiceCIDR: who has which cluster IP, out of which ranges. */

export function validateIpAddress({ spec }: IPAddress): Cause[] {
  const at = 'spec.parentRef'
  const parent = spec?.parentRef
  if (parent === undefined) return [cause.required(at)]
  const { group = '', resource, namespace = '', name } = parent
  return [
    ...(group === '' ? [] : subdomainCauses(`${at}.group`, group)),
    ...segmentCauses(`${at}.resource`, resource),
    ...segmentCauses(`${at}.name`, name),
    ...invalidAll(`${at}.namespace`, namespace, pathSegmentFaults(namespace)),
  ]
}

export function validateIpAddressUpdate(next: IPAddress, before: Stored<IPAddress>): Cause[] {
  return sameValue(next.spec?.parentRef, before.spec?.parentRef)
    ? [] : [immutableCause('spec.parentRef', next.spec?.parentRef)]
}

export function prepareServiceCidrCreate(object: ServiceCIDR): void {
  object.status = {}
}

const ownMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const

/** Through `/status` no metadata changes. */
export function prepareServiceCidrStatus(next: ServiceCIDR, before: Stored<ServiceCIDR>): void {
  const metadata = { ...next.metadata }
  for (const name of ownMetadata) delete metadata[name]
  const { labels, annotations, finalizers, ownerReferences } = before.metadata
  next.metadata = {
    ...metadata,
    ...(labels && { labels }), ...(annotations && { annotations }),
    ...(finalizers && { finalizers }), ...(ownerReferences && { ownerReferences }),
  }
}

const cidrsField = 'spec.cidrs'

export function validateServiceCidr({ spec }: ServiceCIDR): Cause[] {
  const cidrs = spec?.cidrs ?? []
  if (cidrs.length === 0) return [cause.required(cidrsField, 'at least one CIDR required')]
  if (cidrs.length > 2) {
    return [cause.invalid(cidrsField, spec, 'may only hold up to 2 values')]
  }
  const found = cidrs.flatMap((cidr, index) => canonicalCidrCauses(`${cidrsField}[${index}]`, cidr))
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr, true)?.ip.family)
  if (first !== undefined && first === second) {
    found.push(cause.invalid(cidrsField, cidrs, 'may specify no more than one IP for each IP '
      + 'family, i.e 192.168.0.0/24 and 2001:db8::/64'))
  }
  return found
}

/** Ranges stay as they are; a second family may be added. */
export function validateServiceCidrUpdate(
  next: ServiceCIDR, before: Stored<ServiceCIDR>,
): Cause[] {
  const cidrs = next.spec?.cidrs ?? []
  const old = before.spec?.cidrs ?? []
  const grown = old.length === 1 && cidrs.length === 2
  if (cidrs.length !== old.length && !grown) return [immutableCause(cidrsField, next.spec?.cidrs)]
  const changed = old.flatMap((cidr, index) => (cidr === cidrs[index]
    ? [] : [immutableCause(`${cidrsField}[${index}]`, cidrs[index])]))
  return grown ? [...changed, ...validateServiceCidr(next)] : changed
}

export function serviceCidrWarnings({ spec }: ServiceCIDR): string[] {
  return (spec?.cidrs ?? []).flatMap((cidr, index) => cidrWarnings(`${cidrsField}[${index}]`, cidr))
}

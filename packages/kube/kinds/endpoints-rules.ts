import {
  enumCauses, labelCauses, portCauses, qualifiedNameCauses, subdomainCauses,
} from '../causes.ts'
import { endpointIpCauses, ipCauses, ipWarnings } from '../ip-rules.ts'
import type { Stored } from '../object.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import { protocolValues } from './core-enums.ts'
import type { Endpoints, EndpointsAddress, EndpointsPort } from './endpoints.ts'

export function defaultEndpoints(endpoints: Endpoints): void {
  for (const subset of endpoints.subsets ?? []) {
    for (const port of subset.ports ?? []) port.protocol ||= 'TCP'
  }
}

/** Subsets that did not change are not judged again. */
export function validateEndpointsUpdate(next: Endpoints, before: Stored<Endpoints>): Cause[] {
  return sameValue(next.subsets, before.subsets) ? [] : validateEndpoints(next)
}

export function validateEndpoints(endpoints: Endpoints): Cause[] {
  const found: Cause[] = []
  for (const [index, subset] of (endpoints.subsets ?? []).entries()) {
    const field = `subsets[${index}]`
    if (!subset.addresses?.length && !subset.notReadyAddresses?.length) {
      found.push(cause.required(field, 'must specify `addresses` or `notReadyAddresses`'))
    }
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      for (const [at, address] of (subset[list] ?? []).entries()) {
        found.push(...addressCauses(address, `${field}.${list}[${at}]`))
      }
    }
    const named = (subset.ports?.length ?? 0) > 1
    for (const [at, port] of (subset.ports ?? []).entries()) {
      found.push(...endpointsPortCauses(port, named, `${field}.ports[${at}]`))
    }
  }
  return found
}

function addressCauses(address: EndpointsAddress, field: string): Cause[] {
  const found = ipCauses(`${field}.ip`, address.ip)
  if (address.hostname) found.push(...labelCauses(`${field}.hostname`, address.hostname))
  if (address.nodeName !== undefined) {
    found.push(...subdomainCauses(`${field}.nodeName`, address.nodeName))
  }
  return [...found, ...endpointIpCauses(`${field}.ip`, address.ip)]
}

function endpointsPortCauses(port: EndpointsPort, named: boolean, field: string): Cause[] {
  const found: Cause[] = []
  if (port.name) found.push(...labelCauses(`${field}.name`, port.name))
  else if (named) found.push(cause.required(`${field}.name`))
  found.push(...portCauses(`${field}.port`, port.port))
  found.push(...enumCauses(`${field}.protocol`, port.protocol, protocolValues))
  if (port.appProtocol !== undefined) {
    found.push(...qualifiedNameCauses(`${field}.appProtocol`, port.appProtocol))
  }
  return found
}

export function endpointsWarnings(endpoints: Endpoints): string[] {
  return (endpoints.subsets ?? []).flatMap((subset, index) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap((address, at) =>
        ipWarnings(`subsets[${index}].${list}[${at}].ip`, address.ip))))
}

/** `ip:port` of each ready address and port; a subset without ports shows addresses only. */
export function endpointsPairs(endpoints: Endpoints): string[] {
  return (endpoints.subsets ?? []).flatMap((subset) => {
    const ips = (subset.addresses ?? []).map((address) => address.ip)
    if (!subset.ports?.length) return ips
    return subset.ports.flatMap((port) => ips.map((ip) =>
      (ip.includes(':') ? `[${ip}]:${port.port}` : `${ip}:${port.port}`)))
  })
}

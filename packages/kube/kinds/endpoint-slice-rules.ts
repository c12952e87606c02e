import { parseIp } from '@slicewise/base'
import {
  enumCauses, labelCauses, optionalEnumCauses, qualifiedNameCauses, subdomainCauses,
} from '../causes.ts'
import { canonicalIpCauses, endpointIpCauses, ipCauses, ipWarnings } from '../ip-rules.ts'
import { labelsCauses } from '../metadata-rules.ts'
import { labelFaults, labelValueFaults, subdomainFaults } from '../names.ts'
import type { Stored } from '../object.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import { addressTypeValues, protocolValues } from './core-enums.ts'
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from './endpoint-slice.ts'

/** What the API enforces, which is more than its documentation promises for ports. */
const endpointsMax = 1000
const addressesMax = 100
const portsMax = 20000
const hintsMax = 8
const topologyMax = 16
const zoneKey = 'topology.kubernetes.io/zone'
const hostnameKey = 'kubernetes.io/hostname'
const builtInControllers = [
  'endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io',
]

export function defaultEndpointSlice(slice: EndpointSlice): void {
  for (const port of slice.ports ?? []) {
    port.name ??= ''
    port.protocol ??= 'TCP'
  }
}

export function prepareSliceCreate(slice: EndpointSlice): void {
  for (const endpoint of slice.endpoints ?? []) delete endpoint.deprecatedTopology
}

/**
 * The free topology map of the beta API goes away with the first write that touches endpoints; a
 * node name known from it is rescued.
 */
export function prepareSliceUpdate(next: EndpointSlice, before: Stored<EndpointSlice>): void {
  if (sameValue(next.endpoints, before.endpoints)) return
  const known = new Set((before.endpoints ?? []).map(
    (endpoint) => endpoint.deprecatedTopology?.[hostnameKey] ?? ''))
  for (const endpoint of next.endpoints ?? []) {
    const host = endpoint.deprecatedTopology?.[hostnameKey]
    if (endpoint.nodeName === undefined && host && known.has(host)
      && subdomainFaults(host).length === 0) {
      endpoint.nodeName = host
    }
    delete endpoint.deprecatedTopology
  }
}

export function sliceGenerationChanged(next: EndpointSlice, before: EndpointSlice): boolean {
  return next.addressType !== before.addressType
    || !sameValue(next.endpoints, before.endpoints) || !sameValue(next.ports, before.ports)
    || !sameValue(next.metadata?.labels, before.metadata?.labels)
}

export function validateSlice(slice: EndpointSlice): Cause[] {
  return [...headCauses(slice), ...endpointsCauses(slice)]
}

/** Endpoints that did not change are not judged again. */
export function validateSliceUpdate(next: EndpointSlice, before: Stored<EndpointSlice>): Cause[] {
  const found = headCauses(next)
  const endpoints = endpointsCauses(next)
  if (endpoints.length > 0 && !sameValue(next.endpoints, before.endpoints)) {
    found.push(...endpoints)
  }
  if (next.addressType !== before.addressType) {
    found.push(cause.invalid('addressType', next.addressType, 'field is immutable'))
  }
  return found
}

function headCauses(slice: EndpointSlice): Cause[] {
  return [
    ...enumCauses('addressType', slice.addressType, addressTypeValues),
    ...portsCauses(slice.ports ?? []),
  ]
}

function portsCauses(ports: readonly EndpointPort[]): Cause[] {
  if (ports.length > portsMax) return [cause.tooMany('ports', ports.length, portsMax)]
  const names = new Set<string>()
  const found: Cause[] = []
  for (const [index, port] of ports.entries()) {
    const field = `ports[${index}]`
    const name = port.name ?? ''
    if (name !== '') found.push(...labelCauses(`${field}.name`, name))
    if (names.has(name)) found.push(cause.duplicate(`${field}.name`, name))
    names.add(name)
    found.push(...(port.protocol === undefined
      ? [cause.required(`${field}.protocol`)]
      : optionalEnumCauses(`${field}.protocol`, port.protocol, protocolValues)))
    if (port.appProtocol !== undefined) {
      found.push(...qualifiedNameCauses(`${field}.appProtocol`, port.appProtocol))
    }
  }
  return found
}

function endpointsCauses(slice: EndpointSlice): Cause[] {
  const endpoints = slice.endpoints ?? []
  if (endpoints.length > endpointsMax) {
    return [cause.tooMany('endpoints', endpoints.length, endpointsMax)]
  }
  return endpoints.flatMap((endpoint, index) =>
    endpointCauses(endpoint, slice.addressType, `endpoints[${index}]`))
}

function endpointCauses(endpoint: Endpoint, type: string, field: string): Cause[] {
  const found: Cause[] = []
  const addresses = endpoint.addresses ?? []
  if (addresses.length === 0) {
    found.push(cause.required(`${field}.addresses`, 'must contain at least 1 address'))
  } else if (addresses.length > addressesMax) {
    found.push(cause.tooMany(`${field}.addresses`, addresses.length, addressesMax))
  }
  for (const [index, address] of addresses.entries()) {
    found.push(...addressCauses(address, type, `${field}.addresses`, index))
  }
  if (endpoint.nodeName !== undefined) {
    found.push(...subdomainCauses(`${field}.nodeName`, endpoint.nodeName))
  }
  const topology = endpoint.deprecatedTopology ?? {}
  const count = Object.keys(topology).length
  if (count > topologyMax) {
    found.push(cause.tooMany(`${field}.deprecatedTopology`, count, topologyMax))
  }
  found.push(...labelsCauses(topology, `${field}.deprecatedTopology`))
  if (endpoint.hostname !== undefined) {
    found.push(...labelCauses(`${field}.hostname`, endpoint.hostname))
  }
  if (endpoint.hints !== undefined) found.push(...hintsCauses(endpoint.hints, `${field}.hints`))
  return found
}

function addressCauses(address: string, type: string, list: string, index: number): Cause[] {
  const field = `${list}[${index}]`
  if (type === 'FQDN') return fqdnCauses(field, address)
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const wrong = type === 'IPv4' ? ipCauses(field, address) : canonicalIpCauses(field, address)
  if (wrong.length > 0) return wrong
  const found = endpointIpCauses(field, address)
  return parseIp(address)?.family === type
    ? found
    : [cause.invalid(list, address, `must be an ${type} address`), ...found]
}

function fqdnCauses(field: string, text: string): Cause[] {
  if (text === '') return [cause.required(field)]
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  const faults = subdomainFaults(name)
  if (faults.length > 0) return [cause.invalid(field, name, faults.join(','))]
  const labels = name.split('.')
  if (labels.length < 2) {
    return [cause.invalid(field, name,
      'should be a domain with at least two segments separated by dots')]
  }
  const bad = labels.find((label) => labelFaults(label).length > 0)
  return bad === undefined ? [] : [cause.invalid(field, bad, labelFaults(bad).join(','))]
}

function hintsCauses(hints: EndpointHints, field: string): Cause[] {
  const zones = hintListCauses(hints.forZones ?? [], `${field}.forZones`, labelValueFaults)
  if ((hints.forZones?.length ?? 0) > hintsMax) return zones
  return [...zones, ...hintListCauses(hints.forNodes ?? [], `${field}.forNodes`, subdomainFaults)]
}

function hintListCauses(
  hints: readonly { readonly name: string }[], field: string,
  faults: (name: string) => readonly string[],
): Cause[] {
  if (hints.length > hintsMax) return [cause.tooMany(field, hints.length, hintsMax)]
  const names = new Set<string>()
  return hints.flatMap(({ name }, index) => {
    const at = `${field}[${index}].name`
    const found = names.has(name) ? [cause.duplicate(at, name)] : []
    names.add(name)
    return [...found, ...faults(name).map((fault) => cause.invalid(at, name, fault))]
  })
}

export function sliceWarnings(
  slice: EndpointSlice, before: Stored<EndpointSlice> | undefined,
): string[] {
  const found = before === undefined && slice.addressType === 'FQDN'
    ? ['spec.addressType: FQDN endpoints are deprecated'] : []
  const manager = slice.metadata?.labels?.['endpointslice.kubernetes.io/managed-by'] ?? ''
  if (builtInControllers.includes(manager) || slice.addressType === 'FQDN') return found
  for (const [index, endpoint] of (slice.endpoints ?? []).entries()) {
    for (const [at, address] of (endpoint.addresses ?? []).entries()) {
      found.push(...ipWarnings(`endpoints[${index}].addresses[${at}]`, address))
    }
  }
  return found
}

/** An endpoint of the removed v1beta1 API, which had one free topology map instead of a zone. */
export type BetaEndpoint = Omit<Endpoint, 'zone' | 'deprecatedTopology'> & {
  topology?: Record<string, string>
}

export function endpointFromBeta({ topology, ...rest }: BetaEndpoint): Endpoint {
  const endpoint: Endpoint = { ...rest }
  if (topology === undefined) return endpoint
  const { [zoneKey]: zone, ...others } = topology
  if (zone !== undefined) endpoint.zone = zone
  if (others[hostnameKey] !== undefined && others[hostnameKey] === endpoint.nodeName) {
    delete others[hostnameKey]
  }
  if (Object.keys(others).length > 0) endpoint.deprecatedTopology = others
  return endpoint
}

export function endpointToBeta({ zone, deprecatedTopology, ...rest }: Endpoint): BetaEndpoint {
  if (zone === undefined && deprecatedTopology === undefined && rest.nodeName === undefined) {
    return rest
  }
  const topology = { ...deprecatedTopology }
  if (zone !== undefined) topology[zoneKey] = zone
  if (rest.nodeName !== undefined) topology[hostnameKey] ||= rest.nodeName
  return { ...rest, topology }
}

import { cidrContains, parseCidr } from '@slicewise/base'
import { notListed, portCauses } from '../../causes.ts'
import { cidrCauses, cidrWarnings } from '../../ip-rules.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { protocolValues } from '../core-enums.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import { policyTypeValues } from './enums.ts'
import type {
  IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec,
} from './network-policy.ts'

interface Rule {
  readonly at: string
  readonly side: 'from' | 'to'
  readonly ports: NetworkPolicyPort[]
  readonly peers: NetworkPolicyPeer[]
}

/** Both directions in one form. */
function rulesOf({ ingress, egress }: Partial<NetworkPolicySpec>): Rule[] {
  return [
    ...(ingress ?? []).map(({ ports = [], from = [] }, index): Rule =>
      ({ at: `spec.ingress[${index}]`, side: 'from', ports, peers: from })),
    ...(egress ?? []).map(({ ports = [], to = [] }, index): Rule =>
      ({ at: `spec.egress[${index}]`, side: 'to', ports, peers: to })),
  ]
}

export function defaultNetworkPolicy(object: NetworkPolicy): void {
  const spec = (object.spec ??= { podSelector: {} })
  if (!spec.policyTypes?.length) {
    spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  }
  for (const { ports } of rulesOf(spec)) for (const port of ports) port.protocol ??= 'TCP'
}

export const networkPolicyGeneration = (next: NetworkPolicy, before: NetworkPolicy): boolean =>
  !sameValue(next.spec, before.spec)

export function validateNetworkPolicy(object: NetworkPolicy): Cause[] {
  return specCauses(object, [])
}

/** Prefixes that are already stored need not be in standard form. */
export function validateNetworkPolicyUpdate(
  next: NetworkPolicy, before: Stored<NetworkPolicy>,
): Cause[] {
  const known = rulesOf(before.spec ?? {}).flatMap(({ peers }) => peers)
    .flatMap(({ ipBlock }) => (ipBlock === undefined
      ? [] : [ipBlock.cidr, ...ipBlock.except ?? []]))
  return specCauses(next, known)
}

function specCauses(
  { spec = { podSelector: {} } }: NetworkPolicy, known: readonly string[],
): Cause[] {
  const found = selectorCauses(spec.podSelector, 'spec.podSelector')
  for (const { at, side, ports, peers } of rulesOf(spec)) {
    for (const [index, port] of ports.entries()) {
      found.push(...policyPortCauses(port, `${at}.ports[${index}]`))
    }
    for (const [index, peer] of peers.entries()) {
      found.push(...peerCauses(peer, `${at}.${side}[${index}]`, known))
    }
  }
  const types: readonly string[] = spec.policyTypes ?? []
  if (types.length > policyTypeValues.length) {
    return [...found,
      cause.invalid('spec.policyTypes', types, 'may not specify more than two policyTypes')]
  }
  for (const [index, type] of types.entries()) {
    if (!(policyTypeValues as readonly string[]).includes(type)) {
      found.push(notListed(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']))
    }
  }
  return found
}

function policyPortCauses({ protocol, port, endPort }: NetworkPolicyPort, at: string): Cause[] {
  const found: Cause[] = []
  if (protocol !== undefined && !protocolValues.includes(protocol)) {
    found.push(notListed(`${at}.protocol`, protocol, ['TCP', 'UDP', 'SCTP']))
  }
  if (typeof port === 'string' && endPort !== undefined) {
    found.push(cause.invalid(`${at}.endPort`, endPort,
      'may not be specified when `port` is non-numeric'))
  }
  if (port !== undefined) found.push(...portCauses(`${at}.port`, port))
  else if (endPort !== undefined) {
    found.push(cause.invalid(`${at}.endPort`, endPort,
      'may not be specified when `port` is not specified'))
  }
  if (typeof port === 'number' && endPort !== undefined) {
    if (endPort < port) {
      found.push(cause.invalid(`${at}.endPort`, port, 'must be greater than or equal to `port`'))
    }
    found.push(...portCauses(`${at}.endPort`, endPort))
  }
  return found
}

function peerCauses(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, at: string,
  known: readonly string[],
): Cause[] {
  const found = [
    ...selectorCauses(podSelector, `${at}.podSelector`),
    ...selectorCauses(namespaceSelector, `${at}.namespaceSelector`),
    ...(ipBlock === undefined ? [] : blockCauses(ipBlock, `${at}.ipBlock`, known)),
  ]
  const selected = podSelector !== undefined || namespaceSelector !== undefined
  if (!selected && ipBlock === undefined) found.push(cause.required(at, 'must specify a peer'))
  if (selected && ipBlock !== undefined) {
    found.push(cause.forbidden(at, 'may not specify both ipBlock and another peer'))
  }
  return found
}

function blockCauses({ cidr, except }: IPBlock, at: string, known: readonly string[]): Cause[] {
  if (cidr === '') return [cause.required(`${at}.cidr`)]
  const found = cidrCauses(`${at}.cidr`, cidr, known)
  const whole = parseCidr(cidr, true)
  if (whole === undefined) return found
  for (const [index, text] of (except ?? []).entries()) {
    found.push(...cidrCauses(`${at}.except[${index}]`, text, known))
    const part = parseCidr(text, true)
    if (part === undefined) continue
    if (!cidrContains(whole, part.ip) || whole.prefixLength >= part.prefixLength) {
      found.push(cause.invalid(`${at}.except[${index}]`, text,
        'must be a strict subset of `cidr`'))
    }
  }
  return found
}

export function networkPolicyWarnings({ spec }: NetworkPolicy): string[] {
  return rulesOf(spec ?? {}).flatMap(({ at, side, peers }) =>
    peers.flatMap(({ ipBlock }, index) => {
      if (ipBlock === undefined) return []
      const field = `${at}.${side}[${index}].ipBlock`
      return [
        ...cidrWarnings(`${field}.cidr`, ipBlock.cidr),
        ...(ipBlock.except ?? []).flatMap((text, n) => cidrWarnings(`${field}.except[${n}]`, text)),
      ]
    }))
}

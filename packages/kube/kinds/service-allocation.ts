import { ipFamilyOf, parseIp } from '@slicewise/base'
import type { Stored } from '../object.ts'
import type { ClusterFacts } from '../resource.ts'
import { sameValue } from '../same-value.ts'
import { type Cause, cause } from '../status.ts'
import { nodePortsOf } from './service-rules.ts'
import {
  clusterIPsOf, familiesOf, isHeadless, needsClusterIP, needsHealthCheckPort, needsNodePort,
} from './service-traits.ts'
import { clusterIPFieldCauses } from './service-validation.ts'
import type { Service, ServiceSpec } from './service.ts'

type Family = 'IPv4' | 'IPv6'

/** One address to take: `requested` exactly, or any of the family. */
export interface ClusterIPWanted {
  /** Place in `spec.clusterIPs`; 0 also fills `spec.clusterIP`. */
  readonly index: number
  readonly family: Family
  readonly requested?: string
}

/** One node port to take for every port in `indexes`: `requested` exactly, or any. */
export interface NodePortWanted {
  readonly indexes: readonly number[]
  readonly requested?: number
}

/** What a write of a Service takes and gives back; take and release belong in its commit. */
export interface ServiceAllocation {
  /** Refusals found on the way; nothing may be taken then. */
  readonly causes: readonly Cause[]
  readonly clusterIPs: readonly ClusterIPWanted[]
  readonly nodePorts: readonly NodePortWanted[]
  /** A health check port to take; an empty object means any. */
  readonly healthCheckNodePort?: { readonly requested?: number }
  readonly releasedIPs: readonly string[]
  readonly releasedNodePorts: readonly number[]
}

const none: ServiceAllocation = {
  causes: [], clusterIPs: [], nodePorts: [], releasedIPs: [], releasedNodePorts: [],
}

/**
 * Decides families and policy of a Service, writes them into `next`, carries over what a client
 * may leave out of an update, and says what must be taken and given back. Runs after the defaults
 * and before `prepareUpdate` and the validation, which sees the allocated values.
 */
export function serviceAllocation(
  next: Service, before: Stored<Service> | undefined, facts: ClusterFacts,
): ServiceAllocation {
  next.spec ??= {}
  if (before !== undefined) carryOver(next.spec, before.spec ?? {})
  normalizeClusterIPs(next.spec, before?.spec)
  const causes = decideFamilies(next, before, facts)
  if (causes.length === 0) causes.push(...sharedPortCauses(next.spec, before?.spec))
  if (causes.length > 0) return { ...none, causes }
  return {
    causes,
    clusterIPs: wantedIPs(next, before),
    nodePorts: wantedNodePorts(next.spec, before?.spec),
    ...wantedHealthCheck(next.spec, before?.spec),
    releasedIPs: before === undefined ? [] : releasedIPs(next, before),
    releasedNodePorts: before === undefined ? [] : releasedPorts(next.spec, before.spec ?? {}),
  }
}

/** Everything a Service held, for its deletion. */
export function serviceHoldings(service: Service): { ips: string[]; nodePorts: number[] } {
  const spec = service.spec ?? {}
  const health = spec.healthCheckNodePort ?? 0
  return {
    ips: clusterIPsOf(service).filter((ip) => parseIp(ip) !== undefined),
    nodePorts: [...new Set([...nodePortsOf(spec), ...(health === 0 ? [] : [health])])],
  }
}

function carryOver(now: ServiceSpec, old: ServiceSpec): void {
  if (needsClusterIP(old) && needsClusterIP(now)) {
    if (!now.clusterIP && old.clusterIP) now.clusterIP = old.clusterIP
    if (!now.clusterIPs?.length && old.clusterIPs?.length) now.clusterIPs = [...old.clusterIPs]
  }
  if (needsNodePort(old) && needsNodePort(now)) {
    const wanted = new Set(nodePortsOf(now))
    const byName = new Map((old.ports ?? []).map((port) => [port.name ?? '', port.nodePort ?? 0]))
    for (const port of now.ports ?? []) {
      const kept = byName.get(port.name ?? '') ?? 0
      if (!port.nodePort && kept !== 0 && !wanted.has(kept)) port.nodePort = kept
    }
  }
  if (needsHealthCheckPort(old) && needsHealthCheckPort(now) && !now.healthCheckNodePort
    && old.healthCheckNodePort) {
    now.healthCheckNodePort = old.healthCheckNodePort
  }
}

/** Keeps `clusterIP` and `clusterIPs[0]` together when the client set only one of them. */
function normalizeClusterIPs(now: ServiceSpec, old: ServiceSpec | undefined): void {
  const ip = now.clusterIP ?? ''
  if (old === undefined) {
    if (ip !== '' && !now.clusterIPs?.length) now.clusterIPs = [ip]
    return
  }
  const oldIP = old.clusterIP ?? ''
  if (ip === oldIP || !sameValue(now.clusterIPs, old.clusterIPs)) return
  if (oldIP !== '' && ip === '') delete now.clusterIPs
  else now.clusterIPs = [ip]
}

function decideFamilies(
  next: Service, before: Stored<Service> | undefined, facts: ClusterFacts,
): Cause[] {
  const spec = next.spec ?? {}
  if (spec.type === 'ExternalName' || keepsPreferDual(next, before)) return []
  const selectorless = Object.keys(spec.selector ?? {}).length === 0
  const bare = spec.clusterIP === 'None' && selectorless
  spec.ipFamilyPolicy ??= before?.spec?.ipFamilyPolicy
    ?? (bare ? 'RequireDualStack' : 'SingleStack')
  const wrong = clusterIPFieldCauses(next, before)
  if (wrong.length > 0) return wrong
  const found = before === undefined ? [] : reduceFamilies(spec, before.spec ?? {})
  found.push(...singleStackCauses(spec), ...familiesFromIPs(spec, facts))
  if (found.length > 0) return found
  if (bare) {
    completeFamilies(spec, facts, ['IPv4', 'IPv6'])
    return []
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack' && facts.ipFamilies.length < 2) {
    found.push(cause.invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy,
      'this cluster is not configured for dual-stack services'))
  }
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (!facts.ipFamilies.includes(family)) {
      found.push(cause.invalid(`spec.ipFamilies[${index}]`, family,
        'not configured on this cluster'))
    }
  }
  if (found.length === 0) completeFamilies(spec, facts, facts.ipFamilies)
  return found
}

/** An update that leaves a PreferDualStack Service as it was keeps its families. */
function keepsPreferDual(next: Service, before: Stored<Service> | undefined): boolean {
  const now = next.spec ?? {}
  const old = before?.spec
  return old !== undefined && now.ipFamilyPolicy === 'PreferDualStack'
    && now.type === old.type && (old.ipFamilyPolicy ?? 'PreferDualStack') === 'PreferDualStack'
    && (now.clusterIP ?? '') === (old.clusterIP ?? '')
    && sameValue(now.clusterIPs, old.clusterIPs) && sameValue(now.ipFamilies, old.ipFamilies)
}

function reduceFamilies(now: ServiceSpec, old: ServiceSpec): Cause[] {
  const field = 'spec.ipFamilyPolicy'
  if (now.ipFamilyPolicy === 'SingleStack') {
    const sameIPs = (old.clusterIP ?? '') === (now.clusterIP ?? '')
      && sameValue(old.clusterIPs, now.clusterIPs)
    if (sameIPs && (now.clusterIPs?.length ?? 0) > 1) now.clusterIPs = now.clusterIPs!.slice(0, 1)
    if (sameValue(old.ipFamilies, now.ipFamilies) && (now.ipFamilies?.length ?? 0) > 1) {
      now.ipFamilies = now.ipFamilies!.slice(0, 1)
    }
    return []
  }
  const found: Cause[] = []
  const fewer = (next: readonly string[] = [], before: readonly string[] = []): boolean =>
    next.length > 0 && next.length < before.length
  if (fewer(now.clusterIPs, old.clusterIPs)) {
    found.push(cause.invalid(field, now.ipFamilyPolicy,
      'must be \'SingleStack\' to release the secondary cluster IP'))
  }
  if (fewer(now.ipFamilies, old.ipFamilies)) {
    found.push(cause.invalid(field, now.ipFamilyPolicy,
      'must be \'SingleStack\' to release the secondary IP family'))
  }
  return found
}

function singleStackCauses(spec: ServiceSpec): Cause[] {
  if (spec.ipFamilyPolicy !== 'SingleStack') return []
  const refuse = (count: number, what: string): Cause[] => (count !== 2 ? [] : [
    cause.invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`),
  ])
  return [
    ...refuse(spec.clusterIPs?.length ?? 0, 'cluster IPs'),
    ...refuse(spec.ipFamilies?.length ?? 0, 'IP families'),
  ]
}

function familiesFromIPs(spec: ServiceSpec, facts: ClusterFacts): Cause[] {
  const found: Cause[] = []
  for (const [index, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === 'None') break
    if (index < (spec.ipFamilies?.length ?? 0)) continue
    const family = ipFamilyOf(ip) ?? 'IPv4'
    if (facts.ipFamilies.includes(family)) (spec.ipFamilies ??= []).push(family)
    else {
      found.push(cause.invalid(`spec.clusterIPs[${index}]`, spec.clusterIPs,
        `${family} is not configured on this cluster`))
    }
  }
  return found
}

function completeFamilies(
  spec: ServiceSpec, facts: ClusterFacts, available: readonly Family[],
): void {
  if (!spec.ipFamilies?.length) spec.ipFamilies = [facts.ipFamilies[0] ?? 'IPv4']
  if (spec.ipFamilyPolicy === 'SingleStack' || spec.ipFamilies.length !== 1) return
  const other = spec.ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4'
  if (available.includes(other)) spec.ipFamilies.push(other)
}

function wantedIPs(next: Service, before: Stored<Service> | undefined): ClusterIPWanted[] {
  const spec = next.spec ?? {}
  if (spec.type === 'ExternalName' || isHeadless(next)) return []
  let first = 0
  if (before !== undefined && before.spec?.type !== 'ExternalName') {
    const upgraded = familiesOf(before).length === 1 && familiesOf(next).length === 2
    if (keepsPreferDual(next, before) || isHeadless(before) || !upgraded) return []
    first = 1
  }
  const wanted: ClusterIPWanted[] = []
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (index < first) continue
    const requested = spec.clusterIPs?.[index]
    wanted.push({ index, family, ...(requested ? { requested } : {}) })
  }
  return wanted
}

function releasedIPs(next: Service, before: Stored<Service>): string[] {
  if (before.spec?.type === 'ExternalName' || isHeadless(before)) return []
  const held = clusterIPsOf(before)
  if (next.spec?.type === 'ExternalName') return [...held]
  const downgraded = familiesOf(before).length === 2 && familiesOf(next).length === 1
  return downgraded ? held.slice(1) : []
}

/** Two ports of different numbers cannot ask for one node port, whatever their protocols. */
function sharedPortCauses(now: ServiceSpec, old: ServiceSpec | undefined): Cause[] {
  if (now.type !== 'NodePort' && now.type !== 'LoadBalancer') return []
  const held = new Set(old === undefined ? [] : nodePortsOf(old))
  const owner = new Map<number, number>()
  return (now.ports ?? []).flatMap(({ port, nodePort }, index) => {
    if (!nodePort || held.has(nodePort)) return []
    const first = owner.get(nodePort) ?? port
    owner.set(nodePort, first)
    return first === port ? [] : [cause.invalid(`spec.ports[${index}].nodePort`, nodePort,
      'provided port is already allocated')]
  })
}

/** Ports with the same number share one node port over their protocols. */
function wantedNodePorts(now: ServiceSpec, old: ServiceSpec | undefined): NodePortWanted[] {
  if (now.type !== 'NodePort' && now.type !== 'LoadBalancer') return []
  const held = new Set(old === undefined ? [] : nodePortsOf(old))
  const any = new Map<number, number[]>()
  const exact = new Map<number, number[]>()
  const ports = now.ports ?? []
  const chosen = new Map<number, number>()
  for (const { port, nodePort } of ports) {
    if (nodePort && !chosen.has(port)) chosen.set(port, nodePort)
  }
  for (const [index, port] of ports.entries()) {
    const asked = port.nodePort || chosen.get(port.port)
    if (!asked && !needsNodePort(now)) continue
    const groups = asked ? exact : any
    const key = asked || port.port
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [index])
    else group.push(index)
  }
  const wanted: NodePortWanted[] = []
  for (const [requested, indexes] of exact) {
    if (held.has(requested)) for (const index of indexes) ports[index]!.nodePort = requested
    else wanted.push({ indexes, requested })
  }
  for (const indexes of any.values()) wanted.push({ indexes })
  return wanted
}

function wantedHealthCheck(
  now: ServiceSpec, old: ServiceSpec | undefined,
): Pick<ServiceAllocation, 'healthCheckNodePort'> {
  if (!needsHealthCheckPort(now) || (old !== undefined && needsHealthCheckPort(old))) return {}
  const requested = now.healthCheckNodePort ?? 0
  return { healthCheckNodePort: requested === 0 ? {} : { requested } }
}

function releasedPorts(now: ServiceSpec, old: ServiceSpec): number[] {
  const holds = now.type === 'NodePort' || now.type === 'LoadBalancer'
  // Unchanged node ports are cleared by `prepareServiceUpdate` when the new type cannot have them.
  const kept = new Set(holds ? nodePortsOf(now) : [])
  const released = nodePortsOf(old).filter((port) => !kept.has(port))
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(now) && old.healthCheckNodePort) {
    released.push(old.healthCheckNodePort)
  }
  return [...new Set(released)]
}

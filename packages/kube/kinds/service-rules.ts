import type { Stored } from '../object.ts'
import { sameValue } from '../same-value.ts'
import { isExternal, needsClusterIP, needsHealthCheckPort } from './service-traits.ts'
import type { Service, ServiceSpec } from './service.ts'

/** Seconds a client sticks to its endpoint under ClientIP affinity. */
const affinitySeconds = 10800

export function defaultService(service: Service): void {
  const spec = (service.spec ??= {})
  spec.sessionAffinity ||= 'None'
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP'
    && typeof spec.sessionAffinityConfig?.clientIP?.timeoutSeconds !== 'number') {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinitySeconds } }
  }
  spec.type ||= 'ClusterIP'
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP'
    port.targetPort ||= port.port
  }
  if (isExternal(spec)) spec.externalTrafficPolicy ||= 'Cluster'
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(spec.type)) {
    spec.internalTrafficPolicy ??= 'Cluster'
  }
  if (spec.type === 'LoadBalancer') {
    spec.allocateLoadBalancerNodePorts ??= true
    for (const ingress of service.status?.loadBalancer?.ingress ?? []) {
      if (ingress.ip) ingress.ipMode ??= 'VIP'
    }
  }
}

export function prepareServiceCreate(service: Service): void {
  service.status = { loadBalancer: {} }
}

/**
 * Keeps the status, and drops what the former type had and the new one cannot have, as far as the
 * client did not change it.
 */
export function prepareServiceUpdate(next: Service, before: Stored<Service>): void {
  next.status = structuredClone(before.status ?? { loadBalancer: {} })
  const now = (next.spec ??= {})
  const old = before.spec ?? {}
  if (needsClusterIP(old) && !needsClusterIP(now)) dropClusterIPs(now, old)
  if (hasNodePorts(old) && !hasNodePorts(now)) dropNodePorts(now, old)
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(now)
    && old.healthCheckNodePort === now.healthCheckNodePort) {
    delete now.healthCheckNodePort
  }
  if (old.type === 'LoadBalancer' && now.type !== 'LoadBalancer') {
    if (old.allocateLoadBalancerNodePorts === now.allocateLoadBalancerNodePorts) {
      delete now.allocateLoadBalancerNodePorts
    }
    if (old.loadBalancerClass === now.loadBalancerClass) delete now.loadBalancerClass
  }
  if (isExternal(old) && !isExternal(now)
    && old.externalTrafficPolicy === now.externalTrafficPolicy) {
    delete now.externalTrafficPolicy
  }
  if (now.type === 'ExternalName' && old.type !== 'ExternalName'
    && now.internalTrafficPolicy === old.internalTrafficPolicy) {
    delete now.internalTrafficPolicy
  }
  if (now.type !== 'LoadBalancer') next.status.loadBalancer = {}
}

function dropClusterIPs(now: ServiceSpec, old: ServiceSpec): void {
  if ((old.clusterIP ?? '') === (now.clusterIP ?? '')
    && sameValue(old.clusterIPs, now.clusterIPs)) {
    delete now.clusterIP
    delete now.clusterIPs
  }
  if (sameValue(old.ipFamilies, now.ipFamilies)) delete now.ipFamilies
  if (old.ipFamilyPolicy === now.ipFamilyPolicy) delete now.ipFamilyPolicy
}

const hasNodePorts = (spec: ServiceSpec): boolean =>
  spec.type === 'NodePort' || spec.type === 'LoadBalancer'

function dropNodePorts(now: ServiceSpec, old: ServiceSpec): void {
  const known = new Set(nodePortsOf(old))
  if (!nodePortsOf(now).every((port) => known.has(port))) return
  for (const port of now.ports ?? []) delete port.nodePort
}

export const nodePortsOf = (spec: ServiceSpec): number[] =>
  (spec.ports ?? []).map((port) => port.nodePort ?? 0).filter((port) => port !== 0)

/** Writes through `/status` keep the spec. */
export function prepareServiceStatusUpdate(next: Service, before: Stored<Service>): void {
  if (before.spec === undefined) delete next.spec
  else next.spec = structuredClone(before.spec)
}

import type { Service, ServiceSpec } from './service.ts'

/** Questions about a Service that defaults, rules and allocation all ask. */

export const isHeadless = (service: Service): boolean => clusterIPsOf(service)[0] === 'None'
export const clusterIPsOf = (service: Service): readonly string[] => service.spec?.clusterIPs ?? []
export const familiesOf = (service: Service): readonly string[] => service.spec?.ipFamilies ?? []

export const needsClusterIP = (spec: ServiceSpec): boolean => spec.type !== 'ExternalName'

/** Node ports are given to it, unless the owner turned that off. */
export function needsNodePort(spec: ServiceSpec): boolean {
  return spec.type === 'NodePort'
    || (spec.type === 'LoadBalancer' && (spec.allocateLoadBalancerNodePorts ?? true))
}

/** Traffic can reach it from outside the cluster. */
export function isExternal(spec: ServiceSpec): boolean {
  return spec.type === 'LoadBalancer' || spec.type === 'NodePort'
    || (spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0)
}

export const needsHealthCheckPort = (spec: ServiceSpec): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'

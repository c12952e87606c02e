import {
  type Infer, always, bool, field, int32, intOrString, list, map, message, oneOf, string,
} from '../schema.ts'
import {
  ipFamilyPolicyValues, ipFamilyValues, protocolValues, serviceAffinityValues,
  serviceExternalTrafficPolicyValues, serviceInternalTrafficPolicyValues, serviceTypeValues,
} from './core-enums.ts'
import { condition, objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.core.v1.'

export const servicePort = message(`${pkg}ServicePort`, {
  name: field(1, string),
  protocol: field(2, oneOf(...protocolValues), { default: 'TCP', enum: protocolValues }),
  appProtocol: field(6, string, { pointer: true }),
  port: always(3, int32, { required: true }),
  targetPort: always(4, intOrString),
  nodePort: field(5, int32),
})
export interface ServicePort extends Infer<typeof servicePort> {}

export const clientIPConfig = message(`${pkg}ClientIPConfig`, {
  timeoutSeconds: field(1, int32, { pointer: true }),
})
export interface ClientIPConfig extends Infer<typeof clientIPConfig> {}

export const sessionAffinityConfig = message(`${pkg}SessionAffinityConfig`, {
  clientIP: field(1, clientIPConfig, { pointer: true }),
})
export interface SessionAffinityConfig extends Infer<typeof sessionAffinityConfig> {}

export const serviceSpec = message(`${pkg}ServiceSpec`, {
  ports: field(1, list(servicePort), {
    list: 'map', keys: ['port', 'protocol'], merge: true, mergeKey: 'port',
  }),
  selector: field(2, map(string), { map: 'atomic' }),
  clusterIP: field(3, string),
  clusterIPs: field(18, list(string), { list: 'atomic' }),
  type: field(4, oneOf(...serviceTypeValues), { enum: serviceTypeValues }),
  externalIPs: field(5, list(string), { list: 'atomic' }),
  sessionAffinity: field(7, oneOf(...serviceAffinityValues), { enum: serviceAffinityValues }),
  loadBalancerIP: field(8, string),
  loadBalancerSourceRanges: field(9, list(string), { list: 'atomic' }),
  externalName: field(10, string),
  externalTrafficPolicy: field(11, oneOf(...serviceExternalTrafficPolicyValues), {
    enum: serviceExternalTrafficPolicyValues,
  }),
  healthCheckNodePort: field(12, int32),
  publishNotReadyAddresses: field(13, bool),
  sessionAffinityConfig: field(14, sessionAffinityConfig, { pointer: true }),
  ipFamilies: field(19, list(oneOf('IPv4', 'IPv6')), { list: 'atomic', enum: ipFamilyValues }),
  ipFamilyPolicy: field(17, oneOf(...ipFamilyPolicyValues), {
    pointer: true, enum: ipFamilyPolicyValues,
  }),
  allocateLoadBalancerNodePorts: field(20, bool, { pointer: true }),
  loadBalancerClass: field(21, string, { pointer: true }),
  internalTrafficPolicy: field(22, oneOf(...serviceInternalTrafficPolicyValues), {
    pointer: true, enum: serviceInternalTrafficPolicyValues,
  }),
  trafficDistribution: field(23, string, { pointer: true }),
})
export interface ServiceSpec extends Infer<typeof serviceSpec> {}

export const portStatus = message(`${pkg}PortStatus`, {
  port: always(1, int32, { required: true }),
  protocol: always(2, oneOf(...protocolValues), { required: true, enum: protocolValues }),
  error: field(3, string, { pointer: true }),
})
export interface PortStatus extends Infer<typeof portStatus> {}

export const loadBalancerIngress = message(`${pkg}LoadBalancerIngress`, {
  ip: field(1, string),
  hostname: field(2, string),
  ipMode: field(3, string, { pointer: true }),
  ports: field(4, list(portStatus), { list: 'atomic' }),
})
export interface LoadBalancerIngress extends Infer<typeof loadBalancerIngress> {}

export const loadBalancerStatus = message(`${pkg}LoadBalancerStatus`, {
  ingress: field(1, list(loadBalancerIngress), { list: 'atomic' }),
})
export interface LoadBalancerStatus extends Infer<typeof loadBalancerStatus> {}

export const serviceStatus = message(`${pkg}ServiceStatus`, {
  loadBalancer: field(1, loadBalancerStatus),
  conditions: field(2, list(condition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface ServiceStatus extends Infer<typeof serviceStatus> {}

export const service = message(`${pkg}Service`, {
  metadata: field(1, objectMeta),
  spec: field(2, serviceSpec),
  status: field(3, serviceStatus),
})
export interface Service extends Infer<typeof service> {}

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
  name: field(1, string, { doc: 'Name of the port; needed when there are several.' }),
  protocol: field(2, oneOf(...protocolValues), {
    default: 'TCP', enum: protocolValues,
    doc: 'TCP, UDP or SCTP.',
  }),
  appProtocol: field(6, string, {
    pointer: true,
    doc: 'Protocol spoken by the application, as a hint.',
  }),
  port: always(3, int32, { required: true, doc: 'Number at which the Service is reached.' }),
  targetPort: always(4, intOrString, {
    doc: 'Number or name of the port in the Pods; same as port when unset.',
  }),
  nodePort: field(5, int32, { doc: 'The same port on every Node.' }),
})
export interface ServicePort extends Infer<typeof servicePort> {}

export const clientIPConfig = message(`${pkg}ClientIPConfig`, {
  timeoutSeconds: field(1, int32, {
    pointer: true, doc: 'Seconds without traffic after which a client may be sent elsewhere.',
  }),
})
export interface ClientIPConfig extends Infer<typeof clientIPConfig> {}

export const sessionAffinityConfig = message(`${pkg}SessionAffinityConfig`, {
  clientIP: field(1, clientIPConfig, {
    pointer: true, doc: 'Details of affinity by address of the client.',
  }),
})
export interface SessionAffinityConfig extends Infer<typeof sessionAffinityConfig> {}

export const serviceSpec = message(`${pkg}ServiceSpec`, {
  ports: field(1, list(servicePort), {
    list: 'map', keys: ['port', 'protocol'], merge: true, mergeKey: 'port',
    doc: 'Ports the Service offers.',
  }),
  selector: field(2, map(string), {
    map: 'atomic',
    doc: 'Labels of the Pods behind the Service; without one nobody fills in endpoints.',
  }),
  clusterIP: field(3, string, { doc: 'Virtual address; None makes the Service headless.' }),
  clusterIPs: field(18, list(string), {
    list: 'atomic',
    doc: 'Virtual addresses, at most one a family; the first is clusterIP.',
  }),
  type: field(4, oneOf(...serviceTypeValues), {
    enum: serviceTypeValues,
    doc: 'ClusterIP, NodePort, LoadBalancer or ExternalName.',
  }),
  externalIPs: field(5, list(string), {
    list: 'atomic',
    doc: 'More addresses at which Nodes accept traffic for the Service.',
  }),
  sessionAffinity: field(7, oneOf(...serviceAffinityValues), {
    enum: serviceAffinityValues,
    doc: 'ClientIP sends a client to the same endpoint for a while.',
  }),
  loadBalancerIP: field(8, string, { doc: 'Address asked of the load balancer; deprecated.' }),
  loadBalancerSourceRanges: field(9, list(string), {
    list: 'atomic',
    doc: 'Clients that a load balancer lets in.',
  }),
  externalName: field(10, string, {
    doc: 'DNS name that stands for a Service of type ExternalName.',
  }),
  externalTrafficPolicy: field(11, oneOf(...serviceExternalTrafficPolicyValues), {
    enum: serviceExternalTrafficPolicyValues,
    doc: 'Cluster spreads outside traffic, Local keeps it on the Node.',
  }),
  healthCheckNodePort: field(12, int32, {
    doc: 'Port where load balancers ask a Node for local endpoints.',
  }),
  publishNotReadyAddresses: field(13, bool, {
    doc: 'Pods that are not ready count as if they were.',
  }),
  sessionAffinityConfig: field(14, sessionAffinityConfig, {
    pointer: true, doc: 'Details of the session affinity.',
  }),
  ipFamilies: field(19, list(oneOf('IPv4', 'IPv6')), {
    list: 'atomic', enum: ipFamilyValues,
    doc: 'IPv4, IPv6 or both, in order of preference.',
  }),
  ipFamilyPolicy: field(17, oneOf(...ipFamilyPolicyValues), {
    pointer: true, enum: ipFamilyPolicyValues,
    doc: 'Whether one or two families are used or required.',
  }),
  allocateLoadBalancerNodePorts: field(20, bool, {
    pointer: true,
    doc: 'Whether a load balancer needs node ports.',
  }),
  loadBalancerClass: field(21, string, {
    pointer: true,
    doc: 'Which implementation of load balancers is meant.',
  }),
  internalTrafficPolicy: field(22, oneOf(...serviceInternalTrafficPolicyValues), {
    pointer: true, enum: serviceInternalTrafficPolicyValues,
    doc: 'Cluster spreads inside traffic, Local keeps it on the Node.',
  }),
  trafficDistribution: field(23, string, {
    pointer: true,
    doc: 'Preference for endpoints nearby.',
  }),
})
export interface ServiceSpec extends Infer<typeof serviceSpec> {}

export const portStatus = message(`${pkg}PortStatus`, {
  port: always(1, int32, { required: true, doc: 'Port of the Service.' }),
  protocol: always(2, oneOf(...protocolValues), {
    required: true, enum: protocolValues, doc: 'Its protocol.',
  }),
  error: field(3, string, { pointer: true, doc: 'What is wrong with it, in one word.' }),
})
export interface PortStatus extends Infer<typeof portStatus> {}

export const loadBalancerIngress = message(`${pkg}LoadBalancerIngress`, {
  ip: field(1, string, { doc: 'Address at which it is reached.' }),
  hostname: field(2, string, { doc: 'Name at which it is reached.' }),
  ipMode: field(3, string, {
    pointer: true,
    doc: 'VIP when traffic comes with this address as its destination, Proxy when not.',
  }),
  ports: field(4, list(portStatus), {
    list: 'atomic', doc: 'How each port of the Service fares at the balancer.',
  }),
})
export interface LoadBalancerIngress extends Infer<typeof loadBalancerIngress> {}

export const loadBalancerStatus = message(`${pkg}LoadBalancerStatus`, {
  ingress: field(1, list(loadBalancerIngress), {
    list: 'atomic', doc: 'Where the balancer takes traffic; empty while it has no address.',
  }),
})
export interface LoadBalancerStatus extends Infer<typeof loadBalancerStatus> {}

export const serviceStatus = message(`${pkg}ServiceStatus`, {
  loadBalancer: field(1, loadBalancerStatus, { doc: 'Addresses given by a load balancer.' }),
  conditions: field(2, list(condition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
    doc: 'What controllers say about the Service.',
  }),
})
export interface ServiceStatus extends Infer<typeof serviceStatus> {}

export const service = message(`${pkg}Service`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, serviceSpec, { doc: 'Who is behind the Service and how it is reached.' }),
  status: field(3, serviceStatus, { doc: 'What a load balancer has set up.' }),
}, { doc: 'A stable name and address for a set of Pods.' })
export interface Service extends Infer<typeof service> {}

import {
  type Infer, always, field, inline, int32, list, message, oneOf, string,
} from '../../schema.ts'
import { protocolValues } from '../core-enums.ts'
import { objectMeta } from '../meta.ts'
import { typedLocalObjectReference } from '../reference.ts'
import { pathTypeValues } from './enums.ts'

const pkg = 'io.k8s.api.networking.v1.'

export const serviceBackendPort = message(`${pkg}ServiceBackendPort`, {
  name: field(1, string, { doc: 'Name of the port; not with number.' }),
  number: field(2, int32, { doc: 'Number of the port; not with name.' }),
}, { atomic: true })
export interface ServiceBackendPort extends Infer<typeof serviceBackendPort> {}

export const ingressServiceBackend = message(`${pkg}IngressServiceBackend`, {
  name: always(1, string, { required: true, doc: 'Name of a Service in the same namespace.' }),
  port: field(2, serviceBackendPort, { doc: 'One of its ports, by name or by number.' }),
})
export interface IngressServiceBackend extends Infer<typeof ingressServiceBackend> {}

export const ingressBackend = message(`${pkg}IngressBackend`, {
  service: field(4, ingressServiceBackend, { pointer: true, doc: 'A Service; not with resource.' }),
  resource: field(3, typedLocalObjectReference, {
    pointer: true, doc: 'Another kind of object in the same namespace; not with service.',
  }),
})
export interface IngressBackend extends Infer<typeof ingressBackend> {}

export const ingressTLS = message(`${pkg}IngressTLS`, {
  hosts: field(1, list(string), { list: 'atomic', doc: 'Names the certificate is for.' }),
  secretName: field(2, string, { doc: 'Secret with the certificate and its key.' }),
})
export interface IngressTLS extends Infer<typeof ingressTLS> {}

export const httpIngressPath = message(`${pkg}HTTPIngressPath`, {
  path: field(1, string, { doc: 'Begins with a slash.' }),
  pathType: always(3, oneOf(...pathTypeValues), {
    pointer: true, required: true, enum: pathTypeValues, doc: 'How the path is compared.',
  }),
  backend: always(2, ingressBackend, { required: true, doc: 'Where matching requests go.' }),
}, { doc: 'A path of a host and where its requests go.' })
export interface HTTPIngressPath extends Infer<typeof httpIngressPath> {}

export const httpIngressRuleValue = message(`${pkg}HTTPIngressRuleValue`, {
  paths: always(1, list(httpIngressPath), {
    required: true, list: 'atomic', doc: 'Paths; the longest that matches counts.',
  }),
})
export interface HTTPIngressRuleValue extends Infer<typeof httpIngressRuleValue> {}

export const ingressRuleValue = message(`${pkg}IngressRuleValue`, {
  http: field(1, httpIngressRuleValue, { pointer: true, doc: 'Paths and where they lead.' }),
})
export interface IngressRuleValue extends Infer<typeof ingressRuleValue> {}

export const ingressRule = message(`${pkg}IngressRule`, {
  host: field(1, string, { doc: 'Full host name; a first label `*` matches any one label.' }),
  ingressRuleValue: inline(2, ingressRuleValue),
})
export interface IngressRule extends Infer<typeof ingressRule> {}

export const ingressSpec = message(`${pkg}IngressSpec`, {
  ingressClassName: field(4, string, {
    pointer: true, doc: 'Who serves it: the name of an IngressClass.',
  }),
  defaultBackend: field(1, ingressBackend, {
    pointer: true, doc: 'Where requests go that no rule matches.',
  }),
  tls: field(2, list(ingressTLS), { list: 'atomic', doc: 'Certificates by host.' }),
  rules: field(3, list(ingressRule), {
    list: 'atomic', doc: 'Hosts and their paths; unset sends everything to the default backend.',
  }),
})
export interface IngressSpec extends Infer<typeof ingressSpec> {}

export const ingressPortStatus = message(`${pkg}IngressPortStatus`, {
  port: always(1, int32, { required: true, doc: 'Port of the Ingress.' }),
  protocol: always(2, oneOf(...protocolValues), {
    required: true, enum: protocolValues, doc: 'Its protocol.',
  }),
  error: field(3, string, { pointer: true, doc: 'What is wrong with it, in one word.' }),
})
export interface IngressPortStatus extends Infer<typeof ingressPortStatus> {}

export const ingressLoadBalancerIngress = message(`${pkg}IngressLoadBalancerIngress`, {
  ip: field(1, string, { doc: 'Address of the balancer.' }),
  hostname: field(2, string, { doc: 'Name of the balancer, where it has no fixed address.' }),
  ports: field(4, list(ingressPortStatus), { list: 'atomic', doc: 'How each port fares.' }),
})
export interface IngressLoadBalancerIngress extends Infer<typeof ingressLoadBalancerIngress> {}

export const ingressLoadBalancerStatus = message(`${pkg}IngressLoadBalancerStatus`, {
  ingress: field(1, list(ingressLoadBalancerIngress), {
    list: 'atomic', doc: 'Addresses that traffic can be sent to.',
  }),
})
export interface IngressLoadBalancerStatus extends Infer<typeof ingressLoadBalancerStatus> {}

export const ingressStatus = message(`${pkg}IngressStatus`, {
  loadBalancer: field(1, ingressLoadBalancerStatus, { doc: 'Where traffic is taken.' }),
})
export interface IngressStatus extends Infer<typeof ingressStatus> {}

export const ingress = message(`${pkg}Ingress`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  spec: field(2, ingressSpec, { doc: 'The wanted hosts, paths and backends.' }),
  status: field(3, ingressStatus, { doc: 'Under which addresses it is reached.' }),
}, { doc: 'Which HTTP hosts and paths lead to which Services.' })
export interface Ingress extends Infer<typeof ingress> {}

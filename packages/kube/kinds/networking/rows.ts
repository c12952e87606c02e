import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type IngressClass, ingressClass } from './ingress-class.ts'
import { type Ingress, ingress } from './ingress.ts'
import { type IPAddress, ipAddress } from './ip-address.ts'
import { type NetworkPolicy, networkPolicy } from './network-policy.ts'
import { type ServiceCIDR, serviceCidr } from './service-cidr.ts'

export const servicecidrs: ResourceSpec<ServiceCIDR> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'servicecidrs', kind: 'ServiceCIDR',
  namespaced: false,
  singular: 'servicecidr',
  verbs: everyVerb,
  schema: serviceCidr,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}

export const ipaddresses: ResourceSpec<IPAddress> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'ipaddresses', kind: 'IPAddress',
  namespaced: false,
  singular: 'ipaddress',
  shortNames: ['ip'],
  verbs: everyVerb,
  schema: ipAddress,
  nameRule: 'ip',
}

export const ingresses: ResourceSpec<Ingress> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'ingresses', kind: 'Ingress',
  namespaced: true,
  singular: 'ingress',
  shortNames: ['ing'],
  verbs: everyVerb,
  schema: ingress,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}

export const ingressclasses: ResourceSpec<IngressClass> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses', kind: 'IngressClass',
  namespaced: false,
  singular: 'ingressclass',
  verbs: everyVerb,
  schema: ingressClass,
  nameRule: 'subdomain',
}

export const networkpolicies: ResourceSpec<NetworkPolicy> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', kind: 'NetworkPolicy',
  namespaced: true,
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  verbs: everyVerb,
  schema: networkPolicy,
  nameRule: 'subdomain',
}

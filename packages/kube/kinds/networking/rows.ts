import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import {
  prepareServiceCidrCreate, prepareServiceCidrStatus, serviceCidrWarnings, validateIpAddress,
  validateIpAddressUpdate, validateServiceCidr, validateServiceCidrUpdate,
} from './address-rules.ts'
import {
  ingressClassColumns, ingressColumns, ipAddressColumns, networkPolicyColumns, serviceCidrColumns,
} from './columns.ts'
import {
  defaultIngressClass, ingressClassGeneration, validateIngressClass, validateIngressClassUpdate,
} from './ingress-class-rules.ts'
import { type IngressClass, ingressClass } from './ingress-class.ts'
import {
  ingressGeneration, ingressWarnings, prepareIngressCreate, validateIngress, validateIngressStatus,
  validateIngressUpdate,
} from './ingress-rules.ts'
import { type Ingress, ingress } from './ingress.ts'
import { type IPAddress, ipAddress } from './ip-address.ts'
import {
  defaultNetworkPolicy, networkPolicyGeneration, networkPolicyWarnings, validateNetworkPolicy,
  validateNetworkPolicyUpdate,
} from './network-policy-rules.ts'
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
  prepareCreate: prepareServiceCidrCreate,
  prepareStatusUpdate: prepareServiceCidrStatus,
  validate: validateServiceCidr,
  validateUpdate: validateServiceCidrUpdate,
  warnings: serviceCidrWarnings,
  columns: serviceCidrColumns,
}

export const ipaddresses: ResourceSpec<IPAddress> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'ipaddresses', kind: 'IPAddress',
  namespaced: false,
  singular: 'ipaddress',
  shortNames: ['ip'],
  verbs: everyVerb,
  schema: ipAddress,
  nameRule: 'ip',
  validate: validateIpAddress,
  validateUpdate: validateIpAddressUpdate,
  columns: ipAddressColumns,
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
  generationChanged: ingressGeneration,
  prepareCreate: prepareIngressCreate,
  validate: validateIngress,
  validateUpdate: validateIngressUpdate,
  validateStatusUpdate: validateIngressStatus,
  warnings: ingressWarnings,
  columns: ingressColumns,
}

export const ingressclasses: ResourceSpec<IngressClass> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'ingressclasses', kind: 'IngressClass',
  namespaced: false,
  singular: 'ingressclass',
  verbs: everyVerb,
  schema: ingressClass,
  nameRule: 'subdomain',
  generationChanged: ingressClassGeneration,
  defaults: defaultIngressClass,
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  columns: ingressClassColumns,
}

export const networkpolicies: ResourceSpec<NetworkPolicy> = {
  group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', kind: 'NetworkPolicy',
  namespaced: true,
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  verbs: everyVerb,
  schema: networkPolicy,
  nameRule: 'subdomain',
  generationChanged: networkPolicyGeneration,
  defaults: defaultNetworkPolicy,
  validate: validateNetworkPolicy,
  validateUpdate: validateNetworkPolicyUpdate,
  warnings: networkPolicyWarnings,
  columns: networkPolicyColumns,
}

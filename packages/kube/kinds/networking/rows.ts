import type { ResourceSpec } from '../../resource.ts'
import { everyVerb, statusSubresource } from '../verbs.ts'
import { type IPAddress, ipAddress } from './ip-address.ts'
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

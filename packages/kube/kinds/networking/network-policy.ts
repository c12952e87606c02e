import {
  type Infer, always, field, int32, intOrString, list, message, oneOf, string,
} from '../../schema.ts'
import { protocolValues } from '../core-enums.ts'
import { labelSelector, objectMeta } from '../meta.ts'
import { policyTypeValues } from './enums.ts'

const pkg = 'io.k8s.api.networking.v1.'

export const ipBlock = message(`${pkg}IPBlock`, {
  cidr: always(1, string, { required: true, doc: 'The range.' }),
  except: field(2, list(string), { list: 'atomic', doc: 'Ranges inside it that are not meant.' }),
})
export interface IPBlock extends Infer<typeof ipBlock> {}

export const networkPolicyPeer = message(`${pkg}NetworkPolicyPeer`, {
  podSelector: field(1, labelSelector, {
    pointer: true, doc: 'Pods, of the selected namespaces or of the own one.',
  }),
  namespaceSelector: field(2, labelSelector, {
    pointer: true, doc: 'Namespaces whose Pods are meant.',
  }),
  ipBlock: field(3, ipBlock, { pointer: true, doc: 'A range of addresses; alone.' }),
})
export interface NetworkPolicyPeer extends Infer<typeof networkPolicyPeer> {}

export const networkPolicyPort = message(`${pkg}NetworkPolicyPort`, {
  protocol: field(1, oneOf(...protocolValues), { pointer: true, enum: protocolValues }),
  port: field(2, intOrString, { pointer: true }),
  endPort: field(3, int32, { pointer: true, doc: 'Last port of a range that begins with port.' }),
})
export interface NetworkPolicyPort extends Infer<typeof networkPolicyPort> {}

export const networkPolicyEgressRule = message(`${pkg}NetworkPolicyEgressRule`, {
  ports: field(1, list(networkPolicyPort), { list: 'atomic' }),
  to: field(2, list(networkPolicyPeer), { list: 'atomic' }),
})
export interface NetworkPolicyEgressRule extends Infer<typeof networkPolicyEgressRule> {}

export const networkPolicyIngressRule = message(`${pkg}NetworkPolicyIngressRule`, {
  ports: field(1, list(networkPolicyPort), { list: 'atomic' }),
  from: field(2, list(networkPolicyPeer), { list: 'atomic' }),
})
export interface NetworkPolicyIngressRule extends Infer<typeof networkPolicyIngressRule> {}

export const networkPolicySpec = message(`${pkg}NetworkPolicySpec`, {
  podSelector: always(1, labelSelector, {
    doc: 'Which Pods it is about; empty means all of the namespace.',
  }),
  ingress: field(2, list(networkPolicyIngressRule), {
    list: 'atomic', doc: 'Connections that may come in.',
  }),
  egress: field(3, list(networkPolicyEgressRule), {
    list: 'atomic', doc: 'Connections that may go out.',
  }),
  policyTypes: field(4, list(oneOf(...policyTypeValues)), {
    list: 'atomic', enum: policyTypeValues, doc: 'Which directions are restricted.',
  }),
})
export interface NetworkPolicySpec extends Infer<typeof networkPolicySpec> {}

export const networkPolicy = message(`${pkg}NetworkPolicy`, {
  metadata: field(1, objectMeta),
  spec: field(2, networkPolicySpec),
}, { doc: 'Which connections Pods may take and make.' })
export interface NetworkPolicy extends Infer<typeof networkPolicy> {}

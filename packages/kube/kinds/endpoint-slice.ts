import {
  type Infer, always, bool, field, int32, list, map, message, oneOf, string,
} from '../schema.ts'
import { addressTypeValues, protocolValues } from './core-enums.ts'
import { objectMeta } from './meta.ts'
import { objectReference } from './reference.ts'

const pkg = 'io.k8s.api.discovery.v1.'

export const forZone = message(`${pkg}ForZone`, {
  name: always(1, string, { required: true, doc: 'Name of the zone.' }),
})
export const forNode = message(`${pkg}ForNode`, {
  name: always(1, string, { required: true, doc: 'Name of the Node.' }),
})

export const endpointHints = message(`${pkg}EndpointHints`, {
  forZones: field(1, list(forZone), { list: 'atomic', doc: 'Zones whose clients should use it.' }),
  forNodes: field(2, list(forNode), { list: 'atomic', doc: 'Nodes whose clients should use it.' }),
})
export interface EndpointHints extends Infer<typeof endpointHints> {}

export const endpointConditions = message(`${pkg}EndpointConditions`, {
  ready: field(1, bool, { pointer: true, doc: 'Takes traffic; unset counts as true.' }),
  serving: field(2, bool, { pointer: true, doc: 'As ready, but also while terminating.' }),
  terminating: field(3, bool, { pointer: true, doc: 'Is being shut down.' }),
})
export interface EndpointConditions extends Infer<typeof endpointConditions> {}

export const endpoint = message(`${pkg}Endpoint`, {
  addresses: always(1, list(string), {
    required: true, list: 'set', doc: 'Addresses of one backend; consumers may use the first only.',
  }),
  conditions: field(2, endpointConditions, { doc: 'Whether it can take traffic.' }),
  hostname: field(3, string, { pointer: true, doc: 'Gives the backend a DNS name of its own.' }),
  targetRef: field(4, objectReference, { pointer: true }),
  deprecatedTopology: field(5, map(string), {
    doc: 'Topology of older versions; read only, and not used.',
  }),
  nodeName: field(6, string, { pointer: true, doc: 'Node the backend runs on.' }),
  zone: field(7, string, { pointer: true, doc: 'Zone of that Node.' }),
  hints: field(8, endpointHints, { pointer: true, doc: 'Where this endpoint should be used.' }),
}, { doc: 'One backend: a Pod, or something outside.' })
export interface Endpoint extends Infer<typeof endpoint> {}

export const endpointPort = message(`${pkg}EndpointPort`, {
  name: field(1, string, { pointer: true, doc: 'Name of the port, as the Service calls it.' }),
  protocol: field(2, string, { pointer: true, enum: protocolValues, doc: 'TCP, UDP or SCTP.' }),
  port: field(3, int32, { pointer: true, doc: 'Port number at the endpoint.' }),
  appProtocol: field(4, string, {
    pointer: true, doc: 'Protocol spoken over it, for programs that care.',
  }),
}, { atomic: true })
export interface EndpointPort extends Infer<typeof endpointPort> {}

export const addressType = oneOf(...addressTypeValues)
export type AddressType = Infer<typeof addressType>

export const endpointSlice = message(`${pkg}EndpointSlice`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  endpoints: always(2, list(endpoint), {
    list: 'atomic', doc: 'The endpoints, at most 1,000; in no order.',
  }),
  ports: always(3, list(endpointPort), {
    list: 'atomic', doc: 'Ports of every endpoint of this slice; no list means no port is known.',
  }),
  addressType: always(4, addressType, {
    required: true, enum: addressTypeValues, doc: 'Kind of all addresses; fixed at creation.',
  }),
}, { doc: 'Some of the backends of a Service, with their ports.' })
export interface EndpointSlice extends Infer<typeof endpointSlice> {}

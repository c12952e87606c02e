import { type Infer, always, field, int32, list, message, oneOf, string } from '../schema.ts'
import { protocolValues } from './core-enums.ts'
import { objectMeta } from './meta.ts'
import { objectReference } from './reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const endpointsAddress = message(`${pkg}EndpointAddress`, {
  ip: always(1, string, {
    required: true, doc: 'The address; none of loopback, link-local or multicast.',
  }),
  hostname: field(3, string, { doc: 'Name of the endpoint under the Service.' }),
  nodeName: field(4, string, { pointer: true, doc: 'Node that the endpoint runs on.' }),
  targetRef: field(2, objectReference, { pointer: true }),
}, { atomic: true })
export interface EndpointsAddress extends Infer<typeof endpointsAddress> {}

export const endpointsPort = message(`${pkg}EndpointPort`, {
  name: field(1, string, { doc: 'Name of the port, as the Service calls it.' }),
  port: always(2, int32, { required: true, doc: 'Port number at the endpoint.' }),
  protocol: field(3, oneOf(...protocolValues), { enum: protocolValues, doc: 'TCP, UDP or SCTP.' }),
  appProtocol: field(4, string, {
    pointer: true, doc: 'Protocol spoken over it, for programs that care.',
  }),
}, { atomic: true })
export interface EndpointsPort extends Infer<typeof endpointsPort> {}

export const endpointsSubset = message(`${pkg}EndpointSubset`, {
  addresses: field(1, list(endpointsAddress), { list: 'atomic', doc: 'Addresses that are ready.' }),
  notReadyAddresses: field(2, list(endpointsAddress), {
    list: 'atomic',
    doc: 'Addresses that are not ready now.',
  }),
  ports: field(3, list(endpointsPort), { list: 'atomic', doc: 'Ports common to these addresses.' }),
})
export interface EndpointsSubset extends Infer<typeof endpointsSubset> {}

export const endpoints = message(`${pkg}Endpoints`, {
  metadata: field(1, objectMeta, { doc: 'Name, labels and what else identifies the object.' }),
  subsets: field(2, list(endpointsSubset), {
    list: 'atomic',
    doc: 'Groups of addresses that have the same ports.',
  }),
}, { doc: 'Addresses behind a Service; deprecated, EndpointSlices replace it.' })
export interface Endpoints extends Infer<typeof endpoints> {}

import {
  type Infer, always, bool, field, int32, list, map, message, oneOf, string,
} from '../schema.ts'
import { addressTypeValues, protocolValues } from './core-enums.ts'
import { objectMeta } from './meta.ts'
import { objectReference } from './reference.ts'

const pkg = 'io.k8s.api.discovery.v1.'

export const forZone = message(`${pkg}ForZone`, { name: always(1, string, { required: true }) })
export const forNode = message(`${pkg}ForNode`, { name: always(1, string, { required: true }) })

export const endpointHints = message(`${pkg}EndpointHints`, {
  forZones: field(1, list(forZone), { list: 'atomic' }),
  forNodes: field(2, list(forNode), { list: 'atomic' }),
})
export interface EndpointHints extends Infer<typeof endpointHints> {}

export const endpointConditions = message(`${pkg}EndpointConditions`, {
  ready: field(1, bool, { pointer: true }),
  serving: field(2, bool, { pointer: true }),
  terminating: field(3, bool, { pointer: true }),
})
export interface EndpointConditions extends Infer<typeof endpointConditions> {}

export const endpoint = message(`${pkg}Endpoint`, {
  addresses: always(1, list(string), { required: true, list: 'set' }),
  conditions: field(2, endpointConditions),
  hostname: field(3, string, { pointer: true }),
  targetRef: field(4, objectReference, { pointer: true }),
  deprecatedTopology: field(5, map(string)),
  nodeName: field(6, string, { pointer: true }),
  zone: field(7, string, { pointer: true }),
  hints: field(8, endpointHints, { pointer: true }),
})
export interface Endpoint extends Infer<typeof endpoint> {}

export const endpointPort = message(`${pkg}EndpointPort`, {
  name: field(1, string, { pointer: true }),
  protocol: field(2, string, { pointer: true, enum: protocolValues }),
  port: field(3, int32, { pointer: true }),
  appProtocol: field(4, string, { pointer: true }),
}, { atomic: true })
export interface EndpointPort extends Infer<typeof endpointPort> {}

export const addressType = oneOf(...addressTypeValues)
export type AddressType = Infer<typeof addressType>

export const endpointSlice = message(`${pkg}EndpointSlice`, {
  metadata: field(1, objectMeta),
  endpoints: always(2, list(endpoint), { list: 'atomic' }),
  ports: always(3, list(endpointPort), { list: 'atomic' }),
  addressType: always(4, addressType, { required: true, enum: addressTypeValues }),
})
export interface EndpointSlice extends Infer<typeof endpointSlice> {}

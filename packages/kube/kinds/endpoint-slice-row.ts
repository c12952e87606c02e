import type { ResourceSpec } from '../resource.ts'
import { type EndpointSlice, endpointSlice } from './endpoint-slice.ts'
import { everyVerb } from './verbs.ts'

export const endpointslices: ResourceSpec<EndpointSlice> = {
  group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', kind: 'EndpointSlice',
  namespaced: true,
  singular: 'endpointslice',
  verbs: everyVerb,
  schema: endpointSlice,
  nameRule: 'subdomain',
}

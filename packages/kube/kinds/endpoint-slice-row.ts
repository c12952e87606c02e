import { ageColumn, clipped, nameColumn, textColumn } from '../cells.ts'
import type { Column, ResourceSpec } from '../resource.ts'
import {
  defaultEndpointSlice, prepareSliceCreate, prepareSliceUpdate, sliceGenerationChanged,
  sliceWarnings, validateSlice, validateSliceUpdate,
} from './endpoint-slice-rules.ts'
import { type EndpointSlice, endpointSlice } from './endpoint-slice.ts'
import { everyVerb } from './verbs.ts'

const columns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  textColumn('AddressType', 'Kind of every address in the slice.', (slice) => slice.addressType),
  textColumn('Ports', 'Numbers, or names of ports without one.', (slice) => clipped(
    (slice.ports ?? []).map((port) => (port.port === undefined
      ? port.name ?? '*' : String(port.port))), '<unset>') || '<unset>'),
  textColumn('Endpoints', 'Addresses of all endpoints, ready or not.', (slice) => clipped(
    (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? []), '<unset>')),
  ageColumn,
]

export const endpointslices: ResourceSpec<EndpointSlice> = {
  group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', kind: 'EndpointSlice',
  namespaced: true,
  singular: 'endpointslice',
  verbs: everyVerb,
  schema: endpointSlice,
  nameRule: 'subdomain',
  generationChanged: sliceGenerationChanged,
  defaults: defaultEndpointSlice,
  prepareCreate: prepareSliceCreate,
  prepareUpdate: prepareSliceUpdate,
  validate: validateSlice,
  validateUpdate: validateSliceUpdate,
  warnings: sliceWarnings,
  columns,
}

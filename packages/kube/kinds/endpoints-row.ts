import { ageColumn, clipped, nameColumn, textColumn } from '../cells.ts'
import type { ResourceSpec } from '../resource.ts'
import {
  defaultEndpoints, endpointsPairs, endpointsWarnings, validateEndpoints, validateEndpointsUpdate,
} from './endpoints-rules.ts'
import { type Endpoints, endpoints as schema } from './endpoints.ts'
import { everyVerb } from './verbs.ts'

/** Sent with every answer about core Endpoints, also with errors and reads. */
export const endpointsDeprecation =
  'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'

export const endpoints: ResourceSpec<Endpoints> = {
  group: '', version: 'v1', resource: 'endpoints', kind: 'Endpoints', namespaced: true,
  singular: 'endpoints',
  shortNames: ['ep'],
  verbs: everyVerb,
  schema,
  nameRule: 'subdomain',
  createOnUpdate: true,
  deprecation: endpointsDeprecation,
  defaults: defaultEndpoints,
  validate: validateEndpoints,
  validateUpdate: validateEndpointsUpdate,
  warnings: endpointsWarnings,
  columns: [
    nameColumn,
    textColumn('Endpoints', 'Ready addresses with their ports.', (object) =>
      clipped(endpointsPairs(object), object.subsets?.length ? '' : '<none>')),
    ageColumn,
  ],
}

import type { ResourceSpec } from '../resource.ts'
import { type Endpoints, endpoints as schema } from './endpoints.ts'
import { everyVerb } from './verbs.ts'

export const endpoints: ResourceSpec<Endpoints> = {
  group: '', version: 'v1', resource: 'endpoints', kind: 'Endpoints', namespaced: true,
  singular: 'endpoints',
  shortNames: ['ep'],
  verbs: everyVerb,
  schema,
  nameRule: 'subdomain',
  createOnUpdate: true,
}

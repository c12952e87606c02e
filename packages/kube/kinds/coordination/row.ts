import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
import { type Lease, lease } from './lease.ts'

export const leases: ResourceSpec<Lease> = {
  group: 'coordination.k8s.io', version: 'v1', resource: 'leases', kind: 'Lease', namespaced: true,
  singular: 'lease',
  verbs: everyVerb,
  schema: lease,
  conditionalUpdateOnly: true,
  createOnUpdate: true,
  nameRule: 'subdomain',
}

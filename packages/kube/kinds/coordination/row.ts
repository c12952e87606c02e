import { ageColumn, nameColumn, textColumn } from '../../cells.ts'
import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
import { prepareLease, validateLease } from './lease-rules.ts'
import { type Lease, lease } from './lease.ts'

export const leases: ResourceSpec<Lease> = {
  group: 'coordination.k8s.io', version: 'v1', resource: 'leases', kind: 'Lease', namespaced: true,
  singular: 'lease',
  verbs: everyVerb,
  schema: lease,
  conditionalUpdateOnly: true,
  createOnUpdate: true,
  nameRule: 'subdomain',
  prepareCreate: (object) => prepareLease(object),
  prepareUpdate: prepareLease,
  validate: validateLease,
  validateUpdate: validateLease,
  columns: [
    nameColumn,
    textColumn('Holder', 'Who holds the lease.', ({ spec }) => spec?.holderIdentity ?? ''),
    ageColumn,
  ],
}

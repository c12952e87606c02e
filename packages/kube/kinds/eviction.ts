import { type Infer, field, message } from '../schema.ts'
import { deleteOptions, objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.policy.v1.'

export const eviction = message(`${pkg}Eviction`, {
  metadata: field(1, objectMeta),
  deleteOptions: field(2, deleteOptions, { pointer: true, doc: 'Options of the deletion.' }),
}, { doc: 'Asks for a Pod to be deleted unless a disruption budget forbids it.' })
export interface Eviction extends Infer<typeof eviction> {}

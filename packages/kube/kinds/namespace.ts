import { type Infer, always, field, list, message, oneOf, string, time } from '../schema.ts'
import { namespacePhaseValues } from './core-enums.ts'
import { objectMeta } from './meta.ts'

const pkg = 'io.k8s.api.core.v1.'

export const namespaceCondition = message(`${pkg}NamespaceCondition`, {
  type: always(1, string, { required: true }),
  status: always(2, string, { required: true }),
  lastTransitionTime: always(4, time),
  reason: field(5, string),
  message: field(6, string),
})
export interface NamespaceCondition extends Infer<typeof namespaceCondition> {}

export const namespaceSpec = message(`${pkg}NamespaceSpec`, {
  finalizers: field(1, list(string), {
    list: 'atomic',
    doc: 'Parties that must agree before the Namespace is removed.',
  }),
})
export interface NamespaceSpec extends Infer<typeof namespaceSpec> {}

export const namespaceStatus = message(`${pkg}NamespaceStatus`, {
  phase: field(1, oneOf(...namespacePhaseValues), {
    enum: namespacePhaseValues,
    doc: 'Active, or Terminating while its content is deleted.',
  }),
  conditions: field(2, list(namespaceCondition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export interface NamespaceStatus extends Infer<typeof namespaceStatus> {}

export const namespace = message(`${pkg}Namespace`, {
  metadata: field(1, objectMeta),
  spec: field(2, namespaceSpec, { doc: 'What must happen before the Namespace may go away.' }),
  status: field(3, namespaceStatus, { doc: 'Whether it is in use or being emptied.' }),
}, { doc: 'A scope for names: namespaced objects live in exactly one.' })
export interface Namespace extends Infer<typeof namespace> {}

import { type Infer, field, int32, message, microTime, string } from '../../schema.ts'
import { objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.coordination.v1.'

export const leaseSpec = message(`${pkg}LeaseSpec`, {
  holderIdentity: field(1, string, { pointer: true, doc: 'Who holds the lease now.' }),
  leaseDurationSeconds: field(2, int32, {
    pointer: true, doc: 'Others may take it so long after the last renewal.',
  }),
  acquireTime: field(3, microTime, { pointer: true }),
  renewTime: field(4, microTime, { pointer: true }),
  leaseTransitions: field(5, int32, { pointer: true }),
  strategy: field(6, string, { pointer: true }),
  preferredHolder: field(7, string, { pointer: true }),
})
export const lease = message(`${pkg}Lease`, {
  metadata: field(1, objectMeta),
  spec: field(2, leaseSpec),
}, { doc: 'Who does something now, and until when: leader election and Node heartbeats.' })
export interface Lease extends Infer<typeof lease> {}

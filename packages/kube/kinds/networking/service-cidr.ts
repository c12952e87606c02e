import { type Infer, field, list, message, string } from '../../schema.ts'
import { condition, objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.networking.v1.'

export const serviceCidrSpec = message(`${pkg}ServiceCIDRSpec`, {
  cidrs: field(1, list(string), {
    list: 'atomic', doc: 'One range, or one of each family; ranges are never taken back.',
  }),
})
export const serviceCidrStatus = message(`${pkg}ServiceCIDRStatus`, {
  conditions: field(1, list(condition), {
    list: 'map', keys: ['type'], merge: true, mergeKey: 'type',
  }),
})
export const serviceCidr = message(`${pkg}ServiceCIDR`, {
  metadata: field(1, objectMeta),
  spec: field(2, serviceCidrSpec),
  status: field(3, serviceCidrStatus),
}, { doc: 'Ranges out of which Services get their cluster IPs.' })
export interface ServiceCIDR extends Infer<typeof serviceCidr> {}

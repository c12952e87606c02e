import { type Infer, field, message, string } from '../../schema.ts'
import { objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.networking.v1.'

export const parentReference = message(`${pkg}ParentReference`, {
  group: field(1, string),
  resource: field(2, string, { required: true }),
  namespace: field(3, string),
  name: field(4, string, { required: true }),
})
export const ipAddressSpec = message(`${pkg}IPAddressSpec`, {
  parentRef: field(1, parentReference, {
    pointer: true, required: true, doc: 'Who has the address; immutable.',
  }),
})
export const ipAddress = message(`${pkg}IPAddress`, {
  metadata: field(1, objectMeta),
  spec: field(2, ipAddressSpec, { required: true }),
}, { doc: 'One cluster IP that is in use; its name is the address.' })
export interface IPAddress extends Infer<typeof ipAddress> {}

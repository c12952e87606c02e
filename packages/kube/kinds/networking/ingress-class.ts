import { type Infer, always, field, message, string } from '../../schema.ts'
import { objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.networking.v1.'

export const ingressClassParametersReference = message(`${pkg}IngressClassParametersReference`, {
  apiGroup: field(1, string, { pointer: true }),
  kind: always(2, string, { required: true }),
  name: always(3, string, { required: true }),
  scope: always(4, string, { pointer: true, doc: 'Cluster or Namespace.' }),
  namespace: field(5, string, {
    pointer: true, doc: 'Where the object is, for the scope Namespace.',
  }),
})
export interface IngressClassParametersReference
  extends Infer<typeof ingressClassParametersReference> {}

export const ingressClassSpec = message(`${pkg}IngressClassSpec`, {
  controller: field(1, string, {
    doc: 'Name of the controller, as a path under a domain; immutable.',
  }),
  parameters: field(2, ingressClassParametersReference, {
    pointer: true, doc: 'An object with more configuration for the controller.',
  }),
})
export interface IngressClassSpec extends Infer<typeof ingressClassSpec> {}

export const ingressClass = message(`${pkg}IngressClass`, {
  metadata: field(1, objectMeta),
  spec: field(2, ingressClassSpec),
}, { doc: 'Who serves the Ingresses that name it.' })
export interface IngressClass extends Infer<typeof ingressClass> {}

import { type Infer, always, field, message, string } from '../schema.ts'

const pkg = 'io.k8s.api.core.v1.'

export const objectReference = message(`${pkg}ObjectReference`, {
  kind: field(1, string),
  namespace: field(2, string),
  name: field(3, string),
  uid: field(4, string),
  apiVersion: field(5, string),
  resourceVersion: field(6, string),
  fieldPath: field(7, string),
}, { atomic: true, doc: 'Points to another object.' })
export interface ObjectReference extends Infer<typeof objectReference> {}

export const localObjectReference = message(`${pkg}LocalObjectReference`, {
  name: field(1, string, { default: '', doc: 'Name of the object, in the same namespace.' }),
}, { atomic: true })
export interface LocalObjectReference extends Infer<typeof localObjectReference> {}

export const typedLocalObjectReference = message(`${pkg}TypedLocalObjectReference`, {
  apiGroup: always(1, string, { pointer: true }),
  kind: always(2, string, { required: true }),
  name: always(3, string, { required: true }),
}, { atomic: true })
export interface TypedLocalObjectReference extends Infer<typeof typedLocalObjectReference> {}

export const typedObjectReference = message(`${pkg}TypedObjectReference`, {
  apiGroup: always(1, string, { pointer: true }),
  kind: always(2, string, { required: true }),
  name: always(3, string, { required: true }),
  namespace: field(4, string, { pointer: true }),
})
export interface TypedObjectReference extends Infer<typeof typedObjectReference> {}

export const secretReference = message(`${pkg}SecretReference`, {
  name: field(1, string),
  namespace: field(2, string),
}, { atomic: true })
export interface SecretReference extends Infer<typeof secretReference> {}

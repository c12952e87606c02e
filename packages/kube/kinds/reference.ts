import { type Infer, always, field, message, string } from '../schema.ts'

const pkg = 'io.k8s.api.core.v1.'

export const objectReference = message(`${pkg}ObjectReference`, {
  kind: field(1, string, { doc: 'Kind of the object.' }),
  namespace: field(2, string, { doc: 'Its namespace.' }),
  name: field(3, string, { doc: 'Its name.' }),
  uid: field(4, string, { doc: 'Its identity.' }),
  apiVersion: field(5, string, { doc: 'Its group and version.' }),
  resourceVersion: field(6, string, { doc: 'The version of it that is meant.' }),
  fieldPath: field(7, string, { doc: 'The part of it that is meant.' }),
}, { atomic: true, doc: 'Points to another object.' })
export interface ObjectReference extends Infer<typeof objectReference> {}

export const localObjectReference = message(`${pkg}LocalObjectReference`, {
  name: field(1, string, { default: '', doc: 'Name of the object, in the same namespace.' }),
}, { atomic: true })
export interface LocalObjectReference extends Infer<typeof localObjectReference> {}

export const typedLocalObjectReference = message(`${pkg}TypedLocalObjectReference`, {
  apiGroup: always(1, string, {
    pointer: true, doc: 'Group of the object; unset for the core group.',
  }),
  kind: always(2, string, { required: true, doc: 'Kind of the object.' }),
  name: always(3, string, { required: true, doc: 'Name of the object.' }),
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

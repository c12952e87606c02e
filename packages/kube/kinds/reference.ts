import { type Infer, always, field, message, string } from '../schema.ts'

const core = 'io.k8s.api.core.v1.'

export const objectReference = message(`${core}ObjectReference`, {
  kind: field(1, string),
  namespace: field(2, string),
  name: field(3, string),
  uid: field(4, string),
  apiVersion: field(5, string),
  resourceVersion: field(6, string),
  fieldPath: field(7, string),
}, { atomic: true })
export interface ObjectReference extends Infer<typeof objectReference> {}

export const localObjectReference = message(`${core}LocalObjectReference`, {
  name: field(1, string, { default: '' }),
}, { atomic: true })
export interface LocalObjectReference extends Infer<typeof localObjectReference> {}

export const typedLocalObjectReference = message(`${core}TypedLocalObjectReference`, {
  apiGroup: field(1, string, { pointer: true }),
  kind: always(2, string, { required: true }),
  name: always(3, string, { required: true }),
}, { atomic: true })

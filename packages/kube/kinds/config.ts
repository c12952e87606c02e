import { type Infer, bool, bytes, field, list, map, message, string } from '../schema.ts'
import { objectMeta } from './meta.ts'
import { localObjectReference, objectReference } from './reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const configMap = message(`${pkg}ConfigMap`, {
  metadata: field(1, objectMeta),
  immutable: field(4, bool, { pointer: true }),
  data: field(2, map(string)),
  binaryData: field(3, map(bytes)),
})
export interface ConfigMap extends Infer<typeof configMap> {}

export const secret = message(`${pkg}Secret`, {
  metadata: field(1, objectMeta),
  immutable: field(5, bool, { pointer: true }),
  data: field(2, map(bytes)),
  stringData: field(4, map(string)),
  type: field(3, string),
})
export interface Secret extends Infer<typeof secret> {}

export const serviceAccount = message(`${pkg}ServiceAccount`, {
  metadata: field(1, objectMeta),
  secrets: field(2, list(objectReference), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
  }),
  imagePullSecrets: field(3, list(localObjectReference), { list: 'atomic' }),
  automountServiceAccountToken: field(4, bool, { pointer: true }),
})
export interface ServiceAccount extends Infer<typeof serviceAccount> {}

import { type Infer, bool, bytes, field, list, map, message, string } from '../schema.ts'
import { objectMeta } from './meta.ts'
import { localObjectReference, objectReference } from './reference.ts'

const pkg = 'io.k8s.api.core.v1.'

export const configMap = message(`${pkg}ConfigMap`, {
  metadata: field(1, objectMeta),
  immutable: field(4, bool, { pointer: true, doc: 'The data can never be changed again.' }),
  data: field(2, map(string), { doc: 'Entries as text.' }),
  binaryData: field(3, map(bytes), { doc: 'Entries that are not text, in base64.' }),
}, { doc: 'Settings as keys and texts.' })
export interface ConfigMap extends Infer<typeof configMap> {}

export const secret = message(`${pkg}Secret`, {
  metadata: field(1, objectMeta),
  immutable: field(5, bool, { pointer: true, doc: 'The data can never be changed again.' }),
  data: field(2, map(bytes), { doc: 'Entries in base64.' }),
  stringData: field(4, map(string), {
    doc: 'Entries as text, for writing only; they end up in data.',
  }),
  type: field(3, string, { doc: 'What the data is for.' }),
}, { doc: 'Data that is confidential.' })
export interface Secret extends Infer<typeof secret> {}

export const serviceAccount = message(`${pkg}ServiceAccount`, {
  metadata: field(1, objectMeta),
  secrets: field(2, list(objectReference), {
    list: 'map', keys: ['name'], merge: true, mergeKey: 'name',
    doc: 'Secrets that Pods of the account may use.',
  }),
  imagePullSecrets: field(3, list(localObjectReference), {
    list: 'atomic',
    doc: 'Secrets that Pods of the account use to fetch images.',
  }),
  automountServiceAccountToken: field(4, bool, {
    pointer: true,
    doc: 'Whether Pods of the account get its token.',
  }),
}, { doc: 'An identity for programs in Pods.' })
export interface ServiceAccount extends Infer<typeof serviceAccount> {}

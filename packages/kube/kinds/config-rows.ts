import { ageColumn, nameColumn, textColumn } from '../cells.ts'
import type { ResourceSpec } from '../resource.ts'
import { tokenRequest } from './authentication.ts'
import {
  defaultSecret, secretWarnings, validateConfigMap, validateConfigMapUpdate, validateSecret,
  validateSecretUpdate,
} from './config-rules.ts'
import {
  type ConfigMap, type Secret, type ServiceAccount, configMap, secret, serviceAccount,
} from './config.ts'
import { everyVerb } from './verbs.ts'

const count = (entries: object | undefined): number => Object.keys(entries ?? {}).length

export const configmaps: ResourceSpec<ConfigMap> = {
  group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespaced: true,
  singular: 'configmap',
  shortNames: ['cm'],
  verbs: everyVerb,
  schema: configMap,
  nameRule: 'subdomain',
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
  columns: [
    nameColumn,
    textColumn('Data', 'Number of entries.',
      ({ data, binaryData }) => count(data) + count(binaryData)),
    ageColumn,
  ],
}

export const secrets: ResourceSpec<Secret> = {
  group: '', version: 'v1', resource: 'secrets', kind: 'Secret', namespaced: true,
  singular: 'secret',
  verbs: everyVerb,
  schema: secret,
  nameRule: 'subdomain',
  defaults: defaultSecret,
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warnings: secretWarnings,
  columns: [
    nameColumn,
    textColumn('Type', 'What the data is for.', ({ type }) => type ?? ''),
    textColumn('Data', 'Number of entries.', ({ data }) => count(data)),
    ageColumn,
  ],
  fieldSelectors: { type: ({ type }) => type ?? '' },
}

export const serviceaccounts: ResourceSpec<ServiceAccount> = {
  group: '', version: 'v1', resource: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true,
  singular: 'serviceaccount',
  shortNames: ['sa'],
  verbs: everyVerb,
  schema: serviceAccount,
  subresources: [{
    name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest',
    schema: tokenRequest, verbs: ['create'],
  }],
  nameRule: 'subdomain',
  deleteReturnsObject: true,
  columns: [nameColumn, ageColumn],
}

import type { ResourceSpec } from '../resource.ts'
import { tokenRequest } from './authentication.ts'
import {
  type ConfigMap, type Secret, type ServiceAccount, configMap, secret, serviceAccount,
} from './config.ts'
import { everyVerb } from './verbs.ts'

export const configmaps: ResourceSpec<ConfigMap> = {
  group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespaced: true,
  singular: 'configmap',
  shortNames: ['cm'],
  verbs: everyVerb,
  schema: configMap,
  nameRule: 'subdomain',
}

export const secrets: ResourceSpec<Secret> = {
  group: '', version: 'v1', resource: 'secrets', kind: 'Secret', namespaced: true,
  singular: 'secret',
  verbs: everyVerb,
  schema: secret,
  nameRule: 'subdomain',
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
}

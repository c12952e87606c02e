import type { ResourceSpec } from '../resource.ts'
import {
  type SelfSubjectReview, type TokenReview, selfSubjectReview, tokenReview,
} from './authentication.ts'
import {
  type LocalSubjectAccessReview, type SelfSubjectAccessReview, type SelfSubjectRulesReview,
  type SubjectAccessReview, localSubjectAccessReview, selfSubjectAccessReview,
  selfSubjectRulesReview, subjectAccessReview,
} from './authorization.ts'
import { createOnly } from './verbs.ts'

export const selfsubjectreviews: ResourceSpec<SelfSubjectReview> = {
  group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews',
  kind: 'SelfSubjectReview', namespaced: false,
  singular: 'selfsubjectreview',
  verbs: createOnly,
  virtual: true,
  schema: selfSubjectReview,
  nameRule: 'subdomain',
}

export const tokenreviews: ResourceSpec<TokenReview> = {
  group: 'authentication.k8s.io', version: 'v1', resource: 'tokenreviews',
  kind: 'TokenReview', namespaced: false,
  singular: 'tokenreview',
  verbs: createOnly,
  virtual: true,
  schema: tokenReview,
  nameRule: 'subdomain',
}

export const localsubjectaccessreviews: ResourceSpec<LocalSubjectAccessReview> = {
  group: 'authorization.k8s.io', version: 'v1', resource: 'localsubjectaccessreviews',
  kind: 'LocalSubjectAccessReview', namespaced: true,
  singular: 'localsubjectaccessreview',
  verbs: createOnly,
  virtual: true,
  schema: localSubjectAccessReview,
  nameRule: 'subdomain',
}

export const selfsubjectaccessreviews: ResourceSpec<SelfSubjectAccessReview> = {
  group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview', namespaced: false,
  singular: 'selfsubjectaccessreview',
  verbs: createOnly,
  virtual: true,
  schema: selfSubjectAccessReview,
  nameRule: 'subdomain',
}

export const selfsubjectrulesreviews: ResourceSpec<SelfSubjectRulesReview> = {
  group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectrulesreviews',
  kind: 'SelfSubjectRulesReview', namespaced: false,
  singular: 'selfsubjectrulesreview',
  verbs: createOnly,
  virtual: true,
  schema: selfSubjectRulesReview,
  nameRule: 'subdomain',
}

export const subjectaccessreviews: ResourceSpec<SubjectAccessReview> = {
  group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews',
  kind: 'SubjectAccessReview', namespaced: false,
  singular: 'subjectaccessreview',
  verbs: createOnly,
  virtual: true,
  schema: subjectAccessReview,
  nameRule: 'subdomain',
}

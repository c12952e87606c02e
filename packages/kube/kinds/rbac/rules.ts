import { invalidAll, notListed, subdomainCauses } from '../../causes.ts'
import { pathSegmentFaults } from '../../names.ts'
import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { selectorCauses } from '../pod/scheduling-rules.ts'
import type { ClusterRoleBinding, RoleBinding, Subject } from './binding.ts'
import type { ClusterRole, PolicyRule, Role } from './role.ts'

export const rbacGroup = 'rbac.authorization.k8s.io'

export function defaultBinding(object: RoleBinding | ClusterRoleBinding): void {
  const reference = (object.roleRef ??= { apiGroup: '', kind: '', name: '' })
  reference.apiGroup ||= rbacGroup
  for (const subject of object.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= rbacGroup
  }
}

export const validateRole = ({ rules }: Role): Cause[] => rulesCauses(rules, true)

export function validateClusterRole({ rules, aggregationRule }: ClusterRole): Cause[] {
  const found = rulesCauses(rules, false)
  if (aggregationRule === undefined) return found
  const at = 'aggregationRule.clusterRoleSelectors'
  const selectors = aggregationRule.clusterRoleSelectors ?? []
  if (selectors.length === 0) {
    found.push(cause.required(at,
      'at least one clusterRoleSelector required if aggregationRule is non-nil'))
  }
  for (const [index, selector] of selectors.entries()) {
    const wrong = selectorCauses(selector, `${at}[${index}]`)
    found.push(...wrong)
    if (wrong.length > 0) {
      found.push(cause.invalid(`${at}[${index}]`, null, 'invalid label selector.'))
    }
  }
  return found
}

const rulesCauses = (rules: readonly PolicyRule[] | null, namespaced: boolean): Cause[] =>
  (rules ?? []).flatMap((rule, index) => ruleCauses(rule, namespaced, `rules[${index}]`))

function ruleCauses(rule: PolicyRule, namespaced: boolean, at: string): Cause[] {
  const found: Cause[] = []
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  if (!rule.verbs?.length) {
    found.push(cause.required(`${at}.verbs`, 'verbs must contain at least one value'))
  }
  if (nonResourceURLs.length > 0) {
    if (namespaced) {
      found.push(cause.invalid(`${at}.nonResourceURLs`, nonResourceURLs,
        'namespaced rules cannot apply to non-resource URLs'))
    }
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
      found.push(cause.invalid(`${at}.nonResourceURLs`, nonResourceURLs,
        'rules cannot apply to both regular resources and non-resource URLs'))
    }
    return found
  }
  if (apiGroups.length === 0) {
    found.push(cause.required(`${at}.apiGroups`,
      'resource rules must supply at least one api group'))
  }
  if (resources.length === 0) {
    found.push(cause.required(`${at}.resources`,
      'resource rules must supply at least one resource'))
  }
  return found
}

export const validateRoleBinding = (object: RoleBinding): Cause[] =>
  bindingCauses(object, ['Role', 'ClusterRole'])

export const validateClusterRoleBinding = (object: ClusterRoleBinding): Cause[] =>
  bindingCauses(object, ['ClusterRole'])

export const validateRoleBindingUpdate = (
  next: RoleBinding, before: Stored<RoleBinding>,
): Cause[] => [...validateRoleBinding(next), ...sameRole(next, before)]

export const validateClusterRoleBindingUpdate = (
  next: ClusterRoleBinding, before: Stored<ClusterRoleBinding>,
): Cause[] => [...validateClusterRoleBinding(next), ...sameRole(next, before)]

function sameRole(next: ClusterRoleBinding, before: ClusterRoleBinding): Cause[] {
  return sameValue(next.roleRef, before.roleRef)
    ? [] : [cause.invalid('roleRef', next.roleRef, 'cannot change roleRef')]
}

function bindingCauses(
  { roleRef, subjects }: RoleBinding | ClusterRoleBinding, kinds: readonly string[],
): Cause[] {
  const { apiGroup = '', kind = '', name = '' } = roleRef ?? {}
  const found: Cause[] = []
  if (apiGroup !== rbacGroup) {
    found.push(cause.notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]))
  }
  if (!kinds.includes(kind)) found.push(notListed('roleRef.kind', kind, kinds))
  if (name === '') found.push(cause.required('roleRef.name'))
  else found.push(...invalidAll('roleRef.name', name, pathSegmentFaults(name)))
  const namespaced = kinds.includes('Role')
  for (const [index, subject] of (subjects ?? []).entries()) {
    found.push(...subjectCauses(subject, namespaced, `subjects[${index}]`))
  }
  return found
}

function subjectCauses(
  { kind, name, apiGroup = '', namespace = '' }: Subject, namespaced: boolean, at: string,
): Cause[] {
  const found = name === '' ? [cause.required(`${at}.name`)] : []
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') found.push(...subdomainCauses(`${at}.name`, name))
      if (apiGroup !== '') found.push(cause.notSupported(`${at}.apiGroup`, apiGroup, ['']))
      if (!namespaced && namespace === '') found.push(cause.required(`${at}.namespace`))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) {
        found.push(cause.notSupported(`${at}.apiGroup`, apiGroup, [rbacGroup]))
      }
      break
    default:
      found.push(notListed(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  }
  return found
}

import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
import { type ClusterRoleBinding, type RoleBinding, clusterRoleBinding, roleBinding }
  from './binding.ts'
import { type ClusterRole, type Role, clusterRole, role } from './role.ts'

const group = 'rbac.authorization.k8s.io'

export const roles: ResourceSpec<Role> = {
  group, version: 'v1', resource: 'roles', kind: 'Role', namespaced: true,
  singular: 'role',
  verbs: everyVerb,
  schema: role,
  nameRule: 'pathSegment',
  createOnUpdate: true,
}

export const clusterroles: ResourceSpec<ClusterRole> = {
  group, version: 'v1', resource: 'clusterroles', kind: 'ClusterRole', namespaced: false,
  singular: 'clusterrole',
  verbs: everyVerb,
  schema: clusterRole,
  nameRule: 'pathSegment',
  createOnUpdate: true,
}

export const rolebindings: ResourceSpec<RoleBinding> = {
  group, version: 'v1', resource: 'rolebindings', kind: 'RoleBinding', namespaced: true,
  singular: 'rolebinding',
  verbs: everyVerb,
  schema: roleBinding,
  nameRule: 'pathSegment',
  createOnUpdate: true,
}

export const clusterrolebindings: ResourceSpec<ClusterRoleBinding> = {
  group, version: 'v1', resource: 'clusterrolebindings', kind: 'ClusterRoleBinding',
  namespaced: false,
  singular: 'clusterrolebinding',
  verbs: everyVerb,
  schema: clusterRoleBinding,
  nameRule: 'pathSegment',
  createOnUpdate: true,
}

import { createdColumn, nameColumn } from '../../cells.ts'
import type { ResourceSpec } from '../../resource.ts'
import { everyVerb } from '../verbs.ts'
import { type ClusterRoleBinding, type RoleBinding, clusterRoleBinding, roleBinding }
  from './binding.ts'
import { bindingColumns } from './columns.ts'
import { type ClusterRole, type Role, clusterRole, role } from './role.ts'
import {
  defaultBinding, rbacGroup as group, validateClusterRole, validateClusterRoleBinding,
  validateClusterRoleBindingUpdate, validateRole, validateRoleBinding, validateRoleBindingUpdate,
} from './rules.ts'

export const roles: ResourceSpec<Role> = {
  group, version: 'v1', resource: 'roles', kind: 'Role', namespaced: true,
  singular: 'role',
  verbs: everyVerb,
  schema: role,
  nameRule: 'pathSegment',
  createOnUpdate: true,
  validate: validateRole,
  validateUpdate: validateRole,
  columns: [nameColumn, createdColumn],
}

export const clusterroles: ResourceSpec<ClusterRole> = {
  group, version: 'v1', resource: 'clusterroles', kind: 'ClusterRole', namespaced: false,
  singular: 'clusterrole',
  verbs: everyVerb,
  schema: clusterRole,
  nameRule: 'pathSegment',
  createOnUpdate: true,
  validate: validateClusterRole,
  validateUpdate: validateClusterRole,
  columns: [nameColumn, createdColumn],
}

export const rolebindings: ResourceSpec<RoleBinding> = {
  group, version: 'v1', resource: 'rolebindings', kind: 'RoleBinding', namespaced: true,
  singular: 'rolebinding',
  verbs: everyVerb,
  schema: roleBinding,
  nameRule: 'pathSegment',
  createOnUpdate: true,
  defaults: defaultBinding,
  validate: validateRoleBinding,
  validateUpdate: validateRoleBindingUpdate,
  columns: bindingColumns,
}

export const clusterrolebindings: ResourceSpec<ClusterRoleBinding> = {
  group, version: 'v1', resource: 'clusterrolebindings', kind: 'ClusterRoleBinding',
  namespaced: false,
  singular: 'clusterrolebinding',
  verbs: everyVerb,
  schema: clusterRoleBinding,
  nameRule: 'pathSegment',
  createOnUpdate: true,
  defaults: defaultBinding,
  validate: validateClusterRoleBinding,
  validateUpdate: validateClusterRoleBindingUpdate,
  columns: bindingColumns,
}

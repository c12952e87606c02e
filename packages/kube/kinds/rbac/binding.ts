import { type Infer, always, field, list, message, string } from '../../schema.ts'
import { objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.rbac.v1.'

export const subject = message(`${pkg}Subject`, {
  kind: always(1, string, { required: true, doc: 'User, Group or ServiceAccount.' }),
  apiGroup: field(2, string),
  name: always(3, string, { required: true }),
  namespace: field(4, string, { doc: 'Of a ServiceAccount.' }),
}, { atomic: true })
export interface Subject extends Infer<typeof subject> {}

export const roleRef = message(`${pkg}RoleRef`, {
  apiGroup: always(1, string),
  kind: always(2, string, { required: true }),
  name: always(3, string, { required: true }),
}, { atomic: true })
export interface RoleRef extends Infer<typeof roleRef> {}

export const roleBinding = message(`${pkg}RoleBinding`, {
  metadata: field(1, objectMeta),
  subjects: field(2, list(subject), { list: 'atomic', doc: 'Who gets them.' }),
  roleRef: always(3, roleRef, { required: true, doc: 'The Role or ClusterRole; immutable.' }),
}, { doc: 'Gives the permissions of a role to subjects, inside one namespace.' })
export interface RoleBinding extends Infer<typeof roleBinding> {}

export const clusterRoleBinding = message(`${pkg}ClusterRoleBinding`, {
  metadata: field(1, objectMeta),
  subjects: field(2, list(subject), { list: 'atomic', doc: 'Who gets them.' }),
  roleRef: always(3, roleRef, { required: true, doc: 'The ClusterRole; immutable.' }),
}, { doc: 'Gives the permissions of a ClusterRole to subjects, everywhere.' })
export interface ClusterRoleBinding extends Infer<typeof clusterRoleBinding> {}

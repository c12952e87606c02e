import { type Infer, always, field, list, message, string } from '../../schema.ts'
import { labelSelector, objectMeta } from '../meta.ts'

const pkg = 'io.k8s.api.rbac.v1.'

export const policyRule = message(`${pkg}PolicyRule`, {
  verbs: always(1, list(string), {
    required: true, list: 'atomic', doc: 'What may be done; `*` is everything.',
  }),
  apiGroups: field(2, list(string), {
    list: 'atomic', doc: 'Groups of the resources; the empty text is the core group.',
  }),
  resources: field(3, list(string), { list: 'atomic', doc: 'Names of resources; `*` is all.' }),
  resourceNames: field(4, list(string), {
    list: 'atomic', doc: 'Names of objects; empty means all.',
  }),
  nonResourceURLs: field(5, list(string), {
    list: 'atomic', doc: 'Paths outside the resources; ClusterRoles only.',
  }),
})
export interface PolicyRule extends Infer<typeof policyRule> {}

export const role = message(`${pkg}Role`, {
  metadata: field(1, objectMeta),
  rules: always(2, list(policyRule), { list: 'atomic', doc: 'The permissions; they add up.' }),
}, { doc: 'What may be done inside one namespace.' })
export interface Role extends Infer<typeof role> {}

export const aggregationRule = message(`${pkg}AggregationRule`, {
  clusterRoleSelectors: field(1, list(labelSelector), {
    list: 'atomic', doc: 'Labels of the ClusterRoles whose rules are taken over.',
  }),
})
export interface AggregationRule extends Infer<typeof aggregationRule> {}

export const clusterRole = message(`${pkg}ClusterRole`, {
  metadata: field(1, objectMeta),
  rules: always(2, list(policyRule), { list: 'atomic', doc: 'The permissions; they add up.' }),
  aggregationRule: field(3, aggregationRule, {
    pointer: true, doc: 'Rules come from other ClusterRoles.',
  }),
}, { doc: 'What may be done in the whole cluster, or in any one namespace.' })
export interface ClusterRole extends Infer<typeof clusterRole> {}

import { sameJson } from '@slicewise/base'
import type {
  ClusterRole, ClusterRoleBinding, KubeObject, ObjectMeta, PolicyRule, ResourceSpec, Stored,
} from '@slicewise/kube'
import type { Rows } from './core.ts'
import { copyJson } from './copy-json.ts'

const rbac = 'rbac.authorization.k8s.io'
const read = ['get', 'list', 'watch']
const write = ['create', 'delete', 'deletecollection', 'patch', 'update']
const health = ['/livez', '/readyz', '/healthz', '/version', '/version/']
const documents = ['/openapi', '/openapi/*', '/api', '/api/*', '/apis', '/apis/*']

/** Who may see the others may not see these: they hold credentials, or give rights. */
const hidden = new Set(['secrets', 'leases', 'roles', 'rolebindings', 'podtemplates'])
/** What an editor may only see: others derive it, set it, or say with it where traffic goes. */
const derived = new Set([
  'bindings', 'controllerrevisions', 'endpoints', 'endpointslices', 'limitranges',
  'podtemplates', 'resourcequotas', 'roles', 'rolebindings',
])

const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate'

/** An object that a fresh cluster has. */
export interface DefaultRole {
  readonly spec: ResourceSpec
  readonly object: KubeObject & { metadata: ObjectMeta }
  /** With what is missing of it, unless its annotation forbids that; undefined: it has all. */
  mend(present: Stored): KubeObject | undefined
}

/**
 * The ClusterRoles that people know, and the bindings of those that everybody has. Their rules are
 * made from the resources that are served. Nothing here enforces them: they say what a user would
 * be allowed, and are what Roles and bindings of users refer to.
 */
export function defaultRoles(rows: Rows): DefaultRole[] {
  const roles = rows.find(rbac, 'clusterroles')
  const bindings = rows.find(rbac, 'clusterrolebindings')
  if (roles === undefined || bindings === undefined) return []
  return [
    ...Object.entries(rulesByRole(rows.all)).map(([name, rules]): DefaultRole => {
      const role: ClusterRole & { metadata: ObjectMeta } = { metadata: metadataOf(name), rules }
      return { spec: roles, object: role, mend: present => completed(present, 'rules', rules) }
    }),
    ...Object.entries(groupsByRole).map(([name, groups]): DefaultRole => {
      const subjects = groups.map(group => ({ kind: 'Group', apiGroup: rbac, name: group }))
      const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name }
      const binding: ClusterRoleBinding & { metadata: ObjectMeta } =
        { metadata: metadataOf(name), roleRef, subjects }
      return {
        spec: bindings, object: binding,
        mend: present => completed(present, 'subjects', subjects),
      }
    }),
  ]
}

function completed(
  present: Stored, member: 'rules' | 'subjects', wanted: readonly object[],
): KubeObject | undefined {
  if (present.metadata.annotations?.[autoupdate] === 'false') return undefined
  const has = (present as { [member in string]?: unknown })[member] as object[] | null ?? []
  const missing = wanted.filter(one => !has.some(other => sameJson(one, other)))
  if (missing.length === 0) return undefined
  return copyJson({ ...present, [member]: [...has, ...missing] })
}

const metadataOf = (name: string): ObjectMeta & { name: string } => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { [autoupdate]: 'true' },
})

const groupsByRole: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:discovery': ['system:authenticated'],
  'system:basic-user': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
}

/** By name of the role. */
export function rulesByRole(rows: readonly ResourceSpec[]): Record<string, PolicyRule[]> {
  const namespaced = rows.filter(row => row.namespaced)
  const view = [
    ...byGroup(namespaced.filter(row => !hidden.has(row.resource)), read, ['status', 'scale']),
    rule(read, '', ['bindings', 'namespaces', 'namespaces/status']),
  ]
  const edit = [
    ...byGroup(namespaced.filter(row => !derived.has(row.resource)), write, ['scale']),
    rule(read, '', ['secrets']), rule(read, 'coordination.k8s.io', ['leases']),
    rule(['create'], '', ['pods/eviction', 'serviceaccounts/token']),
    rule(['impersonate'], '', ['serviceaccounts']),
    ...view,
  ]
  const admin = [
    rule([...read, ...write], rbac, ['roles', 'rolebindings']),
    rule(['create'], 'authorization.k8s.io', ['localsubjectaccessreviews']),
    ...edit,
  ]
  return {
    'cluster-admin': [rule(['*'], '*', ['*']), { verbs: ['*'], nonResourceURLs: ['*'] }],
    admin, edit, view,
    'system:discovery': [{ verbs: ['get'], nonResourceURLs: [...health, ...documents] }],
    'system:basic-user': [
      rule(['create'], 'authorization.k8s.io',
        ['selfsubjectaccessreviews', 'selfsubjectrulesreviews']),
      rule(['create'], 'authentication.k8s.io', ['selfsubjectreviews']),
    ],
    'system:public-info-viewer': [{ verbs: ['get'], nonResourceURLs: health }],
  }
}

const rule = (
  verbs: readonly string[], group: string, resources: readonly string[],
): PolicyRule => ({ verbs: [...verbs], apiGroups: [group], resources: [...resources] })

/** One rule a group, for what may be done so at all. */
function byGroup(
  rows: readonly ResourceSpec[], verbs: readonly string[], subresources: readonly string[],
): PolicyRule[] {
  const groups = new Map<string, string[]>()
  for (const row of rows) {
    if (row.virtual === true) continue
    const names = (row.subresources ?? []).filter(({ name }) => subresources.includes(name))
      .map(({ name }) => `${row.resource}/${name}`)
    groups.set(row.group, [...groups.get(row.group) ?? [], row.resource, ...names])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => rule(verbs, group, [...new Set(resources)].sort()))
}

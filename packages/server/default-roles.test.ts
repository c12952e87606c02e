import { type ClusterRole, type PolicyRule, resourceTable, resources } from '@slicewise/kube'
import { openMemoryStore } from '@slicewise/store'
import { expect, test } from 'vitest'
import { createApi } from './api.ts'
import { bootstrap } from './bootstrap.ts'
import { rulesByRole } from './default-roles.ts'
import { openTestRegistry, testEnv } from './test-env.ts'

const roles = rulesByRole(resourceTable)

function allows(role: string, verb: string, group: string, resource: string): boolean {
  const holds = (list: readonly string[] | undefined, one: string): boolean =>
    list?.includes(one) === true || list?.includes('*') === true
  return (roles[role] ?? []).some(({ verbs, apiGroups, resources: names }: PolicyRule) =>
    holds(verbs, verb) && holds(apiGroups, group) && holds(names, resource))
}

test.each<[string, string, string, readonly string[]]>([
  ['get', '', 'pods', ['cluster-admin', 'admin', 'edit', 'view']],
  ['create', '', 'pods', ['cluster-admin', 'admin', 'edit']],
  ['create', '', 'pods/eviction', ['cluster-admin', 'admin', 'edit']],
  ['get', '', 'secrets', ['cluster-admin', 'admin', 'edit']],
  ['get', 'apps', 'deployments/scale', ['cluster-admin', 'admin', 'edit', 'view']],
  ['patch', 'apps', 'deployments/scale', ['cluster-admin', 'admin', 'edit']],
  ['patch', 'apps', 'deployments/status', ['cluster-admin']],
  ['list', 'discovery.k8s.io', 'endpointslices', ['cluster-admin', 'admin', 'edit', 'view']],
  ['update', 'discovery.k8s.io', 'endpointslices', ['cluster-admin']],
  ['create', 'rbac.authorization.k8s.io', 'rolebindings', ['cluster-admin', 'admin']],
  ['get', '', 'nodes', ['cluster-admin']],
  ['delete', '', 'namespaces', ['cluster-admin']],
])('%s of %s/%s is allowed to %s', (verb, group, resource, allowed) => {
  expect(Object.keys(roles).filter(role => allows(role, verb, group, resource))).toEqual(allowed)
})

test('a fresh cluster has the roles; what was taken of them comes back at the next start',
  async () => {
    const env = testEnv()
    const store = openMemoryStore(env)
    const registry = await openTestRegistry({ env, store })
    const api = createApi(registry, { name: 'tester', groups: ['system:masters'] })
    const list = await api.list<ClusterRole>(resources.clusterroles)
    expect(list.items.map(one => one.metadata.name)).toEqual(Object.keys(roles).sort())
    const own = { verbs: ['get'], apiGroups: ['example.com'], resources: ['foos'] }
    for (const name of ['edit', 'admin']) {
      const role = await api.get<ClusterRole>(resources.clusterroles, { name })
      const annotations = { ...role.metadata.annotations }
      if (name === 'admin') annotations['rbac.authorization.kubernetes.io/autoupdate'] = 'false'
      const metadata = { ...role.metadata, annotations }
      await api.update(resources.clusterroles, { ...role, metadata, rules: [own] })
    }
    await api.delete(resources.clusterroles, { name: 'view' })
    await bootstrap(registry)
    await expect(api.get(resources.clusterroles, { name: 'view' })).rejects.toThrow('not found')
    await registry.close()
    const again = createApi(await openTestRegistry({ env, store }), { name: 't', groups: [] })
    const rulesOf = async (name: string) =>
      (await again.get<ClusterRole>(resources.clusterroles, { name })).rules
    expect(await rulesOf('view')).toEqual(roles['view'])
    expect(await rulesOf('edit')).toEqual([own, ...roles['edit'] ?? []])
    expect(await rulesOf('admin')).toEqual([own])
  })

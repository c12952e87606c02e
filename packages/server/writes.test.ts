import {
  type Deployment, type KubeObject, type Namespace, type Pod, type ResourceSpec, StatusError,
  type Stored, resources,
} from '@slicewise/kube'
import { expect, test } from 'vitest'
import type { Answer } from './contract.ts'
import { openTestRegistry, testCaller } from './test-env.ts'

const { configmaps, deployments, events, eventsV1, namespaces, nodes, pods, services } = resources

/** A registry and short forms of its calls, all in namespace `default`. */
async function open() {
  const registry = await openTestRegistry()
  const warnings: string[] = []
  const caller = testCaller(warnings)
  const of = (spec: ResourceSpec, name = '') => ({
    caller, spec, name, namespace: spec.namespaced ? 'default' : '',
  })
  return {
    registry, warnings, of,
    create: (spec: ResourceSpec, value: unknown, more: object = {}) =>
      registry.create({ ...of(spec), body: { value }, ...more }),
    get: async (spec: ResourceSpec, name: string, subresource?: string) =>
      (await registry.get({ ...of(spec, name), ...(subresource ? { subresource } : {}) })),
    patch: (spec: ResourceSpec, name: string, value: unknown, more: object = {}) =>
      registry.patch({ ...of(spec, name), type: 'merge', body: { value }, ...more }),
    remove: (spec: ResourceSpec, name: string, options = {}) =>
      registry.delete({ ...of(spec, name), options }),
  }
}

const json = (answer: Answer): never => (answer.object?.object() ?? answer.plain) as never
const refused = async (call: Promise<unknown>): Promise<StatusError> => {
  const error = await call.then(() => undefined, (one: unknown) => one)
  expect(error).toBeInstanceOf(StatusError)
  return error as StatusError
}
const pod = (name: string, more: object = {}) => ({
  metadata: { name }, spec: { containers: [{ name: 'c', image: 'i' }], ...more },
})

test('a new Pod is completed by admission', async () => {
  const { create, registry } = await open()
  const { spec, status, metadata } = json(await create(pods, pod('a'))) as Stored<Pod>
  expect(metadata.generation).toBe(1)
  expect(status).toMatchObject({ phase: 'Pending', qosClass: 'BestEffort' })
  expect(spec).toMatchObject({
    serviceAccountName: 'default', serviceAccount: 'default', priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute',
        tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute',
        tolerationSeconds: 300 },
    ],
  })
  const name = spec?.volumes?.[0]?.name
  expect(name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
  expect(spec?.containers?.[0]?.volumeMounts).toEqual([
    { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ])
  await registry.close()
})

test('a Pod of an unknown account or class is forbidden', async () => {
  const { create } = await open()
  const account = await refused(create(pods, pod('a', { serviceAccountName: 'nobody' })))
  expect(account).toMatchObject({ reason: 'Forbidden', code: 403 })
  expect(account.message).toContain('serviceaccount "nobody" not found')
  const priority = await refused(create(pods, pod('a', { priorityClassName: 'none' })))
  expect(priority).toMatchObject({ reason: 'Forbidden', code: 403 })
})

test('a scheduled Pod is deleted with grace, which can only be shortened', async () => {
  const { create, get, remove } = await open()
  await create(pods, pod('a', { nodeName: 'n1' }))
  const first = json(await remove(pods, 'a')) as Stored<Pod>
  expect(first.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, generation: 2 })
  const again = json(await remove(pods, 'a')) as Stored<Pod>
  expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
  const longer = json(await remove(pods, 'a', { gracePeriodSeconds: 60 })) as Stored<Pod>
  expect(longer.metadata.deletionGracePeriodSeconds).toBe(30)
  const shorter = json(await remove(pods, 'a', { gracePeriodSeconds: 5 })) as Stored<Pod>
  expect(shorter.metadata.deletionGracePeriodSeconds).toBe(5)
  const moved = Date.parse(first.metadata.deletionTimestamp ?? '')
    - Date.parse(shorter.metadata.deletionTimestamp ?? '')
  expect(moved).toBe(25_000)
  const last = await remove(pods, 'a', { gracePeriodSeconds: 0 })
  expect(last.object?.object().metadata.deletionGracePeriodSeconds).toBe(0)
  expect(await refused(get(pods, 'a'))).toMatchObject({ code: 404 })
})

test.each([
  ['unscheduled', {}, {}],
  ['finished', { nodeName: 'n1' }, { phase: 'Succeeded' }],
])('a Pod that is %s is gone at once', async (_what, spec, status) => {
  const { create, get, patch, remove } = await open()
  await create(pods, pod('a', spec))
  await patch(pods, 'a', { status }, { subresource: 'status' })
  const answer = await remove(pods, 'a')
  expect(answer.object?.object().metadata).toMatchObject({ deletionGracePeriodSeconds: 0 })
  expect(await refused(get(pods, 'a'))).toMatchObject({ code: 404 })
})

test('a binding gives a Pod its Node, once', async () => {
  const { create, get, of, registry } = await open()
  await create(nodes, { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z' } } })
  const node = json(await get(nodes, 'n1')) as Stored<{ spec?: { taints?: unknown } } & KubeObject>
  expect(node.spec?.taints).toEqual([{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }])
  await create(pods, pod('a'))
  const bind = () => registry.create({
    ...of(pods, 'a'), subresource: 'binding',
    body: { value: { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n1' } } },
  })
  expect(await bind()).toMatchObject({ code: 201, plain: { status: 'Success' } })
  const bound = json(await get(pods, 'a')) as Stored<Pod>
  expect(bound.spec?.nodeName).toBe('n1')
  expect(bound.metadata.labels).toEqual({ 'topology.kubernetes.io/zone': 'z' })
  expect(bound.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
  const twice = await refused(bind())
  expect(twice).toMatchObject({ reason: 'Conflict', code: 409, details: { kind: 'pods/binding' } })
})

test('an eviction says why and deletes', async () => {
  const { create, get, of, registry } = await open()
  await create(pods, pod('a', { nodeName: 'n1' }))
  const evict = (name: string) => registry.create({
    ...of(pods, name), subresource: 'eviction', body: { value: { metadata: { name } } },
  })
  expect(await evict('a')).toMatchObject({ code: 201 })
  const evicted = json(await get(pods, 'a')) as Stored<Pod>
  expect(evicted.metadata.deletionTimestamp).toBeTruthy()
  expect(evicted.status?.conditions).toMatchObject([
    { type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' },
  ])
  expect(await refused(evict('b'))).toMatchObject({ code: 404 })
})

test('a scale changes replicas and nothing else', async () => {
  const { create, get, patch, registry, of } = await open()
  const template = {
    metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'i' }] },
  }
  await create(deployments, {
    metadata: { name: 'a' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'a' } }, template },
  })
  const scale = (await get(deployments, 'a', 'scale')).plain
  expect(scale).toMatchObject({
    kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 0, selector: 'app=a' },
  })
  const answer = await patch(deployments, 'a', { spec: { replicas: 5 } }, { subresource: 'scale' })
  expect(answer.plain).toMatchObject({ spec: { replicas: 5 } })
  const after = json(await get(deployments, 'a')) as Stored<Deployment>
  expect(after.spec?.replicas).toBe(5)
  expect(after.metadata.generation).toBe(2)
  const stale = registry.update({
    ...of(deployments, 'a'), subresource: 'scale',
    body: { value: { metadata: { ...scale?.metadata }, spec: { replicas: 7 } } },
  })
  expect(await refused(stale)).toMatchObject({ reason: 'Conflict' })
  const negative = patch(deployments, 'a', { spec: { replicas: -1 } }, { subresource: 'scale' })
  expect(await refused(negative)).toMatchObject({ code: 422, details: { kind: 'Scale' } })
})

test('a namespace is born full and dies by its finalizers', async () => {
  const { create, get, remove, registry, of } = await open()
  await create(namespaces, { metadata: { name: 'n' } })
  const made = await registry.list({ ...of(configmaps), namespace: 'n' })
  expect(made.items.map(one => one.name)).toEqual(['kube-root-ca.crt'])
  const account = registry.peek(resources.serviceaccounts, 'n', 'default')
  const revision = (await get(namespaces, 'n')).object?.revision
  expect(account?.revision).toBe((revision ?? 0) + 1)
  const gone = json(await remove(namespaces, 'n')) as Stored<Namespace>
  expect(gone.status?.phase).toBe('Terminating')
  expect(gone.metadata.deletionGracePeriodSeconds).toBeUndefined()
  const inside = await refused(registry.create({
    ...of(configmaps), namespace: 'n', body: { value: { metadata: { name: 'c' } } },
  }))
  expect(inside).toMatchObject({ reason: 'Forbidden', code: 403 })
  expect(inside.details?.causes).toMatchObject([
    { reason: 'NamespaceTerminating', field: 'metadata.namespace' },
  ])
  await registry.update({
    ...of(namespaces, 'n'), subresource: 'finalize',
    body: { value: { metadata: { name: 'n' }, spec: { finalizers: [] } } },
  })
  expect(await refused(get(namespaces, 'n'))).toMatchObject({ code: 404 })
  expect(await refused(remove(namespaces, 'default'))).toMatchObject({ code: 403 })
})

test('one store of events has two views', async () => {
  const { create, registry, of, get } = await open()
  await create(eventsV1, {
    metadata: { name: 'e' }, eventTime: '2026-01-01T00:00:00.000000Z', type: 'Normal',
    reason: 'Tested', action: 'Test', note: 'n', reportingController: 'c', reportingInstance: 'i',
    regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
  })
  expect(json(await get(events, 'e'))).toMatchObject({
    message: 'n', reportingComponent: 'c', involvedObject: { kind: 'Pod', name: 'p' },
  })
  const view = await get(eventsV1, 'e')
  expect(JSON.parse(new TextDecoder().decode(view.object?.bytes()))).toMatchObject({
    note: 'n', regarding: { kind: 'Pod' },
  })
  for (const [spec, field] of [[events, 'involvedObject'], [eventsV1, 'regarding']] as const) {
    const fieldSelector = `${field}.name=p,${field}.kind=Pod`
    expect((await registry.list({ ...of(spec), fieldSelector })).items).toHaveLength(1)
    const none = `${field}.name=q`
    expect((await registry.list({ ...of(spec), fieldSelector: none })).items).toHaveLength(0)
  }
})

test('a LoadBalancer has an address from the pool, given back when it is none', async () => {
  const { create, patch, remove } = await open()
  const balancer = { type: 'LoadBalancer', ports: [{ port: 80 }] }
  const first = json(await create(services, { metadata: { name: 'a' }, spec: balancer })) as
    Stored<{ status?: { loadBalancer?: { ingress?: unknown[] } } } & KubeObject>
  expect(first.status?.loadBalancer?.ingress).toMatchObject([{ ipMode: 'VIP' }])
  const other = await create(services, { metadata: { name: 'b' }, spec: balancer })
  const second = json(other) as typeof first
  expect(second.status).not.toEqual(first.status)
  const changed = json(await patch(services, 'a', { spec: { type: 'ClusterIP' } })) as typeof first
  expect(changed.status?.loadBalancer?.ingress).toBeUndefined()
  await remove(services, 'b')
})

test('unknown fields are dropped with a warning, or refused', async () => {
  const { create, warnings, patch } = await open()
  const value = () => ({ metadata: { name: 'a' }, data: { k: 'v' }, foo: 1 })
  await create(configmaps, value())
  expect(warnings).toEqual(['unknown field "foo"'])
  const strict = await refused(create(configmaps, value(), { fieldValidation: 'Strict' }))
  expect(strict).toMatchObject({ reason: 'BadRequest', code: 400 })
  expect(strict.message).toContain('strict decoding error: unknown field "foo"')
  const patched = await refused(patch(configmaps, 'a', { bar: 1 }, { fieldValidation: 'Strict' }))
  expect(patched.details?.causes).toMatchObject([{ field: 'patch' }])
})

test.each([
  ['dryRun', { dryRun: ['Some'] }, 'dryRun'],
  ['an empty dryRun', { dryRun: [''] }, 'dryRun'],
  ['fieldValidation', { fieldValidation: 'Maybe' }, 'fieldValidation'],
  ['fieldManager', { fieldManager: 'x'.repeat(129) }, 'fieldManager'],
])('a bad %s is refused', async (_what, more, field) => {
  const { create } = await open()
  const error = await refused(create(configmaps, { metadata: { name: 'a' } }, more))
  expect(error).toMatchObject({
    code: 422, details: { group: 'meta.k8s.io', kind: 'CreateOptions', causes: [{ field }] },
  })
})

test.each([
  ['another kind', { kind: 'Secret' }],
  ['another version', { apiVersion: 'apps/v1' }],
  ['another namespace', { metadata: { name: 'a', namespace: 'other' } }],
  ['a revision', { metadata: { name: 'a', resourceVersion: '5' } }],
  ['a list', []],
  ['a wrong type', { metadata: { name: 'a' }, data: { k: 1 } }],
])('a body with %s is a bad request', async (_what, more) => {
  const { create } = await open()
  const value = Array.isArray(more) ? more : { metadata: { name: 'a' }, ...more }
  const error = await refused(create(configmaps, value))
  expect(error).toMatchObject({ reason: 'BadRequest', code: 400 })
})

test('many labels do not fit the header and still select', async () => {
  const { create, registry, of } = await open()
  const labels: Record<string, string> = { find: 'me' }
  for (let n = 0; n < 60; n++) labels[`l${n}`.padEnd(60, 'x')] = 'v'.repeat(60)
  await create(configmaps, { metadata: { name: 'a', labels } })
  await new Promise(resolve => setTimeout(resolve, 5))
  const list = await registry.list({ ...of(configmaps), labelSelector: 'find=me' })
  expect(list.items.map(one => one.name)).toEqual(['a'])
})

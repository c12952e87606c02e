import { type Service, resources } from '@slicewise/kube'
import { expect } from 'vitest'
import { type OpenApi, refusal, scene } from './conformance-subject.ts'

const { configmaps, services } = resources

export function patchingCases(open: OpenApi): void {
  documents(open)
  applies(open)
}

function documents(open: OpenApi): void {
  scene(open, 'a merge patch sets and removes', async ({ api, namespace, configMap }) => {
    await configMap('a', { k: '1', gone: 'x' })
    const patch = { type: 'merge', patch: { data: { k: '2', gone: null, more: '3' } } } as const
    const patched = await api.patch(configmaps, { namespace, name: 'a' }, patch)
    expect(patched.data).toEqual({ k: '2', more: '3' })
    const again = await api.patch(configmaps, { namespace, name: 'a' }, patch)
    expect(again.metadata.resourceVersion).toBe(patched.metadata.resourceVersion)
    const missing = api.patch(configmaps, { namespace, name: 'b' }, patch)
    expect(await refusal(missing)).toMatchObject({ reason: 'NotFound', code: 404 })
  })

  scene(open, 'a JSON patch tests and replaces', async ({ api, namespace, configMap }) => {
    await configMap('a', { k: '1' })
    const patched = await api.patch(configmaps, { namespace, name: 'a' }, {
      type: 'json',
      patch: [
        { op: 'test', path: '/data/k', value: '1' }, { op: 'replace', path: '/data/k', value: '2' },
        { op: 'add', path: '/metadata/labels', value: { 'a.b/c': 'd' } },
      ],
    })
    expect(patched.data).toEqual({ k: '2' })
    expect(patched.metadata.labels).toEqual({ 'a.b/c': 'd' })
    const failing = api.patch(configmaps, { namespace, name: 'a' }, {
      type: 'json', patch: [{ op: 'test', path: '/data/k', value: '1' }],
    })
    expect(await refusal(failing)).toMatchObject({ reason: 'Invalid', code: 422 })
  })

  scene(open, 'a strategic merge patch merges lists by key', async ({ api, namespace }) => {
    await api.create(services, {
      metadata: { name: 'a', namespace },
      spec: { clusterIP: 'None', ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] },
    } as Service)
    const patched = await api.patch(services, { namespace, name: 'a' }, {
      type: 'strategic',
      patch: { spec: { ports: [{ port: 81, $patch: 'delete' }, { port: 80, targetPort: 8080 }] } },
    })
    expect(patched.spec?.ports).toEqual([
      { name: 'a', port: 80, protocol: 'TCP', targetPort: 8080 },
    ])
  })

  scene(open, 'a patch that names a revision is conditional', async given => {
    const { api, namespace, configMap } = given
    const { metadata: { resourceVersion } } = await configMap('a', { k: '1' })
    const set = (k: string) => api.patch(configmaps, { namespace, name: 'a' }, {
      type: 'merge', patch: { metadata: { resourceVersion }, data: { k } },
    })
    await set('2')
    expect(await refusal(set('3'))).toMatchObject({ reason: 'Conflict', code: 409 })
  })
}

function applies(open: OpenApi): void {
  scene(open, 'apply owns fields, gives them up, and conflicts', async ({ api, namespace }) => {
    const item = { namespace, name: 'a' }
    const apply = (fieldManager: string, data: Record<string, string>, force = false) =>
      api.patch(configmaps, item, {
        type: 'apply', force,
        patch: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data },
      }, { fieldManager })
    expect((await apply('one', { a: '1', b: '1' })).data).toEqual({ a: '1', b: '1' })
    expect((await apply('one', { a: '1' })).data).toEqual({ a: '1' })
    const error = await refusal(apply('two', { a: '2' }))
    expect(error).toMatchObject({ reason: 'Conflict', code: 409 })
    expect(error.details?.causes).toMatchObject([
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' },
    ])
    const forced = await apply('two', { a: '2' }, true)
    expect(forced.data).toEqual({ a: '2' })
    expect(forced.metadata.managedFields?.map(one => one.manager)).toEqual(['two'])
  })
}

import { type KubeObject, type Stored, resources } from '@slicewise/kube'
import { expect } from 'vitest'
import { type OpenApi, refusal, scene } from './conformance-subject.ts'

const { configmaps, services } = resources

export function deletionCases(open: OpenApi): void {
  plainDeletions(open)
  heldDeletions(open)
}

function plainDeletions(open: OpenApi): void {
  scene(open, 'what nothing holds is gone at once', async ({ api, namespace, configMap }) => {
    const made = await configMap('a')
    const answer = await api.delete(configmaps, { namespace, name: 'a' })
    expect(answer).toMatchObject({
      kind: 'Status', status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: made.metadata.uid },
    })
    const gone = await refusal(api.get(configmaps, { namespace, name: 'a' }))
    expect(gone).toMatchObject({ reason: 'NotFound', code: 404 })
    expect(await refusal(api.delete(configmaps, { namespace, name: 'a' })))
      .toMatchObject({ code: 404 })
  })

  scene(open, 'some kinds are returned when deleted', async ({ api, namespace }) => {
    const made = await api.create(services, {
      metadata: { name: 'a', namespace }, spec: { type: 'ExternalName', externalName: 'x.example' },
    })
    const answer = await api.delete(services, { namespace, name: 'a' })
    expect(answer).toMatchObject({ kind: 'Service', metadata: { uid: made.metadata.uid } })
  })
}

function heldDeletions(open: OpenApi): void {
  scene(open, 'a finalizer holds an object until it is removed', async given => {
    const { api, namespace, configMap } = given
    await configMap('a', {}, { finalizers: ['example.com/hold'] })
    const held = await api.delete(configmaps, { namespace, name: 'a' }) as Stored<KubeObject>
    expect(held.metadata.deletionTimestamp).toMatch(/Z$/)
    expect(held.metadata.deletionGracePeriodSeconds).toBe(0)
    const present = await api.get(configmaps, { namespace, name: 'a' })
    expect(present.metadata.finalizers).toEqual(['example.com/hold'])
    const more = { ...present.metadata, finalizers: ['example.com/hold', 'example.com/more'] }
    expect(await refusal(api.update(configmaps, { ...present, metadata: more })))
      .toMatchObject({ reason: 'Invalid', code: 422 })
    const again = await api.delete(configmaps, { namespace, name: 'a' }) as Stored<KubeObject>
    expect(again.metadata.resourceVersion).toBe(present.metadata.resourceVersion)
    const { finalizers: _, ...free } = present.metadata
    await api.update(configmaps, { ...present, metadata: free })
    const gone = await refusal(api.get(configmaps, { namespace, name: 'a' }))
    expect(gone).toMatchObject({ reason: 'NotFound', code: 404 })
  })

  scene(open, 'preconditions guard a deletion', async ({ api, namespace, configMap }) => {
    const made = await configMap('a')
    const wrong = api.delete(configmaps, { namespace, name: 'a' },
      { preconditions: { uid: '00000000-0000-4000-8000-000000000000' } })
    expect(await refusal(wrong)).toMatchObject({ reason: 'Conflict', code: 409 })
    const stale = api.delete(configmaps, { namespace, name: 'a' },
      { preconditions: { resourceVersion: '1' } })
    expect(await refusal(stale)).toMatchObject({ reason: 'Conflict', code: 409 })
    const { uid, resourceVersion } = made.metadata
    const preconditions = { uid, resourceVersion }
    await api.delete(configmaps, { namespace, name: 'a' }, { preconditions })
  })

  scene(open, 'a policy leaves its finalizer', async ({ api, namespace, configMap }) => {
    const policies = [['Foreground', 'foregroundDeletion'], ['Orphan', 'orphan']] as const
    for (const [propagationPolicy, finalizer] of policies) {
      const name = propagationPolicy.toLowerCase()
      await configMap(name, {}, { finalizers: ['example.com/hold'] })
      const held = await api.delete(configmaps, { namespace, name }, { propagationPolicy })
      expect((held as Stored<KubeObject>).metadata.finalizers).toContain(finalizer)
      // A garbage collector may have taken its own finalizer away meanwhile.
      const free = { type: 'merge', patch: { metadata: { finalizers: null } } } as const
      await api.patch(configmaps, { namespace, name }, free)
    }
    const unknown = api.delete(configmaps, { namespace, name: 'x' }, { propagationPolicy: 'No' })
    expect([404, 422]).toContain((await refusal(unknown)).code)
  })

  scene(open, 'a selection is deleted together', async ({ api, namespace, configMap }) => {
    for (const name of ['a', 'b']) await configMap(name, {}, { labels: { go: 'yes' } })
    await configMap('c', {}, { labels: { go: 'no' } })
    await api.deleteCollection(configmaps, { namespace, labelSelector: 'go=yes' })
    const left = await api.list(configmaps, { namespace, labelSelector: 'go' })
    expect(left.items.map(one => one.metadata.name)).toEqual(['c'])
  })
}

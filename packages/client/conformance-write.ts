import { type ConfigMap, type Lease, type Service, resources } from '@slicewise/kube'
import { expect } from 'vitest'
import { type OpenApi, refusal, scene } from './conformance-subject.ts'

const { configmaps, endpointslices, services } = resources

export function writingCases(open: OpenApi): void {
  creates(open)
  refusals(open)
  updates(open)
  specialWrites(open)
}

function creates(open: OpenApi): void {
  scene(open, 'a new object gets what a server gives it', async ({ api, namespace }) => {
    const made = await api.create(configmaps, {
      metadata: {
        name: 'a', namespace, labels: { app: 'x' }, uid: 'mine', deletionTimestamp: null,
      },
      data: { k: 'v' },
    })
    expect(made).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { k: 'v' } })
    expect(made.metadata).toMatchObject({ name: 'a', namespace, labels: { app: 'x' } })
    expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/)
    expect(made.metadata.resourceVersion).toMatch(/^[1-9][0-9]*$/)
    expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(made.metadata.deletionTimestamp).toBeUndefined()
    expect(await api.get(configmaps, { namespace, name: 'a' })).toEqual(made)
  })

  scene(open, 'what goes in is what JSON can say', async ({ api, namespace }) => {
    const object: ConfigMap = { metadata: { name: 'a', namespace } }
    const data: Record<string, unknown> = { k: 'v', none: undefined }
    const loose = { ...object, immutable: undefined, data }
    const made = await api.create(configmaps, loose as unknown as ConfigMap)
    expect(Object.keys(made.data ?? {})).toEqual(['k'])
    expect('immutable' in made).toBe(false)
    data['k'] = 'changed afterwards'
    expect((await api.get(configmaps, { namespace, name: 'a' })).data).toEqual({ k: 'v' })
  })

  scene(open, 'a name is generated from its prefix', async ({ api, namespace }) => {
    const made = await api.create(configmaps, { metadata: { generateName: 'some-', namespace } })
    expect(made.metadata.name).toMatch(/^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(made.metadata.generateName).toBe('some-')
  })

  scene(open, 'a name is taken once', async ({ api, namespace, configMap }) => {
    await configMap('a')
    const error = await refusal(api.create(configmaps, { metadata: { name: 'a', namespace } }))
    expect(error).toMatchObject({ reason: 'AlreadyExists', code: 409 })
    expect(error.message).toContain('configmaps "a" already exists')
    expect(error.details).toMatchObject({ name: 'a', kind: 'configmaps' })
  })
}

function refusals(open: OpenApi): void {
  scene(open, 'what is wrong is named, all of it', async ({ api, namespace }) => {
    const error = await refusal(api.create(services, {
      metadata: { name: 'a', namespace, labels: { 'bad key': 'x' } },
      spec: { ports: [{ port: 0 }, { name: 'b', port: 80 }] },
    } as unknown as Service))
    expect(error).toMatchObject({ reason: 'Invalid', code: 422 })
    const fields = (error.details?.causes ?? []).map(one => one.field)
    expect(fields).toContain('metadata.labels')
    expect(fields).toContain('spec.ports[0].name')
    expect(fields).toContain('spec.ports[0].port')
    expect(error.details).toMatchObject({ kind: 'Service', name: 'a' })
  })

  scene(open, 'a namespace must exist', async ({ api, namespace }) => {
    const metadata = { name: 'a', namespace: `${namespace}-not` }
    const error = await refusal(api.create(configmaps, { metadata }))
    expect(error).toMatchObject({ reason: 'NotFound', code: 404 })
    expect(error.details).toMatchObject({ kind: 'namespaces', name: `${namespace}-not` })
  })
}

function updates(open: OpenApi): void {
  scene(open, 'an update replaces what it may', async ({ api, namespace, configMap }) => {
    const made = await configMap('a', { k: 'v', gone: 'x' })
    const next = { ...made, data: { k: 'w' }, metadata: { ...made.metadata, labels: { l: '1' } } }
    const updated = await api.update(configmaps, next)
    expect(updated.data).toEqual({ k: 'w' })
    expect(updated.metadata.labels).toEqual({ l: '1' })
    expect(updated.metadata.uid).toBe(made.metadata.uid)
    expect(updated.metadata.creationTimestamp).toBe(made.metadata.creationTimestamp)
    expect(updated.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion)
    expect(await api.get(configmaps, { namespace, name: 'a' })).toEqual(updated)
  })

  scene(open, 'an old revision conflicts, none overwrites', async given => {
    const { api, namespace, configMap } = given
    const made = await configMap('a', { k: '1' })
    await api.update(configmaps, { ...made, data: { k: '2' } })
    const error = await refusal(api.update(configmaps, { ...made, data: { k: '3' } }))
    expect(error).toMatchObject({ reason: 'Conflict', code: 409 })
    expect(error.message).toContain('the object has been modified')
    const blind = { metadata: { name: 'a', namespace }, data: { k: '4' } }
    expect((await api.update(configmaps, blind)).data).toEqual({ k: '4' })
  })

  scene(open, 'a write that changes nothing is none', async ({ api, configMap }) => {
    const made = await configMap('a', { k: '1' })
    const same = await api.update(configmaps, made)
    expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
  })

  scene(open, 'an update of nothing is refused, or creates', async ({ api, namespace }) => {
    const missing = await refusal(api.update(configmaps, { metadata: { name: 'a', namespace } }))
    expect(missing).toMatchObject({ reason: 'NotFound', code: 404 })
    const lease: Lease = { metadata: { name: 'a', namespace }, spec: { leaseDurationSeconds: 15 } }
    const made = await api.update(resources.leases, lease)
    expect(made.spec).toMatchObject({ leaseDurationSeconds: 15 })
    const blind = await refusal(api.update(resources.leases, lease))
    expect(blind).toMatchObject({ reason: 'Invalid', code: 422 })
    expect(blind.details?.causes?.[0]?.field).toBe('metadata.resourceVersion')
  })
}

function specialWrites(open: OpenApi): void {
  scene(open, 'a dry run leaves no trace', async ({ api, namespace, configMap }) => {
    const metadata = { name: 'a', namespace }
    const dry = await api.create(configmaps, { metadata, data: { k: '1' } }, { dryRun: true })
    expect(dry.metadata.resourceVersion).toBeUndefined()
    expect(dry.metadata.uid).toMatch(/-/)
    expect(await refusal(api.get(configmaps, metadata))).toMatchObject({ code: 404 })
    const made = await configMap('a', { k: '1' })
    const changed = await api.update(configmaps, { ...made, data: { k: '2' } }, { dryRun: true })
    expect(changed.data).toEqual({ k: '2' })
    expect(changed.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
    expect(await api.get(configmaps, metadata)).toEqual(made)
  })

  scene(open, 'generation follows the body and labels of a slice', async ({ api, namespace }) => {
    const made = await api.create(endpointslices, {
      metadata: { name: 'a', namespace }, addressType: 'IPv4', ports: [],
      endpoints: [{ addresses: ['10.1.2.3'] }],
    })
    expect(made.metadata.generation).toBe(1)
    const annotated = await api.update(endpointslices,
      { ...made, metadata: { ...made.metadata, annotations: { a: 'b' } } })
    expect(annotated.metadata.generation).toBe(1)
    const labelled = await api.update(endpointslices,
      { ...annotated, metadata: { ...annotated.metadata, labels: { a: 'b' } } })
    expect(labelled.metadata.generation).toBe(2)
    const emptied = await api.update(endpointslices, { ...labelled, endpoints: [] })
    expect(emptied.metadata.generation).toBe(3)
  })

  scene(open, 'status and the rest are written apart', async ({ api, namespace }) => {
    const made = await api.create(services, {
      metadata: { name: 'a', namespace },
      spec: { clusterIP: 'None', selector: { app: 'a' }, type: 'ClusterIP' },
    })
    const conditions = [{
      type: 'T', status: 'True', reason: 'R', message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    }]
    const status = { ...made.status, conditions }
    const ignored = await api.update(services, { ...made, status })
    expect(ignored.status?.conditions).toBeUndefined()
    const spec = { ...made.spec, selector: { app: 'b' } }
    const written = await api.update(services, { ...made, spec, status }, { subresource: 'status' })
    expect(written.status?.conditions?.[0]?.type).toBe('T')
    expect(written.spec?.selector).toEqual({ app: 'a' })
  })
}

import { type Deployment, type ManagedFieldsEntry, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { createApi } from '../api.ts'
import type { OpenRegistry } from '../registry.ts'
import { openTestRegistry, testCaller } from '../test-env.ts'

const spec = resources.deployments
const place = { caller: testCaller(), spec, namespace: 'default', name: 'web' }

async function withDeployment(replicas: number): Promise<OpenRegistry> {
  const registry = await openTestRegistry()
  await createApi(registry, { name: 'maker', groups: [] }).create<Deployment>(spec, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas, selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      },
    } as Deployment['spec'] & {},
  })
  return registry
}

const applied = (registry: OpenRegistry, fieldManager: string, replicas: number, force = false) =>
  registry.patch({
    ...place, subresource: 'scale', type: 'apply', fieldManager, force,
    body: {
      value: {
        apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas },
      },
    },
  })

/** `manager operation subresource` of all who own the replicas. */
async function owners(registry: OpenRegistry): Promise<string[]> {
  const { object } = await registry.get(place)
  const entries = object?.object().metadata.managedFields ?? []
  const owns = ({ fieldsV1 }: ManagedFieldsEntry): boolean =>
    JSON.stringify(fieldsV1).includes('"f:replicas"')
  return entries.filter(owns).map(({ manager, operation, subresource = '-' }) =>
    `${manager} ${operation} ${subresource}`)
}

test('an applied scale conflicts with another owner, and takes over by force', async () => {
  const registry = await withDeployment(1)
  await expect(applied(registry, 'one', 3)).rejects.toMatchObject({
    reason: 'Conflict', details: { causes: [{ field: '.spec.replicas' }] },
  })
  expect((await applied(registry, 'one', 3, true)).plain).toMatchObject({ spec: { replicas: 3 } })
  expect(await owners(registry)).toEqual(['one Apply scale'])
  await expect(applied(registry, 'two', 4)).rejects.toMatchObject({ reason: 'Conflict' })
  await applied(registry, 'two', 3)
  expect(await owners(registry)).toEqual(['one Apply scale', 'two Apply scale'])
  await applied(registry, 'two', 5, true)
  expect(await owners(registry)).toEqual(['two Apply scale'])
  await registry.close()
})

test('an update of a scale takes the replicas from who applied it', async () => {
  const registry = await withDeployment(1)
  await applied(registry, 'one', 3, true)
  await registry.patch({
    ...place, subresource: 'scale', type: 'merge', fieldManager: 'hand',
    body: { value: { spec: { replicas: 2 } } },
  })
  expect(await owners(registry)).toEqual(['hand Update scale'])
  await registry.close()
})

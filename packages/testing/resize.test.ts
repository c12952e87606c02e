import { expect, test } from 'vitest'
import { type Pod, type Stored, resources, startControlPlane } from './index.ts'

const item = { name: 'web', namespace: 'default' }

test('a running Pod is resized: its Node reports the new resources', async () => {
  await using plane = await startControlPlane({ nodes: 1 })
  const { api } = plane
  const before = { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m', memory: '64Mi' } }
  await api.create<Pod>(resources.pods, {
    metadata: item,
    spec: { containers: [{ name: 'web', image: 'web:1', resources: before }] },
  })
  const reported = async (cpu: string): Promise<Stored<Pod>> => {
    const giveUpMs = Date.now() + 15_000
    for (;;) {
      const pod = await api.get<Pod>(resources.pods, item)
      const status = pod.status?.containerStatuses?.[0]
      if (status?.state?.running && status.resources?.requests?.['cpu'] === cpu) return pod
      if (Date.now() > giveUpMs) throw new Error(JSON.stringify(pod.status))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const first = await reported('500m')
  const after = { ...before, requests: { cpu: '750m', memory: '64Mi' } }
  const patch = { spec: { containers: [{ name: 'web', resources: after }] } }
  await api.patch<Pod>(resources.pods, item, { type: 'strategic', patch },
    { subresource: 'resize' })
  const { metadata, spec, status } = await reported('750m')
  expect(spec?.containers?.[0]?.resources).toEqual(after)
  expect(status?.containerStatuses?.[0]).toMatchObject({
    resources: after, allocatedResources: after.requests, restartCount: 0,
  })
  expect(status?.observedGeneration).toBe(metadata.generation)
  expect(metadata.generation).toBe((first.metadata.generation ?? 0) + 1)
}, 30_000)

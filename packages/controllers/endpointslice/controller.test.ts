import { resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { Cluster, heldText, wantedSlicesText } from './scenarios/cluster.ts'

test('slices follow Pods, through the real server', async () => {
  const cluster = await Cluster.open()
  const controller = await cluster.start()
  await cluster.service('cart', {})
  await cluster.env.advance(50)
  expect(await cluster.sizes()).toEqual([0])
  for (const name of ['a', 'b', 'c', 'd']) await cluster.pod(name, { ip: '10.0.0.1' })
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1, 3])
  expect(heldText(await cluster.slices())).toBe(wantedSlicesText(await cluster.rebuilt()))
  await cluster.remove(resources.pods, 'a')
  await cluster.env.advance(2_000)
  expect(await cluster.sizes()).toEqual([1, 2])
  expect(controller.metrics.syncs.error).toBe(0)
  await cluster.close()
})

import { type Endpoints, type Stored, resources } from '@slicewise/kube'
import { expect } from 'vitest'
import { type Cluster, done } from '../endpointslice/scenarios/cluster.ts'
import { type Fault, type FaultyApi, faultyApi } from '../endpointslice/scenarios/faults.ts'
import { limits } from './limits.ts'
import { EndpointsState } from './state.ts'

export type Next = () => Fault | undefined

export const faulty = (cluster: Cluster, next: Next, delay?: () => number): FaultyApi =>
  faultyApi(cluster.api, {
    env: cluster.env, resource: 'endpoints', next,
    ...(delay === undefined ? {} : { eventDelayMs: delay }),
  })
export const counted = (cluster: Cluster): FaultyApi => faulty(cluster, () => undefined)

export async function endpoints(cluster: Cluster): Promise<Stored<Endpoints>[]> {
  const { items } = await done(cluster.env, cluster.api.list<Endpoints>(
    resources.endpoints, { namespace: 'shop' },
  ))
  return [...items].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

export const sizes = async (cluster: Cluster): Promise<string[]> =>
  (await endpoints(cluster)).map(({ metadata, subsets = [] }) => `${metadata.name} ${
    subsets.map(({ addresses = [], notReadyAddresses = [] }) =>
      `${addresses.length}+${notReadyAddresses.length}`).join(' ')}`.trim())

/** What stands is what a state derived from nothing wants. */
export async function settled(cluster: Cluster): Promise<void> {
  const state = new EndpointsState({ onDirty: () => {} })
  const list = async <T extends object>(ref: Parameters<typeof cluster.api.list>[0]) =>
    (await done(cluster.env, cluster.api.list(ref, { namespace: 'shop' }))).items.map((after) => ({
      key: `shop/${after.metadata.name}`, before: undefined, after: after as Stored<T>,
      revision: after.metadata.resourceVersion,
    }))
  for (const change of await list(resources.services)) state.applyService(change)
  for (const change of await list(resources.pods)) state.applyPod(change as never)
  state.start()
  const wanted = [...state.keys()].sort().map((key) =>
    [key, state.get(key)?.subsets.subsets(limits.addressesMax).subsets])
  const standing = (await endpoints(cluster)).map(({ metadata, subsets = [] }) =>
    [`shop/${metadata.name}`, subsets])
  expect(standing).toEqual(wanted)
}

import {
  type Event, type Pod, type PodDisruptionBudget, type ReplicaSet, type Stored, resources,
} from '@slicewise/kube'
import { expect, test } from 'vitest'
import { TestBed } from '../workloads/test-bed.ts'

const namespace = 'default'
const budgetRef = resources.poddisruptionbudgets

/** The controller over the real server; nobody makes Pods ready but the test. */
class Bed {
  readonly bed: TestBed
  constructor(bed: TestBed) {
    this.bed = bed
  }

  budget(spec: object): Promise<unknown> {
    return this.bed.during(this.bed.api.create<PodDisruptionBudget>(budgetRef, {
      metadata: { name: 'pdb', namespace }, spec,
    }))
  }

  async pod(name: string, owner?: Stored<ReplicaSet>): Promise<void> {
    const { bed } = this
    const ownerReferences = owner === undefined ? [] : [{
      apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner.metadata.name,
      uid: owner.metadata.uid, controller: true,
    }]
    await bed.during(bed.api.create<Pod>(resources.pods, {
      metadata: { name, namespace, labels: { app: 'web' }, ownerReferences },
      spec: { containers: [{ name: 'a', image: 'a:1' }], nodeName: 'n' },
    }))
    await this.ready(name, 'True')
  }

  ready(name: string, status: string): Promise<unknown> {
    const patch = { status: { phase: 'Running', conditions: [{ type: 'Ready', status }] } }
    return this.bed.during(this.bed.api.patch(resources.pods, { name, namespace },
      { type: 'strategic', patch }, { subresource: 'status' }))
  }

  replicaSet(replicas: number): Promise<Stored<ReplicaSet>> {
    return this.bed.during(this.bed.api.create<ReplicaSet>(resources.replicasets, {
      metadata: { name: 'rs', namespace },
      spec: {
        replicas, selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'a', image: 'a:1' }] },
        },
      },
    }))
  }

  /** `revision allowed = healthy/desired of expected`, when everything is quiet. */
  async shown(): Promise<string> {
    await this.bed.env.advance(1_000)
    const { status } = await this.read()
    return `${status?.disruptionsAllowed} = ${status?.currentHealthy}/${status?.desiredHealthy}`
      + ` of ${status?.expectedPods}`
  }

  read(): Promise<Stored<PodDisruptionBudget>> {
    return this.bed.during(this.bed.api.get(budgetRef, { name: 'pdb', namespace }))
  }

  async reasons(): Promise<string> {
    const { items } = await this.bed.during(
      this.bed.api.list<Event>(resources.events, { namespace }))
    return items.map((one) => `${one.reason} ${one.involvedObject.name}`).sort().join(', ')
  }
}

async function during(run: (bed: Bed) => Promise<void>, speed = 1): Promise<void> {
  const bed = await TestBed.open(['disruption-controller'], speed)
  try {
    await run(new Bed(bed))
  } finally {
    await bed.close()
  }
}

const selector = { matchLabels: { app: 'web' } }

test('follows Pods, the scale and the spec, and writes nothing when nothing changed', async () => {
  await during(async (bed) => {
    await bed.budget({ selector, maxUnavailable: 1 })
    expect(await bed.shown()).toBe('0 = 0/0 of 0')
    const owner = await bed.replicaSet(3)
    for (const name of ['a', 'b', 'c']) await bed.pod(name, owner)
    expect(await bed.shown()).toBe('1 = 3/2 of 3')
    await bed.ready('a', 'False')
    expect(await bed.shown()).toBe('0 = 2/2 of 3')
    const { api } = bed.bed
    const item = { name: 'rs', namespace }
    const scaled = { type: 'merge' as const, patch: { spec: { replicas: 2 } } }
    await bed.bed.during(api.patch(resources.replicasets, item, scaled))
    expect(await bed.shown()).toBe('1 = 2/1 of 2')
    const edited = { type: 'merge' as const, patch: { spec: { selector: { matchLabels: null } } } }
    await bed.bed.during(api.patch(budgetRef, { name: 'pdb', namespace }, edited))
    await bed.bed.during(api.delete(resources.pods, { name: 'b', namespace }))
    await bed.pod('d', owner)
    expect(await bed.shown()).toBe('1 = 2/1 of 2')
    const { metadata: { resourceVersion } } = await bed.read()
    const again = { type: 'merge' as const, patch: { metadata: { labels: { any: 'x' } } } }
    await bed.bed.during(api.patch(resources.pods, { name: 'c', namespace }, again))
    await bed.bed.env.advance(600_000)
    expect((await bed.read()).metadata.resourceVersion).toBe(resourceVersion)
    expect(await bed.reasons()).toBe('NoPods pdb')
  })
})

test.each([[1, 119, 121], [10, 11, 13], [1_000, 4, 6]])(
  'at speed %i an eviction that deletes nothing is forgotten', async (speed, before, after) => {
    await during(async (bed) => {
      const { api, env } = bed.bed
      for (const name of ['a', 'b']) await bed.pod(name)
      await bed.budget({ selector, minAvailable: 1 })
      expect(await bed.shown()).toBe('1 = 2/1 of 2')
      const time = new Date(env.nowMs()).toISOString().replace(/\.\d+/, '')
      const taken = { status: { disruptionsAllowed: 0, disruptedPods: { a: time } } }
      await bed.bed.during(api.patch(budgetRef, { name: 'pdb', namespace },
        { type: 'merge', patch: taken }, { subresource: 'status' }))
      const announced = {
        type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'x',
        lastTransitionTime: time,
      }
      await bed.bed.during(api.patch(resources.pods, { name: 'a', namespace },
        { type: 'strategic', patch: { status: { conditions: [announced] } } },
        { subresource: 'status' }))
      const beginMs = env.nowMs()
      await env.advance(before * 1_000 - 1_500)
      expect(await bed.shown()).toBe('0 = 1/1 of 2')
      await env.advance(after * 1_000 - (env.nowMs() - beginMs))
      expect(await bed.shown()).toBe('1 = 2/1 of 2')
      expect((await bed.read()).status?.disruptedPods).toBeUndefined()
      expect(await bed.reasons()).toBe('NotDeleted a')
      const pod = await bed.bed.during(api.get<Pod>(resources.pods, { name: 'a', namespace }))
      const target = pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
      expect(target).toMatchObject({ status: 'False' })
    }, speed)
  })

test('says once what is wrong with a budget or a Pod', async () => {
  await during(async (bed) => {
    for (const name of ['a', 'b']) await bed.pod(name)
    await bed.budget({ selector, maxUnavailable: 1 })
    expect(await bed.shown()).toBe('0 = 2/0 of 0')
    expect(await bed.reasons()).toBe('UnmanagedPods pdb')
    const { api } = bed.bed
    await bed.bed.during(api.create<PodDisruptionBudget>(budgetRef, {
      metadata: { name: 'other', namespace }, spec: { selector: {}, minAvailable: 1 },
    }))
    await bed.bed.env.advance(1_000)
    for (const status of ['False', 'True']) {
      await bed.ready('a', status)
      await bed.bed.env.advance(1_000)
    }
    expect(await bed.reasons()).toBe('MultiplePodDisruptionBudgets a, UnmanagedPods pdb')
  })
})

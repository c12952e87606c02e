import { type Pod, type PodDisruptionBudget, type StatusError, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { createApi } from '../api.ts'
import { openTestRegistry, testCaller } from '../test-env.ts'

type Status = NonNullable<PodDisruptionBudget['status']>
type Spec = NonNullable<PodDisruptionBudget['spec']>

interface Case {
  readonly ready?: boolean
  readonly phase?: string
  readonly spec?: Partial<Spec>
  readonly status?: Partial<Status>
  /** 201, or the code and what the cause says. */
  readonly answer: 201 | [number, RegExp]
  /** Disruptions that are left. */
  readonly left?: number
}

const enough = { observedGeneration: 1, currentHealthy: 3, desiredHealthy: 2 }
const few = { observedGeneration: 1, currentHealthy: 1, desiredHealthy: 2 }

const cases: Readonly<Record<string, Case>> = {
  'a status that nobody computed': { answer: [429, /still being processed/] },
  'a status that is behind': {
    status: { ...enough, observedGeneration: 0 }, answer: [429, /still being/],
  },
  'one allowed': { status: { ...enough, disruptionsAllowed: 1 }, answer: 201, left: 0 },
  'three allowed': { status: { ...enough, disruptionsAllowed: 3 }, answer: 201, left: 2 },
  'none allowed': { status: enough, answer: [429, /does not allow evicting pods currently$/] },
  'too few': { status: few, answer: [429, /needs 2 healthy pods and has 1 currently/] },
  'not ready, too few': { ready: false, status: few, answer: [429, /needs 2 healthy/] },
  'not ready, enough': { ready: false, status: enough, answer: 201, left: 0 },
  'not ready, always': {
    ready: false, status: few, spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' }, answer: 201,
  },
  'ready, always': {
    status: few, spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' }, answer: [429, /needs 2/],
  },
  pending: { phase: 'Pending', answer: 201 },
  finished: { phase: 'Succeeded', answer: 201 },
  'another selector': { spec: { selector: { matchLabels: { app: 'x' } } }, answer: 201 },
  'an empty selector': { spec: { selector: {} }, status: few, answer: [429, /needs 2/] },
}

async function world(one: Case) {
  const registry = await openTestRegistry()
  const api = createApi(registry, { name: 'tester', groups: ['system:masters'] })
  const ready = one.ready === false ? 'False' : 'True'
  for (const name of ['p', 'q']) {
    const pod = await api.create<Pod>(resources.pods, {
      metadata: { name, namespace: 'default', labels: { app: 'web' } },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } as Pod['spec'] & {},
    })
    const conditions = [{ type: 'Ready', status: ready }]
    await api.update(resources.pods, {
      ...pod, status: { phase: one.phase ?? 'Running', conditions },
    } as Pod, { subresource: 'status' })
  }
  const budget = async (name: string): Promise<void> => {
    const made = await api.create<PodDisruptionBudget>(resources.poddisruptionbudgets, {
      metadata: { name, namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } }, ...one.spec },
    })
    if (one.status === undefined) return
    const status = { disruptionsAllowed: 0, expectedPods: 3, ...one.status } as Status
    await api.update(resources.poddisruptionbudgets, { ...made, status }, { subresource: 'status' })
  }
  const evict = (name = 'p') => registry.create({
    caller: testCaller(), spec: resources.pods, namespace: 'default', name,
    subresource: 'eviction', body: { value: { metadata: { name } } },
  })
  return { registry, api, budget, evict }
}

test.each(Object.entries(cases))('an eviction with a budget: %s', async (_what, one) => {
  const { registry, api, budget, evict } = await world(one)
  await budget('b')
  const answer = await evict().catch((error: unknown) => error as StatusError)
  const kept = await api.get<PodDisruptionBudget>(
    resources.poddisruptionbudgets, { namespace: 'default', name: 'b' })
  expect(kept.status?.disruptionsAllowed).toBe(one.left ?? 0)
  const pod = registry.peek(resources.pods, 'default', 'p')
  if (one.answer === 201) {
    expect(answer.code).toBe(201)
    expect(pod === undefined || pod.deleting).toBe(true)
  } else {
    expect(answer).toMatchObject({ code: one.answer[0], reason: 'TooManyRequests' })
    const [cause] = (answer as StatusError).details?.causes ?? []
    expect(cause?.reason).toBe('DisruptionBudget')
    expect(cause?.message).toMatch(one.answer[1])
    expect(pod?.deleting).toBe(false)
  }
  await registry.close()
})

test('several budgets of one Pod are refused', async () => {
  const { registry, budget, evict } = await world({ answer: 201 })
  await budget('a')
  await budget('b')
  expect(await evict()).toMatchObject({ code: 500, plain: { status: 'Failure' } })
  await registry.close()
})

test('of two evictions at once, where one is allowed, one is refused', async () => {
  const { registry, budget, evict } = await world({
    status: { ...enough, disruptionsAllowed: 1 }, answer: 201,
  })
  await budget('b')
  const both = await Promise.allSettled([evict('p'), evict('q')])
  expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  await registry.close()
})

import { type Deployment, type Pod, type ReplicaSet, type Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { planDeployment } from './plan.ts'

const startMs = Date.UTC(2026, 0, 1)
const created = '2026-01-01T00:00:00Z'

/**
 * A world with one Deployment. ReplicaSets follow their size at once; Pods turn available when the
 * test says so. `sizes` shows image:size/available, oldest first.
 */
class World {
  deployment: Stored<Deployment>
  sets: Stored<ReplicaSet>[] = []
  nowMs = startMs
  #revision = 1

  constructor(replicas: number, strategy: object) {
    this.deployment = {
      metadata: {
        name: 'web',
        namespace: 'default',
        uid: 'd',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: created,
      },
      spec: {
        replicas,
        strategy,
        selector: { matchLabels: { app: 'web' } },
        template: templateOf('1'),
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
      },
    } as Stored<Deployment>
  }

  spec(change: object): this {
    const { metadata, spec } = this.deployment
    const generation = (metadata.generation ?? 0) + 1
    this.deployment = {
      ...this.deployment,
      metadata: { ...metadata, generation },
      spec: { ...spec, ...change } as NonNullable<Deployment['spec']>,
    }
    return this
  }

  /** Carries plans out until there is nothing left to do; every size on the way is noted. */
  settle(): string[] {
    const seen: string[] = []
    for (let turn = 0; turn < 100; turn++) {
      const { steps } = planDeployment({
        deployment: this.deployment,
        replicaSets: this.sets,
        nowMs: this.nowMs,
        podsOf: () => [],
        isTaken: (name) => this.sets.some((one) => one.metadata.name === name),
      })
      if (steps.length === 0) return seen
      for (const step of steps) this.#apply(step as unknown as Applied)
      if (seen.at(-1) !== this.sizes()) seen.push(this.sizes())
    }
    throw new Error('never settles')
  }

  /** So many Pods of each image, or all, become available. */
  available(counts: Record<string, number> = {}): this {
    this.sets = this.sets.map((set) => {
      const size = set.spec?.replicas ?? 0
      const availableReplicas = Math.min(size, counts[imageOf(set)] ?? size)
      const status = {
        ...set.status,
        replicas: size,
        availableReplicas,
        readyReplicas: availableReplicas,
      }
      return { ...set, status } as Stored<ReplicaSet>
    })
    return this
  }

  sizes(): string {
    return this.sets
      .map((set) => `${imageOf(set)}:${set.spec?.replicas}/${set.status?.availableReplicas ?? 0}`)
      .join(' ')
  }

  condition(type: string): string {
    const found = this.deployment.status?.conditions?.find((one) => one.type === type)
    return `${found?.status} ${found?.reason}`
  }

  #apply(step: Applied): void {
    const at = String(++this.#revision)
    if (step.verb === 'delete') {
      this.sets = this.sets.filter((one) => one.metadata.name !== step.item?.name)
    } else if (step.ref.resource === 'deployments') {
      this.deployment = {
        ...step.object,
        metadata: { ...step.object.metadata, resourceVersion: at },
      } as never
    } else if (step.verb === 'create') {
      const metadata = {
        ...step.object.metadata,
        uid: step.object.metadata.name,
        resourceVersion: at,
        generation: 1,
        creationTimestamp: new Date(startMs + this.#revision * 1_000).toISOString(),
      }
      this.sets.push(followed({ ...step.object, metadata } as never))
    } else {
      this.sets = this.sets.map((one) =>
        one.metadata.name === step.object.metadata.name ? followed(step.object as never) : one,
      )
    }
  }
}

interface Applied {
  verb: string
  ref: { resource: string }
  item?: { name: string }
  object: { metadata: { name: string } }
}

/** Pods that are too many go at once; unavailable ones first. */
function followed(set: Stored<ReplicaSet>): Stored<ReplicaSet> {
  const replicas = set.spec?.replicas ?? 0
  const availableReplicas = Math.min(replicas, set.status?.availableReplicas ?? 0)
  return {
    ...set,
    status: {
      ...set.status,
      replicas,
      availableReplicas,
      readyReplicas: availableReplicas,
      observedGeneration: 1,
    },
  } as Stored<ReplicaSet>
}

function templateOf(image: string): object {
  return { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } }
}

function imageOf(set: Stored<ReplicaSet>): string {
  return (set.spec?.template?.spec as Pod['spec'])?.containers[0]?.image ?? ''
}

function rolling(maxSurge: number | string, maxUnavailable: number | string): object {
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
}

/** Sizes of a whole rollout: after each settling every Pod becomes available. */
function rollout(replicas: number, strategy: object): string[][] {
  const world = new World(replicas, strategy)
  world.settle()
  world.available().settle()
  world.spec({ template: templateOf('2') })
  const rounds: string[][] = []
  for (let round = 0; round < 20; round++) {
    const seen = world.settle()
    if (seen.length === 0) break
    rounds.push(seen)
    world.available()
  }
  expect(world.condition('Progressing')).toBe('True NewReplicaSetAvailable')
  return rounds.map((one) => [...new Set(one)])
}

test.each<[string, number, object, string[]]>([
  [
    'one more, none fewer',
    3,
    rolling(1, 0),
    ['1:3/3 2:1/0', '1:2/2 2:2/1', '1:1/1 2:3/2', '1:0/0 2:3/3'],
  ],
  [
    'one fewer, none more',
    3,
    rolling(0, 1),
    ['1:2/2 2:1/0', '1:1/1 2:2/1', '1:0/0 2:3/2', '1:0/0 2:3/3'],
  ],
  ['a quarter of eight', 8, rolling('25%', '25%'), ['1:6/6 2:4/0', '1:2/2 2:8/4', '1:0/0 2:8/8']],
  ['all at once', 3, rolling('100%', '100%'), ['1:0/0 2:3/0', '1:0/0 2:3/3']],
  [
    'neither allowed counts as one fewer',
    2,
    rolling('0%', '10%'),
    ['1:1/1 2:1/0', '1:0/0 2:2/1', '1:0/0 2:2/2'],
  ],
])('a rolling update: %s', (_, replicas, strategy, expected) => {
  expect(rollout(replicas, strategy).map((round) => round.at(-1))).toEqual(expected)
})

test('never more than the surge allows, never fewer available than promised', () => {
  for (const [replicas, surge, missing] of [
    [10, 3, 2],
    [7, 1, 3],
    [5, 5, 0],
    [4, 0, 4],
    [1, 1, 0],
  ] as const) {
    const world = new World(replicas, rolling(surge, missing))
    world.settle()
    world.available().settle()
    world.spec({ template: templateOf('2') })
    for (let round = 0; round < 40; round++) {
      for (const sizes of world.settle()) {
        const counts = [...sizes.matchAll(/:(\d+)\/(\d+)/g)]
        const total = counts.reduce((sum, one) => sum + Number(one[1]), 0)
        const available = counts.reduce((sum, one) => sum + Number(one[2]), 0)
        expect(total).toBeLessThanOrEqual(replicas + surge)
        expect(available).toBeGreaterThanOrEqual(replicas - missing)
      }
      const fresh = world.sets.find((one) => imageOf(one) === '2')
      world.available({ 2: (fresh?.status?.availableReplicas ?? 0) + 1 })
    }
    expect(world.sizes()).toBe(`1:0/0 2:${replicas}/${replicas}`)
  }
})

test('a change of size in the middle of a rollout is shared in proportion', () => {
  const world = new World(10, rolling(3, 2))
  world.settle()
  world.available().settle()
  world.spec({ template: templateOf('2') }).settle()
  expect(world.sizes()).toBe('1:8/8 2:5/0')
  world.spec({ replicas: 15 }).settle()
  expect(world.sets.map((one) => one.spec?.replicas)).toEqual([11, 7])
})

test('a paused Deployment is sized but not rolled out', () => {
  const world = new World(2, rolling(1, 0))
  world.settle()
  world.available().settle()
  world.spec({ paused: true, template: templateOf('2') }).settle()
  expect(world.sizes()).toBe('1:2/2')
  expect(world.condition('Progressing')).toBe('Unknown DeploymentPaused')
  world.spec({ replicas: 4 }).settle()
  expect(world.sizes()).toBe('1:4/2')
  world.spec({ paused: false }).settle()
  expect(world.sizes()).toContain('2:')
})

test('going back takes the old ReplicaSet and the next revision', () => {
  const world = new World(1, rolling(1, 0))
  const revisions = (): (string | undefined)[] =>
    world.sets.map((one) => one.metadata.annotations?.['deployment.kubernetes.io/revision'])
  for (const image of ['1', '2', '1']) {
    world.spec({ template: templateOf(image) }).settle()
    for (let round = 0; round < 4; round++) world.available().settle()
  }
  expect(world.sizes()).toBe('1:1/1 2:0/0')
  expect(revisions()).toEqual(['3', '2'])
  expect(world.sets[0]?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe(
    '1',
  )
})

test('old ReplicaSets beyond the limit go, oldest first', () => {
  const world = new World(1, rolling(1, 0)).spec({ revisionHistoryLimit: 1 })
  for (const image of ['1', '2', '3', '4']) {
    world.spec({ template: templateOf(image) }).settle()
    for (let round = 0; round < 4; round++) world.available().settle()
  }
  expect(world.sets.map(imageOf)).toEqual(['3', '4'])
})

test('a rollout without progress is told after its deadline', () => {
  const world = new World(2, rolling(1, 0)).spec({ progressDeadlineSeconds: 10 })
  world.settle()
  world.nowMs += 9_000
  world.settle()
  expect(world.condition('Progressing')).not.toContain('ProgressDeadlineExceeded')
  world.nowMs += 3_000
  world.settle()
  expect(world.condition('Progressing')).toBe('False ProgressDeadlineExceeded')
})

test('a taken name is avoided by counting collisions', () => {
  const { steps } = planDeployment({
    deployment: new World(1, rolling(1, 0)).deployment,
    replicaSets: [],
    nowMs: startMs,
    podsOf: () => [],
    isTaken: () => true,
  })
  expect(steps).toMatchObject([
    { verb: 'update', subresource: 'status', object: { status: { collisionCount: 1 } } },
  ])
})

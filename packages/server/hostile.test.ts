import { type ResourceSpec, StatusError, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { openTestRegistry, testCaller } from './test-env.ts'

const { configmaps, pods } = resources
const many = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_none, index) => one(index))

/** name, kind, body, reason, most causes told: bodies whose faults outweigh them by far. */
const cases: [string, ResourceSpec, object, string, number][] = [
  [
    'finalizers',
    configmaps,
    {
      metadata: { name: 'a', finalizers: many(300_000, () => 'a') },
    },
    'Invalid|RequestEntityTooLarge',
    1000,
  ],
  [
    'owners that all control',
    configmaps,
    {
      metadata: {
        name: 'a',
        ownerReferences: many(5_000, (i) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          name: `p${i}`,
          uid: `u${i}`,
          controller: true,
        })),
      },
    },
    'Invalid',
    3,
  ],
  [
    'containers of one name',
    pods,
    {
      metadata: { name: 'a' },
      spec: { containers: many(5_000, () => ({ name: 'c', image: 'i' })) },
    },
    'Invalid',
    1000,
  ],
  [
    'spread constraints of one key',
    pods,
    {
      metadata: { name: 'a' },
      spec: {
        containers: [{ name: 'c', image: 'i' }],
        topologySpreadConstraints: many(20_000, () => ({
          maxSkew: 1,
          topologyKey: 'k',
          whenUnsatisfiable: 'DoNotSchedule',
        })),
      },
    },
    'Invalid',
    1000,
  ],
]

test.each(cases)(
  'an answer stays in proportion: %s',
  async (_name, spec, value, reason, causes) => {
    const registry = await openTestRegistry()
    const refused = await registry
      .create({
        caller: testCaller([]),
        spec,
        name: '',
        namespace: 'default',
        body: { value: value as never },
      })
      .then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(refused).toBeInstanceOf(StatusError)
    const status = (refused as StatusError).toStatus()
    expect(status.reason).toMatch(new RegExp(`^(${reason})$`))
    expect(status.details?.causes?.length ?? 0).toBeLessThanOrEqual(causes)
    expect(JSON.stringify(status).length).toBeLessThan(10_000_000)
    await registry.close()
  },
)

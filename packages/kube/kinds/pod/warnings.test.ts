import { expect, test } from 'vitest'
import type { Stored } from '../../object.ts'
import { deployments } from '../apps/rows.ts'
import type { Deployment } from '../apps/deployment.ts'
import type { Pod } from './pod.ts'
import { pods } from './row.ts'

const c = (more: object) => ({ containers: [{ name: 'c', image: 'i', ...more }] })

/** What a Pod is warned of, cut behind the field. */
const cases: readonly (readonly [string, object, readonly string[]])[] = [
  ['nothing', c({}), []],
  ['old label', { ...c({}), nodeSelector: { 'beta.kubernetes.io/os': 'x' } },
    ['spec.nodeSelector[beta.kubernetes.io/os]']],
  ['env twice', c({ env: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] }),
    ['spec.containers[0].env[1]']],
  ['env that builds on another',
    c({ env: [{ name: 'A', value: '1' }, { name: 'A', value: '$(A)2' }] }), []],
  ['half a byte', c({ resources: { limits: { memory: '1500m', cpu: '1500m' } } }),
    ['spec.containers[0].resources.limits[memory]']],
  ['ports twice', c({ ports: [{ containerPort: 1 }, { containerPort: 1 }] }),
    ['spec.containers[0].ports[1]']],
  ['negative grace', { ...c({}), terminationGracePeriodSeconds: -1 },
    ['spec.terminationGracePeriodSeconds']],
  ['null selector', { ...c({}), topologySpreadConstraints: [{ topologyKey: 'a' }] },
    ['spec.topologySpreadConstraints[0].labelSelector']],
  ['removed volume', { ...c({}), volumes: [{ name: 'v', rbd: {} }] }, ['spec.volumes[0].rbd']],
]

test.each(cases)('a Pod with %s', (_what, spec, fields) => {
  const pod = { metadata: { name: 'p' }, spec } as unknown as Pod
  const shown = (list: string[]): string[] => list.map(text => text.split(': ')[0] ?? '')
  expect(shown(pods.warnings?.(pod, undefined) ?? [])).toEqual(fields)
  expect(pods.warnings?.(pod, pod as Stored<Pod>)).toEqual([])
  const set = { metadata: { name: 'd', generation: 2 }, spec: { template: { spec } } } as Deployment
  const before = (generation: number) =>
    ({ metadata: { name: 'd', generation } }) as unknown as Stored<Deployment>
  const inTemplate = fields.map(field => `spec.template.${field}`)
  for (const old of [undefined, before(1)]) {
    expect(shown(deployments.warnings?.(set, old) ?? [])).toEqual(inTemplate)
  }
  expect(deployments.warnings?.(set, before(2))).toEqual([])
})

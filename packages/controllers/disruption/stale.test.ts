import type { Pod } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { madeMs, testPod } from '../workloads/test-pods.ts'
import { planStale } from './stale.ts'

const since = (seconds: number, more: object = {}): object => ({
  type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'evicting',
  lastTransitionTime: new Date(madeMs - seconds * 1_000).toISOString(), ...more,
})

test.each<[string, string, object, string]>([
  ['announced just now', '+', since(0), 'in 120000'],
  ['announced a while ago', '+', since(60), 'in 60000'],
  ['announced two minutes ago', '+', since(120), 'reset'],
  ['pending', '.', since(300), 'reset'],
  ['being deleted', '+x', since(300), ''],
  ['finished', 's', since(300), ''],
  ['failed', 'f', since(300), ''],
  ['announced by its kubelet', '+', since(300, { reason: 'TerminationByKubelet' }), ''],
  ['reset before', '+', since(300, { status: 'False' }), ''],
  ['never announced', '+', { type: 'Other', status: 'True' }, ''],
])('a Pod %s', (_, state, condition, expected) => {
  const made = testPod('a', state, { metadata: { generation: 3 } })
  const pod = { ...made, status: { ...made.status, conditions: [condition] } } as typeof made
  const { steps: [step], againMs } = planStale(pod, { nowMs: madeMs, timeoutMs: 120_000 })
  const wait = againMs === undefined ? '' : `in ${againMs}`
  expect(step === undefined ? wait : 'reset').toBe(expected)
  if (step?.verb !== 'update') return
  expect((step.object as Pod).status?.conditions).toEqual([{
    type: 'DisruptionTarget', status: 'False', lastProbeTime: null, observedGeneration: 3,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }])
})

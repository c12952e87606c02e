import type { Node, Stored, Taint, Toleration } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { testPod } from '../workloads/test-pods.ts'
import { evictionDelayMs } from './evict.ts'
import { silentConditions, wantedTaints } from './judge.ts'

const at = '2026-01-01T00:00:00Z'
const later = '2026-01-01T00:01:00Z'

function node(conditions: object[], spec: object = {}): Stored<Node> {
  const metadata = { name: 'n', uid: 'n', resourceVersion: '1', creationTimestamp: at }
  return { metadata, spec, status: { conditions } } as unknown as Stored<Node>
}

const condition = (type: string, status: string): object =>
  ({ type, status, lastHeartbeatTime: at, lastTransitionTime: at })

/** Type, status and reason of each condition. */
test.each<[string, object[], string[] | undefined]>([
  ['one that reported', [condition('Ready', 'True'), condition('DiskPressure', 'False')], [
    'Ready Unknown NodeStatusUnknown', 'MemoryPressure Unknown NodeStatusNeverUpdated',
    'DiskPressure Unknown NodeStatusUnknown', 'PIDPressure Unknown NodeStatusNeverUpdated',
  ]],
  ['conditions of others stay', [condition('Ready', 'False'), condition('Gpu', 'True')], [
    'Gpu True', 'Ready Unknown NodeStatusUnknown',
    'MemoryPressure Unknown NodeStatusNeverUpdated',
    'DiskPressure Unknown NodeStatusNeverUpdated', 'PIDPressure Unknown NodeStatusNeverUpdated',
  ]],
  ['one that is known to be silent', [condition('Ready', 'Unknown')], undefined],
])('a silent Node: %s', (_, known, expected) => {
  const conditions = silentConditions(node(known), Date.parse(later))
  expect(conditions?.map(({ type, status, reason = '' }) =>
    `${type} ${status} ${reason}`.trim())).toEqual(expected)
  for (const one of conditions ?? []) {
    expect(one.lastHeartbeatTime).toBe(at)
    expect(one.lastTransitionTime).toBe(one.status === 'Unknown' ? later : at)
  }
})

const key = (name: string): string => `node.kubernetes.io/${name}`
const notReady = ['not-ready:NoSchedule', 'not-ready:NoExecute']
const unreachable = ['unreachable:NoSchedule', 'unreachable:NoExecute']
const taints = (texts: readonly string[]): object[] => texts.map((text) => {
  const [name = '', effect] = text.split(':')
  return { key: name === 'gpu' ? name : key(name), effect, timeAdded: at }
})

test.each<[string, string | undefined, string[], boolean, string[] | undefined]>([
  ['ready', 'True', [], false, undefined],
  ['not ready', 'False', [], false, notReady],
  ['silent', 'Unknown', [], false, unreachable],
  ['never reported', undefined, [], false, ['not-ready:NoSchedule']],
  ['as it should be', 'Unknown', unreachable, false, undefined],
  ['from not ready to silent', 'Unknown', notReady, false, unreachable],
  ['well again', 'True', unreachable, false, []],
  ['cordoned', 'True', [], true, ['unschedulable:NoSchedule']],
  ['cordoned and silent', 'Unknown', ['unschedulable:NoSchedule'], true,
    [...unreachable, 'unschedulable:NoSchedule']],
  ['uncordoned', 'True', ['unschedulable:NoSchedule'], false, []],
  ['taints of others stay', 'True', ['gpu:NoSchedule', ...notReady], false, ['gpu:NoSchedule']],
])('taints: %s', (_, ready, known, unschedulable, expected) => {
  const conditions = ready === undefined ? [] : [condition('Ready', ready)]
  const wanted = wantedTaints(
    node(conditions, { unschedulable, taints: taints(known) }), Date.parse(later))
  expect(wanted?.map((one) => `${one.key.replace('node.kubernetes.io/', '')}:${one.effect}`))
    .toEqual(expected)
})

const exists = (name: string, tolerationSeconds?: number): Toleration => ({
  key: key(name), operator: 'Exists', effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
} as Toleration)
const noExecute: Taint[] = [{ key: key('unreachable'), effect: 'NoExecute' }]
const two: Taint[] = [...noExecute, { key: 'gpu', effect: 'NoExecute' }]
const all: Toleration = { operator: 'Exists' } as Toleration

test.each<[string, Toleration[], Taint[], number, number, number | undefined]>([
  ['no taint', [], [], 0, 1, undefined],
  ['no toleration: at once', [], noExecute, 0, 1, 0],
  ['for ever', [exists('unreachable')], noExecute, 9_999, 1, undefined],
  ['everything', [all], two, 9_999, 1, undefined],
  ['for a time', [exists('unreachable', 300)], noExecute, 0, 1, 300_000],
  ['part of it is over', [exists('unreachable', 300)], noExecute, 100_000, 1, 200_000],
  ['all of it is over', [exists('unreachable', 300)], noExecute, 300_000, 1, 0],
  ['divided by the speed', [exists('unreachable', 300)], noExecute, 1_000, 100, 2_000],
  ['zero seconds', [exists('unreachable', 0)], noExecute, 0, 1, 0],
  ['less than zero is zero', [exists('unreachable', -5)], noExecute, 0, 1, 0],
  ['the shortest counts', [exists('unreachable', 300), { ...all, tolerationSeconds: 60 }],
    noExecute, 0, 1, 60_000],
  ['one of two taints is not borne', [exists('unreachable', 300)], two, 0, 1, 0],
  ['another key', [exists('not-ready', 300)], noExecute, 0, 1, 0],
])('eviction: %s', (_, tolerations, of, elapsedMs, speed, expected) => {
  const pod = testPod('a', '+', { spec: { tolerations } })
  expect(evictionDelayMs(pod, of, elapsedMs, speed)).toBe(expected)
})

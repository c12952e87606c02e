import type { ReplicaSet, Stored } from '@slicewise/kube'
import type { Step } from '@slicewise/engine'
import { expect, test } from 'vitest'
import { madeMs, ownedBy, testPod } from '../workloads/test-pods.ts'
import { planReplicaSet } from './plan.ts'
import { deletionOrder } from './rank.ts'

const labels = { app: 'web' }
const owned = ownedBy('ReplicaSet', 'web')

/** `a+ b. !c+ ?d+`: name and state; `!` has other labels, `?` has no controller. */
function podsOf(text: string) {
  return text.split(' ').filter((one) => one !== '').map((one) => {
    const [, mark = '', name = '', state = ''] = /^([!?]?)([a-z])(.+)$/.exec(one) ?? []
    const metadata = {
      labels: mark === '!' ? { app: 'other' } : labels, ...(mark === '?' ? {} : owned),
    }
    return testPod(name, state, { metadata, spec: { nodeName: 'n' } })
  })
}

/** What a look does: `+2` Pods made, names that go, `adopt`, `release`, and the status' counts. */
function look(replicas: number, pods: string, metadata: object = {}, more: object = {}): string {
  const replicaSet = {
    metadata: {
      name: 'web', namespace: 'default', uid: 'web', resourceVersion: '1', generation: 3,
      creationTimestamp: '', ...metadata,
    },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels } } },
    status: { replicas: 0 },
  } as unknown as Stored<ReplicaSet>
  const { steps } = planReplicaSet({
    replicaSet, pods: podsOf(pods), crowd: () => 0, nowMs: madeMs + 60_000, ...more,
  })
  const created = steps.filter((step) => step.verb === 'create').length
  const texts = steps.map(textOf).filter((one) => one !== '')
  return [...texts, ...(created === 0 ? [] : [`+${created}`])].join(' ')
}

function textOf(step: Step): string {
  if (step.verb === 'delete') return `-${step.item.name}`
  if (step.verb === 'update') {
    const { status } = step.object as ReplicaSet
    const { replicas, readyReplicas, availableReplicas, conditions } = status ?? { replicas: 0 }
    const because = conditions?.map((one) => ` ${one.reason}`).join('') ?? ''
    return `[${replicas}/${readyReplicas}/${availableReplicas}${because}]`
  }
  if (step.verb !== 'patch') return ''
  const { ownerReferences } = (step.patch.patch as { metadata: { ownerReferences: object[] } })
    .metadata
  return `${'$patch' in (ownerReferences[0] ?? {}) ? 'release' : 'adopt'}:${step.item.name}`
}

const failure = { reason: 'FailedCreate', message: 'no' } as const

test.each<[string, number, string, string, object?, object?]>([
  ['as many as are missing', 3, 'a+', '[1/1/1] +2'],
  ['enough', 2, 'a+ b+', '[2/2/2]'],
  ['too many', 1, 'a+ b.', '[2/1/1] -b'],
  ['ending and finished Pods do not count', 2, 'a+x bf c+', '[1/1/1] +1'],
  ['no more than 500 at once', 2_000, '', '[0/0/0] +500'],
  ['Pods of other labels are released first', 2, 'a+ !b+', 'release:b [1/1/1]'],
  ['orphans that fit are adopted first', 2, 'a+ ?b+', 'adopt:b [1/1/1]'],
  ['a failure is told in the status', 1, 'a+', '[1/1/1 FailedCreate]', {}, { failure }],
  ['one that is being deleted only counts', 3, 'a+ ?b+', '[1/1/1]',
    { deletionTimestamp: '2026-01-01T00:00:00Z' }],
])('%s', (_, replicas, pods, expected, metadata, more) => {
  expect(look(replicas, pods, metadata, more)).toBe(expected)
})

const cost = (value: string): object =>
  ({ annotations: { 'controller.kubernetes.io/pod-deletion-cost': value } })
const readyFor = (seconds: number): object => {
  const lastTransitionTime = new Date(madeMs + (3_600 - seconds) * 1_000).toISOString()
  return { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }] }
}
const on = (nodeName: string): object => ({ spec: { nodeName } })
const n = on('n')

/** Each row: the Pod that goes before the other, all else equal. */
test.each<[string, [string, object], [string, object]]>([
  ['without a Node', ['.', {}], ['.', n]],
  ['pending', ['.', n], ['-', n]],
  ['not ready', ['-', n], ['+', n]],
  ['cheap', ['+', { ...n, metadata: cost('-5') }], ['+', n]],
  ['a cost that is no number is none', ['+', { ...n, metadata: cost('x') }],
    ['+', { ...n, metadata: cost('1') }]],
  ['crowded', ['+', on('crowded')], ['+', n]],
  ['ready for a shorter time', ['+', { ...n, status: readyFor(60) }],
    ['+', { ...n, status: readyFor(3_000) }]],
  ['restarted more often', ['+', { ...n, status: { containerStatuses: [{ restartCount: 2 }] } }],
    ['+', n]],
  ['younger', ['+', { ...n, metadata: { creationTimestamp: '2026-01-01T00:59:00Z' } }],
    ['+', n]],
  ['by name', ['+', n], ['+', n]],
])('gives up first: %s', (_, [aState, a], [bState, b]) => {
  const pod = (name: string, state: string, more: { status?: object; metadata?: object }) => {
    const made = testPod(name, state, more)
    return { ...made, status: { ...made.status, ...more.status } } as typeof made
  }
  const first = pod('first', aState, a)
  const second = pod('second', bState, b)
  const crowd = (one: typeof first): number => one.spec?.nodeName === 'crowded' ? 3 : 1
  const names = (pods: readonly (typeof first)[]): string[] =>
    deletionOrder(pods, crowd, madeMs + 3_600_000).map((one) => one.metadata.name)
  expect(names([first, second])).toEqual(['first', 'second'])
  expect(names([second, first])).toEqual(['first', 'second'])
})

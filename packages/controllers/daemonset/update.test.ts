import type { DaemonSet, Pod, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { FailedPods } from './backoff.ts'
import { planUpdate, surplusOf } from './update.ts'

/** A Pod as text: `old` or `new`, `+` available, `-` not, `x` ending; age by order. */
function pod(text: string, index: number): Stored<Pod> {
  return {
    metadata: {
      name: `${text}${index}`,
      uid: `${text}${index}`,
      resourceVersion: '1',
      creationTimestamp: `2026-01-01T00:00:0${index}Z`,
      labels: { 'controller-revision-hash': text.startsWith('new') ? 'new' : 'old' },
      ...(text.includes('x') ? { deletionTimestamp: '2026-01-01T00:01:00Z' } : {}),
    },
    spec: { containers: [], nodeName: 'n' },
    status: {
      phase: 'Running',
      conditions: [
        {
          type: 'Ready',
          status: text.includes('+') ? 'True' : 'False',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    },
  } as unknown as Stored<Pod>
}

function set(maxSurge: number | string, maxUnavailable: number | string): DaemonSet {
  return {
    spec: {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    },
  } as DaemonSet
}

/** Nodes a, b, c … with the Pods that each text names; a leading `!` should not run one. */
function updated(of: DaemonSet, ...texts: string[]): string {
  const places = texts.map((text, at) => ({
    name: 'abcdef'[at] ?? '',
    run: !text.startsWith('!'),
    pods: text
      .replace('!', '')
      .split(' ')
      .filter((one) => one !== '')
      .map(pod),
  }))
  const { remove, surge } = planUpdate({
    set: of,
    places,
    hash: 'new',
    nowMs: Date.UTC(2026, 1, 1),
  })
  const where = (one: Stored<Pod>): string =>
    places.find((place) => place.pods.includes(one))?.name ?? ''
  return [...remove.map((one) => `-${where(one)}`), ...surge.map((name) => `+${name}`)].join(' ')
}

test.each<[string, DaemonSet, string[], string]>([
  ['all done', set(0, 1), ['new+', 'new+'], ''],
  ['one at a time', set(0, 1), ['old+', 'old+', 'old+'], '-a'],
  ['half at a time', set(0, '50%'), ['old+', 'old+', 'old+'], '-a -b'],
  ['one is not back yet', set(0, 1), ['new-', 'old+'], ''],
  ['one is ending', set(0, 1), ['oldx', 'old+'], ''],
  ['one is missing', set(0, 1), ['', 'old+'], ''],
  ['broken old ones go at once', set(0, 1), ['old-', 'old+', 'old-'], '-a -c'],
  ['neither surge nor missing counts as one missing', set(0, 0), ['old+', 'old+'], '-a'],
  ['surge: a second one first', set(1, 0), ['old+', 'old+'], '+a'],
  ['surge: more at once', set('100%', 0), ['old+', 'old+'], '+a +b'],
  ['surge: waits for the second one', set(1, 0), ['old+ new-', 'old+'], ''],
  ['surge: the old one goes', set(1, 0), ['old+ new+', 'old+'], '-a +b'],
  ['surge: a broken old one is replaced beyond the limit', set(1, 0), ['old- ', 'old+'], '+a +b'],
  ['surge: leaving Nodes wait until enough are available', set(1, 0), ['!old+', 'new-'], ''],
  ['surge: leaving Nodes go then', set(1, 0), ['!old+', 'new+'], '-a'],
])('%s', (_, of, nodes, expected) => {
  expect(updated(of, ...nodes)).toBe(expected)
})

test.each<[string, DaemonSet, string, string[]]>([
  ['one', set(0, 1), 'old+', []],
  ['the oldest stays', set(0, 1), 'old+ new+', ['new+1']],
  ['surge: both stay', set(1, 0), 'old+ new-', []],
  ['surge: the new one is available', set(1, 0), 'old+ new+', ['old+0']],
  ['surge: the old one is not ready', set(1, 0), 'old- new-', ['old-0']],
  ['surge: only one of a kind', set(1, 0), 'new+ new+', ['new+1']],
])('surplus: %s', (_, of, text, expected) => {
  const pods = text.split(' ').map(pod)
  const available = (one: Stored<Pod>): boolean => one.metadata.name.includes('+')
  expect(surplusOf(of, pods, 'new', available).map((one) => one.metadata.name)).toEqual(expected)
})

test('failed Pods are replaced more and more slowly', () => {
  const failed = new FailedPods()
  expect(failed.waitMs('k', 0)).toBe(0)
  failed.note('k', 0)
  expect(failed.waitMs('k', 400)).toBe(600)
  failed.note('k', 1_000)
  expect(failed.waitMs('k', 1_000)).toBe(2_000)
  expect(failed.waitMs('other', 1_000)).toBe(0)
  failed.note('k', 3_600_000)
  expect(failed.waitMs('k', 3_600_000)).toBe(1_000)
})

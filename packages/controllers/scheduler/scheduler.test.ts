import type { Node, Stored, Taint, Toleration } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { type PodFit, isTolerated, misfit } from './fit.ts'
import { Spread } from './spread.ts'

function node(
  name: string,
  options: { zone?: string; labels?: object; spec?: object; pods?: string } = {},
): Stored<Node> {
  const { zone, labels, spec, pods } = options
  return {
    metadata: {
      name,
      uid: name,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: {
        ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }),
        ...labels,
      },
    },
    spec: spec ?? {},
    status: pods === undefined ? {} : { allocatable: { pods } },
  } as Stored<Node>
}

const taint = (effect: Taint['effect'], value = 'yes'): Taint => ({ key: 'busy', value, effect })
const affinity = (...terms: object[]): PodFit =>
  ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
      },
    },
  }) as PodFit
const expression = (operator: string, ...values: string[]): object => ({
  matchExpressions: [{ key: 'disk', operator, values }],
})

test.each<[string, PodFit, Stored<Node>, string | undefined]>([
  ['anything on a plain Node', {}, node('a'), undefined],
  ['a cordoned Node', {}, node('a', { spec: { unschedulable: true } }), 'Unschedulable'],
  [
    'a cordoned Node, borne',
    { tolerations: [{ operator: 'Exists' }] },
    node('a', { spec: { unschedulable: true } }),
    undefined,
  ],
  ['a taint', {}, node('a', { spec: { taints: [taint('NoSchedule')] } }), 'Taint'],
  [
    'a taint that only puts off',
    {},
    node('a', { spec: { taints: [taint('PreferNoSchedule')] } }),
    undefined,
  ],
  [
    'a selector met',
    { nodeSelector: { disk: 'ssd' } },
    node('a', { labels: { disk: 'ssd' } }),
    undefined,
  ],
  [
    'a selector not met',
    { nodeSelector: { disk: 'ssd' } },
    node('a', { labels: { disk: 'hdd' } }),
    'Affinity',
  ],
  [
    'In',
    affinity(expression('In', 'ssd', 'nvme')),
    node('a', { labels: { disk: 'nvme' } }),
    undefined,
  ],
  ['In without the label', affinity(expression('In', 'ssd')), node('a'), 'Affinity'],
  ['NotIn without the label', affinity(expression('NotIn', 'ssd')), node('a'), undefined],
  ['Exists', affinity(expression('Exists')), node('a', { labels: { disk: '' } }), undefined],
  [
    'DoesNotExist',
    affinity(expression('DoesNotExist')),
    node('a', { labels: { disk: '' } }),
    'Affinity',
  ],
  ['Gt', affinity(expression('Gt', '4')), node('a', { labels: { disk: '5' } }), undefined],
  ['Lt', affinity(expression('Lt', '4')), node('a', { labels: { disk: '5' } }), 'Affinity'],
  [
    'one of two terms',
    affinity(expression('Exists'), {
      matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }],
    }),
    node('a'),
    undefined,
  ],
  ['an empty term', affinity({}), node('a'), 'Affinity'],
])('fit: %s', (_, pod, on, why) => {
  expect(misfit(pod, on)?.why).toBe(why)
})

test.each<[string, Toleration, Taint, boolean]>([
  [
    'equal',
    { key: 'busy', operator: 'Equal', value: 'yes', effect: 'NoSchedule' },
    taint('NoSchedule'),
    true,
  ],
  ['Equal is the default', { key: 'busy', value: 'yes' }, taint('NoSchedule'), true],
  ['another value', { key: 'busy', value: 'no' }, taint('NoSchedule'), false],
  [
    'another effect',
    { key: 'busy', operator: 'Exists', effect: 'NoExecute' },
    taint('NoSchedule'),
    false,
  ],
  ['every effect', { key: 'busy', operator: 'Exists' }, taint('NoExecute'), true],
  ['another key', { key: 'idle', operator: 'Exists' }, taint('NoSchedule'), false],
  ['every taint', { operator: 'Exists' }, taint('NoExecute'), true],
])('toleration: %s', (_, toleration, against, expected) => {
  expect(isTolerated([toleration], against)).toBe(expected)
})

function placed(spread: Spread, count: number, group = 'g'): string[] {
  return Array.from({ length: count }, () => {
    const { node: name } = spread.choose({ fit: {}, group })
    if (name === undefined) return 'nowhere'
    spread.count(name, group, 1)
    return name
  })
}

function spreadOver(...nodes: Stored<Node>[]): Spread {
  const spread = new Spread()
  for (const one of nodes) spread.setNode(one)
  return spread
}

test('Pods of one group go to zones in turn, then to Nodes in turn', () => {
  const spread = spreadOver(
    node('a1', { zone: 'a' }),
    node('a2', { zone: 'a' }),
    node('b1', { zone: 'b' }),
  )
  expect(placed(spread, 6)).toEqual(['a1', 'b1', 'a2', 'b1', 'a1', 'b1'])
})

test('another group goes where fewer Pods are', () => {
  const spread = spreadOver(node('a', { zone: 'z' }), node('b', { zone: 'z' }))
  placed(spread, 1)
  expect(placed(spread, 2, 'h')).toEqual(['b', 'a'])
})

test('a full Node is left out, and the reasons are counted', () => {
  const spread = spreadOver(
    node('a', { pods: '1' }),
    node('b', { spec: { unschedulable: true } }),
  )
  expect(placed(spread, 2)).toEqual(['a', 'nowhere'])
  expect(spread.choose({ fit: {}, group: 'g' })).toEqual({
    node: undefined,
    because: '0/2 nodes are available: 1 Too many pods, 1 node(s) were unschedulable.',
  })
  spread.count('a', 'g', -1)
  expect(placed(spread, 1)).toEqual(['a'])
})

test('no Nodes at all', () => {
  expect(spreadOver().choose({ fit: {}, group: 'g' })).toEqual({
    node: undefined,
    because: 'no nodes available to schedule pods',
  })
})

test('a Node that goes takes its counts along, one that moves carries them', () => {
  const spread = spreadOver(node('a', { zone: 'a' }), node('b', { zone: 'b' }))
  placed(spread, 2)
  spread.removeNode('a')
  spread.setNode(node('a', { zone: 'a' }))
  expect(placed(spread, 1)).toEqual(['a'])
  spread.setNode(node('a', { zone: 'b' }))
  spread.setNode(node('c', { zone: 'c' }))
  expect(placed(spread, 1)).toEqual(['c'])
})

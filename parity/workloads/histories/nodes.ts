import { type Pod, resources } from '@slicewise/kube'
import type { History, Step } from '../history.ts'
import { makeNode, removeNode, reportReady, silence } from '../nodes.ts'
import type { Snapshot } from '../snapshot.ts'
import { deployment, end, history, start, step, template } from '../steps.ts'

const nodeOf = (namespace: string, name: string): string => `${namespace}-${name}`
const join = (...names: string[]): Step =>
  step(`Nodes ${names.join(' ')} join`, async ({ side, namespace }) => {
    for (const name of names) {
      await makeNode(side, nodeOf(namespace, name), { labels: { history: namespace } })
    }
  })

const bears = (key: string, tolerationSeconds?: number): object => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
})
const notReady = 'node.kubernetes.io/not-ready'
const unreachable = 'node.kubernetes.io/unreachable'

const pod = (name: string, node: string, tolerations: object[]): Step =>
  step(`Pod ${name} on ${node}`, ({ side, namespace }) =>
    side.api.create<Pod>(resources.pods, {
      metadata: { name, namespace, labels: { app: 'alone' } },
      spec: {
        nodeName: nodeOf(namespace, node),
        containers: [{ name: 'web', image: 'web:1' }],
        tolerations: tolerations as never,
      },
    }),
  )

const has =
  (section: string, text: string) =>
  (snapshot: Snapshot): boolean =>
    JSON.stringify(snapshot[section]).includes(text)
const taintWith = (effect: 'NoExecute' | 'NoSchedule' | undefined): Step =>
  step(effect === undefined ? 'untaint' : `taint ${effect}`, ({ side, namespace }) =>
    side.api.patch(
      resources.nodes,
      { name: nodeOf(namespace, 'a') },
      {
        type: 'merge',
        patch: {
          spec: { taints: effect === undefined ? [] : [{ key: 'busy', value: 'yes', effect }] },
        },
      },
    ),
  )

export const nodeHistories: readonly History[] = [
  history(
    'node-silent',
    join('a'),
    deployment(2, {
      template: template('web:1', { tolerations: [bears(unreachable, 3), bears(notReady, 3)] }),
    }),
    pod('stays', 'a', [bears(unreachable)]),
    start({ on: ['node-silent-a'] }),
    // The grace of kube-controller-manager is 50 s.
    {
      ...step(
        'a falls silent',
        (place) => silence(place, 'node-silent-a', true),
        has('nodes', 'NoExecute'),
      ),
      longestMs: 75_000,
    },
    { ...step('Pods are evicted', () => Promise.resolve()), until: has('pods', 'deleting') },
    step(
      'a speaks again',
      (place) => silence(place, 'node-silent-a', false),
      (snapshot) => !has('nodes', 'NoExecute')(snapshot),
    ),
    end(),
    start(),
  ),
  history(
    'node-not-ready',
    join('a'),
    pod('goes', 'a', [bears(notReady, 1)]),
    pod('stays', 'a', [bears(notReady)]),
    start(),
    step(
      'a reports not ready',
      ({ side }) => reportReady(side, 'node-not-ready-a', false),
      has('nodes', 'NoExecute'),
    ),
    { ...step('one Pod is evicted', () => Promise.resolve()), until: has('pods', 'deleting') },
    step(
      'a reports ready',
      ({ side }) => reportReady(side, 'node-not-ready-a', true),
      (snapshot) => !has('nodes', 'NoExecute')(snapshot),
    ),
    end(),
  ),
  history(
    'node-taints',
    join('a'),
    pod('now', 'a', []),
    pod('soon', 'a', [bears('busy', 2)]),
    pod('stays', 'a', [bears('busy')]),
    pod('later', 'a', [bears('busy', 60)]),
    start(),
    taintWith('NoSchedule'),
    { ...taintWith('NoExecute'), until: has('pods', 'deleting') },
    { ...step('a while', () => new Promise((resolve) => setTimeout(resolve, 3_000))) },
    taintWith(undefined),
    end(),
  ),
  history(
    'node-cordon',
    join('a'),
    step(
      'cordon',
      ({ side }) =>
        side.api.patch(
          resources.nodes,
          { name: 'node-cordon-a' },
          { type: 'merge', patch: { spec: { unschedulable: true } } },
        ),
      has('nodes', 'unschedulable'),
    ),
    step(
      'uncordon',
      ({ side }) =>
        side.api.patch(
          resources.nodes,
          { name: 'node-cordon-a' },
          { type: 'merge', patch: { spec: { unschedulable: null } } },
        ),
      (snapshot) => !has('nodes', 'unschedulable')(snapshot),
    ),
  ),
  history('node-gone', join('a'), pod('lost', 'a', []), start(), {
    ...step('a is deleted', (place) => removeNode(place, 'node-gone-a')),
    until: (snapshot) => Object.keys(snapshot['pods'] ?? {}).length === 0,
    longestMs: 100_000,
  }),
]

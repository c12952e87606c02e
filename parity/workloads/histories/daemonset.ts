import {
  type DaemonSet,
  type Node,
  type ResourceRef,
  type Taint,
  resources,
} from '@slicewise/kube'
import type { History, Step } from '../history.ts'
import { makeNode, removeNode } from '../nodes.ts'
import {
  anywhere,
  change,
  daemonSet,
  drop,
  end,
  fail,
  history,
  inImage,
  rounds,
  start,
  step,
} from '../steps.ts'

const ref = resources.daemonsets as ResourceRef
const image = (text: string): Step => change(`image ${text}`, ref, 'web', inImage(text))

const join = (...names: string[]): Step =>
  step(`Nodes ${names.join(' ')} join`, async ({ side, namespace }) => {
    for (const name of names) {
      await makeNode(side, `${namespace}-${name}`, { labels: { history: namespace } })
    }
  })
const leave = (name: string): Step =>
  step(`Node ${name} leaves`, (place) => removeNode(place, `${place.namespace}-${name}`))
const onNode = (title: string, name: string, patch: Partial<Node>): Step =>
  step(title, ({ side, namespace }) =>
    side.api.patch(resources.nodes, { name: `${namespace}-${name}` }, { type: 'merge', patch }),
  )
const taint = (name: string, effect: Taint['effect'], on: boolean): Step =>
  onNode(`${on ? 'taint' : 'untaint'} ${name} ${effect}`, name, {
    spec: { taints: on ? [{ key: 'busy', value: 'yes', effect }] : [] },
  })
const cordon = (name: string, on: boolean): Step =>
  onNode(on ? `cordon ${name}` : `uncordon ${name}`, name, { spec: { unschedulable: on } })

function strategy(
  maxSurge: number | string,
  maxUnavailable: number | string,
): Partial<DaemonSet['spec']> {
  return {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
  }
}

export const daemonSetHistories: readonly History[] = [
  history(
    'ds-nodes',
    join('a', 'b'),
    daemonSet('ds-nodes'),
    start(),
    join('c'),
    start(),
    taint('a', 'NoSchedule', true),
    taint('a', 'NoSchedule', false),
    taint('b', 'NoExecute', true),
    end(),
    taint('b', 'NoExecute', false),
    start(),
    cordon('c', true),
    cordon('c', false),
    onNode('label leaves c', 'c', { metadata: { labels: { history: 'no' } } }),
    end(),
    leave('c'),
  ),
  anywhere(
    history(
      'ds-roll',
      join('a', 'b', 'c', 'd'),
      daemonSet('ds-roll'),
      start(),
      image('web:2'),
      rounds(5),
    ),
  ),
  anywhere(
    history(
      'ds-roll-half',
      join('a', 'b', 'c', 'd'),
      daemonSet('ds-roll-half', strategy(0, '50%')),
      start(),
      image('web:2'),
      rounds(3),
    ),
  ),
  anywhere(
    history(
      'ds-surge',
      join('a', 'b', 'c'),
      daemonSet('ds-surge', strategy(1, 0)),
      start(),
      image('web:2'),
      rounds(4),
    ),
  ),
  history(
    'ds-ondelete',
    join('a', 'b'),
    daemonSet('ds-ondelete', { updateStrategy: { type: 'OnDelete' } }),
    start(),
    image('web:2'),
    step('delete one Pod', async ({ side, namespace }) => {
      const pod = side.view(namespace).pods.find((one) => one.spec?.nodeName?.endsWith('-a'))
      await side.api.delete(resources.pods, { name: pod?.metadata.name ?? '', namespace })
    }),
    rounds(1),
  ),
  history(
    'ds-fail',
    join('a', 'b'),
    daemonSet('ds-fail'),
    start(),
    fail({ on: ['ds-fail-a'] }),
    end(),
    {
      ...start(),
      until: (snapshot) =>
        JSON.stringify(snapshot['daemonSets']).includes('"currentNumberScheduled":2'),
    },
    start(),
  ),
  history(
    'ds-undo',
    join('a'),
    daemonSet('ds-undo', { revisionHistoryLimit: 1 }),
    start(),
    image('web:2'),
    rounds(2),
    image('web:3'),
    rounds(2),
    image('web:2'),
    rounds(2),
  ),
  history(
    'ds-delete',
    join('a', 'b'),
    daemonSet('ds-delete'),
    start(),
    drop(ref, 'web', { propagationPolicy: 'Foreground' }),
    end(),
  ),
  history(
    'ds-misplaced',
    join('a'),
    daemonSet(
      'ds-misplaced',
      {},
      {
        tolerations: [{ key: 'busy', operator: 'Exists' }],
      },
    ),
    start(),
    taint('a', 'NoExecute', true),
    cordon('a', true),
    image('web:2'),
    rounds(2),
  ),
]

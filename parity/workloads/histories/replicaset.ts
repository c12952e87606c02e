import { type Pod, type ResourceRef, resources } from '@slicewise/kube'
import type { History, Step } from '../history.ts'
import {
  anywhere,
  change,
  deployment,
  drop,
  end,
  fail,
  history,
  make,
  replicaSet,
  start,
  step,
  template,
  turn,
} from '../steps.ts'

const ref = resources.replicasets as ResourceRef
const deployments = resources.deployments as ResourceRef
const scale = (replicas: number): Step =>
  change(`scale to ${replicas}`, ref, 'web', { spec: { replicas } })
const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost'

/** The Pods on one Node get a deletion cost. */
const cost = (node: string, value: string): Step =>
  step(`cost ${value} on ${node}`, async ({ side, namespace }) => {
    for (const pod of side.view(namespace).pods.filter((one) => one.spec?.nodeName === node)) {
      await side.api.patch(
        resources.pods,
        { name: pod.metadata.name, namespace },
        { type: 'merge', patch: { metadata: { annotations: { [costAnnotation]: value } } } },
      )
    }
  })
const unready = (node: string): Step =>
  step(`unready on ${node}`, async ({ side, namespace }) => {
    for (const pod of side.view(namespace).pods.filter((one) => one.spec?.nodeName === node)) {
      const conditions = [{ type: 'Ready', status: 'False' }]
      await side.api.patch(
        resources.pods,
        { name: pod.metadata.name, namespace },
        { type: 'strategic', patch: { status: { conditions } } },
        { subresource: 'status' },
      )
    }
  })
const relabel: Step = step('one Pod leaves', async ({ side, namespace }) => {
  const name =
    side
      .view(namespace)
      .pods.map((one) => one.metadata.name)
      .sort()[0] ?? ''
  await side.api.patch(
    resources.pods,
    { name, namespace },
    { type: 'merge', patch: { metadata: { labels: { app: 'alone' } } } },
  )
})
const loose: Pod = {
  metadata: { name: 'loose', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web:0' }] },
}

export const replicaSetHistories: readonly History[] = [
  history(
    'rs-cost',
    replicaSet(6),
    start(),
    cost('worker-1', '-10'),
    cost('worker-2', '10'),
    scale(4),
    end(),
    scale(3),
    end(),
    scale(1),
    end(),
  ),
  anywhere(
    history(
      'rs-rank',
      replicaSet(7),
      start(),
      unready('worker-3'),
      scale(6),
      end(),
      scale(4),
      end(),
      scale(6),
      scale(5),
      start({ ready: false }),
      scale(3),
      end(),
      scale(0),
      end(),
    ),
  ),
  history(
    'rs-crowd',
    deployment(7),
    start(),
    change('scale to 6', deployments, 'web', { spec: { replicas: 6 } }),
    end(),
  ),
  history(
    'rs-fail',
    replicaSet(3),
    start(),
    fail({ most: 1 }),
    start(),
    scale(2),
    end(),
    turn(false),
    turn(true),
  ),
  history(
    'rs-adopt',
    make(loose, resources.pods as ResourceRef),
    replicaSet(2),
    start(),
    relabel,
    start(),
    scale(1),
    end(),
    drop(ref, 'web', { propagationPolicy: 'Orphan' }),
    replicaSet(2),
    start(),
  ),
  history(
    'rs-min-ready',
    replicaSet(2, { minReadySeconds: 2 }),
    {
      ...start(),
      until: (snapshot) =>
        JSON.stringify(snapshot['replicaSets']).includes('"availableReplicas":2'),
    },
    scale(3),
    {
      ...start(),
      until: (snapshot) =>
        JSON.stringify(snapshot['replicaSets']).includes('"availableReplicas":3'),
    },
  ),
  history(
    'rs-template',
    replicaSet(2),
    start(),
    change('another template', ref, 'web', { spec: { template: template('web:2') } }),
    scale(3),
    start(),
  ),
]

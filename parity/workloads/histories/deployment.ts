import { type Deployment, type ResourceRef, resources } from '@slicewise/kube'
import type { History, Step } from '../history.ts'
import type { Snapshot } from '../snapshot.ts'
import {
  anywhere,
  change,
  deployment,
  drop,
  end,
  fail,
  history,
  inImage,
  rounds,
  start,
  step,
  turn,
} from '../steps.ts'

const ref = resources.deployments as ResourceRef

function strategy(
  maxSurge: number | string,
  maxUnavailable: number | string,
): Partial<Deployment['spec']> {
  return { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } }
}

const image = (text: string): Step => change(`image ${text}`, ref, 'web', inImage(text))
const scale = (replicas: number): Step =>
  change(`scale to ${replicas}`, ref, 'web', { spec: { replicas } })
const paused = (value: boolean): Step =>
  change(value ? 'pause' : 'resume', ref, 'web', { spec: { paused: value } })

function rolling(
  name: string,
  replicas: number,
  surge: number | string,
  missing: number | string,
): History {
  return history(
    name,
    deployment(replicas, strategy(surge, missing)),
    start(),
    image('web:2'),
    rounds(5),
  )
}

function reasonIs(reason: string): (snapshot: Snapshot) => boolean {
  return (snapshot) => JSON.stringify(snapshot['deployments']).includes(reason)
}

/** The template of an older revision comes back, as `kubectl rollout undo` does it. */
const undo: Step = step('undo', async ({ side, namespace }) => {
  const old = side
    .view(namespace)
    .replicaSets.find((one) => one.spec?.template?.spec?.containers[0]?.image === 'web:1')
  const { 'pod-template-hash': _, ...labels } = old?.spec?.template?.metadata?.labels ?? {}
  const template = { ...old?.spec?.template, metadata: { labels } }
  await side.api.patch(
    resources.deployments,
    { name: 'web', namespace },
    { type: 'json', patch: [{ op: 'replace', path: '/spec/template', value: template }] },
  )
})

const histories: readonly History[] = [
  rolling('roll-quarter', 8, '25%', '25%'),
  rolling('roll-surge', 4, 2, 0),
  rolling('roll-missing', 5, 0, 2),
  rolling('roll-percent', 7, '30%', '10%'),
  rolling('roll-all', 3, '100%', '100%'),
  history(
    'recreate',
    deployment(3, { strategy: { type: 'Recreate' } }),
    start(),
    image('web:2'),
    end(),
    start(),
    scale(5),
    start(),
    image('web:3'),
    end(),
    start(),
  ),
  history(
    'scale-idle',
    deployment(2),
    start(),
    scale(6),
    start(),
    scale(1),
    end(),
    scale(0),
    end(),
    scale(3),
    start(),
  ),
  history(
    'scale-rolling',
    deployment(10, strategy(3, 2)),
    start(),
    image('web:2'),
    start({ most: 2 }),
    end(),
    scale(20),
    start({ most: 4 }),
    end(),
    scale(8),
    end(),
    rounds(3),
  ),
  history(
    'pause',
    deployment(4),
    start(),
    paused(true),
    image('web:2'),
    scale(6),
    start(),
    paused(false),
    rounds(4),
  ),
  history(
    'pause-rolling',
    deployment(4),
    start(),
    image('web:2'),
    paused(true),
    start({ oneByOne: true }),
    end(),
    scale(8),
    start(),
    paused(false),
    rounds(4),
  ),
  history('undo', deployment(3), start(), image('web:2'), rounds(4), undo, rounds(4)),
  history(
    'undo-half-way',
    deployment(6),
    start(),
    image('web:2'),
    start({ oneByOne: true }),
    end(),
    undo,
    rounds(4),
  ),
  history(
    'three-images',
    deployment(6, strategy(2, 1)),
    start(),
    image('web:2'),
    start({ most: 1 }),
    end(),
    image('web:3'),
    start({ most: 2 }),
    end(),
    image('web:4'),
    rounds(5),
  ),
  history(
    'limit',
    deployment(2, { revisionHistoryLimit: 1 }),
    start(),
    image('web:2'),
    rounds(3),
    image('web:3'),
    rounds(3),
    image('web:4'),
    rounds(3),
  ),
  history(
    'deadline',
    deployment(2, { progressDeadlineSeconds: 8 }),
    start(),
    { ...image('web:2'), until: reasonIs('ProgressDeadlineExceeded') },
    image('web:3'),
    rounds(3),
    turn(false, { most: 1 }),
    turn(true),
  ),
  history(
    'min-ready',
    deployment(3, { minReadySeconds: 2, ...strategy(1, 0) }),
    { ...start(), until: availableIs(3) },
    image('web:2'),
    { ...start(), until: newAvailableIs(1) },
    end(),
    { ...start(), until: newAvailableIs(2) },
    end(),
    { ...start(), until: newAvailableIs(3) },
    end(),
  ),
  history(
    'unhealthy',
    deployment(5, strategy(1, 1)),
    start({ most: 3 }),
    image('web:2'),
    start({ image: 'web:2', most: 1 }),
    end(),
    fail({ most: 1 }),
    rounds(4),
  ),
  history(
    'annotations',
    deployment(2),
    start(),
    change('annotate', ref, 'web', {
      metadata: { annotations: { note: 'a', 'kubernetes.io/change-cause': 'why' } },
    }),
    change('annotate less', ref, 'web', { metadata: { annotations: { note: null } } }),
    change('label', ref, 'web', { metadata: { labels: { team: 'x' } } }),
    change('min ready', ref, 'web', { spec: { minReadySeconds: 1 } }),
    change('no deadline', ref, 'web', { spec: { progressDeadlineSeconds: 2147483647 } }),
    image('web:2'),
    { ...start(), until: availableIs(2) },
    end(),
    start(),
  ),
  history(
    'deploy-delete',
    deployment(2),
    start(),
    drop(ref, 'web', { propagationPolicy: 'Foreground' }),
    end(),
  ),
]

export const deploymentHistories = histories.map(anywhere)

function availableIs(count: number): (snapshot: Snapshot) => boolean {
  return (snapshot) =>
    Object.values(snapshot['deployments'] ?? {}).some(
      (one) =>
        ((one as { status: { availableReplicas?: number } }).status.availableReplicas ?? 0) ===
        count,
    )
}

function newAvailableIs(count: number): (snapshot: Snapshot) => boolean {
  return (snapshot) => {
    const sets = snapshot['replicaSets'] ?? {}
    const set = sets['web{web:2}'] as { status: { availableReplicas?: number } } | undefined
    return (set?.status.availableReplicas ?? 0) === count
  }
}

import { type ResourceRef, type StatefulSet, resources } from '@slicewise/kube'
import type { History, Step } from '../history.ts'
import {
  change,
  drop,
  end,
  fail,
  history,
  inImage,
  rounds,
  start,
  statefulSet,
  step,
  turn,
} from '../steps.ts'

const ref = resources.statefulsets as ResourceRef
const image = (text: string): Step => change(`image ${text}`, ref, 'web', inImage(text))
const scale = (replicas: number): Step =>
  change(`scale to ${replicas}`, ref, 'web', { spec: { replicas } })
const parallel: Partial<StatefulSet['spec']> = { podManagementPolicy: 'Parallel' }
const partition = (value: number): Step =>
  change(`partition ${value}`, ref, 'web', {
    spec: { updateStrategy: { rollingUpdate: { partition: value } } },
  })
const dropPod = (name: string): Step =>
  step(`delete ${name}`, ({ side, namespace }) =>
    side.api.delete(resources.pods, { name, namespace }),
  )

export const statefulSetHistories: readonly History[] = [
  history(
    'sts-ordered',
    statefulSet(3),
    rounds(3),
    scale(5),
    rounds(2),
    scale(2),
    end(),
    end(),
    end(),
    image('web:2'),
    rounds(3),
  ),
  history(
    'sts-unready',
    statefulSet(3),
    start(),
    start({ ready: false }),
    start(),
    turn(true),
    start(),
    turn(false, { names: ['web-0'] }),
    scale(4),
    scale(1),
    turn(true),
    end(),
    end(),
    end(),
  ),
  history(
    'sts-parallel',
    statefulSet(3, parallel),
    start(),
    image('web:2'),
    rounds(4),
    scale(6),
    start(),
    scale(2),
    end(),
  ),
  history(
    'sts-partition',
    statefulSet(4, parallel),
    start(),
    partition(2),
    image('web:2'),
    rounds(3),
    scale(5),
    start(),
    scale(3),
    end(),
    dropPod('web-0'),
    rounds(1),
    partition(0),
    rounds(4),
  ),
  history(
    'sts-ondelete',
    statefulSet(2, { ...parallel, updateStrategy: { type: 'OnDelete' } }),
    start(),
    image('web:2'),
    dropPod('web-1'),
    rounds(1),
    dropPod('web-0'),
    rounds(1),
  ),
  history('sts-fail', statefulSet(2, parallel), start(), fail({ names: ['web-1'] }), rounds(2)),
  history(
    'sts-broken-update',
    statefulSet(2),
    rounds(2),
    image('web:2'),
    end(),
    start({ ready: false }),
    image('web:3'),
    rounds(3),
  ),
  history(
    'sts-ordinals',
    statefulSet(2, { ...parallel, ordinals: { start: 3 } }),
    start(),
    scale(3),
    start(),
    scale(1),
    end(),
  ),
  history(
    'sts-limit',
    statefulSet(1, { revisionHistoryLimit: 1 }),
    rounds(1),
    image('web:2'),
    rounds(2),
    image('web:3'),
    rounds(2),
    image('web:1'),
    rounds(2),
    image('web:4'),
    rounds(2),
  ),
  history(
    'sts-delete',
    statefulSet(2, parallel),
    start(),
    drop(ref, 'web', { propagationPolicy: 'Foreground' }),
    end(),
  ),
  history(
    'sts-orphan',
    statefulSet(2, parallel),
    start(),
    drop(ref, 'web', { propagationPolicy: 'Orphan' }),
    statefulSet(2, parallel),
    rounds(1),
  ),
]

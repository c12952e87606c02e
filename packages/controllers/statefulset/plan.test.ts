import type { ControllerRevision, Pod, StatefulSet, Stored } from '@slicewise/kube'
import type { Step } from '@slicewise/engine'
import { expect, test } from 'vitest'
import { revisionLabel, savedTemplate } from '../workloads/revisions.ts'
import { madeMs, ownedBy, testPod } from '../workloads/test-pods.ts'
import { planStatefulSet } from './plan.ts'

const labels = { app: 'web' }
const templates = { old: templateOf('1'), new: templateOf('2') }

function templateOf(tag: string): object {
  const containers = [{ name: 'web', image: `web:${tag}` }]
  return { metadata: { labels }, spec: { containers } }
}

function revision(name: 'old' | 'new', at: number): Stored<ControllerRevision> {
  const metadata = {
    name, namespace: 'default', uid: name, resourceVersion: '1', creationTimestamp: '',
    labels, ...ownedBy('StatefulSet', 'web'),
  }
  return { metadata, data: savedTemplate(templates[name]), revision: at } as never
}

/** `0:old+ 2:newx`: ordinal, revision and state of each Pod. */
function podsOf(text: string): Stored<Pod>[] {
  return text.split(' ').filter((one) => one !== '').map((one) => {
    const [, ordinal = '', hash = '', state = ''] = /^(\d+):(old|new)(.+)$/.exec(one) ?? []
    const metadata = {
      labels: { ...labels, [revisionLabel]: hash }, ...ownedBy('StatefulSet', 'web'),
    }
    return testPod(`web-${ordinal}`, state, { metadata })
  })
}

interface Case {
  readonly spec?: object
  readonly metadata?: object
  readonly currentReplicas?: number
}

function steps(pods: string, { spec, metadata, currentReplicas = 3 }: Case): string {
  const set = {
    metadata: {
      name: 'web', namespace: 'default', uid: 'web', resourceVersion: '1', generation: 1,
      creationTimestamp: '', ...metadata,
    },
    spec: {
      replicas: 3, selector: { matchLabels: labels }, template: templates.new,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: {} }, ...spec,
    },
    status: { replicas: 0, currentRevision: 'old', updateRevision: 'new', currentReplicas },
  } as unknown as Stored<StatefulSet>
  const plan = planStatefulSet({
    set, pods: podsOf(pods), revisions: [revision('old', 1), revision('new', 2)],
    hasClaim: (_, name) => name === 'data-web-1', nowMs: madeMs + 60_000,
  })
  return plan.steps.map(textOf).filter((one) => one !== '').join(' ')
}

/** `+web-0@new` for a Pod that is made, `-web-0` for one that goes, `pvc` for a claim. */
function textOf(step: Step): string {
  if (step.verb === 'delete') return `-${step.item.name}`
  if (step.verb !== 'create') return ''
  const { name, labels: made } = step.object.metadata ?? {}
  if (step.ref.resource === 'persistentvolumeclaims') return `pvc:${name}`
  return `+${name}@${made?.[revisionLabel]}`
}

const rolling = (partition: number): object =>
  ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } })
const parallel = { podManagementPolicy: 'Parallel' }
const onDelete = { updateStrategy: { type: 'OnDelete' } }
const data = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] }

test.each<[string, string, Case, string]>([
  ['the first Pod alone', '', {}, '+web-0@new'],
  ['nothing before the first one is ready', '0:new-', {}, ''],
  ['nothing while the first one is pending', '0:new.', {}, ''],
  ['the second when the first is ready', '0:new+', {}, '+web-1@new'],
  ['a gap is filled before anything else', '0:new+ 2:old+', {}, '+web-1@new'],
  ['a failed Pod is replaced', '0:newf 1:new+ 2:new+', {}, '-web-0'],
  ['one that succeeded, too', '0:new+ 1:news 2:new+', {}, '-web-1'],
  ['an ending Pod is waited for', '0:newx 1:new+', {}, ''],
  ['ordinals begin where the set says', '', { spec: { ordinals: { start: 5 } } }, '+web-5@new'],
  ['available counts, not ready', '0:new+', { spec: { minReadySeconds: 90 } }, ''],
  ['claims before their Pod, known ones not again', '0:new+', { spec: data }, '+web-1@new'],
  ['a new claim', '', { spec: data }, 'pvc:data-web-0 +web-0@new'],
  ['parallel: all at once', '', { spec: parallel }, '+web-0@new +web-1@new +web-2@new'],
  ['parallel: beside one that is not ready', '1:new-', { spec: parallel },
    '+web-0@new +web-2@new'],
  ['too many: the last goes', '0:new+ 1:new+ 2:new+', { spec: { replicas: 1 } }, '-web-2'],
  ['too many: one after the other', '0:new+ 1:new+ 2:newx', { spec: { replicas: 1 } }, ''],
  ['too many: an unwell one waits for lower unwell ones', '0:new+ 1:new- 2:new-',
    { spec: { replicas: 1 } }, ''],
  ['too many: one that is well does not', '0:new+ 1:new- 2:new+', { spec: { replicas: 1 } },
    '-web-2'],
  ['too many: the unwell one itself may go', '0:new+ 1:new+ 2:new-',
    { spec: { replicas: 1 } }, '-web-2'],
  ['too many: one that is not available yet waits', '0:new+ 1:new+',
    { spec: { replicas: 0, minReadySeconds: 90 } }, ''],
  ['too many, parallel: all at once', '0:new+ 1:new+ 2:new+',
    { spec: { ...parallel, replicas: 1 } }, '-web-2 -web-1'],
  ['an update begins at the end', '0:old+ 1:old+ 2:old+', {}, '-web-2'],
  ['an update waits for the new Pod', '0:old+ 1:old+ 2:new-', {}, ''],
  ['an update goes on downwards', '0:old+ 1:old+ 2:new+', {}, '-web-1'],
  ['an update waits also when parallel', '0:old+ 1:old+ 2:new-', { spec: parallel }, ''],
  ['a partition keeps what is below', '0:old+ 1:old+ 2:new+', { spec: rolling(2) }, ''],
  ['below a partition Pods are made as they were', '0:old+ 2:new+', { spec: rolling(2) },
    '+web-1@old'],
  ['above a partition they are made anew', '0:old+ 1:old+', { spec: rolling(2) }, '+web-2@new'],
  ['OnDelete replaces nothing', '0:old+ 1:old+ 2:old+', { spec: onDelete }, ''],
  ['OnDelete makes new ones', '0:old+ 1:old+', { spec: onDelete }, '+web-2@new'],
  ['a set that is being deleted does nothing', '0:new+',
    { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }, ''],
])('%s', (_, pods, options, expected) => {
  expect(steps(pods, options)).toBe(expected)
})

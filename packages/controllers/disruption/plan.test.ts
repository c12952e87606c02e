import type { PodDisruptionBudget, PodDisruptionBudgetStatus, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { madeMs, ownedBy, testPod } from '../workloads/test-pods.ts'
import { Members } from './members.ts'
import { type BudgetWorld, planBudget } from './plan.ts'
import type { ScaleFound } from './scale.ts'

const nowMs = madeMs + 60_000
const old = '2025-06-01T00:00:00Z'
const scales: Readonly<Record<string, ScaleFound>> = {
  four: { uid: 'four', replicas: 4 },
  ten: { uid: 'ten', replicas: 10 },
  none: { uid: 'none', replicas: 0 },
  // Two ReplicaSets of one Deployment.
  new: { uid: 'both', replicas: 7 },
  old: { uid: 'both', replicas: 7 },
  job: { problem: 'jobs.batch does not implement the scale subresource' },
}

/** `a+four b-four c+xten d+`: name, state (`x` is ending) and controller, if any. */
function membersOf(text: string): Members {
  const members = new Members()
  for (const one of text.split(' ').filter((word) => word !== '')) {
    const [, name = '', state = '', owner = ''] = /^([a-z])([-+.fs]x?)([a-z]*)$/.exec(one) ?? []
    members.put(testPod(name, state, owner === '' ? {} : { metadata: ownedBy('Kind', owner) }))
  }
  return members
}

function worldOf(
  pods: string, spec: object, status?: object, more: Partial<BudgetWorld> = {},
): BudgetWorld {
  const budget = {
    metadata: {
      name: 'pdb', namespace: 'default', uid: 'pdb', resourceVersion: '1', generation: 2,
      creationTimestamp: '',
    },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec }, status,
  } as unknown as Stored<PodDisruptionBudget>
  const members = membersOf(pods)
  members.noteDisrupted(budget.status?.disruptedPods ?? {})
  return {
    budget, members, scaleOf: ({ name }) => scales[name], podOf: (name) => testPod(name, '+'),
    nowMs, timeoutMs: 120_000, ...more,
  }
}

function statusOf(world: BudgetWorld): PodDisruptionBudgetStatus | undefined {
  const { steps: [step] } = planBudget(world)
  return step?.verb === 'update' ? (step.object as PodDisruptionBudget).status : undefined
}

/** `allowed = healthy/desired of expected`, then the condition's reason and the events'. */
function look(world: BudgetWorld): string {
  const { events = [] } = planBudget(world)
  const status = statusOf(world)
  const told = events.map(({ reason }) => ` !${reason}`).join('')
  if (status === undefined) return `nothing${told}`
  const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = status
  return `${disruptionsAllowed} = ${currentHealthy}/${desiredHealthy} of ${expectedPods} `
    + `${status.conditions?.[0]?.reason}${told}`
}

const four = 'a+four b+four c+four d+four'
const yes = 'SufficientPods'
const no = 'InsufficientPods'

test.each<[string, string, object, string]>([
  ['a number that must stay', four, { minAvailable: 3 }, `1 = 4/3 of 4 ${yes}`],
  ['counts the Pods, whoever made them', 'a+ b+four', { minAvailable: 1 }, `1 = 2/1 of 2 ${yes}`],
  ['as many as there are', four, { minAvailable: 4 }, `0 = 4/4 of 4 ${no}`],
  ['more than there are', 'a+four', { minAvailable: 3 }, `0 = 1/3 of 1 ${no}`],
  ['0 must stay', 'a+four', { minAvailable: 0 }, `1 = 1/0 of 1 ${yes}`],
  ['unready, pending and ending Pods are not healthy', 'a+four b-four c.four d+xfour',
    { minAvailable: 1 }, `0 = 1/1 of 4 ${no}`],
  ['finished Pods are expected, not healthy', 'a+four bffour csfour', { minAvailable: 0 },
    `1 = 1/0 of 3 ${yes}`],
  ['a number that may be missing', 'a+four b+four c+four', { maxUnavailable: 1 },
    `0 = 3/3 of 4 ${no}`],
  ['the scale says how many, not the Pods', four, { maxUnavailable: 1 }, `1 = 4/3 of 4 ${yes}`],
  ['more may be missing than there are', 'a+four', { maxUnavailable: 9 }, `1 = 1/0 of 4 ${yes}`],
  ['a share that must stay is rounded up', four, { minAvailable: '60%' }, `1 = 4/3 of 4 ${yes}`],
  ['a share that may be missing too', four, { maxUnavailable: '30%' }, `2 = 4/2 of 4 ${yes}`],
  ['all of them', four, { minAvailable: '100%' }, `0 = 4/4 of 4 ${no}`],
  ['several controllers', `${four} e+ten`, { maxUnavailable: '50%' }, `0 = 5/7 of 14 ${no}`],
  ['of one Deployment each ReplicaSet is no other', 'a+new b+old', { maxUnavailable: 6 },
    `1 = 2/1 of 7 ${yes}`],
  ['scaled to none', 'a+none', { maxUnavailable: 1 }, `0 = 1/0 of 0 ${no}`],
  ['neither of both', four, {}, `0 = 4/0 of 0 ${no}`],
  ['no Pods', '', { minAvailable: 1 }, `0 = 0/1 of 0 ${no} !NoPods`],
  ['no Pods, by scale', '', { maxUnavailable: 1 }, `0 = 0/0 of 0 ${no} !NoPods`],
  ['Pods without a controller, by scale', 'a+ b+four', { maxUnavailable: 1 },
    `0 = 2/3 of 4 ${no} !UnmanagedPods`],
  ['nothing but such Pods, by share', 'a+ b+', { minAvailable: '50%' },
    `0 = 2/0 of 0 ${no} !UnmanagedPods`],
  ['a controller without scale', 'a+job', { maxUnavailable: 1 },
    '0 = 0/0 of 0 SyncFailed !CalculateExpectedPodCountFailed'],
  ['a controller that is not there', 'a+gone', { minAvailable: '10%' },
    '0 = 0/0 of 0 SyncFailed !CalculateExpectedPodCountFailed'],
  ['that matters only by scale', 'a+gone', { minAvailable: 0 }, `1 = 1/0 of 1 ${yes}`],
])('%s', (_, pods, spec, expected) => {
  expect(look(worldOf(pods, spec))).toBe(expected)
})

const known = (more: object = {}): object => ({
  observedGeneration: 2, disruptionsAllowed: 1, currentHealthy: 4, desiredHealthy: 3,
  expectedPods: 4, conditions: [{
    type: 'DisruptionAllowed', status: 'True', reason: yes, message: '', lastTransitionTime: old,
    observedGeneration: 2,
  }], ...more,
})
const insufficient = {
  type: 'DisruptionAllowed', status: 'False', reason: no, message: '', lastTransitionTime: old,
}

test.each<[string, object, string]>([
  ['nothing changed', {}, 'nothing'],
  ['another spec, the same numbers', { observedGeneration: 1 }, `1 = 4/3 of 4 ${yes}`],
  ['no condition', { conditions: [] }, `1 = 4/3 of 4 ${yes}`],
  ['a condition that says otherwise', { conditions: [insufficient] }, `1 = 4/3 of 4 ${yes}`],
  ['somebody set it', { disruptionsAllowed: 9 }, `1 = 4/3 of 4 ${yes}`],
  ['an eviction took one, its Pod is there',
    { disruptionsAllowed: 0, disruptedPods: { a: '2026-01-01T00:00:59Z' } }, `0 = 3/3 of 4 ${no}`],
  ['its Pod is gone', { disruptedPods: { z: '2026-01-01T00:00:59Z' } }, `1 = 4/3 of 4 ${yes}`],
  ['it was never deleted', { disruptedPods: { a: '2025-12-31T23:58:59Z' } },
    `1 = 4/3 of 4 ${yes} !NotDeleted`],
])('a status that stands: %s', (_, more, expected) => {
  expect(look(worldOf(four, { minAvailable: 3 }, known(more)))).toBe(expected)
})

test('an entry stands until its time and is looked at again then', () => {
  const status = known({ disruptedPods: { a: '2026-01-01T00:00:10Z' } })
  const world = worldOf(four, { minAvailable: 3 }, status)
  expect(statusOf(world)?.disruptedPods).toEqual({ a: '2026-01-01T00:00:10Z' })
  expect(planBudget(world).againMs).toBe(70_000)
})

test.each<[string, (members: Members) => void, string]>([
  ['ends', (members) => members.put(testPod('a', '+x')), `0 = 3/3 of 4 ${no}`],
  ['is gone', (members) => members.remove('a'), `0 = 3/3 of 3 ${no}`],
  ['has a successor of its name', (members) => {
    members.remove('a')
    members.put(testPod('a', '+', { metadata: { uid: 'another' } }))
  }, 'nothing'],
])('the Pod of an entry %s', (_, happens, expected) => {
  const disruptedPods = { a: '2026-01-01T00:00:59Z' }
  const world = worldOf(four, { minAvailable: 3 }, known({ disruptedPods }))
  happens(world.members)
  if (expected === 'nothing') expect(statusOf(world)?.disruptedPods).toBeUndefined()
  else expect(look(world)).toBe(expected)
})

test('the condition keeps its time while its status stays', () => {
  const timeOf = (pods: string): string | null | undefined =>
    statusOf(worldOf(pods, { minAvailable: 2 }, known()))?.conditions?.[0]?.lastTransitionTime
  expect(timeOf(four)).toBe(old)
  expect(timeOf('a+four')).toBe('2026-01-01T00:01:00Z')
})

test('a failure keeps the numbers and takes what is allowed', () => {
  const status = statusOf(worldOf('a+job', { maxUnavailable: 1 }, known({ observedGeneration: 1 })))
  expect(status).toMatchObject({
    disruptionsAllowed: 0, currentHealthy: 4, observedGeneration: 1, conditions: [{
      status: 'False', reason: 'SyncFailed', observedGeneration: 1,
      message: 'jobs.batch does not implement the scale subresource',
    }],
  })
  expect(look(worldOf('a+job', { maxUnavailable: 1 }, status)))
    .toBe('nothing !CalculateExpectedPodCountFailed')
})

test('a selector that cannot be read is a failure', () => {
  const world = worldOf('', { minAvailable: 1 }, undefined, { problem: 'bad' })
  expect(look(world)).toBe('0 = 0/0 of 0 SyncFailed !NoPods')
})

test('the event of Pods without a controller names the selector as Go prints it', () => {
  const matchExpressions = [{ key: 'k', operator: 'In', values: ['x', 'y'] }]
  const selector = { matchLabels: { b: '2', a: '1' }, matchExpressions }
  const { events } = planBudget(worldOf('a+', { maxUnavailable: 1, selector }))
  expect(events?.[0]?.message).toContain('(selector: &LabelSelector{MatchLabels:map[string]string{'
    + 'a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,'
    + 'Operator:In,Values:[x y],},},})')
})

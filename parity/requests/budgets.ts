/** Evictions that a PodDisruptionBudget has a say in. Nothing but the script writes its status. */
import { at, get, patch, post, remove, type Group, type Step } from '../script.ts'
import { changed, pod } from './objects.ts'

const evict = (title: string, name: string, deleteOptions?: object): Step =>
  post(title, at('pods', name, 'eviction'), {
    apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name },
    ...(deleteOptions === undefined ? {} : { deleteOptions }),
  })

const running = (name: string, ready: 'True' | 'False', labels: object): Step[] => [
  post(`Pod ${name}`, at('pods'), changed(pod(name), {
    'spec/nodeName': 'n', 'metadata/labels': labels,
  }), { silent: true }),
  patch('strategic', `${name} runs, ready ${ready}`, at('pods', name, 'status'), {
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  }, { silent: true }),
]

const budget = (name: string, spec: object): Step =>
  post(`budget ${name}`, at('poddisruptionbudgets'), {
    apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name },
    spec: { minAvailable: 1, ...spec },
  }, { save: { [`${name}-rv`]: 'metadata.resourceVersion' } })

const status = (title: string, name: string, values: object): Step =>
  patch('merge', title, at('poddisruptionbudgets', name, 'status'), {
    status: {
      observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0,
      expectedPods: 3, ...values,
    },
  }, { silent: true })

const app = { app: 'a' }
const selector = { matchLabels: app }
const insufficient = (reason: string, message: string) => ({
  conditions: [{
    type: 'DisruptionAllowed', status: 'False', reason, message,
    lastTransitionTime: '2020-01-01T00:00:00Z',
  }],
})

const allowed: Group = {
  name: 'budget-allowed',
  steps: [
    ...running('a', 'True', app), ...running('b', 'True', app), ...running('c', 'True', app),
    budget('one', { selector }),
    evict('before a status', 'a'),
    status('one may go', 'one', { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1 }),
    evict('a dry run', 'a', { dryRun: ['All'] }),
    get('nothing was taken', at('poddisruptionbudgets', 'one')),
    evict('allowed', 'a', { gracePeriodSeconds: 0 }),
    get('a is gone', at('pods', 'a')),
    get('one is left', at('poddisruptionbudgets', 'one'), {
      pick: answer => withoutTimes(answer as Taken),
    }),
    evict('the last', 'b', { gracePeriodSeconds: 0 }),
    get('none is left', at('poddisruptionbudgets', 'one'), {
      pick: answer => withoutTimes(answer as Taken),
    }),
    evict('one too many', 'c'),
    get('c stays', at('pods', 'c')),
    patch('merge', 'another spec', at('poddisruptionbudgets', 'one'), {
      spec: { minAvailable: 2 },
    }, { silent: true }),
    evict('a status that is behind', 'c'),
    remove('no budget', at('poddisruptionbudgets', 'one'), undefined, { silent: true }),
    evict('free', 'c', { gracePeriodSeconds: 0 }),
  ],
}

interface Taken {
  readonly status: {
    readonly disruptedPods?: object
    readonly conditions?: readonly object[]
  }
}

/** Names of the disrupted Pods, their times aside. */
function withoutTimes({ status: { disruptedPods = {}, ...rest } }: Taken): unknown {
  return { ...rest, disruptedPods: Object.keys(disruptedPods).sort() }
}

const refused: Group = {
  name: 'budget-refused',
  steps: [
    ...running('a', 'True', app),
    budget('one', { selector }),
    status('too few', 'one', { currentHealthy: 1, desiredHealthy: 2 }),
    evict('needs more', 'a'),
    status('enough, but none allowed', 'one', { currentHealthy: 3, desiredHealthy: 2 }),
    evict('none allowed', 'a'),
    status('with a reason', 'one', {
      currentHealthy: 3, desiredHealthy: 2, ...insufficient('Because', 'it is so'),
    }),
    evict('the reason is told', 'a'),
    status('a failed sync', 'one', {
      currentHealthy: 1, desiredHealthy: 2, ...insufficient('SyncFailed', 'no scale'),
    }),
    evict('the failure is told', 'a'),
    evict('a uid that does not match', 'a', { preconditions: { uid: 'x' } }),
    budget('two', { selector: {} }),
    evict('two budgets', 'a'),
    remove('one goes', at('poddisruptionbudgets', 'one'), undefined, { silent: true }),
    evict('of all Pods', 'a'),
    remove('two goes', at('poddisruptionbudgets', 'two'), undefined, { silent: true }),
    budget('none', {}),
    evict('without a selector', 'a', { gracePeriodSeconds: 0 }),
  ],
}

const unready: Group = {
  name: 'budget-unready',
  steps: [
    ...['a', 'b', 'c', 'd', 'e'].flatMap(name => running(name, 'False', app)),
    budget('one', { selector }),
    evict('never computed', 'a'),
    status('too few', 'one', { currentHealthy: 1, desiredHealthy: 2 }),
    evict('not ready, too few', 'a'),
    status('enough', 'one', { currentHealthy: 2, desiredHealthy: 2 }),
    evict('not ready, enough', 'a', { gracePeriodSeconds: 0 }),
    evict('a revision of the past', 'b', { preconditions: { resourceVersion: '1' } }),
    patch('merge', 'always', at('poddisruptionbudgets', 'one'), {
      spec: { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    }, { silent: true }),
    status('too few again', 'one', { currentHealthy: 1, desiredHealthy: 2 }),
    evict('not ready, always', 'b', { gracePeriodSeconds: 0 }),
    patch('merge', 'c is pending', at('pods', 'c', 'status'), { status: { phase: 'Pending' } }),
    evict('pending', 'c', { gracePeriodSeconds: 0 }),
    patch('merge', 'd has failed', at('pods', 'd', 'status'), { status: { phase: 'Failed' } }),
    evict('failed', 'd'),
    patch('strategic', 'e is ready', at('pods', 'e', 'status'), {
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    }, { silent: true }),
    evict('ready', 'e'),
    remove('e is deleted', at('pods', 'e'), undefined, { silent: true }),
    evict('terminating', 'e', { gracePeriodSeconds: 0 }),
  ],
}

export const budgets: readonly Group[] = [allowed, refused, unready]

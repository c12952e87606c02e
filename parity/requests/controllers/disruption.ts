/** What the disruption controller makes of budgets and Pods, and what evictions make of that. */
import { at, get, patch, post, remove, type Group, type Step } from '../../script.ts'
import { changed, configMap, deployment, pod, statefulSet, type Json } from '../objects.ts'

const settleMs = 1500
interface Listed { items: Json[] }

/** The status of a budget without times: names of disrupted Pods are enough. */
function pickStatus(answer: unknown): unknown {
  const { metadata, status } = answer as Record<string, Json>
  const { disruptedPods, conditions, ...numbers } = status ?? {}
  return {
    generation: metadata?.['generation'], ...numbers,
    disruptedPods: Object.keys(disruptedPods ?? {}).sort(),
    conditions: (conditions as Json[] | undefined)
      ?.map(({ lastTransitionTime, ...rest }) => ({ ...rest, time: typeof lastTransitionTime })),
  }
}

/** What was told, each once: how often the reference looks, and what it chooses, is by chance. */
function pickEvents(answer: unknown): unknown {
  const told = (answer as Listed).items.map(item => {
    const { kind, name } = item['involvedObject'] as Json
    const { component } = item['source'] as Json
    const message = String(item['message'])
      .replace(/^Pod "[^"]*"\/"[^"]*"/, 'Pod <name>').replace(/Chose "[^"]*"/, 'Chose <one>')
    const generated = String(name).replace(/-[a-z0-9]{8,10}-[a-z0-9]{5}$/, '-<generated>')
    return [kind, generated, item['type'], item['reason'], component, message].join(' ')
  })
  return [...new Set(told)].filter(one => /Budget|NotDeleted/.test(one)).sort()
}

const budget = (name: string, spec: object): Step =>
  post(`budget ${name}`, at('poddisruptionbudgets'), {
    apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec,
  }, { silent: true })
const edit = (title: string, name: string, spec: object): Step =>
  patch('merge', title, at('poddisruptionbudgets', name), { spec }, { silent: true })
const kept = (title: string, name = 'pdb'): Step =>
  get(`${name}: ${title}`, at('poddisruptionbudgets', name), { settleMs, pick: pickStatus })
const told = (title: string): Step =>
  get(`told: ${title}`, at('events'), { settleMs, pick: pickEvents })
const evict = (title: string, name: string): Step =>
  post(title, at('pods', name, 'eviction'), {
    apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name },
    deleteOptions: { gracePeriodSeconds: 0 },
  })
const state = (name: string, ready: 'True' | 'False', phase = 'Running'): Step =>
  patch('strategic', `${name} ${phase}, ready ${ready}`, at('pods', name, 'status'), {
    status: { phase, conditions: [{ type: 'Ready', status: ready }] },
  }, { silent: true, until: 200 })
const running = (name: string, more: Json = {}, ready: 'True' | 'False' = 'True'): Step[] => [
  post(`Pod ${name}`, at('pods'), changed(pod(name), {
    'metadata/labels': { app: 'a' }, ...more,
  }), { silent: true }),
  state(name, ready),
]
const scale = (resource: string, name: string, replicas: number): Step =>
  patch('merge', `${name} scaled to ${replicas}`, at(resource, name, 'scale'),
    { spec: { replicas } }, { silent: true })

const selector = { matchLabels: { app: 'a' } }

const pods: Group = {
  name: 'disruption-pods',
  steps: [
    budget('pdb', { selector, minAvailable: 2 }), kept('no Pods'), told('no Pods'),
    ...['a', 'b', 'c', 'd'].flatMap(name => running(name)), kept('four are ready'),
    state('d', 'False'), kept('three are ready'),
    state('d', 'True'), kept('four again'),
    evict('the first goes', 'a'), kept('one went'),
    evict('the second goes', 'b'), kept('two went'),
    evict('the third stays', 'c'), kept('a refusal changes nothing'),
    state('c', 'False'), kept('one is not ready'),
    evict('not ready, and too few', 'c'),
    ...running('e'), kept('one more'),
    evict('not ready, and enough', 'c'), kept('the unready one went'),
    ...running('f', {}, 'False'),
    state('f', 'False', 'Succeeded'), kept('a finished one'),
    ...running('g', { 'metadata/finalizers': ['example.com/wait'] }),
    kept('with a finalizer'),
    evict('it starts to end', 'g'), kept('one is ending'),
    patch('merge', 'it may go', at('pods', 'g'), { metadata: { finalizers: null } }, { silent: true }),
    kept('it is gone'),
    patch('merge', 'other labels', at('pods', 'e'), { metadata: { labels: { app: 'b' } } }, { silent: true }),
    kept('one is selected no longer'),
    edit('another selector', 'pdb', { selector: { matchLabels: { app: 'b' } } }),
    kept('another selector'),
    edit('expressions', 'pdb', {
      selector: { matchLabels: null, matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] },
    }),
    kept('expressions'),
    edit('none need stay', 'pdb', { minAvailable: 0 }), kept('none need stay'),
    edit('all of the namespace', 'pdb', { selector: { matchExpressions: null } }),
    kept('all of the namespace'),
    edit('no selector', 'pdb', { selector: null }), kept('no selector'),
    remove('deleted', at('poddisruptionbudgets', 'pdb'), undefined, { silent: true }),
    evict('free', 'd'),
  ],
}

const web = { matchLabels: { app: 'web' } }
const sets = { matchLabels: { app: 'st' } }
const members = ['st-0', 'st-1', 'st-2', 'st-3']

/** Of several budgets of one Pod the reference looks at any one. */
const alone = (name: string, spec: object): Step[] => [
  budget(name, spec), kept('as it is made', name),
  remove(`${name} goes`, at('poddisruptionbudgets', name), undefined, { silent: true }),
]

const scales: Group = {
  name: 'disruption-scale',
  steps: [
    post('a Deployment', at('deployments'), changed(deployment('web'), { 'spec/replicas': 4 }), { silent: true }),
    ...alone('share', { selector: web, maxUnavailable: '30%' }),
    ...alone('least', { selector: web, minAvailable: '60%' }),
    ...alone('most', { selector: web, maxUnavailable: 9 }),
    budget('one', { selector: web, maxUnavailable: 1 }), kept('a number may be missing', 'one'),
    scale('deployments', 'web', 7), kept('scaled up', 'one'),
    scale('deployments', 'web', 2), kept('scaled down', 'one'),
    scale('deployments', 'web', 0), kept('scaled to none', 'one'),
    post('a StatefulSet', at('statefulsets'), changed(statefulSet('st'), {
      'spec/replicas': 4, 'spec/podManagementPolicy': 'Parallel',
    }), { silent: true }),
    budget('pdb', { selector: sets, maxUnavailable: '25%' }), kept('nothing is ready'),
    ...members.map(name => state(name, 'True')), kept('all are ready'),
    evict('one goes', 'st-1'), kept('its successor is not ready'),
    evict('another stays', 'st-2'),
    state('st-1', 'True'), kept('its successor is ready'),
    evict('another goes', 'st-2'), kept('again'),
    scale('statefulsets', 'st', 2), kept('fewer'),
    edit('all must stay', 'pdb', { maxUnavailable: null, minAvailable: '100%' }), kept('all must stay'),
    evict('none may go', 'st-0'),
    evict('a pending one', 'st-2'),
    edit('most must stay', 'pdb', { minAvailable: '51%' }), kept('most must stay'),
    told('the budgets without Pods'),
  ],
}

const problems: Group = {
  name: 'disruption-problems',
  steps: [
    ...running('a'), budget('pdb', { selector, maxUnavailable: 1 }),
    kept('without a controller'), told('without a controller'),
    evict('none is expected, none may go', 'a'),
    edit('a number', 'pdb', { maxUnavailable: null, minAvailable: 0 }), kept('a number'),
    post('an owner', at('configmaps'), configMap('owner'), { silent: true, save: { uid: 'metadata.uid' } }),
    ...running('b', {
      'metadata/ownerReferences': [{
        apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '<<uid>>', controller: true,
      }],
    }),
    kept('the owner does not matter'),
    edit('a share', 'pdb', { minAvailable: '50%' }), kept('the owner has no scale'),
    told('the owner has no scale'),
    evict('the failure is told', 'a'),
    remove('b goes', `${at('pods', 'b')}?gracePeriodSeconds=0`, undefined, { silent: true }),
    kept('it recovers'),
    edit('a number again', 'pdb', { minAvailable: 1 }), kept('a number again'),
    budget('two', { selector: {}, maxUnavailable: 0 }),
    kept('all of the namespace', 'two'),
    state('a', 'False'), state('a', 'True'), kept('ready again'), told('two budgets'),
    evict('two budgets', 'a'),
    budget('neither', { selector }), kept('neither of both', 'neither'),
  ],
}

export const controllerDisruption: readonly Group[] = [pods, scales, problems]

/** What the workload controllers, the garbage collector and the namespace controller do, step by step. */
import { at, get, patch, post, remove, type Group, type Step } from '../../script.ts'
import { changed, configMap, daemonSet, deployment, node, replicaSet, statefulSet, type Json } from '../objects.ts'
import { withoutIdentity } from './slices.ts'

const settleMs = 1500
interface Listed { items: Json[] }

/** Pods and owners by what they are, generated names by their beginning. */
function pickPods(answer: unknown): unknown {
  return (answer as Listed).items.map(item => {
    const { name, generateName, labels, ownerReferences, deletionTimestamp } = item['metadata'] as Json
    const { hostname, subdomain, nodeName, containers } = item['spec'] as Json
    return {
      generateName: stable(generateName), name: ownedBy(ownerReferences, 'StatefulSet') ? name : stable(generateName ?? name), labels: withoutHash(labels),
      owners: (ownerReferences as Json[] | undefined)?.map(each => each['kind']),
      deleting: deletionTimestamp !== undefined, hostname, subdomain, nodeName,
      image: (containers as Json[] | undefined)?.map(each => each['image']),
    }
  }).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
}

const ownedBy = (owners: unknown, kind: string) =>
  (owners as Json[] | undefined)?.some(each => each['kind'] === kind) ?? false

/** The hash of a template is the server's own affair, its presence is not. */
const stable = (name: unknown) => String(name).replace(/-[a-z0-9]{8,10}(?=-|$)/, '-<hash>')
function withoutHash(labels: unknown): unknown {
  return JSON.parse(JSON.stringify(labels ?? {}, (key, value: unknown) =>
    key === 'pod-template-hash' || key === 'controller-revision-hash' ? '<hash>' : value)) as unknown
}

function pickReplicaSets(answer: unknown): unknown {
  return (answer as Listed).items.map(item => {
    const { name, labels, annotations } = item['metadata'] as Json
    const { replicas, template } = item['spec'] as { replicas: number; template: { spec: { containers: Json[] } } }
    return {
      name: stable(name), labels: withoutHash(labels), annotations, replicas,
      image: template.spec.containers[0]?.['image'], status: withoutIdentity(item['status']),
    }
  }).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
}

const pickStatus = (answer: unknown): unknown => {
  const { metadata, spec, status } = answer as Record<string, Json>
  return JSON.parse(JSON.stringify(
    { generation: metadata?.['generation'], annotations: metadata?.['annotations'], replicas: spec?.['replicas'], status },
    (key, value: unknown) => {
      if (typeof value === 'string' && key.endsWith('Time')) return '<time>'
      if (key.endsWith('Revision') && typeof value === 'string') return stable(value)
      return key === 'message' ? stable(String(value).replaceAll(/[a-z]+-[a-z0-9]{8,10}/g, '<name>')) : value
    })) as unknown
}

const pods = (title: string): Step => get(`Pods: ${title}`, at('pods'), { settleMs, pick: pickPods })
const sets = (title: string): Step =>
  get(`ReplicaSets: ${title}`, at('replicasets'), { settleMs, pick: pickReplicaSets })
const status = (title: string, resource: string, name: string): Step =>
  get(`${resource} ${name}: ${title}`, at(resource, name), { settleMs, pick: pickStatus })
const ready = (name: string, value = 'True'): Step =>
  patch('strategic', `${name} ready ${value}`, at('pods', name, 'status'), {
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: value, lastTransitionTime: '2020-01-01T00:00:00Z' }] },
  }, { silent: true, until: 200 })
const gone = (name: string): Step =>
  remove(`${name} goes`, `${at('pods', name)}?gracePeriodSeconds=0`, undefined, { silent: true })
const edit = (title: string, resource: string, name: string, spec: object): Step =>
  patch('merge', title, at(resource, name), { spec }, { silent: true })
const image = (name: string) => ({ template: { spec: { containers: [{ name: 'main', image: name }] } } })

const deployments: Group = {
  name: 'workload-deployment',
  steps: [
    post('made', at('deployments'), changed(deployment('web'), { 'spec/replicas': 4 }), { silent: true }),
    sets('made'), pods('made'), status('made', 'deployments', 'web'),
    edit('scaled', 'deployments', 'web', { replicas: 6 }), sets('scaled'), pods('scaled'),
    edit('new image', 'deployments', 'web', image('web:2')),
    sets('new image, nothing ready'), status('new image, nothing ready', 'deployments', 'web'),
    edit('paused', 'deployments', 'web', { paused: true }),
    edit('third image', 'deployments', 'web', image('web:3')), sets('paused'),
    edit('resumed', 'deployments', 'web', { paused: false }), sets('resumed'),
    edit('back to the first', 'deployments', 'web', image('example.com/web:1')), sets('back to the first'),
    edit('scaled to none', 'deployments', 'web', { replicas: 0 }), sets('scaled to none'), pods('scaled to none'),
    post('Recreate', at('deployments'), changed(deployment('re'), {
      'spec/strategy': { type: 'Recreate' }, 'spec/replicas': 2, 'spec/revisionHistoryLimit': 1,
    }), { silent: true }),
    sets('Recreate'),
    edit('Recreate: new image', 'deployments', 're', image('re:2')), sets('Recreate: new image'),
    edit('Recreate: third image', 'deployments', 're', image('re:3')), sets('Recreate: history of one'),
    remove('deleted', at('deployments', 're'), { propagationPolicy: 'Background' }, { silent: true }),
    sets('deleted'), pods('deleted'),
  ],
}

const stateful: Group = {
  name: 'workload-statefulset',
  steps: [
    post('made', at('statefulsets'), changed(statefulSet('st'), { 'spec/replicas': 3 }), { silent: true }),
    pods('the first alone'), status('the first alone', 'statefulsets', 'st'),
    ready('st-0'), pods('the second'), ready('st-1'), pods('the third'), ready('st-2'), pods('all'),
    status('all ready', 'statefulsets', 'st'),
    edit('new image', 'statefulsets', 'st', image('st:2')), pods('the last is replaced'),
    ready('st-2'), pods('then the middle one'), ready('st-1'), pods('then the first'), ready('st-0'),
    status('updated', 'statefulsets', 'st'),
    edit('partition', 'statefulsets', 'st', {
      ...image('st:3'), updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    }),
    pods('partition'), ready('st-2'), status('partition', 'statefulsets', 'st'),
    edit('scaled down', 'statefulsets', 'st', { replicas: 1 }), pods('scaled down'),
    post('parallel', at('statefulsets'), changed(statefulSet('par'), {
      'spec/replicas': 3, 'spec/podManagementPolicy': 'Parallel', 'spec/ordinals': { start: 5 },
    }), { silent: true }),
    pods('parallel'), gone('par-6'), pods('one is made again'),
    get('revisions', at('controllerrevisions'), {
      settleMs, pick: answer => (answer as Listed).items.map(each => each['revision']).sort(),
    }),
  ],
}

const others: Group = {
  name: 'workload-others',
  steps: [
    post('a ReplicaSet', at('replicasets'), changed(replicaSet('rs'), { 'spec/replicas': 2 }), { silent: true }),
    pods('of a ReplicaSet'), status('made', 'replicasets', 'rs'),
    edit('fewer', 'replicasets', 'rs', { replicas: 1 }), pods('fewer'),
    remove('orphaned', at('replicasets', 'rs'), { propagationPolicy: 'Orphan' }, { silent: true }),
    pods('orphaned'),
    post('adopted', at('replicasets'), replicaSet('rs'), { silent: true }), pods('adopted'),
    post('a Node', at('nodes'), changed(node('<<ns>>-n'), { 'metadata/labels': { pool: '<<ns>>' } }), { silent: true }),
    post('a DaemonSet', at('daemonsets'), changed(daemonSet('ds'), {
      'spec/template/spec/nodeSelector': { pool: '<<ns>>' },
    }), { silent: true }),
    status('made', 'daemonsets', 'ds'),
    remove('the Node', at('nodes', '<<ns>>-n'), undefined, { silent: true }),
  ],
}

const owner = (name: string, more: Json = {}) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid: '<<uid>>', ...more })
const names = (answer: unknown) => (answer as Listed).items
  .map(item => item['metadata'] as Json).filter(meta => meta['name'] !== 'kube-root-ca.crt')
  .map(meta => ({ name: meta['name'], owners: (meta['ownerReferences'] as Json[] | undefined)?.length ?? 0, finalizers: meta['finalizers'] }))
const maps = (title: string): Step => get(title, at('configmaps'), { settleMs: 2500, pick: names })
const family = (policy: string): readonly Step[] => [
  post(`${policy}: owner`, at('configmaps'), configMap('owner'), { silent: true, save: { uid: 'metadata.uid' } }),
  post(`${policy}: child`, at('configmaps'), changed(configMap('child'), {
    'metadata/ownerReferences': [owner('owner', { blockOwnerDeletion: true })],
  }), { silent: true }),
  remove(`${policy}: owner deleted`, at('configmaps', 'owner'), { propagationPolicy: policy }, { silent: true }),
  maps(`after ${policy}`),
]

const garbage: Group = {
  name: 'workload-garbage',
  steps: [
    ...family('Background'), ...family('Foreground'), ...family('Orphan'),
    post('an owner that never was', at('configmaps'), changed(configMap('ghost'), {
      'metadata/ownerReferences': [{
        apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: '11111111-2222-4333-8444-555555555555',
      }],
    }), { silent: true }),
    maps('after an owner that never was'),
    post('a Namespace', '/api/v1/namespaces', { metadata: { name: '<<ns>>-x' } }, { silent: true }),
    post('something in it', '/api/v1/namespaces/<<ns>>-x/configmaps', configMap('a'), { silent: true }),
    post('a Deployment in it', '/apis/apps/v1/namespaces/<<ns>>-x/deployments', deployment('d'), { silent: true }),
    remove('the Namespace', '/api/v1/namespaces/<<ns>>-x', undefined, { silent: true }),
    get('it goes', '/api/v1/namespaces/<<ns>>-x', { settleMs: 8000, pick: () => 'still there' }),
  ],
}

export const controllerWorkloads: readonly Group[] = [deployments, stateful, others, garbage]

/** Deletion: grace, finalizers, propagation, preconditions, collections. */
import { at, get, patch, post, put, remove, type Group } from '../script.ts'
import { changed, configMap, deployment, endpoints, lease, node, pod, service } from './objects.ts'

const make = (name: string, changes: Readonly<Record<string, unknown>> = {}) =>
  post(`made ${name}`, at('configmaps'), changed(configMap(name), changes), {
    save: { uid: 'metadata.uid', rv: 'metadata.resourceVersion' },
  })
const held = { 'metadata/finalizers': ['example.com/hold'] }
const options = (rest: object) => ({ kind: 'DeleteOptions', apiVersion: 'v1', ...rest })

const plain: Group = {
  name: 'delete-plain',
  steps: [
    make('a'),
    remove('a ConfigMap', at('configmaps', 'a')),
    remove('again', at('configmaps', 'a')),
    make('b'),
    remove('wrong uid', at('configmaps', 'b'), options({ preconditions: { uid: 'x' } })),
    remove('wrong resourceVersion', at('configmaps', 'b'), options({
      preconditions: { resourceVersion: '1' },
    })),
    remove('dry run', `${at('configmaps', 'b')}?dryRun=All`),
    remove('dry run in the body', at('configmaps', 'b'), options({ dryRun: ['All'] })),
    remove('unknown dry run', at('configmaps', 'b'), options({ dryRun: ['Some'] })),
    remove('unknown policy', at('configmaps', 'b'), options({ propagationPolicy: 'Sideways' })),
    remove('both ways to orphan', at('configmaps', 'b'), options({
      propagationPolicy: 'Orphan', orphanDependents: true,
    })),
    remove('a body of another kind', at('configmaps', 'b'), { kind: 'Pod', apiVersion: 'v1' }),
    remove('unreadable body', at('configmaps', 'b'), '{'),
    remove('unknown members', at('configmaps', 'b'), options({ foo: 1, dryRun: ['All'] })),
    remove('negative grace', `${at('configmaps', 'b')}?gracePeriodSeconds=-1&dryRun=All`),
    remove('grace that is no number', `${at('configmaps', 'b')}?gracePeriodSeconds=x`),
    remove('right preconditions', at('configmaps', 'b'), options({
      preconditions: { uid: '<<uid>>', resourceVersion: '<<rv>>' },
    })),
    make('c'),
    remove('YAML body', at('configmaps', 'c'), 'propagationPolicy: Background\n', {
      type: 'application/yaml',
    }),
    make('d'),
    remove('policy in the query', `${at('configmaps', 'd')}?propagationPolicy=Background`),
    post('a Service', at('services'), service('s')),
    post('its Endpoints', at('endpoints'), endpoints('s')),
    remove('a Service is returned', at('services', 's')),
    get('its Endpoints went with it', at('endpoints', 's')),
    post('a Deployment', at('deployments'), deployment('d')),
    remove('a Deployment goes', at('deployments', 'd'), options({ propagationPolicy: 'Background' })),
    post('a ServiceAccount', at('serviceaccounts'), { metadata: { name: 'robot' } }),
    remove('a ServiceAccount is returned', at('serviceaccounts', 'robot')),
    post('a Node', at('nodes'), node('<<ns>>-n')),
    remove('a Node goes', at('nodes', '<<ns>>-n')),
    post('a Lease', at('leases'), lease('l')),
    remove('a Lease goes', at('leases', 'l')),
    remove('a table is asked', at('configmaps', 'none'), undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    }),
  ],
}

const finalizers: Group = {
  name: 'delete-finalizers',
  steps: [
    make('a', held),
    remove('stays', at('configmaps', 'a')),
    remove('again: nothing happens', at('configmaps', 'a')),
    get('deleting', at('configmaps', 'a')),
    patch('merge', 'a new finalizer', at('configmaps', 'a'), {
      metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
    }),
    patch('merge', 'deletionTimestamp away', at('configmaps', 'a'), {
      metadata: { deletionTimestamp: null },
    }),
    patch('merge', 'other data still changes', at('configmaps', 'a'), { data: { z: '1' } }),
    patch('merge', 'the last finalizer goes', at('configmaps', 'a'), {
      metadata: { finalizers: null },
    }),
    get('gone', at('configmaps', 'a')),
    make('b'),
    remove('foreground', at('configmaps', 'b'), options({ propagationPolicy: 'Foreground' })),
    remove('then background', at('configmaps', 'b'), options({ propagationPolicy: 'Background' })),
    get('b', at('configmaps', 'b')),
    make('c'),
    remove('orphan', at('configmaps', 'c'), options({ propagationPolicy: 'Orphan' })),
    make('d'),
    remove('orphanDependents false', at('configmaps', 'd'), options({ orphanDependents: false })),
    make('e', held),
    remove('orphanDependents false, held', at('configmaps', 'e'), options({ orphanDependents: false })),
    make('f', held),
    remove('f', at('configmaps', 'f')),
    put('PUT without finalizers removes', at('configmaps', 'f'), configMap('f')),
    get('f is gone', at('configmaps', 'f')),
    make('g', held),
    remove('grace 0 does not hurry', `${at('configmaps', 'g')}?gracePeriodSeconds=0`),
    get('g', at('configmaps', 'g')),
  ],
}

const bound = (name: string) => changed(pod(name), { 'spec/nodeName': 'somewhere' })

const pods: Group = {
  name: 'delete-pods',
  steps: [
    post('unbound', at('pods'), pod('unbound')),
    remove('an unbound Pod goes at once', at('pods', 'unbound')),
    get('unbound is gone', at('pods', 'unbound')),
    post('bound', at('pods'), bound('bound')),
    remove('a bound Pod gets its grace', at('pods', 'bound')),
    get('terminating', at('pods', 'bound')),
    remove('longer grace: not longer', `${at('pods', 'bound')}?gracePeriodSeconds=60`),
    remove('shorter grace', `${at('pods', 'bound')}?gracePeriodSeconds=5`),
    remove('grace 0', at('pods', 'bound'), options({ gracePeriodSeconds: 0 })),
    get('bound is gone', at('pods', 'bound')),
    post('short', at('pods'), changed(bound('short'), { 'spec/terminationGracePeriodSeconds': 1 })),
    remove('its own grace', at('pods', 'short')),
    post('held', at('pods'), changed(bound('held'), held)),
    remove('a held Pod', at('pods', 'held')),
    remove('a held Pod, grace 0', `${at('pods', 'held')}?gracePeriodSeconds=0`),
    post('done', at('pods'), bound('done')),
    patch('merge', 'it has succeeded', at('pods', 'done', 'status'), { status: { phase: 'Succeeded' } }),
    remove('a finished Pod goes at once', at('pods', 'done')),
    get('done is gone', at('pods', 'done')),
    post('foreground', at('pods'), bound('foreground')),
    remove('a bound Pod in the foreground', at('pods', 'foreground'), options({
      propagationPolicy: 'Foreground',
    })),
    post('dry', at('pods'), bound('dry')),
    remove('dry run', `${at('pods', 'dry')}?dryRun=All`),
    get('dry is there', at('pods', 'dry')),
  ],
}

const labelled = (name: string, group: string, more = {}) => post(`made ${name}`, at('configmaps'),
  changed(configMap(name), { 'metadata/labels': { group }, ...more }), { silent: true })

const collections: Group = {
  name: 'delete-collections',
  steps: [
    labelled('a', 'one'), labelled('b', 'one'), labelled('c', 'two'), labelled('d', 'two', held),
    remove('bad selector', `${at('configmaps')}?labelSelector=a%20b%20c`),
    remove('dry run', `${at('configmaps')}?labelSelector=group%3Done&dryRun=All`),
    get('nothing is gone', `${at('configmaps')}?labelSelector=group`),
    remove('by label', `${at('configmaps')}?labelSelector=group%3Done`),
    remove('by field', `${at('configmaps')}?fieldSelector=metadata.name%3Dc`),
    remove('what is held stays', `${at('configmaps')}?labelSelector=group`),
    get('left', `${at('configmaps')}?labelSelector=group`),
    remove('with options', `${at('configmaps')}?labelSelector=group`, options({
      propagationPolicy: 'Background',
    })),
    remove('nothing matches', `${at('configmaps')}?labelSelector=group%3Dnone`),
    remove('Services', at('services')),
    remove('not for Namespaces', '/api/v1/namespaces'),
    remove('not across namespaces', '/api/v1/configmaps'),
  ],
}

const space = '/api/v1/namespaces/<<ns>>-x'
const namespaces: Group = {
  name: 'delete-namespaces',
  steps: [
    post('made', '/api/v1/namespaces', { metadata: { name: '<<ns>>-x' } }),
    post('a ServiceAccount in it', `${space}/serviceaccounts`, { metadata: { name: 'robot' } }),
    patch('merge', 'its own label is forced', space, {
      metadata: { labels: { 'kubernetes.io/metadata.name': 'other' } },
    }),
    patch('merge', 'spec.finalizers do not change here', space, { spec: { finalizers: [] } }),
    remove('deleted: terminating', space, options({ propagationPolicy: 'Background' })),
    get('terminating', space),
    remove('again', space),
    post('nothing can be made in it', `${space}/configmaps`, configMap('late')),
    put('finalize with a finalizer left', `${space}/finalize`, {
      apiVersion: 'v1', kind: 'Namespace', metadata: { name: '<<ns>>-x' },
      spec: { finalizers: ['example.com/own'] },
    }),
    put('finalize', `${space}/finalize`, {
      apiVersion: 'v1', kind: 'Namespace', metadata: { name: '<<ns>>-x' }, spec: { finalizers: [] },
    }),
    get('gone', space),
    remove('default stays', '/api/v1/namespaces/default'),
    remove('kube-system stays', '/api/v1/namespaces/kube-system'),
    post('made in no namespace', '/api/v1/namespaces/<<ns>>-none/configmaps', configMap('a')),
    get('a list in no namespace', '/api/v1/namespaces/<<ns>>-none/configmaps'),
    get('an object in no namespace', '/api/v1/namespaces/<<ns>>-none/configmaps/a'),
  ],
}

export const deletes: readonly Group[] = [plain, finalizers, pods, collections, namespaces]

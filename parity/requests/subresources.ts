/** Scale, status, binding, eviction, tokens, and subresources that do not exist. */
import { apply, at, get, patch, post, put, remove, type Group, type Step } from '../script.ts'
import { changed, configMap, deployment, ingress, node, pod, replicaSet, service, statefulSet } from './objects.ts'

const scale = at('deployments', 'web', 'scale')
const scaleBody = (replicas: number, metadata: object = {}) => ({
  apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web', ...metadata },
  spec: { replicas },
})

const scales: Group = {
  name: 'scale',
  steps: [
    post('made', at('deployments'), deployment('web'), { save: { rv: 'metadata.resourceVersion' } }),
    get('read', scale),
    put('written', scale, scaleBody(3)),
    get('the Deployment follows', at('deployments', 'web')),
    put('stale version', scale, scaleBody(4, { resourceVersion: '<<rv>>' })),
    put('negative', scale, scaleBody(-1)),
    put('another name', scale, { ...scaleBody(1), metadata: { name: 'x' } }),
    put('another kind', scale, deployment('web')),
    patch('merge', 'merge patch', scale, { spec: { replicas: 5 } }),
    patch('json', 'JSON patch', scale, [{ op: 'replace', path: '/spec/replicas', value: 6 }]),
    patch('strategic', 'strategic patch', scale, { spec: { replicas: 7 } }),
    patch('merge', 'negative patch', scale, { spec: { replicas: -1 } }),
    patch('merge', 'the same again', scale, { spec: { replicas: 7 } }),
    patch('merge', 'dry run', `${scale}?dryRun=All`, { spec: { replicas: 9 } }),
    get('of none', at('deployments', 'none', 'scale')),
    post('POST', scale, scaleBody(1)),
    remove('DELETE', scale),
    post('a ReplicaSet', at('replicasets'), changed(replicaSet('web'), {
      'spec/selector': { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'x'] }] },
    })),
    get('its scale', at('replicasets', 'web', 'scale')),
    post('a StatefulSet', at('statefulsets'), statefulSet('web')),
    get('its scale too', at('statefulsets', 'web', 'scale')),
    get('DaemonSets have none', at('daemonsets', 'web', 'scale')),
  ],
}

const config = (replicas: number) => scaleBody(replicas, { name: 'web' })
const read = (title: string): Step => get(title, at('deployments', 'web'))

const appliedScales: Group = {
  name: 'scale-apply',
  steps: [
    post('made', `${at('deployments')}?fieldManager=maker`, changed(deployment('web'), {
      'spec/replicas': 2,
    })),
    apply('conflict', scale, 'one', config(3)),
    apply('the same value', scale, 'one', config(2)),
    read('two owners'),
    apply('forced', scale, 'one', config(3), { force: true }),
    read('one owner'),
    apply('again', scale, 'one', config(3)),
    apply('its own change', scale, 'one', config(4)),
    read('its own'),
    apply('by another', scale, 'two', config(4)),
    read('shared'),
    put('an update in between', `${scale}?fieldManager=three`, scaleBody(5)),
    read('the update owns'),
    apply('a conflict with it', scale, 'one', config(6)),
    patch('merge', 'patched to the same', `${scale}?fieldManager=four`, { spec: { replicas: 5 } }),
    read('after the patch'),
    apply('without replicas', scale, 'one', {
      apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' },
    }),
    read('given up'),
    apply('the Deployment applied', at('deployments', 'web'), 'owner', {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
      spec: { replicas: 5, paused: true },
    }),
    apply('a scale conflicts', scale, 'one', config(7)),
    apply('a scale takes over', scale, 'one', config(7), { force: true }),
    read('taken over'),
    apply('dry run', `${scale}?dryRun=All`, 'one', config(9)),
    apply('negative', scale, 'one', config(-1), { force: true }),
    apply('another name', scale, 'one', scaleBody(1, { name: 'x' })),
    apply('another kind', scale, 'one', deployment('web')),
    apply('unknown members', scale, 'one', { ...config(7), foo: 1 }),
    apply('a stale version', scale, 'one', scaleBody(8, { resourceVersion: '1' })),
    apply('of none', at('deployments', 'none', 'scale'), 'one', scaleBody(1, { name: 'none' })),
    patch('apply', 'without a manager', scale, config(3)),
    post('a StatefulSet', at('statefulsets'), statefulSet('web'), { silent: true }),
    apply('its scale', at('statefulsets', 'web', 'scale'), 'one', config(3), { force: true }),
    get('the StatefulSet', at('statefulsets', 'web')),
  ],
}

const statuses: Group = {
  name: 'status',
  steps: [
    post('a Deployment', at('deployments'), deployment('web')),
    put('PUT of its status', at('deployments', 'web', 'status'), {
      ...deployment('web'), metadata: { name: 'web', labels: { a: 'b' } },
      status: { replicas: 2, observedGeneration: 1 },
    }),
    get('read by status', at('deployments', 'web', 'status')),
    patch('merge', 'negative status', at('deployments', 'web', 'status'), { status: { replicas: -1 } }),
    patch('merge', 'ready above replicas', at('deployments', 'web', 'status'), {
      status: { replicas: 1, readyReplicas: 2 },
    }),
    post('POST', at('deployments', 'web', 'status'), deployment('web')),
    remove('DELETE', at('deployments', 'web', 'status')),
    get('ConfigMaps have none', at('configmaps', 'x', 'status')),
    post('a Service', at('services'), service('s')),
    patch('merge', 'Service conditions', at('services', 's', 'status'), {
      metadata: { labels: { a: 'b' } },
      status: {
        conditions: [{
          type: 'X', status: 'True', reason: 'Y', message: '', lastTransitionTime: '2020-01-01T00:00:00Z',
        }],
      },
    }),
    patch('strategic', 'a second condition', at('services', 's', 'status'), {
      status: {
        conditions: [{
          type: 'Z', status: 'True', reason: 'Y', message: '', lastTransitionTime: '2020-01-01T00:00:00Z',
        }],
      },
    }),
    patch('merge', 'a bad condition', at('services', 's', 'status'), {
      status: { conditions: [{ type: '', status: 'Maybe' }] },
    }),
    patch('merge', 'an address without balancer', at('services', 's', 'status'), {
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } },
    }),
    post('an Ingress', at('ingresses'), ingress('i')),
    patch('merge', 'Ingress status', at('ingresses', 'i', 'status'), {
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.1', ports: [{ port: 80, protocol: 'TCP' }] }] } },
    }),
    patch('merge', 'a bad Ingress status', at('ingresses', 'i', 'status'), {
      status: { loadBalancer: { ingress: [{ ip: 'x' }] } },
    }),
    post('a Node', at('nodes'), node('<<ns>>-n')),
    patch('strategic', 'Node addresses merge', at('nodes', '<<ns>>-n', 'status'), {
      status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
    }),
    patch('strategic', 'a second address', at('nodes', '<<ns>>-n', 'status'), {
      status: { addresses: [{ type: 'Hostname', address: 'n' }] },
    }),
    patch('strategic', 'Node condition', at('nodes', '<<ns>>-n', 'status'), {
      status: { conditions: [{ type: 'Ready', status: 'True' }], capacity: { cpu: '2' } },
    }),
    patch('merge', 'Node spec through status', at('nodes', '<<ns>>-n', 'status'), {
      spec: { unschedulable: true }, metadata: { labels: { a: 'b' } },
    }),
    patch('merge', 'a Namespace\'s status', '/api/v1/namespaces/<<ns>>/status', {
      status: { conditions: [{ type: 'X', status: 'True' }] },
    }),
  ],
}

const bindTo = (target: object) => ({
  apiVersion: 'v1', kind: 'Binding', metadata: { name: 'a' }, target,
})
const binding = at('pods', 'a', 'binding')

const bindings: Group = {
  name: 'binding',
  steps: [
    post('a Node', at('nodes'), changed(node('<<ns>>-n'), {
      'metadata/labels': { 'topology.kubernetes.io/zone': 'zone-a', 'topology.kubernetes.io/region': 'r' },
    }), { silent: true }),
    post('made', at('pods'), pod('a')),
    post('no target', binding, bindTo({})),
    post('another kind of target', binding, bindTo({ kind: 'Pod', name: 'x' })),
    post('another name', at('pods', 'a', 'binding'), { ...bindTo({ name: 'n' }), metadata: { name: 'b' } }),
    post('dry run', `${binding}?dryRun=All`, bindTo({ kind: 'Node', name: '<<ns>>-n' })),
    post('bound', binding, bindTo({ kind: 'Node', name: '<<ns>>-n' })),
    get('the Pod', at('pods', 'a')),
    post('again', binding, bindTo({ kind: 'Node', name: '<<ns>>-n' })),
    post('a missing Pod', at('pods', 'none', 'binding'), {
      ...bindTo({ kind: 'Node', name: 'n' }), metadata: { name: 'none' },
    }),
    post('by the collection', at('pods'), pod('b'), { silent: true }),
    post('to a missing Node', at('bindings'), {
      ...bindTo({ kind: 'Node', name: 'nowhere' }), metadata: { name: 'b' },
    }),
    get('binding cannot be read', binding),
  ],
}

const evict = (name: string, rest: object = {}) =>
  ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...rest })

const evictions: Group = {
  name: 'eviction',
  steps: [
    post('a bound Pod', at('pods'), changed(pod('a'), { 'spec/nodeName': 'n' }), { silent: true }),
    post('an unbound Pod', at('pods'), pod('b'), { silent: true }),
    post('dry run', at('pods', 'a', 'eviction'), evict('a', { deleteOptions: { dryRun: ['All'] } })),
    post('another name', at('pods', 'a', 'eviction'), evict('b')),
    post('evicted', at('pods', 'a', 'eviction'), evict('a')),
    get('the Pod', at('pods', 'a')),
    post('with grace 0', at('pods', 'a', 'eviction'), evict('a', { deleteOptions: { gracePeriodSeconds: 0 } })),
    get('gone', at('pods', 'a')),
    post('unbound', at('pods', 'b', 'eviction'), evict('b')),
    get('b is gone', at('pods', 'b')),
    post('missing', at('pods', 'none', 'eviction'), evict('none')),
    post('the old version', at('pods', 'none', 'eviction'), {
      ...evict('none'), apiVersion: 'policy/v1beta1',
    }),
    get('eviction cannot be read', at('pods', 'b', 'eviction')),
  ],
}

const routes: Group = {
  name: 'routes',
  steps: [
    get('unknown group', '/apis/example.com/v1/foos'),
    get('unknown version', '/apis/apps/v9/deployments'),
    get('unknown resource', '/api/v1/foos'),
    get('unknown resource in a namespace', at('foos')),
    get('unknown subresource', at('configmaps', 'a', 'foo')),
    get('unknown path', '/foo'),
    get('a cluster resource in a namespace', at('configmaps').replace('configmaps', 'nodes')),
    get('a namespaced resource by name without namespace', '/api/v1/configmaps/a'),
    post('POST without namespace', '/api/v1/configmaps', configMap('a')),
    put('PUT on a collection', at('configmaps'), configMap('a')),
    patch('merge', 'PATCH on a collection', at('configmaps'), {}),
    post('POST on an object', at('configmaps', 'a'), configMap('a')),
    { title: 'HEAD', method: 'HEAD', path: at('configmaps', 'a') },
    { title: 'OPTIONS', method: 'OPTIONS', path: at('configmaps', 'a') },
    get('trailing slash on an object', `${at('configmaps', 'a')}/`),
    get('version', '/version', { pick: answer => Object.keys(answer as object).sort() }),
    get('healthz', '/healthz'), get('readyz', '/readyz'), get('livez', '/livez'),
    get('healthz for nobody', '/healthz', { as: 'nobody' }),
    get('readyz for nobody', '/readyz', { as: 'nobody' }),
    get('version for nobody', '/version', { as: 'nobody', pick: () => 'an answer' }),
    get('Pods for nobody', at('pods'), { as: 'nobody' }),
    get('one Pod for nobody', at('pods', 'a'), { as: 'nobody' }),
    post('a create for nobody', at('configmaps'), configMap('a'), { as: 'nobody' }),
    get('discovery for nobody', '/apis', { as: 'nobody' }),
    get('a path for nobody', '/foo', { as: 'nobody' }),
    get('Pods for a stranger', at('pods'), { as: 'stranger' }),
    get('healthz for a stranger', '/healthz', { as: 'stranger' }),
    get('logs of no Pod', at('pods', 'none', 'log')),
  ],
}

export const subresources: readonly Group[] = [scales, appliedScales, statuses, bindings, evictions, routes]

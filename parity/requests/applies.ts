/** Server-side apply and the managedFields that every write leaves. */
import { apply, at, get, patch, post, put, type Group } from '../script.ts'
import { changed, configMap, deployment, pod, service, slice, template, type Json } from './objects.ts'

const cm = at('configmaps', 'a')
const applied = (title: string, manager: string, data: Json, more: { force?: true } = {}) =>
  apply(title, cm, manager, configMap('a', data), more)

const ownership: Group = {
  name: 'apply-ownership',
  steps: [
    applied('creates', 'm1', { a: '1', b: '1' }),
    applied('again: nothing changes', 'm1', { a: '1', b: '1' }),
    applied('a second manager adds', 'm2', { c: '1' }),
    applied('the same value is shared', 'm2', { c: '1', a: '1' }),
    applied('another value conflicts', 'm2', { c: '1', a: '2', b: '2' }),
    applied('by force it moves', 'm2', { c: '1', a: '2', b: '2' }, { force: true }),
    applied('a member dropped is removed', 'm2', { a: '2' }),
    applied('a shared member dropped stays', 'm1', {}),
    applied('the owner drops it', 'm2', {}),
    patch('merge', 'an update takes over', `${cm}?fieldManager=upd`, { data: { u: '1' } }),
    applied('conflict with an update', 'm1', { u: '2' }),
    applied('the same value beside an update', 'm1', { u: '1' }),
    patch('merge', 'an update changes an applied member', `${cm}?fieldManager=upd`, { data: { u: '3' } }),
    get('owners now', cm),
    applied('taken back by force', 'm1', { u: '1' }, { force: true }),
    put('PUT without managedFields keeps them', `${cm}?fieldManager=putter`, configMap('a', { u: '1', p: '1' })),
    put('PUT with an empty list clears them', `${cm}?fieldManager=putter`, changed(
      configMap('a', { u: '1', p: '1' }), { 'metadata/managedFields': [] })),
    applied('after clearing', 'm1', { u: '1' }),
    patch('json', 'managedFields cleared by [{}]', cm, [
      { op: 'replace', path: '/metadata/managedFields', value: [{}] },
    ]),
    get('no owners', cm),
    applied('before-first-apply', 'm1', { z: '1' }),
    applied('and a conflict with it', 'm1', { u: '5' }),
  ],
}

const refused: Group = {
  name: 'apply-refused',
  steps: [
    patch('apply', 'no manager', cm, configMap('a')),
    apply('empty manager', cm, '', configMap('a')),
    apply('no name', cm, 'm', { apiVersion: 'v1', kind: 'ConfigMap', data: {} }),
    apply('another name', cm, 'm', configMap('b')),
    apply('no kind', cm, 'm', { metadata: { name: 'a' } }),
    apply('no apiVersion', cm, 'm', { kind: 'ConfigMap', metadata: { name: 'a' } }),
    apply('another kind', cm, 'm', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }),
    apply('with managedFields', cm, 'm', changed(configMap('a'), {
      'metadata/managedFields': [{ manager: 'x', operation: 'Apply', apiVersion: 'v1' }],
    })),
    apply('unreadable', cm, 'm', '{'),
    apply('a list', cm, 'm', '[]'),
    apply('wrong type', cm, 'm', configMap('a', { n: 1 })),
    apply('as YAML', cm, 'm', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "1"\n', {
      save: { rv: 'metadata.resourceVersion' },
    }),
    apply('duplicate members in YAML', cm, 'm',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "1"\n  a: "2"\n'),
    apply('duplicate members, Strict', `${cm}?fieldValidation=Strict`, 'm',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "1"\n  a: "2"\n'),
    apply('another value', cm, 'm', configMap('a', { a: '2' })),
    apply('stale resourceVersion', cm, 'm', changed(configMap('a', { a: '3' }), {
      'metadata/resourceVersion': '<<rv>>',
    })),
    apply('uid of nothing', at('configmaps', 'new'), 'm', changed(configMap('new'), {
      'metadata/uid': '11111111-2222-4333-8444-555555555555',
    })),
    apply('resourceVersion on create is ignored', at('configmaps', 'fresh'), 'm', changed(
      configMap('fresh'), { 'metadata/resourceVersion': '5' })),
    apply('invalid', at('services', 's'), 'm', changed(service('s'), { 'spec/ports': [{ port: 0 }] })),
    apply('dry run', `${at('configmaps', 'dry')}?dryRun=All`, 'm', configMap('dry')),
    get('nothing was kept', at('configmaps', 'dry')),
  ],
}

const ports = (...list: readonly object[]) => changed(service('s'), { 'spec/ports': list })
const svc = at('services', 's')

const lists: Group = {
  name: 'apply-lists',
  steps: [
    apply('a Service', svc, 'm1', ports({ name: 'a', port: 80 })),
    apply('another manager, another port', svc, 'm2', {
      ...service('s'), spec: { ports: [{ name: 'b', port: 81, targetPort: 8081 }] },
    }),
    apply('another protocol is another element', svc, 'm2', {
      ...service('s'), spec: { ports: [{ name: 'u', port: 80, protocol: 'UDP' }] },
    }),
    apply('one element, another member', svc, 'm3', {
      ...service('s'), spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 9 }] },
    }),
    apply('conflict inside an element', svc, 'm3', {
      ...service('s'), spec: { ports: [{ port: 80, protocol: 'TCP', name: 'z' }] },
    }),
    apply('atomic map: a conflict', svc, 'm3', { ...service('s'), spec: { selector: { x: 'y' } } }),
    apply('the first drops its port', svc, 'm1', { ...service('s'), spec: { selector: { app: 's' } } }),
    get('left', svc),
    apply('keys twice', svc, 'm4', {
      ...service('s'), spec: { ports: [{ port: 90, name: 'p' }, { port: 90, name: 'q' }] },
    }),
    apply('finalizers are a set', cm, 'm1', changed(configMap('a'), {
      'metadata/finalizers': ['example.com/a', 'example.com/b'],
    })),
    apply('another adds to the set', cm, 'm2', changed(configMap('a', {}), {
      'metadata/finalizers': ['example.com/c'],
    })),
    apply('the first drops one', cm, 'm1', changed(configMap('a'), {
      'metadata/finalizers': ['example.com/b'],
    })),
    apply('a set member twice', cm, 'm3', changed(configMap('a', {}), {
      'metadata/finalizers': ['example.com/d', 'example.com/d'],
    })),
    apply('owner by uid', cm, 'm2', changed(configMap('a', {}), {
      'metadata/finalizers': ['example.com/c'],
      'metadata/ownerReferences': [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-1' }],
    })),
    apply('labels of two managers', cm, 'm4', changed(configMap('a', {}), {
      'metadata/labels': { 'example.com/x': 'y' }, 'metadata/annotations': { n: 'o' },
    })),
    get('after all', cm),
    apply('a slice: its lists are atomic', at('endpointslices', 'e'), 'm1', slice('e')),
    apply('another manager conflicts', at('endpointslices', 'e'), 'm2', {
      ...slice('e'), endpoints: [{ addresses: ['192.0.2.8'] }],
    }),
    apply('by force', at('endpointslices', 'e'), 'm2', {
      ...slice('e'), endpoints: [{ addresses: ['192.0.2.8'] }],
    }, { force: true }),
  ],
}

const dep = at('deployments', 'web')
const workloads: Group = {
  name: 'apply-workloads',
  steps: [
    apply('a Deployment', dep, 'm1', deployment('web')),
    apply('another container', dep, 'm2', changed(deployment('web'), {
      'spec/template/spec/containers': [{ name: 'side', image: 'b:1', ports: [{ containerPort: 80 }] }],
    })),
    apply('environment of a shared container', dep, 'm2', changed(deployment('web'), {
      'spec/template/spec/containers': [
        { name: 'main', image: 'example.com/web:1', env: [{ name: 'A', value: '1' }] },
      ],
    })),
    apply('image conflicts', dep, 'm2', changed(deployment('web'), {
      'spec/template/spec/containers': [{ name: 'main', image: 'other:2' }],
    })),
    patch('merge', 'replicas by an update', `${dep}?fieldManager=scaler`, { spec: { replicas: 4 } }),
    patch('merge', 'replicas by scale', `${at('deployments', 'web', 'scale')}?fieldManager=hpa`, {
      spec: { replicas: 5 },
    }),
    get('who owns replicas', dep),
    apply('replicas conflict with scale', dep, 'm1', changed(deployment('web'), { 'spec/replicas': 2 })),
    apply('status by apply', at('deployments', 'web', 'status'), 'ctl', {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
      status: {
        replicas: 1, conditions: [{ type: 'Available', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' }],
      },
    }),
    apply('spec through status is not owned', at('deployments', 'web', 'status'), 'ctl', {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
      spec: { replicas: 9 }, status: { replicas: 2 },
    }),
    apply('status through the main resource', dep, 'm1', {
      ...deployment('web'), status: { replicas: 9 },
    }),
    get('after all', dep),
    apply('a Pod with volumes', at('pods', 'p'), 'm1', changed(pod('p'), {
      'spec/volumes': [{ name: 'v', emptyDir: {} }],
      'spec/containers': [{
        name: 'main', image: 'a:1', volumeMounts: [{ name: 'v', mountPath: '/v' }],
        resources: { limits: { cpu: '1' } }, command: ['a', 'b'],
      }],
    })),
    patch('strategic', 'Pod status by a kubelet', `${at('pods', 'p', 'status')}?fieldManager=kubelet`, {
      status: {
        phase: 'Running', podIPs: [{ ip: '192.0.2.9' }],
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'main', ready: true, restartCount: 0, image: 'a:1', imageID: '' }],
      },
    }),
    apply('a Node', at('nodes', '<<ns>>-n'), 'm1', {
      apiVersion: 'v1', kind: 'Node', metadata: { name: '<<ns>>-n', labels: { a: 'b' } },
      spec: { podCIDRs: ['10.3.0.0/24'], taints: [{ key: 'k', effect: 'NoSchedule' }] },
    }),
    patch('strategic', 'Node status', `${at('nodes', '<<ns>>-n', 'status')}?fieldManager=kubelet`, {
      status: {
        addresses: [{ type: 'InternalIP', address: '192.0.2.60' }], capacity: { cpu: '2' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    }),
  ],
}

const writes: Group = {
  name: 'managed-by-writes',
  steps: [
    post('by user agent', at('configmaps'), configMap('agent'), {
      headers: { 'user-agent': 'My Tool/1.2 (x)' },
    }),
    post('by name', `${at('configmaps')}?fieldManager=named`, configMap('named')),
    put('another writes the same', `${at('configmaps', 'named')}?fieldManager=other`, configMap('named')),
    put('another writes more', `${at('configmaps', 'named')}?fieldManager=other`,
      configMap('named', { a: '1', b: '2' })),
    put('a member goes', `${at('configmaps', 'named')}?fieldManager=third`, configMap('named', { b: '2' })),
    ...Array.from({ length: 11 }, (_, index) => patch('merge', `writer ${index}`,
      `${at('configmaps', 'named')}?fieldManager=w${index}`, { data: { [`k${index}`]: 'v' } }, {
        ...index < 9 ? { silent: true as const } : {},
      })),
    post('a Service', `${at('services')}?fieldManager=maker`, service('s')),
    patch('merge', 'its status', `${at('services', 's', 'status')}?fieldManager=lb`, {
      status: { conditions: [{ type: 'X', status: 'True', reason: 'Y', message: '', lastTransitionTime: '2020-01-01T00:00:00Z' }] },
    }),
    post('a Deployment', `${at('deployments')}?fieldManager=maker`, changed(deployment('d'), {
      'spec/template': template('d'),
    })),
    patch('json', 'managedFields rewritten', at('configmaps', 'agent'), [
      {
        op: 'replace', path: '/metadata/managedFields', value: [{
          manager: 'me', operation: 'Apply', apiVersion: 'v1', time: '2020-01-01T00:00:00Z',
          fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {} } },
        }],
      },
    ]),
    patch('json', 'managedFields that are bad', at('configmaps', 'agent'), [
      { op: 'replace', path: '/metadata/managedFields', value: [{ operation: 'Turn' }] },
    ]),
  ],
}

export const applies: readonly Group[] = [ownership, refused, lists, workloads, writes]

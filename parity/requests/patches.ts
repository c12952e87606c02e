/** JSON, merge and strategic merge patches. */
import { at, get, patch, post, type Group } from '../script.ts'
import { changed, configMap, deployment, pod, service } from './objects.ts'

const cm = at('configmaps', 'a')
const json = (title: string, ...operations: readonly object[]) => patch('json', title, cm, operations)
const merge = (title: string, body: object | string) => patch('merge', title, cm, body)

const jsonPatch: Group = {
  name: 'patch-json',
  steps: [
    post('made', at('configmaps'), configMap('a', { a: '1', b: '2' }), {
      save: { rv: 'metadata.resourceVersion' },
    }),
    json('add', { op: 'add', path: '/data/c', value: '3' }),
    json('add over an existing member', { op: 'add', path: '/data/c', value: '4' }),
    json('add below a missing member', { op: 'add', path: '/metadata/labels/x', value: 'y' }),
    json('add a map', { op: 'add', path: '/metadata/labels', value: { 'a/b': 'c' } }),
    json('escaped path', { op: 'replace', path: '/metadata/labels/a~1b', value: 'd' }),
    json('replace', { op: 'replace', path: '/data/a', value: '9' }),
    json('replace a missing member', { op: 'replace', path: '/data/new', value: '9' }),
    json('remove', { op: 'remove', path: '/data/b' }),
    json('remove a missing member', { op: 'remove', path: '/data/b' }),
    json('test that holds', { op: 'test', path: '/data/a', value: '9' }),
    json('test that fails', { op: 'test', path: '/data/a', value: '8' }),
    json('test fails after a change: nothing is kept',
      { op: 'add', path: '/data/z', value: '1' }, { op: 'test', path: '/data/a', value: '8' }),
    json('move', { op: 'move', from: '/data/a', path: '/data/m' }),
    json('copy', { op: 'copy', from: '/data/m', path: '/data/k' }),
    json('copy of a missing member', { op: 'copy', from: '/data/none', path: '/data/k' }),
    json('unknown operation', { op: 'turn', path: '/data/a' }),
    json('no path', { op: 'add', value: 1 }),
    json('wrong type of value', { op: 'add', path: '/data/n', value: 1 }),
    json('name changed', { op: 'replace', path: '/metadata/name', value: 'b' }),
    json('uid changed', { op: 'replace', path: '/metadata/uid', value: 'x' }),
    json('stale resourceVersion', {
      op: 'replace', path: '/metadata/resourceVersion', value: '<<rv>>',
    }),
    json('unknown member', { op: 'add', path: '/extra', value: 1 }),
    patch('json', 'no list', cm, { op: 'add', path: '/data/a', value: '1' }),
    patch('json', 'no JSON', cm, '[{'),
    patch('json', 'empty list', cm, []),
    patch('json', 'missing object', at('configmaps', 'none'), []),
    patch('json', '10001 operations', cm,
      Array.from({ length: 10001 }, () => ({ op: 'test', path: '/data/m', value: '9' }))),
    get('after all', cm),
  ],
}

const mergePatch: Group = {
  name: 'patch-merge',
  steps: [
    post('made', at('configmaps'), changed(configMap('a', { a: '1', b: '2' }), {
      'metadata/labels': { x: 'y' }, 'metadata/finalizers': ['example.com/a'],
    }), { save: { rv: 'metadata.resourceVersion', uid: 'metadata.uid' } }),
    merge('nothing', {}),
    merge('the same value', { data: { a: '1' } }),
    merge('a member', { data: { c: '3' } }),
    merge('null removes', { data: { a: null } }),
    merge('null of a missing member', { data: { none: null } }),
    merge('a list is replaced', { metadata: { finalizers: ['example.com/b'] } }),
    merge('labels merge', { metadata: { labels: { z: '1' } } }),
    merge('all labels removed', { metadata: { labels: null } }),
    merge('right resourceVersion missing', { metadata: { resourceVersion: '' }, data: { d: '4' } }),
    merge('stale resourceVersion', { metadata: { resourceVersion: '<<rv>>' }, data: { d: '5' } }),
    merge('right uid', { metadata: { uid: '<<uid>>' }, data: { d: '6' } }),
    merge('wrong uid', { metadata: { uid: 'x' } }),
    merge('another name', { metadata: { name: 'b' } }),
    merge('another namespace', { metadata: { namespace: 'b' } }),
    merge('name removed', { metadata: { name: null }, data: { d: '7' } }),
    merge('creationTimestamp', { metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } }),
    merge('deletionTimestamp', { metadata: { deletionTimestamp: '2020-01-01T00:00:00Z' } }),
    merge('generation', { metadata: { generation: 9 } }),
    merge('kind changed', { kind: 'Secret' }),
    merge('apiVersion changed', { apiVersion: 'v2' }),
    merge('wrong type', { data: { n: 1 } }),
    merge('data is text', { data: 'x' }),
    merge('bad label', { metadata: { labels: { 'a b': 'c' } } }),
    merge('no JSON', '{'),
    merge('a list', '[]'),
    merge('null', 'null'),
    merge('YAML is read', 'data:\n  y: "1"\n'),
    patch('merge', 'missing object', at('configmaps', 'none'), {}),
    patch('merge', 'force is for apply', `${cm}?force=true`, { data: { f: '1' } }),
    patch('merge', 'a named manager', `${cm}?fieldManager=m1`, { data: { f: '1' } }),
    patch('merge', 'a manager name too long', `${cm}?fieldManager=${'m'.repeat(129)}`, {}),
    patch('merge', 'plain JSON as type', cm, {}, { type: 'application/json' }),
    patch('merge', 'no type', cm, {}, { type: '' }),
    patch('merge', 'type with charset', cm, { data: { g: '1' } }, {
      type: 'application/merge-patch+json; charset=utf-8',
    }),
    get('after all', cm),
  ],
}

const dep = at('deployments', 'web')
const strategic = (title: string, body: object) => patch('strategic', title, dep, body)
const containers = (...list: readonly object[]) =>
  ({ spec: { template: { spec: { containers: list } } } })
const podPatch = (title: string, spec: object) =>
  strategic(title, { spec: { template: { spec } } })

const strategicPatch: Group = {
  name: 'patch-strategic',
  steps: [
    post('made', at('deployments'), changed(deployment('web'), {
      'spec/template/spec/containers': [
        {
          name: 'main', image: 'a:1', env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }],
          ports: [{ containerPort: 80 }], args: ['x', 'y'],
        },
        { name: 'side', image: 'b:1' },
      ],
      'spec/template/spec/volumes': [{ name: 'v', emptyDir: {} }],
      'spec/template/spec/tolerations': [{ key: 'a', operator: 'Exists' }],
    })),
    strategic('a container by name', containers({ name: 'side', image: 'b:2' })),
    strategic('a new container', containers({ name: 'third', image: 'c:1' })),
    strategic('a container removed', containers({ name: 'third', $patch: 'delete' })),
    strategic('environment by name', containers({ name: 'main', env: [{ name: 'B', value: '3' }] })),
    strategic('environment removed', containers({
      name: 'main', env: [{ name: 'A', $patch: 'delete' }],
    })),
    strategic('ports by number', containers({
      name: 'main', ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81 }],
    })),
    strategic('args are replaced', containers({ name: 'main', args: ['z'] })),
    strategic('the order of elements', {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
            containers: [{ name: 'main', image: 'a:2' }],
          },
        },
      },
    }),
    podPatch('a volume with retainKeys', {
      volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }],
    }),
    podPatch('tolerations are replaced', { tolerations: [{ key: 'b', operator: 'Exists' }] }),
    podPatch('all containers replaced', {
      containers: [{ $patch: 'replace' }, { name: 'only', image: 'o:1' }],
    }),
    podPatch('a map replaced', {
      nodeSelector: { a: 'b' }, securityContext: { $patch: 'replace', runAsUser: 1 },
    }),
    podPatch('a map member removed', { nodeSelector: { a: null } }),
    strategic('Recreate with retainKeys', {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    }),
    strategic('an element without its key', containers({ image: 'q:1' })),
    strategic('an unknown directive', containers({ name: 'only', $patch: 'turn' })),
    strategic('labels', { metadata: { labels: { a: 'b' } } }),
    strategic('labels replaced', { metadata: { labels: { $patch: 'replace', c: 'd' } } }),
    strategic('finalizers are united', { metadata: { finalizers: ['example.com/a'] } }),
    strategic('finalizers again', { metadata: { finalizers: ['example.com/b'] } }),
    strategic('a finalizer taken away', {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
    }),
    strategic('finalizers ordered', {
      metadata: {
        '$setElementOrder/finalizers': ['example.com/c', 'example.com/b'],
        finalizers: ['example.com/c'],
      },
    }),
    strategic('owners by uid', {
      metadata: {
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u-1' }],
      },
    }),
    strategic('a second owner', {
      metadata: {
        ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'p', uid: 'u-2' }],
      },
    }),
    strategic('an owner removed', {
      metadata: { ownerReferences: [{ uid: 'u-1', $patch: 'delete' }] },
    }),
    strategic('nothing', {}),
    strategic('unknown member', { spec: { foo: 1 } }),
    strategic('selector', { spec: { selector: { matchLabels: { b: 'c' } } } }),
    get('after all', dep),
    post('a Pod', at('pods'), pod('a')),
    patch('strategic', 'Pod image', at('pods', 'a'), {
      spec: { containers: [{ name: 'main', image: 'z:9' }] },
    }),
    patch('strategic', 'Pod toleration added', at('pods', 'a'), {
      spec: { tolerations: [{ key: 'q', operator: 'Exists' }] },
    }),
    post('a Service', at('services'), changed(service('s'), {
      'spec/ports': [{ name: 'a', port: 80 }, { name: 'u', port: 80, protocol: 'UDP' }],
    })),
    patch('strategic', 'one key where apply has two', at('services', 's'), {
      spec: { ports: [{ port: 80, targetPort: 8080 }] },
    }),
    patch('strategic', 'selector merges', at('services', 's'), { spec: { selector: { b: 'c' } } }),
    post('a budget', at('poddisruptionbudgets'), {
      metadata: { name: 'b' }, spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } },
    }),
    patch('strategic', 'its selector is replaced', at('poddisruptionbudgets', 'b'), {
      spec: { selector: { matchLabels: { c: 'd' } } },
    }),
  ],
}

export const patches: readonly Group[] = [jsonPatch, mergePatch, strategicPatch]

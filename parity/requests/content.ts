/** Content types in and out: JSON, YAML, protobuf, and what is refused. */
import { at, get, patch, post, put, remove, type Group } from '../script.ts'
import { envelope, type Fields } from '../protobuf.ts'
import { changed, configMap, deployment, lease, service } from './objects.ts'

const cms = at('configmaps')
const text = (title: string, body: string, type = 'application/json') => post(title, cms, body, { type })
const proto = 'application/vnd.kubernetes.protobuf'

const bodies: Group = {
  name: 'content-bodies',
  steps: [
    text('empty', ''),
    text('empty object', '{}'),
    text('no JSON', '{"metadata":'),
    text('trailing text', '{"metadata":{"name":"trail"}} x'),
    text('a list', '[]'),
    text('a text', '"x"'),
    text('null', 'null'),
    text('no apiVersion and kind', '{"metadata":{"name":"implied"}}'),
    text('kind alone', '{"kind":"ConfigMap","metadata":{"name":"kind"}}'),
    text('another kind', '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}'),
    text('another group', '{"apiVersion":"apps/v1","kind":"ConfigMap","metadata":{"name":"x"}}'),
    text('unknown kind', '{"apiVersion":"v1","kind":"Foo","metadata":{"name":"x"}}'),
    text('a List', '{"apiVersion":"v1","kind":"ConfigMapList","items":[]}'),
    text('wrong type', '{"metadata":{"name":"x"},"data":{"a":1}}'),
    text('wrong type of metadata', '{"metadata":[]}'),
    text('wrong type of name', '{"metadata":{"name":5}}'),
    text('names in other case', '{"Metadata":{"Name":"x"}}'),
    text('null members', '{"metadata":{"name":"nulls","labels":null},"data":null}'),
    text('duplicate members', '{"metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}'),
    text('unknown members', '{"metadata":{"name":"more","foo":1},"bar":{}}'),
    text('escapes', '{"metadata":{"name":"escapes"},"data":{"a":"\\u00e9\\n\\ud83d\\ude00"}}'),
    text('YAML', 'metadata:\n  name: yaml\ndata:\n  a: "1"\n', 'application/yaml'),
    text('YAML with numbers for text', 'metadata:\n  name: yaml2\ndata:\n  a: 1\n', 'application/yaml'),
    text('YAML with a tab', 'metadata:\n\tname: x\n', 'application/yaml'),
    text('YAML 1.1 words', 'metadata:\n  name: words\nimmutable: yes\n', 'application/yaml'),
    text('two YAML documents', 'metadata:\n  name: doc1\n---\nmetadata:\n  name: doc2\n', 'application/yaml'),
    text('JSON as YAML', '{"metadata":{"name":"json-as-yaml"}}', 'application/yaml'),
    text('no type', '{"metadata":{"name":"untyped"}}', ''),
    text('with charset', '{"metadata":{"name":"charset"}}', 'application/json; charset=utf-8'),
    text('plain text', '{}', 'text/plain'),
    text('CBOR', '\u0000', 'application/cbor'),
    text('a type that is none', '{}', 'x'),
    post('above 3 MiB', cms, configMap('big', { a: 'x'.repeat(3145729) })),
    post('a Lease with a whole second', at('leases'), changed(lease('l'), {
      'spec/renewTime': '2020-01-01T00:00:00Z',
    })),
    post('a number as a text', at('deployments'), changed(deployment('d'), { 'spec/replicas': '3' })),
    post('a fraction', at('deployments'), changed(deployment('d'), { 'spec/replicas': 1.5 })),
    post('a number too large', at('deployments'), changed(deployment('d'), {
      'spec/replicas': 3000000000,
    })),
    post('a truth as a number', at('configmaps'), changed(configMap('d'), { immutable: 1 })),
    post('a time that is none', cms, changed(configMap('d'), {
      'metadata/creationTimestamp': 'yesterday',
    })),
    post('a port that is a map', at('services'), changed(service('d'), {
      'spec/ports': [{ port: 80, targetPort: {} }],
    })),
    put('PUT without a name', at('configmaps', 'implied'), { data: {} }),
    put('PUT of another name', at('configmaps', 'implied'), configMap('other')),
    put('PUT of another namespace', at('configmaps', 'implied'), changed(configMap('implied'), {
      'metadata/namespace': 'other',
    })),
    put('PUT of nothing there', at('configmaps', 'none'), configMap('none')),
    put('PUT with a stale version', at('configmaps', 'implied'), changed(configMap('implied'), {
      'metadata/resourceVersion': '1',
    })),
    put('PUT with a version that is no number', at('configmaps', 'implied'), changed(
      configMap('implied'), { 'metadata/resourceVersion': 'x' })),
    put('PUT with another uid', at('configmaps', 'implied'), changed(configMap('implied'), {
      'metadata/uid': '11111111-2222-4333-8444-555555555555',
    })),
    put('PUT without a version', at('configmaps', 'implied'), configMap('implied')),
    put('PUT of the same', at('configmaps', 'implied'), configMap('implied')),
    put('PUT as YAML', at('configmaps', 'implied'), 'metadata:\n  name: implied\ndata: {y: "1"}\n', {
      type: 'application/yaml',
    }),
  ],
}

const accept = (title: string, value: string, path = `${cms}/a`) => get(title, path, { accept: value })

const answers: Group = {
  name: 'content-answers',
  steps: [
    post('made', cms, configMap('a'), { silent: true }),
    accept('anything', '*/*'),
    accept('any application', 'application/*'),
    accept('YAML', 'application/yaml'),
    accept('a YAML list', 'application/yaml', cms),
    accept('YAML before JSON', 'application/yaml,application/json'),
    accept('by weight', 'application/yaml;q=0.5,application/json'),
    accept('unknown', 'text/html'),
    accept('unknown, then JSON', 'text/html,application/json'),
    accept('CBOR', 'application/cbor'),
    accept('CBOR, then JSON', 'application/cbor,application/json'),
    accept('unknown on an error', 'text/html', `${cms}/none`),
    accept('YAML on an error', 'application/yaml', `${cms}/none`),
    accept('a charset', 'application/json;charset=utf-8'),
    accept('a table as YAML', 'application/yaml;as=Table;v=v1;g=meta.k8s.io'),
    post('a create answered in YAML', cms, configMap('b'), { accept: 'application/yaml' }),
    get('indented for a person', `${cms}/a?pretty=true`),
    get('for curl', `${cms}/a`, { headers: { 'user-agent': 'curl/8' } }),
  ],
}

const meta = (name: string, rest: Fields = {}): Fields => ({
  1: name, 2: '', 3: '', 4: '', 5: '', 6: '', 7: 0, 8: {}, ...rest,
})
const sent = (title: string, resource: string, apiVersion: string, kind: string, object: Fields) =>
  post(title, `${at(resource)}?fieldManager=kubectl-create&fieldValidation=Strict`,
    envelope(apiVersion, kind, object), { type: proto })
const podTemplate: Fields = {
  1: meta('', { 11: { 1: 'app', 2: 'web' } }),
  2: { 2: { 1: 'nginx', 2: 'nginx:1', 5: '', 8: {}, 13: '', 14: '', 16: 0, 17: 0, 18: 0, 20: '' }, 3: '', 6: '' },
}

const protobuf: Group = {
  name: 'content-protobuf',
  steps: [
    sent('a ConfigMap', 'configmaps', 'v1', 'ConfigMap', {
      1: meta('p'), 2: [{ 1: 'a', 2: '1' }, { 1: 'b', 2: 'ä' }], 3: { 1: 'bin', 2: Uint8Array.of(0, 255) },
    }),
    sent('a Secret', 'secrets', 'v1', 'Secret', { 1: meta('p'), 2: { 1: 'a', 2: 'x' }, 3: 'Opaque' }),
    sent('a ServiceAccount', 'serviceaccounts', 'v1', 'ServiceAccount', { 1: meta('p') }),
    sent('a Namespace', 'namespaces', 'v1', 'Namespace', { 1: meta('<<ns>>-p'), 2: {}, 3: { 1: '' } }),
    sent('a Deployment', 'deployments', 'apps/v1', 'Deployment', {
      1: meta('p', { 11: { 1: 'app', 2: 'web' } }),
      2: { 1: 2, 2: { 1: { 1: 'app', 2: 'web' } }, 3: podTemplate, 4: { 1: '' }, 5: 0, 7: 0 },
      3: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 7: 0 },
    }),
    sent('a Service', 'services', 'v1', 'Service', {
      1: meta('p'),
      2: {
        1: { 1: '80-8080', 2: 'TCP', 3: 80, 4: { 1: 0, 2: 8080, 3: '' }, 5: 0 },
        2: { 1: 'app', 2: 'web' }, 3: '', 4: 'ClusterIP', 7: '', 8: '', 10: '', 11: '', 12: 0, 13: 0,
      },
      3: { 1: {} },
    }),
    sent('a Service by node port name', 'services', 'v1', 'Service', {
      1: meta('q'), 2: { 1: { 1: 'a', 2: 'TCP', 3: 80, 4: { 1: 1, 2: 0, 3: 'http' }, 5: 0 }, 4: 'NodePort' },
    }),
    sent('a Lease', 'leases', 'coordination.k8s.io/v1', 'Lease', {
      1: meta('p'), 2: { 1: 'me', 2: 15, 4: { 1: 1577934245, 2: 123456000 }, 5: 1 },
    }),
    sent('an EndpointSlice', 'endpointslices', 'discovery.k8s.io/v1', 'EndpointSlice', {
      1: meta('', { 2: 'slice-', 11: { 1: 'kubernetes.io/service-name', 2: 'web' } }),
      2: { 1: ['192.0.2.1'], 2: { 1: 1, 2: 0 }, 6: 'n1', 7: 'zone-a' }, 3: { 1: 'http', 2: 'TCP', 3: 80 }, 4: 'IPv4',
    }),
    sent('refused like any other', 'services', 'v1', 'Service', { 1: meta('Bad'), 2: {} }),
    sent('another kind', 'configmaps', 'v1', 'Secret', { 1: meta('x') }),
    sent('no kind', 'configmaps', '', '', { 1: meta('x') }),
    post('without the prefix', cms, Uint8Array.of(1, 2, 3, 4, 5, 6), { type: proto }),
    post('the prefix alone', cms, Uint8Array.of(0x6b, 0x38, 0x73, 0), { type: proto }),
    post('cut off', cms, envelope('v1', 'ConfigMap', { 1: meta('cut') }).slice(0, -9), { type: proto }),
    post('no bytes', cms, new Uint8Array(), { type: proto }),
    remove('DeleteOptions', at('configmaps', 'p'), envelope('v1', 'DeleteOptions', { 4: 'Background' }), {
      type: proto,
    }),
    patch('merge', 'a patch in protobuf', at('secrets', 'p'), Uint8Array.of(1), { type: proto }),
  ],
}

const fieldValidation = (mode: string) => `${cms}?fieldValidation=${mode}`
const odd = '{"metadata":{"name":"odd-NAME","foo":1},"data":{"a":"1","a":"2"},"bar":{}}'
const oddly = (name: string) => odd.replace('NAME', name)
const one = at('configmaps', 'odd-warn')

const validation: Group = {
  name: 'field-validation',
  steps: [
    post('Warn', fieldValidation('Warn'), oddly('warn')),
    post('by default', cms, oddly('default')),
    post('Ignore', fieldValidation('Ignore'), oddly('ignore')),
    post('Strict', fieldValidation('Strict'), oddly('strict')),
    post('unknown', fieldValidation('Harsh'), oddly('harsh')),
    post('Strict YAML', fieldValidation('Strict'),
      'metadata:\n  name: y\n  foo: 1\ndata:\n  a: "1"\n  a: "2"\n', { type: 'application/yaml' }),
    post('Warn YAML', fieldValidation('Warn'),
      'metadata:\n  name: y\n  foo: 1\ndata:\n  a: "1"\n  a: "2"\n', { type: 'application/yaml' }),
    put('Strict PUT', `${one}?fieldValidation=Strict`, oddly('warn')),
    put('Warn PUT', `${one}?fieldValidation=Warn`, oddly('warn')),
    patch('merge', 'Strict merge', `${one}?fieldValidation=Strict`, { foo: 1, data: { c: '1' } }),
    patch('merge', 'Warn merge', `${one}?fieldValidation=Warn`, { foo: 1, data: { c: '1' } }),
    patch('merge', 'Strict merge, duplicate', `${one}?fieldValidation=Strict`, '{"data":{"c":"1","c":"2"}}'),
    patch('json', 'Strict JSON patch', `${one}?fieldValidation=Strict`, [
      { op: 'add', path: '/foo', value: 1 }]),
    patch('json', 'unknown member of an operation', `${one}?fieldValidation=Strict`, [
      { op: 'add', path: '/data/z', value: '1', foo: 1 }]),
    patch('strategic', 'Strict strategic', `${one}?fieldValidation=Strict`, { foo: 1 }),
    patch('strategic', 'Warn strategic', `${one}?fieldValidation=Warn`, { foo: 1, data: { d: '1' } }),
    patch('apply', 'apply of an unknown member', `${one}?fieldManager=m&force=true`, {
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd-warn' }, foo: 1,
    }),
    post('an article\'s v1 slice with topology, Strict',
      `${at('endpointslices')}?fieldValidation=Strict`, {
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'old' },
        addressType: 'IPv4', ports: [],
        endpoints: [{ addresses: ['192.0.2.1'], topology: { 'kubernetes.io/hostname': 'n' } }],
      }),
    post('the same with Warn', at('endpointslices'), {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'old' },
      addressType: 'IPv4', ports: [],
      endpoints: [{ addresses: ['192.0.2.1'], topology: { 'kubernetes.io/hostname': 'n' } }],
    }),
    post('deep inside a Deployment', `${at('deployments')}?fieldValidation=Strict`, changed(
      deployment('deep'), {
        'spec/template/spec/containers': [{ name: 'a', image: 'a:1', ports: [{ port: 80 }] }],
        'spec/template/spec/foo': 1,
      })),
  ],
}

const dry = (resource: string, name?: string) =>
  `${name === undefined ? at(resource) : at(resource, name)}?dryRun=All`

const dryRun: Group = {
  name: 'dry-run',
  steps: [
    post('create', dry('configmaps'), configMap('a')),
    get('nothing there', at('configmaps', 'a')),
    post('made', cms, configMap('a')),
    post('exists', dry('configmaps'), configMap('a')),
    put('update', dry('configmaps', 'a'), configMap('a', { a: '2' })),
    patch('merge', 'patch', dry('configmaps', 'a'), { data: { b: '1' } }),
    patch('merge', 'patch that is refused', dry('configmaps', 'a'), { metadata: { labels: { 'a b': 'c' } } }),
    get('unchanged', at('configmaps', 'a')),
    post('a Service', dry('services'), service('s')),
    post('a Service with an address', dry('services'), changed(service('s'), {
      'spec/clusterIP': '10.96.9.9',
    })),
    post('the address is still free', at('services'), changed(service('s'), {
      'spec/clusterIP': '10.96.9.9',
    })),
    patch('merge', 'to NodePort', dry('services', 's'), { spec: { type: 'NodePort' } }),
    post('generated name', dry('configmaps'), { metadata: { generateName: 'gen-' } }),
    post('empty value', `${cms}?dryRun=`, configMap('c')),
    post('unknown value', `${cms}?dryRun=Some`, configMap('c')),
    post('twice', `${cms}?dryRun=All&dryRun=All`, configMap('c')),
    post('a Deployment', dry('deployments'), deployment('d')),
  ],
}

export const content: readonly Group[] = [bodies, answers, protobuf, validation, dryRun]

/** What kubectl prints: every kind as a table, and objects cut down to their metadata. */
import {
  at, get, metadataAccept, metadataListAccept, patch, post, tableAccept, type Group, type Step,
} from '../script.ts'
import { carriedObjects } from './defaults.ts'
import {
  changed, configMap, coreEvent, daemonSet, deployment, endpoints, ingress, ingressClass, lease, newEvent,
  node, pod, replicaSet, revision, secret, service, slice, statefulSet, type Json,
} from './objects.ts'

const made = (resource: string, body: Json): Step =>
  post(`made ${resource} ${(body['metadata'] as { name: string }).name}`, at(resource), body, {
    silent: true,
  })
const status = (resource: string, name: string, body: object): Step =>
  patch('merge', `status of ${resource} ${name}`, at(resource, name, 'status'), { status: body }, {
    silent: true,
  })
const table = (title: string, path: string) => get(title, path, { accept: tableAccept })

const running = (rest: object) => ({
  phase: 'Running', podIP: '192.0.2.5', podIPs: [{ ip: '192.0.2.5' }],
  conditions: [{ type: 'Ready', status: 'True' }], ...rest,
})
const containerStatus = (rest: object) =>
  ({ name: 'main', ready: true, restartCount: 0, image: 'a:1', imageID: '', ...rest })

const podStates: readonly (readonly [string, object, object?])[] = [
  ['ready', running({ containerStatuses: [containerStatus({ state: { running: {} } })] })],
  ['crashing', running({
    containerStatuses: [containerStatus({
      ready: false, restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, finishedAt: '2020-01-01T00:00:00Z' } },
    })],
  })],
  ['failed', {
    phase: 'Failed',
    containerStatuses: [containerStatus({ ready: false, state: { terminated: { exitCode: 3 } } })],
  }],
  ['signalled', {
    phase: 'Failed', containerStatuses: [
      containerStatus({ ready: false, state: { terminated: { exitCode: 0, signal: 9 } } })],
  }],
  ['done', {
    phase: 'Succeeded', containerStatuses: [containerStatus({
      ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } },
    })],
  }],
  ['evicted', { phase: 'Failed', reason: 'Evicted' }],
  ['pulling', {
    phase: 'Pending', containerStatuses: [containerStatus({
      ready: false, state: { waiting: { reason: 'ContainerCreating' } },
    })],
  }],
  ['gates', running({ conditions: [{ type: 'example.com/gate', status: 'True' }] }), {
    'spec/readinessGates': [{ conditionType: 'example.com/gate' }, { conditionType: 'example.com/b' }],
  }],
  ['nominated', { nominatedNodeName: 'n1' }],
  ['init', {
    phase: 'Pending', initContainerStatuses: [
      containerStatus({ name: 'one', ready: true, state: { terminated: { exitCode: 0 } } }),
      containerStatus({ name: 'two', ready: false, state: { running: {} } })],
  }, { 'spec/initContainers': [{ name: 'one', image: 'a:1' }, { name: 'two', image: 'a:1' }] }],
  ['init-error', {
    phase: 'Pending', initContainerStatuses: [
      containerStatus({ name: 'one', ready: false, state: { terminated: { exitCode: 2 } } })],
  }, { 'spec/initContainers': [{ name: 'one', image: 'a:1' }] }],
  ['sidecar', running({
    containerStatuses: [containerStatus({ state: { running: {} } })],
    initContainerStatuses: [
      containerStatus({ name: 'one', started: true, state: { running: {} } })],
  }), { 'spec/initContainers': [{ name: 'one', image: 'a:1', restartPolicy: 'Always' }] }],
  ['half', running({
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      containerStatus({ state: { running: {} } }),
      containerStatus({
        name: 'side', ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } },
      })],
  }), { 'spec/containers': [{ name: 'main', image: 'a:1' }, { name: 'side', image: 'b:1' }] }],
]

const pods: Group = {
  name: 'tables-pods',
  steps: [
    ...podStates.flatMap(([name, state, changes = {}]) => [
      made('pods', changed(pod(name), { 'spec/nodeName': 'n1', ...changes as Json })),
      status('pods', name, state),
    ]),
    made('pods', pod('unbound')),
    made('pods', changed(pod('gated'), { 'spec/schedulingGates': [{ name: 'example.com/g' }] })),
    table('all Pods', at('pods')),
    table('one Pod', at('pods', 'ready')),
    table('across namespaces', '/api/v1/pods?fieldSelector=metadata.namespace%3D<<ns>>&limit=3'),
    table('with objects', `${at('pods')}?includeObject=Object&limit=1`),
    table('without objects', `${at('pods')}?includeObject=None&limit=1`),
    table('with something else', `${at('pods')}?includeObject=Some`),
    table('none', at('jobs')),
    table('a missing Pod', at('pods', 'none')),
  ],
}

const manyPorts = [1, 2, 3, 4, 5].map(port => ({ name: `p${port}`, port }))
const networking: Group = {
  name: 'tables-network',
  steps: [
    made('services', service('a')),
    made('services', changed(service('b'), { 'spec/type': 'NodePort', 'spec/ports': manyPorts })),
    made('services', changed(service('c'), { 'spec/type': 'LoadBalancer' })),
    made('services', changed(service('d'), { 'spec/type': 'LoadBalancer' })),
    status('services', 'd', { loadBalancer: { ingress: [{ ip: '198.51.100.2' }, { hostname: 'x.y' }] } }),
    made('services', changed(service('e'), {
      spec: { type: 'ExternalName', externalName: 'a.very.long.example.com' },
    })),
    made('services', changed(service('f'), {
      'spec/clusterIP': 'None', 'spec/ports': undefined, 'spec/selector': { z: '1', a: '2' },
    })),
    made('services', changed(service('g'), {
      'spec/externalIPs': ['198.51.100.9', '198.51.100.8'], 'spec/selector': undefined,
    })),
    table('Services', at('services')),
    made('endpointslices', slice('a')),
    made('endpointslices', changed(slice('b'), {
      endpoints: [1, 2, 3, 4, 5].map(n => ({ addresses: [`192.0.2.${n}`] })),
      ports: manyPorts,
    })),
    made('endpointslices', changed(slice('c'), { endpoints: [], ports: [] })),
    made('endpointslices', changed(slice('d'), { ports: [{ name: 'named' }] })),
    made('endpointslices', changed(slice('e'), { ports: [{}] })),
    made('endpointslices', changed(slice('f'), {
      addressType: 'IPv6', endpoints: [{ addresses: ['2001:db8::1', '2001:db8::2'] }],
    })),
    table('EndpointSlices', at('endpointslices')),
    made('endpoints', endpoints('ep-a')),
    made('endpoints', changed(endpoints('ep-b'), {
      subsets: [{ addresses: [1, 2, 3, 4].map(n => ({ ip: `192.0.2.${n}` })), ports: [{ port: 80 }] }],
    })),
    made('endpoints', changed(endpoints('ep-c'), { subsets: [] })),
    made('endpoints', changed(endpoints('ep-d'), {
      subsets: [{ notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
    })),
    made('endpoints', changed(endpoints('ep-e'), { subsets: [{ addresses: [{ ip: '2001:db8::1' }] }] })),
    table('Endpoints', at('endpoints')),
    made('ingresses', ingress('a')),
    made('ingresses', changed(ingress('b'), {
      'spec/ingressClassName': 'nginx', 'spec/tls': [{ hosts: ['a.example.com'] }],
      'spec/rules': ['a', 'b', 'c', 'd'].map(host => ({ host: `${host}.example.com` })),
    })),
    made('ingresses', changed(ingress('c'), {
      spec: { defaultBackend: { service: { name: 'w', port: { number: 1 } } } },
    })),
    status('ingresses', 'c', { loadBalancer: { ingress: [{ ip: '198.51.100.4' }] } }),
    table('Ingresses', at('ingresses')),
    made('ingressclasses', ingressClass('<<ns>>-a')),
    table('an IngressClass', at('ingressclasses', '<<ns>>-a')),
    made('leases', lease('a')),
    table('Leases', at('leases')),
    table('the kubernetes ServiceCIDR', '/apis/networking.k8s.io/v1/servicecidrs/kubernetes'),
    table('an IPAddress', '/apis/networking.k8s.io/v1/ipaddresses/10.96.0.1'),
  ],
}

const workloads: Group = {
  name: 'tables-workloads',
  steps: [
    made('deployments', deployment('a')),
    status('deployments', 'a', { replicas: 3, readyReplicas: 2, updatedReplicas: 1, availableReplicas: 1 }),
    made('deployments', changed(deployment('b'), {
      'spec/selector': {
        matchLabels: { app: 'b' },
        matchExpressions: [{ key: 'app', operator: 'In', values: ['b', 'c'] }],
      },
      'spec/template/spec/containers': [{ name: 'x', image: 'i:1' }, { name: 'y', image: 'j:2' }],
    })),
    table('Deployments', at('deployments')),
    made('replicasets', replicaSet('a')),
    status('replicasets', 'a', { replicas: 2, readyReplicas: 1 }),
    table('ReplicaSets', at('replicasets')),
    made('statefulsets', statefulSet('a')),
    status('statefulsets', 'a', { replicas: 2, readyReplicas: 1 }),
    table('StatefulSets', at('statefulsets')),
    made('daemonsets', changed(daemonSet('a'), {
      'spec/template/spec/nodeSelector': { disk: 'ssd', a: 'b' },
    })),
    table('DaemonSets', at('daemonsets')),
    made('controllerrevisions', changed(revision('a'), {
      'metadata/ownerReferences': [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'a', uid: 'u', controller: true }],
    })),
    made('controllerrevisions', revision('b')),
    table('ControllerRevisions', at('controllerrevisions')),
    table('a Deployment\'s scale', at('deployments', 'a', 'scale')),
    table('a Deployment\'s status', at('deployments', 'a', 'status')),
  ],
}

const others: Group = {
  name: 'tables-others',
  steps: [
    table('a Namespace', '/api/v1/namespaces/<<ns>>'),
    made('nodes', node('<<ns>>-bare')),
    table('a bare Node', at('nodes', '<<ns>>-bare')),
    made('nodes', changed(node('<<ns>>-full'), {
      'metadata/labels': {
        'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/edge': '', 'kubernetes.io/role': 'old',
      },
      'spec/unschedulable': true,
      status: {
        addresses: [{ type: 'InternalIP', address: '192.0.2.1' }, { type: 'ExternalIP', address: '198.51.100.1' }],
        conditions: [{ type: 'Ready', status: 'True' }],
        nodeInfo: {
          kubeletVersion: 'v1.36.3', osImage: 'Linux', kernelVersion: '6.1', architecture: 'amd64',
          containerRuntimeVersion: 'x://1', machineID: '', systemUUID: '', bootID: '',
          kubeProxyVersion: '', operatingSystem: 'linux',
        },
      },
    })),
    table('a full Node', at('nodes', '<<ns>>-full')),
    made('configmaps', configMap('a', { a: '1', b: '2' })),
    table('ConfigMaps', at('configmaps')),
    made('secrets', secret('a')),
    table('Secrets', at('secrets')),
    table('ServiceAccounts', at('serviceaccounts')),
    made('events', coreEvent('a')),
    made('events.k8s.io', newEvent('b')),
    made('events', changed(coreEvent('c'), {
      series: { count: 5, lastObservedTime: '2020-01-02T03:04:05.000000Z' },
      'involvedObject/fieldPath': 'spec.containers{main}', source: undefined,
      reportingComponent: 'rc', reportingInstance: 'ri',
    })),
    table('Events', at('events')),
    table('new Events', at('events.k8s.io')),
    made('roles', { metadata: { name: 'r' }, rules: [] }),
    table('Roles', at('roles')),
    made('rolebindings', {
      metadata: { name: 'rb' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'u' }, { kind: 'Group', name: 'g' },
        { kind: 'ServiceAccount', name: 'default', namespace: '<<ns>>' }],
    }),
    table('RoleBindings', at('rolebindings')),
  ],
}

const replication = {
  metadata: { name: 'rc' },
  spec: {
    replicas: 2, selector: { app: 'a' },
    template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'm', image: 'a:1' }] } },
  },
}
const nameOf = (body: Json) => (body['metadata'] as { name: string }).name

const carried: Group = {
  name: 'tables-carried',
  steps: [
    ...carriedObjects.flatMap(([title, resource, body]) => [
      made(resource, body), table(title, at(resource, nameOf(body))),
    ]),
    made('replicationcontrollers', replication),
    table('a ReplicationController', at('replicationcontrollers')),
    get('a ReplicationController, plain', at('replicationcontrollers', 'rc')),
  ],
}

const metadata: Group = {
  name: 'metadata-only',
  steps: [
    made('configmaps', configMap('a')),
    get('an object', at('configmaps', 'a'), { accept: metadataAccept }),
    get('a list', at('configmaps'), { accept: metadataListAccept }),
    get('a list as single', at('configmaps'), { accept: metadataAccept }),
    get('an object as list', at('configmaps', 'a'), { accept: metadataListAccept }),
    post('a create', at('configmaps'), configMap('b'), { accept: metadataAccept }),
    post('a create as table', at('configmaps'), configMap('c'), { accept: tableAccept }),
    patch('merge', 'a patch', at('configmaps', 'a'), { data: { z: '1' } }, { accept: metadataAccept }),
    get('unknown form', at('configmaps', 'a'), {
      accept: 'application/json;as=Foo;v=v1;g=meta.k8s.io',
    }),
    get('unknown form, then JSON', at('configmaps', 'a'), {
      accept: 'application/json;as=Foo;v=v1;g=meta.k8s.io,application/json',
    }),
    get('an old table version', at('configmaps', 'a'), {
      accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
    }),
    get('a missing object', at('configmaps', 'none'), { accept: metadataAccept }),
  ],
}

export const tables: readonly Group[] = [pods, networking, workloads, others, carried, metadata]

/** kubectl commands that read: get in every form, describe and explain of every kind, discovery. */
import { served } from '../discovery.ts'
import {
  changed, configMap, coreEvent, daemonSet, deployment, endpoints, ingress, ingressClass, lease, node,
  pod, replicaSet, revision, secret, service, slice, statefulSet, type Json,
} from '../objects.ts'
import { made, run, type CommandGroup } from '../../kubectl/command.ts'

const statusOf = (resource: string, body: object) =>
  run(`patch ${resource} --subresource=status --type=merge -p '${JSON.stringify({ status: body })}'`, {
    silent: true,
  })

const labelled = changed(configMap('labelled'), { 'metadata/labels': { app: 'web', tier: 'x' } })

const gets: CommandGroup = {
  name: 'kubectl-get',
  commands: [
    made(configMap('a'), labelled, pod('p'), service('web'), deployment('web')),
    run('get configmaps'), run('get cm'), run('get configmap a'), run('get configmap/a pod/p'),
    run('get configmap a labelled -o wide'),
    run('get pods -o wide'), run('get pod p -o yaml'), run('get pod p -o json'),
    run('get configmap -o name'), run('get configmap a -o jsonpath={.data.a}'),
    run('get configmap -o jsonpath={range\\ .items[*]}{.metadata.name}{end}'),
    run('get configmap -o custom-columns=NAME:.metadata.name,A:.data.a'),
    run('get configmap -o go-template={{len\\ .items}}'),
    run('get configmap -l app=web'), run('get configmap -l \'app in (web)\' --show-labels'),
    run('get configmap -L app,tier'), run('get configmap --sort-by=.metadata.name'),
    run('get configmap --field-selector metadata.name=a'),
    run('get configmap --field-selector spec.foo=a'),
    run('get configmap -l \'a b\''),
    run('get configmap --no-headers'), run('get configmap --chunk-size=1'),
    run('get configmap -A --field-selector metadata.namespace=<<ns>>'),
    run('get configmap none'), run('get configmap none --ignore-not-found'), run('get foos'),
    run('get jobs'), run('get all'), run('get deploy,svc'), run('get deploy web --subresource=scale'),
    run('get deploy web --subresource=status -o yaml'),
    run('get configmap -w', { endMs: 1500 }),
    run('get configmap a -w -o yaml', { endMs: 1500 }),
    run('get configmap --watch-only', { endMs: 1500 }),
    run('get configmap -w --output-watch-events', { endMs: 1500 }),
    run('get pod p --output=kyaml'),
    run('get --raw /api/v1/namespaces/<<ns>>/configmaps/none'),
    run('get --raw /readyz'),
    run('get configmap a --request-timeout=5s'),
    run('get configmap a --server-print=false'),
    run('version', { pick: line => line.startsWith('Server') }),
    run('cluster-info'),
  ],
}

const everything: readonly (readonly [string, Json])[] = [
  ['configmap', configMap('d')], ['secret', secret('d')], ['endpoints', endpoints('d')],
  ['endpointslice', slice('d')], ['deployment', deployment('d')], ['replicaset', replicaSet('rs')],
  ['statefulset', statefulSet('d')], ['daemonset', daemonSet('d')], ['controllerrevision', revision('d')],
  ['ingress', ingress('d')], ['lease', lease('d')],
  ['ingressclass', ingressClass('<<ns>>-d')], ['node', changed(node('<<ns>>-d'), {
    'metadata/labels': { 'topology.kubernetes.io/zone': 'zone-a' }, 'spec/podCIDR': '10.9.9.0/24',
    status: {
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{
        type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready',
        lastHeartbeatTime: '2020-01-01T00:00:00Z', lastTransitionTime: '2020-01-01T00:00:00Z',
      }],
      addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
    },
  })],
]
const nameOf = (body: Json) => (body['metadata'] as { name: string }).name

const fullPod = changed(pod('full'), {
  'metadata/labels': { app: 'd' }, 'metadata/annotations': { note: 'x' },
  'spec/nodeName': 'n1',
  'spec/containers': [{
    name: 'main', image: 'a:1', command: ['run'], args: ['x'], ports: [{ containerPort: 80, name: 'http' }],
    env: [{ name: 'A', value: '1' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    resources: { limits: { cpu: '1', memory: '1Gi' } }, volumeMounts: [{ name: 'v', mountPath: '/v' }],
    readinessProbe: { httpGet: { path: '/r', port: 'http' } }, livenessProbe: { tcpSocket: { port: 80 } },
  }],
  'spec/initContainers': [{ name: 'first', image: 'i:1' }],
  'spec/volumes': [{ name: 'v', emptyDir: {} }, { name: 'c', configMap: { name: 'd' } }],
  'spec/tolerations': [{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }],
  'spec/nodeSelector': { disk: 'ssd' },
})

const describes: CommandGroup = {
  name: 'kubectl-describe',
  commands: [
    ...everything.map(([, body]) => made(body)),
    made(fullPod, changed(pod('plain'), { 'metadata/labels': { app: 'd' } })),
    made(changed(service('d'), { 'spec/type': 'NodePort' })),
    made(changed(service('lb'), { 'spec/type': 'LoadBalancer' })),
    made(changed(service('headless'), { 'spec/clusterIP': 'None' })),
    made(changed(slice('d-abc'), {
      'metadata/labels': { 'kubernetes.io/service-name': 'd' },
      endpoints: [
        { addresses: ['192.0.2.7'], conditions: { ready: true }, nodeName: 'n1', zone: 'zone-a',
          targetRef: { kind: 'Pod', name: 'full', namespace: '<<ns>>' } },
        { addresses: ['192.0.2.8'], conditions: { ready: false } }],
    })),
    made(changed(slice('web-abc'), { 'metadata/labels': { 'kubernetes.io/service-name': 'web' } })),
    made(service('web')),
    made(changed(coreEvent('ev'), { 'involvedObject/name': 'full' })),
    statusOf('pod full', {
      phase: 'Running', podIP: '192.0.2.7', startTime: '2020-01-01T00:00:00Z',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{
        name: 'main', ready: true, restartCount: 1, image: 'a:1', imageID: 'x', started: true,
        state: { running: { startedAt: '2020-01-01T00:00:00Z' } },
        lastState: {
          terminated: {
            exitCode: 1, reason: 'Error', startedAt: '2020-01-01T00:00:00Z',
            finishedAt: '2020-01-01T00:01:00Z',
          },
        },
      }],
    }),
    ...everything.map(([kind, body]) => run(`describe ${kind} ${nameOf(body)}`)),
    run('describe pod full'), run('describe pod plain'), run('describe service d'),
    run('describe service lb'), run('describe service headless'), run('describe endpointslice d-abc'),
    run('describe namespace <<ns>>'), run('describe serviceaccount default'), run('describe event ev'),
    run('describe pods -l app=d'), run('describe pod none'), run('describe servicecidr kubernetes'),
    run('events'), run('events --for pod/full'), run('get events'), run('get events -o wide'),
    run('get pods -o wide '), run('get services -o wide'), run('get endpointslices'), run('get endpoints'),
  ],
}

const singular: Readonly<Record<string, string>> = { endpoints: 'endpoints' }
const explained = Object.entries(served).flatMap(([version, resources]) =>
  resources.filter(name => name !== 'bindings').map(name => {
    const group = version.includes('/') ? `.${version.replace('/', '.')}` : ''
    const [plain, dotted] = [name, group.slice(1).split('.').slice(0, -1).join('.')]
    return dotted === '' ? singular[plain] ?? plain : `${plain}.${dotted}`
  }))

/** Descriptions are free texts; the names, types and rules are not. */
const isField = (line: string) => /<(?!empty)[\w[\]-]+>|^(GROUP|KIND|VERSION|FIELDS?):|enum: /.test(line)

const explains: CommandGroup = {
  name: 'kubectl-explain',
  commands: [
    ...explained.map(name => run(`explain ${name} --recursive`, { pick: isField })),
    ...['svc.spec.ports', 'pod.spec.containers', 'endpointslice.endpoints', 'deploy.spec.strategy',
      'endpointslice.endpoints.conditions', 'node.status', 'ingress.spec.rules.http.paths']
      .map(path => run(`explain ${path}`, { pick: isField })),
    run('explain pod.spec.foo'), run('explain foo'),
  ],
}

const rows = Object.entries(served).flatMap(([version, names]) =>
  names.map(name => ({ name, version })))
const isServed = (line: string) => line.startsWith('NAME') || rows.some(({ name, version }) =>
  line.startsWith(`${name} `) && line.includes(` ${version} `))

const discoveries: CommandGroup = {
  name: 'kubectl-discovery',
  commands: [
    run('api-resources', { pick: isServed }),
    run('api-resources -o wide', { pick: isServed }),
    run('api-resources --namespaced=false', { pick: isServed }),
    run('api-resources --api-group=apps'),
    run('api-versions', { pick: line => line in served }),
  ],
}

export const readCommands: readonly CommandGroup[] = [gets, describes, explains, discoveries]

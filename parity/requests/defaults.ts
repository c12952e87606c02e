/** Every kind created with as little as possible: what the server adds. */
import { at, get, post, remove, type Group } from '../script.ts'
import {
  changed, configMap, coreEvent, daemonSet, deployment, endpoints, ingress, ingressClass, ipAddress, lease,
  newEvent, node, pod, replicaSet, revision, secret, service, slice, statefulSet, type Json,
} from './objects.ts'

/** Made, then read back: the two must agree. */
const made = (title: string, resource: string, body: Json) => {
  const { name } = body['metadata'] as { name: string }
  return [
    post(`${title}: create`, at(resource), body),
    get(`${title}: read back`, at(resource, name)),
  ]
}

const podSpec = (changes: Readonly<Record<string, unknown>>, name: string) =>
  changed(pod(name), Object.fromEntries(
    Object.entries(changes).map(([path, value]) => [`spec/${path}`, value])))

const probe = { httpGet: { port: 8080 } }

const pods: Group = {
  name: 'defaults-pods',
  steps: [
    ...made('a Pod', 'pods', pod('plain')),
    post('image without a tag', at('pods'), podSpec({ 'containers/0/image': 'web' }, 'no-tag')),
    post('image latest', at('pods'), podSpec({ 'containers/0/image': 'web:latest' }, 'latest')),
    post('image by digest', at('pods'), podSpec({
      'containers/0/image': `web@sha256:${'a'.repeat(64)}`,
    }, 'digest')),
    post('ports', at('pods'), podSpec({
      'containers/0/ports': [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
    }, 'ports')),
    post('host network', at('pods'), podSpec({
      hostNetwork: true, 'containers/0/ports': [{ containerPort: 80 }],
    }, 'host-network')),
    post('probes', at('pods'), podSpec({
      'containers/0/readinessProbe': probe,
      'containers/0/livenessProbe': { tcpSocket: { port: 1 } },
      'containers/0/startupProbe': { exec: { command: ['a'] } },
    }, 'probes')),
    post('gRPC probe', at('pods'), podSpec({
      'containers/0/readinessProbe': { grpc: { port: 5 } },
    }, 'grpc')),
    post('limits become requests', at('pods'), podSpec({
      'containers/0/resources': { limits: { cpu: '1', memory: '1Gi' } },
    }, 'guaranteed')),
    post('burstable', at('pods'), podSpec({
      'containers/0/resources': { limits: { memory: '1Gi' }, requests: { cpu: '0.5' } },
    }, 'burstable')),
    post('quantities are made canonical', at('pods'), podSpec({
      'containers/0/resources': { requests: { cpu: '0.1000', memory: '1024Ki' } },
    }, 'quantities')),
    post('volumes', at('pods'), podSpec({
      volumes: [
        { name: 'a', emptyDir: {} }, { name: 'b', configMap: { name: 'c' } },
        { name: 'c', secret: { secretName: 's' } }, { name: 'd', hostPath: { path: '/x' } },
        { name: 'e', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
        {
          name: 'f', downwardAPI: {
            items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }],
          },
        },
      ],
      'containers/0/volumeMounts': [{ name: 'a', mountPath: '/a' }],
    }, 'volumes')),
    post('environment', at('pods'), podSpec({
      'containers/0/env': [
        { name: 'A', value: 'x' }, { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      ],
    }, 'environment')),
    post('init containers', at('pods'), podSpec({
      initContainers: [
        { name: 'one', image: 'a:1' }, { name: 'two', image: 'b:1', restartPolicy: 'Always' },
      ],
    }, 'init')),
    post('no service account token', at('pods'), podSpec({
      automountServiceAccountToken: false,
    }, 'no-token')),
    post('an own toleration stays first', at('pods'), podSpec({
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
    }, 'toleration')),
    post('hostname, subdomain, aliases, grace', at('pods'), podSpec({
      hostname: 'h', subdomain: 's', hostAliases: [{ ip: '192.0.2.1', hostnames: ['x'] }],
      terminationGracePeriodSeconds: 5, restartPolicy: 'Never', dnsPolicy: 'Default',
    }, 'named')),
    post('status is dropped', at('pods'), { ...pod('status'), status: { podIP: '192.0.2.1' } }),
    post('a service account that is missing', at('pods'), podSpec({
      serviceAccountName: 'ghost',
    }, 'ghost')),
    post('spread and affinity', at('pods'), podSpec({
      topologySpreadConstraints: [{
        maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'a' } },
      }],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{
            topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'a' } },
          }],
        },
      },
    }, 'spread')),
  ],
}

const workloads: Group = {
  name: 'defaults-workloads',
  steps: [
    ...made('a Deployment', 'deployments', deployment('web')),
    ...made('a ReplicaSet', 'replicasets', replicaSet('web')),
    ...made('a StatefulSet', 'statefulsets', statefulSet('web')),
    ...made('a DaemonSet', 'daemonsets', daemonSet('web')),
    ...made('a ControllerRevision', 'controllerrevisions', revision('web')),
    post('Deployment: Recreate', at('deployments'),
      changed(deployment('recreate'), { 'spec/strategy': { type: 'Recreate' } })),
    post('Deployment: a part of the strategy', at('deployments'), changed(deployment('surge'), {
      'spec/strategy': { rollingUpdate: { maxSurge: 2 } },
    })),
    post('Deployment: zero replicas', at('deployments'),
      changed(deployment('zero'), { 'spec/replicas': 0, 'spec/revisionHistoryLimit': 0 })),
    post('StatefulSet: Parallel, OnDelete', at('statefulsets'), changed(statefulSet('parallel'), {
      'spec/podManagementPolicy': 'Parallel', 'spec/updateStrategy': { type: 'OnDelete' },
    })),
    post('StatefulSet: volume claims', at('statefulsets'), changed(statefulSet('claims'), {
      'spec/volumeClaimTemplates': [{
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }],
    })),
    post('DaemonSet: OnDelete', at('daemonsets'), changed(daemonSet('on-delete'), {
      'spec/updateStrategy': { type: 'OnDelete' },
    })),
    post('DaemonSet: surge', at('daemonsets'), changed(daemonSet('surge'), {
      'spec/updateStrategy': { rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 } },
    })),
  ],
}

const named = (apiVersion: string, kind: string, name: string, rest: Json = {}) =>
  ({ apiVersion, kind, metadata: { name }, ...rest })

const others: Group = {
  name: 'defaults-others',
  steps: [
    ...made('a Namespace', 'namespaces', named('v1', 'Namespace', '<<ns>>-made')),
    ...made('a Node', 'nodes', node('<<ns>>-node')),
    post('a Node with status', at('nodes'), {
      ...node('<<ns>>-full'), spec: { podCIDR: '10.9.0.0/24' },
      status: { capacity: { cpu: '4', memory: '8Gi', pods: '110' } },
    }),
    ...made('a ConfigMap', 'configmaps', configMap('cm')),
    post('an empty ConfigMap', at('configmaps'), named('v1', 'ConfigMap', 'empty')),
    ...made('a Secret', 'secrets', secret('plain')),
    post('a Secret by stringData', at('secrets'), secret('text', {
      data: { a: 'MQ==' }, stringData: { a: 'two', b: 'three' },
    })),
    post('a TLS Secret', at('secrets'), secret('tls', {
      type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' },
    })),
    ...made('a ServiceAccount', 'serviceaccounts', named('v1', 'ServiceAccount', 'robot')),
    ...made('an EndpointSlice', 'endpointslices', slice('slice')),
    ...made('Endpoints', 'endpoints', endpoints('ep')),
    ...made('an Ingress', 'ingresses', ingress('ing')),
    ...made('an IngressClass', 'ingressclasses', ingressClass('<<ns>>-class')),
    post('an IngressClass with parameters', at('ingressclasses'), changed(
      ingressClass('<<ns>>-parameters'), { 'spec/parameters': { kind: 'K', name: 'n' } })),
    ...made('a Lease', 'leases', lease('lease')),
    ...made('an IPAddress', 'ipaddresses', ipAddress('192.0.2.200')),
    remove('an IPAddress: delete', at('ipaddresses', '192.0.2.200')),
    ...made('a core Event', 'events', coreEvent('core')),
    get('a core Event read as events.k8s.io', at('events.k8s.io', 'core')),
    ...made('a new Event', 'events.k8s.io', newEvent('new')),
    get('a new Event read as core', at('events', 'new')),
    ...made('a Service', 'services', service('web')),
  ],
}

const labelled = { selector: { matchLabels: { app: 'a' } } }
const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] }
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }
const subject = { kind: 'ServiceAccount', name: 'default', namespace: '<<ns>>' }
const rbac = 'rbac.authorization.k8s.io/v1'
const job = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1' }] } } }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

/** Kinds that nothing acts on, as people write them. */
export const carriedObjects: readonly (readonly [title: string, resource: string, body: Json])[] = [
  ['a Role', 'roles', named(rbac, 'Role', 'r', { rules: [rule] })],
  ['a RoleBinding', 'rolebindings', named(rbac, 'RoleBinding', 'rb', {
    roleRef, subjects: [subject, { kind: 'User', name: 'u' }],
  })],
  ['a ClusterRole', 'clusterroles', named(rbac, 'ClusterRole', '<<ns>>-cr', { rules: [rule] })],
  ['a ClusterRoleBinding', 'clusterrolebindings',
    named(rbac, 'ClusterRoleBinding', '<<ns>>-crb', { roleRef, subjects: [subject] })],
  ['a NetworkPolicy', 'networkpolicies', named('networking.k8s.io/v1', 'NetworkPolicy', 'np', {
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
  })],
  ['a PodDisruptionBudget', 'poddisruptionbudgets',
    named('policy/v1', 'PodDisruptionBudget', 'pdb', { spec: { ...labelled, minAvailable: 1 } })],
  ['a HorizontalPodAutoscaler', 'horizontalpodautoscalers',
    named('autoscaling/v2', 'HorizontalPodAutoscaler', 'hpa', {
      spec: {
        maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    })],
  ['a Job', 'jobs', named('batch/v1', 'Job', 'job', { spec: job })],
  ['a CronJob', 'cronjobs', named('batch/v1', 'CronJob', 'cron', {
    spec: { schedule: '* * * * *', jobTemplate: { spec: job } },
  })],
  ['a PersistentVolume', 'persistentvolumes', named('v1', 'PersistentVolume', '<<ns>>-pv', {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
  })],
  ['a PersistentVolumeClaim', 'persistentvolumeclaims',
    named('v1', 'PersistentVolumeClaim', 'pvc', { spec: claim })],
  ['a StorageClass', 'storageclasses', named('storage.k8s.io/v1', 'StorageClass', '<<ns>>-sc', {
    provisioner: 'example.com/p',
  })],
  ['a PriorityClass', 'priorityclasses',
    named('scheduling.k8s.io/v1', 'PriorityClass', '<<ns>>-pc', { value: 5 })],
  ['a ResourceQuota', 'resourcequotas',
    named('v1', 'ResourceQuota', 'quota', { spec: { hard: { pods: '10' } } })],
  ['a LimitRange', 'limitranges', named('v1', 'LimitRange', 'limits', {
    spec: { limits: [{ type: 'Pod', max: { cpu: '2' } }] },
  })],
]

const carried: Group = {
  name: 'defaults-carried',
  steps: carriedObjects.flatMap(([title, resource, body]) => made(title, resource, body)),
}

export const defaults: readonly Group[] = [pods, workloads, others, carried]

/** What Pods and workloads refuse. */
import { at, patch, post, type Group } from '../script.ts'
import { changed, daemonSet, deployment, pod, replicaSet, statefulSet } from './objects.ts'
import { refusedCreates, refusedPatches, refusedUpdates, type Case } from './refusals.ts'

const main = (rest: object) =>
  ({ 'spec/containers': [{ name: 'main', image: 'example.com/web:1', ...rest }] })

const podCases: readonly Case[] = [
  ['no containers', { 'spec/containers': [] }],
  ['no spec', { spec: undefined }],
  ['container without name', { 'spec/containers': [{ image: 'a:1' }] }],
  ['container without image', { 'spec/containers': [{ name: 'a' }] }],
  ['image of blanks', main({ image: ' a ' })],
  ['container name with capitals', main({ name: 'Main' })],
  ['container name twice', {
    'spec/containers': [{ name: 'a', image: 'a:1' }, { name: 'a', image: 'b:1' }],
  }],
  ['unknown pull policy', main({ imagePullPolicy: 'Sometimes' })],
  ['containerPort 0', main({ ports: [{ containerPort: 0 }] })],
  ['port name twice', main({
    ports: [{ name: 'a', containerPort: 1 }, { name: 'a', containerPort: 2 }],
  })],
  ['port name too long', main({ ports: [{ name: 'abcdefghijklmnop', containerPort: 1 }] })],
  ['port protocol', main({ ports: [{ containerPort: 1, protocol: 'X' }] })],
  ['hostPort twice', main({
    ports: [{ containerPort: 1, hostPort: 9 }, { containerPort: 2, hostPort: 9 }],
  })],
  ['environment without name', main({ env: [{ value: 'x' }] })],
  ['environment name with =', main({ env: [{ name: 'a=b' }] })],
  ['environment with two sources', main({
    env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  })],
  ['environment from a bad field', main({
    env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }],
  })],
  ['mount of a missing volume', main({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
  ['mount without path', { 'spec/volumes': [{ name: 'v', emptyDir: {} }], ...main({ volumeMounts: [{ name: 'v', mountPath: '' }] }) }],
  ['volume with two sources', {
    'spec/volumes': [{ name: 'v', emptyDir: {}, hostPath: { path: '/' } }],
  }],
  ['volume without source', { 'spec/volumes': [{ name: 'v' }] }],
  ['volume name twice', {
    'spec/volumes': [{ name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }],
  }],
  ['probe without handler', main({ readinessProbe: {} })],
  ['probe with two handlers', main({
    readinessProbe: { tcpSocket: { port: 1 }, exec: { command: ['a'] } },
  })],
  ['probe with a negative delay', main({
    readinessProbe: { tcpSocket: { port: 1 }, initialDelaySeconds: -1 },
  })],
  ['liveness with successThreshold 2', main({
    livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 },
  })],
  ['probe port 0', main({ readinessProbe: { httpGet: { port: 0 } } })],
  ['request above limit', main({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } })],
  ['bad quantity', main({ resources: { limits: { cpu: '1x' } } })],
  ['negative quantity', main({ resources: { limits: { cpu: '-1' } } })],
  ['unknown resource', main({ resources: { limits: { gold: '1' } } })],
  ['unknown restartPolicy', { 'spec/restartPolicy': 'Maybe' }],
  ['unknown dnsPolicy', { 'spec/dnsPolicy': 'Maybe' }],
  ['dnsPolicy None without servers', { 'spec/dnsPolicy': 'None' }],
  ['negative grace', { 'spec/terminationGracePeriodSeconds': -5 }],
  ['deadline 0', { 'spec/activeDeadlineSeconds': 0 }],
  ['bad hostname', { 'spec/hostname': 'a.b' }],
  ['bad subdomain', { 'spec/subdomain': 'A' }],
  ['bad nodeName', { 'spec/nodeName': 'a b' }],
  ['bad nodeSelector', { 'spec/nodeSelector': { a: 'b c' } }],
  ['bad host alias', { 'spec/hostAliases': [{ ip: 'x' }] }],
  ['toleration: Exists with a value', {
    'spec/tolerations': [{ key: 'a', operator: 'Exists', value: 'b' }],
  }],
  ['toleration: Equal without key', { 'spec/tolerations': [{ operator: 'Equal' }] }],
  ['toleration: seconds without NoExecute', {
    'spec/tolerations': [{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }],
  }],
  ['toleration: unknown effect', {
    'spec/tolerations': [{ key: 'a', operator: 'Exists', effect: 'Some' }],
  }],
  ['spread: maxSkew 0', {
    'spec/topologySpreadConstraints': [{
      maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule',
    }],
  }],
  ['spread: unknown answer', {
    'spec/topologySpreadConstraints': [{ maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'Maybe' }],
  }],
  ['a readiness gate without type', { 'spec/readinessGates': [{ conditionType: '' }] }],
  ['init container without image', { 'spec/initContainers': [{ name: 'i' }] }],
  ['init container with a probe', {
    'spec/initContainers': [{ name: 'i', image: 'a:1', readinessProbe: { tcpSocket: { port: 1 } } }],
  }],
  ['name of 254 characters', { 'metadata/name': 'x'.repeat(254) }],
  ['name with a slash', { 'metadata/name': 'a/b' }],
  ['priority given', { 'spec/priority': 7 }],
  ['unknown priority class', { 'spec/priorityClassName': 'ghost' }],
  ['security: runAsUser negative', { 'spec/securityContext': { runAsUser: -1 } }],
  ['ephemeral containers', {
    'spec/ephemeralContainers': [{ name: 'e', image: 'a:1' }],
  }],
]

const podUpdates: readonly Case[] = [
  ['nothing', {}],
  ['image', { 'spec/containers': [{ name: 'main', image: 'example.com/web:2' }] }],
  ['labels', { 'metadata/labels': { a: 'b' } }],
  ['container added', { 'spec/containers': [{ name: 'b', image: 'b:1' }] }],
  ['environment added', { 'spec/containers': [{ name: 'main', env: [{ name: 'A', value: 'x' }] }] }],
  ['nodeName', { 'spec/nodeName': 'n' }],
  ['deadline set', { 'spec/activeDeadlineSeconds': 10 }],
  ['deadline longer', { 'spec/activeDeadlineSeconds': 11 }],
  ['deadline shorter', { 'spec/activeDeadlineSeconds': 9 }],
  ['hostname', { 'spec/hostname': 'h' }],
  ['grace', { 'spec/terminationGracePeriodSeconds': 1 }],
  ['tolerations replaced', { 'spec/tolerations': [{ key: 'a', operator: 'Exists' }] }],
  ['service account', { 'spec/serviceAccountName': 'x' }],
  ['readiness gate', { 'spec/readinessGates': [{ conditionType: 'example.com/a' }] }],
  ['scheduling gate', { 'spec/schedulingGates': [{ name: 'example.com/a' }] }],
  ['two at once', { 'spec/hostname': 'h', 'metadata/labels': { 'a b': 'c' } }],
]

const selector = { 'spec/selector': { matchLabels: { app: 'other' } } }
const workloadCases: readonly Case[] = [
  ['no selector', { 'spec/selector': undefined }],
  ['empty selector', { 'spec/selector': {} }],
  ['selector and labels disagree', selector],
  ['bad selector operator', {
    'spec/selector': { matchExpressions: [{ key: 'app', operator: 'Like', values: ['a'] }] },
  }],
  ['In without values', {
    'spec/selector': { matchExpressions: [{ key: 'app', operator: 'In' }] },
  }],
  ['Exists with values', {
    'spec/selector': { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['x'] }] },
  }],
  ['bad template label', { 'spec/template/metadata/labels': { app: 'x', 'b b': 'c' } }],
  ['template without containers', { 'spec/template/spec': { containers: [] } }],
  ['template that restarts never', { 'spec/template/spec/restartPolicy': 'Never' }],
  ['no template', { 'spec/template': undefined }],
  ['negative minReadySeconds', { 'spec/minReadySeconds': -1 }],
]
const replicaCases: readonly Case[] = [['negative replicas', { 'spec/replicas': -1 }]]

const rolling = (rest: object) =>
  ({ 'spec/strategy': { type: 'RollingUpdate', rollingUpdate: rest } })
const deploymentCases: readonly Case[] = [
  ...workloadCases, ...replicaCases,
  ['unknown strategy', { 'spec/strategy': { type: 'Blue' } }],
  ['Recreate with rollingUpdate', {
    'spec/strategy': { type: 'Recreate', rollingUpdate: { maxSurge: 1 } },
  }],
  ['maxSurge and maxUnavailable 0', rolling({ maxSurge: 0, maxUnavailable: 0 })],
  ['maxUnavailable above 100%', rolling({ maxUnavailable: '101%' })],
  ['maxSurge is no percentage', rolling({ maxSurge: 'x' })],
  ['negative maxSurge', rolling({ maxSurge: -1 })],
  ['negative history', { 'spec/revisionHistoryLimit': -1 }],
  ['deadline below minReadySeconds', {
    'spec/minReadySeconds': 20, 'spec/progressDeadlineSeconds': 10,
  }],
]
const statefulSetCases: readonly Case[] = [
  ...workloadCases, ...replicaCases,
  ['unknown podManagementPolicy', { 'spec/podManagementPolicy': 'Any' }],
  ['unknown updateStrategy', { 'spec/updateStrategy': { type: 'Recreate' } }],
  ['negative partition', {
    'spec/updateStrategy': { type: 'RollingUpdate', rollingUpdate: { partition: -1 } },
  }],
  ['OnDelete with rollingUpdate', {
    'spec/updateStrategy': { type: 'OnDelete', rollingUpdate: { partition: 1 } },
  }],
  ['negative ordinals', { 'spec/ordinals': { start: -1 } }],
]
const daemonSetCases: readonly Case[] = [
  ...workloadCases,
  ['unknown updateStrategy', { 'spec/updateStrategy': { type: 'Recreate' } }],
  ['nothing unavailable, no surge', {
    'spec/updateStrategy': { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } },
  }],
  ['both unavailable and surge', {
    'spec/updateStrategy': { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
  }],
]

const deploymentUpdates: readonly Case[] = [
  ['replicas', { 'spec/replicas': 3 }],
  ['an annotation moves the generation', {
    'spec/replicas': 3, 'metadata/annotations': { a: 'b' },
  }],
  ['a label does not', {
    'spec/replicas': 3, 'metadata/annotations': { a: 'b' }, 'metadata/labels': { a: 'b' },
  }],
  ['selector', { 'spec/selector': { matchLabels: { app: 'z' } } }],
  ['status is not touched', { status: { replicas: 7 } }],
]
const statefulSetUpdates: readonly Case[] = [
  ['replicas', { 'spec/replicas': 3 }],
  ['serviceName', { 'spec/serviceName': 'other' }],
  ['podManagementPolicy', { 'spec/podManagementPolicy': 'Parallel' }],
  ['template', { 'spec/template/spec/containers': [{ name: 'main', image: 'x:2' }] }],
]

const statuses: Group = {
  name: 'updates-pod-status',
  steps: [
    post('made', at('pods'), changed(pod('a'), { 'spec/nodeName': '<<ns>>-n' })),
    patch('strategic', 'running', at('pods', 'a', 'status'), {
      status: {
        phase: 'Running', podIP: '192.0.2.5', hostIP: '192.0.2.90',
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    }),
    patch('strategic', 'a second address', at('pods', 'a', 'status'), {
      status: { podIPs: [{ ip: '192.0.2.5' }, { ip: '2001:db8::5' }] },
    }),
    patch('strategic', 'conditions merge by type', at('pods', 'a', 'status'), {
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'x' }, { type: 'Y', status: 'True' }] },
    }),
    patch('merge', 'addresses disagree', at('pods', 'a', 'status'), {
      status: { podIP: '192.0.2.6', podIPs: [{ ip: '192.0.2.7' }] },
    }),
    patch('merge', 'two addresses of one family', at('pods', 'a', 'status'), {
      status: { podIPs: [{ ip: '192.0.2.6' }, { ip: '192.0.2.7' }] },
    }),
    patch('merge', 'spec is not touched', at('pods', 'a', 'status'), {
      spec: { hostname: 'x' }, metadata: { labels: { a: 'b' } },
    }),
    patch('merge', 'observedGeneration and QoS', at('pods', 'a', 'status'), {
      status: { observedGeneration: 1, qosClass: 'Guaranteed' },
    }),
  ],
}

export const workloadRefusals: readonly Group[] = [
  refusedCreates('refusals-pods', 'pods', pod('x'), podCases),
  refusedPatches('updates-pods', 'pods', pod('up'), podUpdates),
  statuses,
  refusedCreates('refusals-deployments', 'deployments', deployment('x'), deploymentCases),
  refusedUpdates('updates-deployments', 'deployments', deployment('up'), deploymentUpdates),
  refusedCreates('refusals-replicasets', 'replicasets', replicaSet('x'),
    [...workloadCases, ...replicaCases]),
  refusedCreates('refusals-statefulsets', 'statefulsets', statefulSet('x'), statefulSetCases),
  refusedUpdates('updates-statefulsets', 'statefulsets', statefulSet('up'), statefulSetUpdates),
  refusedCreates('refusals-daemonsets', 'daemonsets', daemonSet('x'), daemonSetCases),
]

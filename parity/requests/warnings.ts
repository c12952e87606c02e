/** Writes that succeed with a warning, or with none though one might think so. */
import { at, patch, post, put, type Group, type Step } from '../script.ts'
import { changed, deployment, pod, service, statefulSet } from './objects.ts'

const named = (title: string): string => title.replace(/[^a-z0-9]+/gi, '-').toLowerCase()

const ofPod = (title: string, members: object, more: object = {}): Step => {
  const values = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [`spec/${name}`, value]))
  return post(title, at('pods'), changed(pod(named(title)), { ...values, ...more }))
}
const container = (name: string, more: object) => ({ name, image: 'i', ...more })
const one = (more: object) => ({ containers: [container('c', more)] })
const ports = (...list: object[]) => one({ ports: list })
const term = (key: string, ...values: string[]) =>
  ({ matchExpressions: [{ key, operator: 'In', values }] })
const volume = (source: object) => ({ volumes: [{ name: 'v', ...source }] })
const items = (...paths: string[]) => paths.map(path => ({ key: 'k', path }))
const nodeAffinity = (affinity: object) => ({ affinity: { nodeAffinity: affinity } })
const annotated = (annotations: object) => ({ 'metadata/annotations': annotations })
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod'

const pods: Group = {
  name: 'warnings-pods',
  steps: [
    ofPod('a dotted name', {}, { 'metadata/name': 'a.b' }),
    ofPod('old node labels', { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
    ofPod('old labels in affinity', nodeAffinity({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [term('beta.kubernetes.io/arch', 'a')],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: term('node-role.kubernetes.io/master', 'no value!') },
      ],
    })),
    ofPod('spread over an old label', { topologySpreadConstraints: [{
      maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule',
      topologyKey: 'failure-domain.beta.kubernetes.io/zone',
    }] }),
    ofPod('affinity to nothing', { affinity: {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a' }] },
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { topologyKey: 'a' } },
      ] },
    } }),
    ofPod('critical by annotation', {}, annotated({
      'scheduler.alpha.kubernetes.io/critical-pod': '',
      'security.alpha.kubernetes.io/sysctls': 'a',
    })),
    ofPod('a removed volume', volume({ photonPersistentDisk: { pdID: 'x' } })),
    ofPod('a removed repository', volume({ gitRepo: { repository: 'x' } })),
    ofPod('overlapping items', volume({ configMap: { name: 'm', items: items('a', 'a/b', 'c') } })),
    ofPod('overlapping secret items', volume({ secret: { secretName: 's', items: items('a', 'a') } })),
    ofPod('overlapping projections', volume({ projected: { sources: [
      { configMap: { name: 'm', items: items('a/b') } },
      { secret: { name: 's', items: items('a') } }, {},
    ] } })),
    ofPod('a fractional claim', volume({ ephemeral: { volumeClaimTemplate: { spec: {
      accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } },
    } } } })),
    ofPod('aliases twice', { hostAliases: [
      { ip: '192.0.2.1', hostnames: ['a'] }, { ip: '192.0.2.1', hostnames: ['b'] },
    ] }),
    ofPod('odd addresses', {
      hostAliases: [{ ip: '192.000.002.001', hostnames: ['a'] }],
      dnsConfig: { nameservers: ['2001:DB8::1'] },
    }),
    ofPod('pull secrets', { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] }),
    ofPod('fractional bytes', {
      initContainers: [container('i', { resources: { requests: { memory: '1.5' } } })],
      ...one({ resources: { limits: { memory: '100m', 'ephemeral-storage': '2500m' } } }),
    }),
    ofPod('env twice', one({ env: [
      { name: 'A', value: '1' }, { name: 'A', value: '2' },
      { name: 'B', value: '1' }, { name: 'B', value: '$(B)2' },
      { name: 'C', value: '1' }, { name: 'C', value: '$(C)' },
    ] })),
    ofPod('ports twice', ports({ containerPort: 80 }, { containerPort: 80 })),
    ofPod('a port as host port too', ports(
      { containerPort: 80 }, { containerPort: 80, hostPort: 81 })),
    ofPod('ambiguous host ports', ports(
      { containerPort: 80, hostPort: 82 },
      { containerPort: 80, hostPort: 82, hostIP: '192.0.2.1' })),
    ofPod('another protocol', ports(
      { containerPort: 80 }, { containerPort: 80, protocol: 'UDP' })),
    ofPod('host IP without port', ports({ containerPort: 80, hostIP: '192.0.2.1' })),
    ofPod('a port name in two', { containers: [
      container('c', { ports: [{ name: 'web', containerPort: 80 }] }),
      container('d', { ports: [{ name: 'web', containerPort: 81 }] }),
    ] }),
    ofPod('negative grace', { terminationGracePeriodSeconds: -1 }),
    ofPod('seccomp by annotation', {}, annotated({
      [seccomp]: 'runtime/default',
      'container.seccomp.security.alpha.kubernetes.io/c': 'runtime/default',
    })),
    patch('merge', 'no warning for an update', at('pods', 'ports-twice'), {
      metadata: { labels: { a: 'b' } },
    }),
    patch('merge', 'none for a status', at('pods', 'ports-twice', 'status'), {
      status: { phase: 'Running' },
    }),
  ],
}

const twice = { 'spec/template/spec/containers': [container('c', {
  env: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }],
})] }
const template = {
  metadata: { labels: { app: 'w' } },
  spec: { containers: twice['spec/template/spec/containers'] },
}

const templates: Group = {
  name: 'warnings-templates',
  steps: [
    post('a Deployment', at('deployments'), changed(deployment('w'), twice)),
    post('with a dotted name', at('deployments'), changed(deployment('w.x'), twice)),
    put('the same again', at('deployments', 'w'), changed(deployment('w'), twice)),
    patch('merge', 'scaled', at('deployments', 'w', 'scale'), { spec: { replicas: 3 } }),
    patch('merge', 'a label', at('deployments', 'w'), { metadata: { labels: { a: 'b' } } }),
    patch('merge', 'its status', at('deployments', 'w', 'status'), { status: { replicas: 1 } }),
    post('a StatefulSet', at('statefulsets'), changed(statefulSet('w'), {
      ...twice,
      'spec/volumeClaimTemplates': [{
        metadata: { name: 'v' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
      }],
      'spec/revisionHistoryLimit': -1,
    })),
    patch('merge', 'the StatefulSet again', at('statefulsets', 'w'), { spec: { replicas: 2 } }),
    ...['replicasets', 'daemonsets'].map(kind => post(`${kind} too`, at(kind), {
      apiVersion: 'apps/v1', kind: kind === 'replicasets' ? 'ReplicaSet' : 'DaemonSet',
      metadata: { name: 'w' },
      spec: { selector: { matchLabels: { app: 'w' } }, template },
    })),
    patch('merge', 'a DaemonSet\'s strategy', at('daemonsets', 'w'), {
      spec: { minReadySeconds: 3 },
    }),
    post('a ReplicationController', at('replicationcontrollers'), {
      apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'w' },
      spec: { selector: { app: 'w' }, template },
    }),
    post('a PodTemplate', at('podtemplates'), {
      apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'w' }, template,
    }),
    post('a Job', at('jobs'), {
      apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'w' },
      spec: {
        completionMode: 'Indexed', completions: 100_001, parallelism: 10_001,
        template: { spec: { ...template.spec, restartPolicy: 'Never' } },
      },
    }),
    post('a CronJob', at('cronjobs'), {
      apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'w' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
      },
    }),
    post('a claim', at('persistentvolumeclaims'), {
      apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'w' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
    }),
  ],
}

const ofService = (title: string, members: object, more: object = {}): Step => {
  const values = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [`spec/${name}`, value]))
  return post(title, at('services'), changed(service(named(title)), { ...values, ...more }))
}
const headless = { clusterIP: 'None' }

const services: Group = {
  name: 'warnings-services',
  steps: [
    ofService('external IPs', { externalIPs: ['192.0.2.1'] }),
    ofService('an odd external IP', { externalIPs: ['2001:DB8::1'] }),
    ofService('headless with external IPs', { ...headless, externalIPs: ['192.0.2.1'] }),
    ofService('headless with affinity', { ...headless, sessionAffinity: 'ClientIP' }),
    ofService('headless with a balancer', { ...headless, loadBalancerIP: '192.0.2.1' }),
    ofService('hints by annotation', {}, {
      'metadata/annotations': { 'service.kubernetes.io/topology-aware-hints': 'auto' },
    }),
    ofService('external name on another type', { externalName: 'a.example.com' }),
    ofService('external IPs of a name', {
      type: 'ExternalName', externalName: 'a.example.com', externalIPs: ['192.0.2.1'],
    }),
    ofService('prefer close', { trafficDistribution: 'PreferClose' }),
    ofService('prefer same zone', { trafficDistribution: 'PreferSameZone' }),
    ofService('odd source ranges', {
      type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.1/24', ' 192.0.2.0/24'],
    }),
    ofService('a balancer address', { type: 'LoadBalancer', loadBalancerIP: '2001:DB8::1' }),
    patch('merge', 'at each update', at('services', 'external-ips'), {
      metadata: { labels: { a: 'b' } },
    }),
    patch('merge', 'not for a status', at('services', 'external-ips', 'status'), {
      metadata: { labels: { c: 'd' } },
    }),
  ],
}

export const warnings: readonly Group[] = [pods, templates, services]

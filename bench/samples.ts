/** Objects of the sizes that real clusters have, in the form a server stores them. */

export function sampleSlice(endpoints: number): object {
  return {
    kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1',
    metadata: {
      name: 'web-abcde', namespace: 'default', generateName: 'web-',
      uid: '6d2c7f0a-1f5e-4c53-9b52-6b3d9e1a7c11', generation: 7,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: {
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [{
        apiVersion: 'v1', kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true,
        uid: '6d2c7f0a-1f5e-4c53-9b52-6b3d9e1a7c12',
      }],
    },
    addressType: 'IPv4',
    endpoints: Array.from({ length: endpoints }, (_, at) => ({
      addresses: [`10.0.${at >> 8}.${at & 255}`],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: {
        kind: 'Pod', namespace: 'default', name: `web-${at}`,
        uid: `6d2c7f0a-1f5e-4c53-9b52-${String(at).padStart(12, '0')}`,
      },
      nodeName: `node-${at % 10}`, zone: `zone-${at % 3}`,
    })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  }
}

const containerOf = (name: string): object => ({
  name, image: `registry.example.com/team/${name}:1.2.3`, args: ['--port', '8080', '--verbose'],
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  env: [
    { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
    { name: 'LEVEL', value: 'info' }, { name: 'REGION', value: 'europe-1' },
  ],
  resources: {
    limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' },
  },
  volumeMounts: [
    { name: 'config', mountPath: '/etc/config' },
    { name: 'kube-api-access', readOnly: true,
      mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ],
  livenessProbe: {
    httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, initialDelaySeconds: 5,
    timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3,
  },
  readinessProbe: {
    httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' }, timeoutSeconds: 1,
    periodSeconds: 10, successThreshold: 1, failureThreshold: 3,
  },
  terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
})

const statusOf = (name: string): object => ({
  name, state: { running: { startedAt: '2026-01-01T00:00:10Z' } }, lastState: {}, ready: true,
  restartCount: 0, image: `registry.example.com/team/${name}:1.2.3`,
  imageID: `sha256:${'ab'.repeat(32)}`, containerID: `containerd://${'cd'.repeat(32)}`,
  started: true,
})

/** A running Pod of about 5 KB without its managedFields. */
export function samplePod(index = 0): object {
  const stamp = '2026-01-01T00:00:12Z'
  return {
    kind: 'Pod', apiVersion: 'v1',
    metadata: {
      name: `web-7d4b9c-${index}`, generateName: 'web-7d4b9c-', namespace: 'default',
      uid: '6d2c7f0a-1f5e-4c53-9b52-6b3d9e1a7c13', generation: 1, creationTimestamp: stamp,
      labels: { app: 'web', 'pod-template-hash': '7d4b9c', tier: 'front' },
      annotations: { 'example.com/config-hash': 'e3b0c44298fc1c149afbf4c8996fb924' },
      ownerReferences: [{
        apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d4b9c', controller: true,
        blockOwnerDeletion: true, uid: '6d2c7f0a-1f5e-4c53-9b52-6b3d9e1a7c14',
      }],
    },
    spec: {
      volumes: [
        { name: 'config', configMap: { name: 'web', defaultMode: 420 } },
        { name: 'kube-api-access', projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ], defaultMode: 420,
        } },
      ],
      containers: [containerOf('web'), containerOf('sidecar')],
      restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default', serviceAccount: 'default', nodeName: 'node-1',
      securityContext: {}, schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0, enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady',
        'PodScheduled'].map((type) => ({
        type, observedGeneration: 1, status: 'True', lastProbeTime: null, lastTransitionTime: stamp,
      })),
      hostIP: '192.168.0.1', hostIPs: [{ ip: '192.168.0.1' }], podIP: '10.0.0.5',
      podIPs: [{ ip: '10.0.0.5' }, { ip: 'fd00::5' }], startTime: stamp,
      containerStatuses: [statusOf('web'), statusOf('sidecar')], qosClass: 'Burstable',
    },
  }
}

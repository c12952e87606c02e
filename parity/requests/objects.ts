/** Small valid objects that scripts start from, and a way to change one member of them. */

export type Json = Record<string, unknown>

const named = (apiVersion: string, kind: string, name: string, rest: Json): Json =>
  ({ apiVersion, kind, metadata: { name }, ...rest })

export const container: Json = { name: 'main', image: 'example.com/web:1' }
export const template = (app: string): Json =>
  ({ metadata: { labels: { app } }, spec: { containers: [container] } })

export const pod = (name: string): Json =>
  named('v1', 'Pod', name, { spec: { containers: [container] } })
export const service = (name: string): Json =>
  named('v1', 'Service', name, { spec: { selector: { app: name }, ports: [{ port: 80 }] } })
export const slice = (name: string): Json => named('discovery.k8s.io/v1', 'EndpointSlice', name, {
  addressType: 'IPv4', endpoints: [{ addresses: ['192.0.2.7'] }], ports: [{ name: 'http', port: 80 }],
})
export const endpoints = (name: string): Json => named('v1', 'Endpoints', name, {
  subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 80 }] }],
})
export const configMap = (name: string, data: Json = { a: '1' }): Json =>
  named('v1', 'ConfigMap', name, { data })
export const secret = (name: string, rest: Json = { data: { a: 'MQ==' } }): Json =>
  named('v1', 'Secret', name, rest)
export const node = (name: string): Json => named('v1', 'Node', name, {})
export const deployment = (name: string): Json => named('apps/v1', 'Deployment', name, {
  spec: { selector: { matchLabels: { app: name } }, template: template(name) },
})
export const replicaSet = (name: string): Json => ({ ...deployment(name), kind: 'ReplicaSet' })
export const daemonSet = (name: string): Json => ({ ...deployment(name), kind: 'DaemonSet' })
export const statefulSet = (name: string): Json => named('apps/v1', 'StatefulSet', name, {
  spec: {
    serviceName: name, selector: { matchLabels: { app: name } }, template: template(name),
  },
})
export const revision = (name: string): Json =>
  named('apps/v1', 'ControllerRevision', name, { revision: 3, data: { spec: { a: 1 } } })
export const ingress = (name: string): Json => named('networking.k8s.io/v1', 'Ingress', name, {
  spec: {
    rules: [{
      host: 'a.example.com', http: {
        paths: [{
          path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } },
        }],
      },
    }],
  },
})
export const ingressClass = (name: string): Json =>
  named('networking.k8s.io/v1', 'IngressClass', name, { spec: { controller: 'example.com/ctl' } })
export const lease = (name: string): Json => named('coordination.k8s.io/v1', 'Lease', name, {
  spec: {
    holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2020-01-02T03:04:05.123456Z',
  },
})
export const serviceCidr = (name: string): Json =>
  named('networking.k8s.io/v1', 'ServiceCIDR', name, { spec: { cidrs: ['10.200.0.0/24'] } })
export const ipAddress = (name: string): Json =>
  named('networking.k8s.io/v1', 'IPAddress', name, {
    spec: { parentRef: { resource: 'services', namespace: '<<ns>>', name: 'nothing' } },
  })
export const coreEvent = (name: string): Json => named('v1', 'Event', name, {
  involvedObject: { kind: 'Pod', namespace: '<<ns>>', name: 'web', apiVersion: 'v1' },
  reason: 'Started', message: 'it runs ', type: 'Normal', source: { component: 'me', host: 'here' },
  firstTimestamp: '2020-01-02T03:04:05Z', lastTimestamp: '2020-01-02T03:05:05Z', count: 2,
})
export const newEvent = (name: string): Json => named('events.k8s.io/v1', 'Event', name, {
  regarding: { kind: 'Pod', namespace: '<<ns>>', name: 'web', apiVersion: 'v1' },
  reason: 'Started', action: 'Starting', note: 'it runs', type: 'Normal',
  reportingController: 'example.com/me', reportingInstance: 'me-1',
  eventTime: '2020-01-02T03:04:05.123456Z',
})

/**
 * A copy of an object with members changed: paths are members joined by `/` (`~1` for a slash in a name),
 * `undefined` takes the member away.
 */
export function changed(base: Json, changes: Readonly<Record<string, unknown>>): Json {
  const copy = structuredClone(base)
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('/').map(name => name.replaceAll('~1', '/'))
    const last = names.pop() ?? ''
    let place = copy
    for (const name of names) place = (place[name] ??= {}) as Json
    if (value === undefined) delete place[last]
    else place[last] = value
  }
  return copy
}

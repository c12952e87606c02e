import { triggerTimeAnnotation } from '@slicewise/discovery'
import type {
  Container, ContainerPort, Endpoint, EndpointPort, EndpointSlice, Node, Pod, Service, ServicePort,
  Stored,
} from '@slicewise/kube'

/** Words of a command, such as `ready=false`. */
export type Options = Readonly<Record<string, string>>

export function serviceBody(name: string, options: Options): Service & { metadata: object } {
  const ip = options['clusterIP'] ?? '10.96.0.9'
  const body: Service = {
    spec: {
      type: (options['type'] ?? 'ClusterIP') as 'ClusterIP',
      ...(ip === '' ? {} : { clusterIP: ip }),
      publishNotReadyAddresses: options['publishNotReady'] === 'true',
      ports: list(options['ports'] ?? 'web:80->8080/TCP').map(servicePort),
    },
  }
  if (options['td'] && body.spec) body.spec.trafficDistribution = options['td']
  const families = list(options['families'] ?? 'IPv4') as 'IPv4'[]
  if (families.length > 0 && body.spec) body.spec.ipFamilies = families
  const selector = options['selector'] ?? `app=${name}`
  if (selector !== 'none' && body.spec) body.spec.selector = map(selector)
  return {
    ...body,
    metadata: {
      uid: options['uid'] ?? (name === 'cart' ? 's1' : `uid-${name}`),
      creationTimestamp: time(options['created'] ?? '10:00'),
      ...(options['labels'] ? { labels: map(options['labels']) } : {}),
      ...(options['annotations'] ? { annotations: map(options['annotations']) } : {}),
      ...(options['topology'] ? { annotations: topology(options['topology']) } : {}),
      ...(options['deleting'] === 'true' ? { deletionTimestamp: time('12:00') } : {}),
    },
  }
}

/** `Auto`, or `Auto,disabled` for the annotation and then the deprecated one. */
function topology(text: string): Record<string, string> {
  const [mode = '', hints] = list(text)
  return {
    'service.kubernetes.io/topology-mode': mode,
    ...(hints === undefined ? {} : { 'service.kubernetes.io/topology-aware-hints': hints }),
  }
}

export function podBody(options: Options): Pod & { metadata: object } {
  const ips = list(options['ip'] ?? '')
  const ready = options['ready'] ?? 'true'
  const body: Pod = {
    spec: {
      containers: [containerOf('main', options['ports'] ?? '')],
      nodeName: options['node'] ?? 'n1',
    },
    status: {
      phase: (options['phase'] ?? 'Running') as 'Running',
      podIP: options['podIP'] ?? ips[0] ?? '',
      podIPs: ips.map((ip) => ({ ip })),
      ...(ready === 'none' ? {} : { conditions: [readyCondition(ready, options)] }),
    },
  }
  if (body.spec && options['hostname']) body.spec.hostname = options['hostname']
  if (body.spec && options['subdomain']) body.spec.subdomain = options['subdomain']
  if (body.spec && options['sidecar']) {
    body.spec.initContainers = [
      { ...containerOf('side', options['sidecar']), restartPolicy: 'Always' },
    ]
  }
  if (body.spec && options['init']) {
    body.spec.initContainers = [containerOf('init', options['init'])]
  }
  if (body.spec && options['second']) {
    body.spec.containers.push(containerOf('second', options['second']))
  }
  return {
    ...body,
    metadata: {
      labels: map(options['labels'] ?? 'app=cart'),
      ...(options['uid'] ? { uid: options['uid'] } : {}),
      ...(options['note'] ? { annotations: { note: options['note'] } } : {}),
      ...(options['terminating'] === 'true' ? { deletionTimestamp: time('12:00') } : {}),
    },
  }
}

function readyCondition(ready: string, options: Options) {
  return {
    type: 'Ready', status: ready === 'true' ? 'True' : 'False',
    lastTransitionTime: time(options['since'] ?? '09:00'), lastProbeTime: null,
  }
}

export function nodeBody(options: Options): Node & { metadata: object } {
  const { zone, region, role, cpu, ready = 'true' } = options
  const labels = {
    ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}),
    ...(region ? { 'topology.kubernetes.io/region': region } : {}),
    ...(role ? { [`node-role.kubernetes.io/${role}`]: '' } : {}),
  }
  if (cpu === undefined) return { metadata: { labels } }
  const condition = {
    type: 'Ready', status: ready === 'true' ? 'True' : 'False',
    lastHeartbeatTime: null, lastTransitionTime: null,
  }
  return { metadata: { labels }, status: { allocatable: { cpu }, conditions: [condition] } }
}

/** `a*7,b+c,-,a/n1`: zones and a Node to hint to, endpoint by endpoint; `-` for no hints. */
function withHints(endpoints: readonly Endpoint[], text: string): Endpoint[] {
  const wanted = list(text).flatMap((item) => {
    const [what = '', times = '1'] = item.split('*')
    return Array.from({ length: Number(times) }, () => what)
  })
  return endpoints.map((endpoint, index) => {
    const { hints: _, ...rest } = endpoint
    const [zones = '', node] = (wanted[index] ?? '-').split('/')
    if (zones === '-') return rest
    const forZones = zones.split('+').map((name) => ({ name }))
    return { ...rest, hints: { forZones, ...(node ? { forNodes: [{ name: node }] } : {}) } }
  })
}

export function edited<T extends EndpointSlice | Stored<EndpointSlice>>(body: T, options: Options) {
  const { uid: _, resourceVersion: __, ...metadata } = body.metadata as Stored['metadata']
  const labels = { ...metadata.labels }
  for (const [key, value] of Object.entries(map(options['labels'] ?? ''))) {
    if (value === 'REMOVED') delete labels[key]
    else labels[key] = value
  }
  const owner = metadata.ownerReferences?.map((one) =>
    ({ ...one, uid: options['owner'] ?? one.uid }))
  const ports = options['ports'] === undefined
    ? body.ports : list(options['ports']).map(endpointPort)
  const { hints } = options
  return {
    ...body,
    ...(hints === undefined ? {} : { endpoints: withHints(body.endpoints ?? [], hints) }),
    ports: options['ports'] === 'null' ? (null as unknown as EndpointPort[]) : ports,
    addressType: (options['type'] ?? body.addressType) as 'IPv4',
    metadata: {
      ...metadata,
      labels,
      ...(owner ? { ownerReferences: owner } : {}),
      ...(options['annotations']
        ? { annotations: { ...metadata.annotations, ...map(options['annotations']) } } : {}),
      ...(options['deleting'] === 'true' ? { deletionTimestamp: time('12:00') } : {}),
    },
  }
}

const list = (text: string): string[] => (text === '' ? [] : text.split(','))
const time = (clock: string): string => `2026-03-01T${clock}:00Z`
const map = (text: string): Record<string, string> =>
  Object.fromEntries(list(text).map((pair) => pair.split('=', 2) as [string, string]))
export const pairs = (entries: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(entries ?? {}).sort().map((key) =>
    `${key === triggerTimeAnnotation ? 'trigger-time' : key}=${entries?.[key]}`).join(' ') || 'none'
const number = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)

/** `web:80->http/TCP+acme.io/rpc`: name, port, target, protocol, appProtocol. */
function servicePort(text: string): ServicePort {
  const [, name = '', port = '', target = '', protocol = 'TCP', app] =
    /^([^:]*):(\d+)->([^/]+)\/(\w+)(?:\+(.+))?$/.exec(text) ?? []
  const one: ServicePort = {
    name, port: Number(port), targetPort: number(target), protocol: protocol as 'TCP',
  }
  if (app !== undefined) one.appProtocol = app
  return one
}

function endpointPort(text: string): EndpointPort {
  const [name = '', port = '', protocol = 'TCP'] = text.split(/[:/]/)
  return { name, port: Number(port), protocol }
}

function containerOf(name: string, ports: string): Container {
  const declared = list(ports).map((text): ContainerPort => {
    const [portName = '', port = '', protocol = 'TCP'] = text.split(/[:/]/)
    return { name: portName, containerPort: Number(port), protocol: protocol as 'TCP' }
  })
  return { name, ...(declared.length > 0 ? { ports: declared } : {}) }
}

export const portText = (port: EndpointPort): string =>
  `${port.name || '-'}:${port.port ?? '*'}/${port.protocol ?? '?'}${
    port.appProtocol ? `+${port.appProtocol}` : ''}`

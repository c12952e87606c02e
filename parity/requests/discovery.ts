/** Discovery and OpenAPI, cut down to the kinds that this project serves. */
import { get, type Group } from '../script.ts'
import type { Json } from './objects.ts'

/** What is served, by group and version. */
export const served: Readonly<Record<string, readonly string[]>> = {
  'v1': [
    'namespaces', 'nodes', 'pods', 'services', 'endpoints', 'configmaps', 'secrets', 'serviceaccounts', 'events',
    'persistentvolumes', 'persistentvolumeclaims', 'resourcequotas', 'limitranges', 'bindings',
  ],
  'apps/v1': ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions'],
  'discovery.k8s.io/v1': ['endpointslices'],
  'networking.k8s.io/v1': ['ingresses', 'ingressclasses', 'servicecidrs', 'ipaddresses', 'networkpolicies'],
  'coordination.k8s.io/v1': ['leases'],
  'events.k8s.io/v1': ['events'],
  'rbac.authorization.k8s.io/v1': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  'policy/v1': ['poddisruptionbudgets'],
  'autoscaling/v2': ['horizontalpodautoscalers'],
  'batch/v1': ['jobs', 'cronjobs'],
  'storage.k8s.io/v1': ['storageclasses'],
  'scheduling.k8s.io/v1': ['priorityclasses'],
}
/** Subresources that reach into a running container or a kubelet; refused by this project. */
const notServed = new Set([
  'log', 'exec', 'attach', 'portforward', 'proxy', 'ephemeralcontainers', 'resize', 'token',
])

interface Resource { name: string; storageVersionHash?: string }
interface ResourceList { groupVersion: string; resources: Resource[] }

/** The rows of what is served, by name; the hash of the storage version is the server's own affair. */
function pickResources(answer: unknown): unknown {
  const list = answer as ResourceList
  const rows = list.resources.filter(({ name }) => {
    const [resource = '', subresource = ''] = name.split('/')
    return served[list.groupVersion]?.includes(resource) && !notServed.has(subresource)
  }).map(({ storageVersionHash, ...rest }) => rest)
  return { ...list, resources: rows.sort((a, b) => a.name < b.name ? -1 : 1) }
}

interface Aggregated {
  items: {
    metadata: { name?: string }
    versions: {
      version: string
      resources?: { resource: string; subresources?: { subresource: string }[] }[]
    }[]
  }[]
}

function pickAggregated(answer: unknown): unknown {
  const { items, ...rest } = answer as Aggregated
  return {
    ...rest,
    items: items.map(({ metadata, versions }) => ({
      metadata: { name: metadata.name },
      versions: versions.flatMap(each => {
        const names = served[metadata.name ? `${metadata.name}/${each.version}` : each.version]
        if (names === undefined) return []
        const resources = each.resources?.filter(({ resource }) => names.includes(resource))
          .map(resource => resource.subresources === undefined ? resource : {
            ...resource,
            subresources: resource.subresources.filter(({ subresource }) => !notServed.has(subresource)),
          })
        return [{ ...each, resources }]
      }),
    })).filter(({ versions }) => versions.length > 0),
  }
}

interface Groups { groups: { name: string; versions: { groupVersion: string }[] }[] }

function pickGroups(answer: unknown): unknown {
  const { groups, ...rest } = answer as Groups
  return {
    ...rest,
    groups: groups.map(pickGroup).filter(({ versions }) => versions.length > 0),
  }
}
function pickGroup<T extends { versions: { groupVersion: string }[] }>(group: T): T {
  return { ...group, versions: group.versions.filter(({ groupVersion }) => groupVersion in served) }
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
const pathOf = (version: string) => version === 'v1' ? '/api/v1' : `/apis/${version}`

const documents: Group = {
  name: 'discovery',
  steps: [
    get('versions of the core', '/api', { pick: answer => (answer as { versions: unknown }).versions }),
    get('groups', '/apis', { pick: pickGroups }),
    get('core, aggregated', '/api', { accept: aggregated, pick: pickAggregated }),
    get('groups, aggregated', '/apis', { accept: aggregated, pick: pickAggregated }),
    get('an old aggregated version', '/apis', {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
    }),
    get('one group', '/apis/apps', { pick: answer => pickGroup(answer as Groups['groups'][number]) }),
    get('an unknown group', '/apis/example.com'),
    get('an unknown version', '/apis/apps/v9'),
    ...Object.keys(served).map(version =>
      get(`resources of ${version}`, pathOf(version), { pick: pickResources })),
  ],
}

type Schema = Readonly<Record<string, unknown>> & {
  properties?: Record<string, Schema>; items?: Schema; additionalProperties?: Schema
  allOf?: Schema[]; $ref?: string; type?: string; format?: string; required?: string[]
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

/** Every field of the document's kinds with its type and rules, as `kubectl explain --recursive` walks it. */
function pickFields(kinds: readonly string[]) {
  return (answer: unknown): unknown => {
    const { schemas } = (answer as { components: { schemas: Record<string, Schema> } }).components
    const found: Record<string, unknown> = {}
    for (const schema of Object.values(schemas)) {
      const kind = schema['x-kubernetes-group-version-kind']
      if (kind?.length !== 1 || !kinds.includes(kind[0]?.kind ?? '')) continue
      walk(schemas, schema, kind[0]?.kind ?? '', found, [])
    }
    return found
  }
}

function walk(
  schemas: Record<string, Schema>, schema: Schema, path: string, found: Record<string, unknown>,
  above: readonly Schema[],
): void {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref
  const target = reference === undefined ? schema : schemas[reference.split('/').at(-1) ?? '']
  if (target === undefined) {
    found[path] = `missing ${reference}`
    return
  }
  if (above.includes(target)) return
  const rules = Object.fromEntries(Object.entries({ ...target, ...schema }).filter(([key, value]) =>
    ['type', 'format', 'required', 'enum', 'default'].includes(key)
    || (key.startsWith('x-kubernetes-') && key !== 'x-kubernetes-group-version-kind'
      && value !== undefined))
    .map(([key, value]) => [key, isUnordered(key) ? [...value as string[]].sort() : value]))
  found[path] = rules
  for (const [name, member] of Object.entries(target.properties ?? {})) {
    walk(schemas, member, `${path}.${name}`, found, [...above, target])
  }
  for (const inner of [target.items, target.additionalProperties]) {
    if (inner) walk(schemas, inner, `${path}[]`, found, [...above, target])
  }
}

/** Sets, though JSON writes them as lists. */
const isUnordered = (key: string) => key === 'required' || key === 'enum'

const kindsOf: Readonly<Record<string, readonly string[]>> = {
  'api/v1': [
    'Namespace', 'Node', 'Pod', 'Service', 'Endpoints', 'ConfigMap', 'Secret', 'ServiceAccount', 'Event', 'Binding',
    'PersistentVolume', 'PersistentVolumeClaim', 'ResourceQuota', 'LimitRange',
  ],
  'apis/apps/v1': ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ControllerRevision'],
  'apis/discovery.k8s.io/v1': ['EndpointSlice'],
  'apis/networking.k8s.io/v1': ['Ingress', 'IngressClass', 'ServiceCIDR', 'IPAddress', 'NetworkPolicy'],
  'apis/coordination.k8s.io/v1': ['Lease'],
  'apis/events.k8s.io/v1': ['Event'],
  'apis/rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  'apis/policy/v1': ['PodDisruptionBudget'],
  'apis/autoscaling/v2': ['HorizontalPodAutoscaler'],
  'apis/batch/v1': ['Job', 'CronJob'],
  'apis/storage.k8s.io/v1': ['StorageClass'],
  'apis/scheduling.k8s.io/v1': ['PriorityClass'],
}

const openapi: Group = {
  name: 'openapi',
  steps: [
    get('index', '/openapi/v3', {
      pick: answer => Object.keys((answer as { paths: object }).paths)
        .filter(path => path in kindsOf).sort(),
    }),
    get('index: a hash for each', '/openapi/v3', {
      pick: answer => Object.entries((answer as { paths: Record<string, Json> }).paths)
        .filter(([path]) => path in kindsOf).map(([path, { serverRelativeURL }]) =>
          `${path} ${String(serverRelativeURL).replace(/hash=[0-9A-Fa-f]+/, 'hash=<hash>')}`).sort(),
    }),
    ...Object.entries(kindsOf).flatMap(([path, kinds]) => kinds.map(kind =>
      get(`fields of ${kind} in ${path}`, `/openapi/v3/${path}`, { pick: pickFields([kind]) }))),
  ],
}

export const discovery: readonly Group[] = [documents, openapi]

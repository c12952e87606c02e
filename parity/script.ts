/**
 * What a parity script is: groups of steps, each step one request. The same script is sent to the
 * real server and to this project's; nothing in a script says what the answer should be.
 *
 * Texts (paths, headers, strings in bodies) may hold `<<name>>`: `<<ns>>` is the group's namespace,
 * every other name was saved from an earlier answer by `save`.
 */

/** A body is a JSON value, a text sent as it is (YAML, broken JSON), or bytes (protobuf). */
export type Body = object | string | Uint8Array

export interface Step {
  /** Says what is tried; unique within its group. */
  readonly title: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  /** Path with query. */
  readonly path: string
  readonly body?: Body
  /** Content-Type; default `application/json` when there is a body, `''` sends none. */
  readonly type?: string
  readonly accept?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Whose credentials: the administrator's (default), none, or a bearer token nobody gave out. */
  readonly as?: 'admin' | 'nobody' | 'stranger'
  /** Keeps values of the answer for later steps: name -> members, such as `metadata.uid`. */
  readonly save?: Readonly<Record<string, string>>
  /** Reads a watch: ends after so many events, or when nothing more came for `quietMs`. */
  readonly watch?: WatchReading
  /** Opens the watch and goes on; a later step with `collect` of the same name reads it. */
  readonly open?: string
  readonly collect?: string
  /** What of the answer is compared, where one server rightly has more than the other. */
  readonly pick?: (answer: unknown) => unknown
  /** Makes what later steps need: of the answer only the code is compared. */
  readonly silent?: true
  /** Sent again until the answer has this code, for 5 s: for what a server does a little later. */
  readonly until?: number
  /** Sent again until the compared part of the answer stays the same for so long. */
  readonly settleMs?: number
}

export interface WatchReading {
  readonly events: number
  /** Default 400 ms. Give more only where a timer of the server is waited for. */
  readonly quietMs?: number
  /** The events stand for what was there already: their order is not promised. */
  readonly unordered?: true
  /** Keeps bookmarks that a server sends when it likes, not only the end of a watch-list. */
  readonly bookmarks?: true
}

export interface Group {
  readonly name: string
  readonly steps: readonly Step[]
  /** Runs by itself: for what depends on the state of the whole server. */
  readonly alone?: true
}

type More = Partial<Omit<Step, 'title' | 'method' | 'path' | 'body'>>

export const get = (title: string, path: string, more: More = {}): Step =>
  ({ title, method: 'GET', path, ...more })
export const post = (title: string, path: string, body: Body, more: More = {}): Step =>
  ({ title, method: 'POST', path, body, ...more })
export const put = (title: string, path: string, body: Body, more: More = {}): Step =>
  ({ title, method: 'PUT', path, body, ...more })
export const remove = (title: string, path: string, body?: Body, more: More = {}): Step =>
  ({ title, method: 'DELETE', path, ...body === undefined ? {} : { body }, ...more })

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

export const patch = (
  kind: keyof typeof patchTypes, title: string, path: string, body: Body, more: More = {},
): Step => ({ title, method: 'PATCH', path, body, type: patchTypes[kind], ...more })

/** Server-side apply by a named manager. */
export const apply = (
  title: string, path: string, manager: string, body: Body, more: More & { force?: true } = {},
): Step => {
  const { force, ...rest } = more
  const start = path.includes('?') ? '&' : '?'
  const query = `${start}fieldManager=${manager}${force ? '&force=true' : ''}`
  return patch('apply', title, path + query, body, rest)
}

/** The events after a resourceVersion that an earlier step saved. */
export const watch = (
  title: string, path: string, events: number,
  more: More & { unordered?: true; quietMs?: number } = {},
): Step => {
  const { unordered, quietMs, ...rest } = more
  const reading = { events, ...unordered ? { unordered } : {}, ...quietMs ? { quietMs } : {} }
  const query = `${path.includes('?') ? '&' : '?'}watch=true`
  return get(title, path + query, { watch: reading, ...rest })
}

const core = '/api/v1'
const groups: Readonly<Record<string, string>> = {
  deployments: 'apps/v1', replicasets: 'apps/v1', statefulsets: 'apps/v1', daemonsets: 'apps/v1',
  controllerrevisions: 'apps/v1', endpointslices: 'discovery.k8s.io/v1',
  ingresses: 'networking.k8s.io/v1', ingressclasses: 'networking.k8s.io/v1',
  servicecidrs: 'networking.k8s.io/v1', ipaddresses: 'networking.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1', leases: 'coordination.k8s.io/v1',
  roles: 'rbac.authorization.k8s.io/v1', rolebindings: 'rbac.authorization.k8s.io/v1',
  clusterroles: 'rbac.authorization.k8s.io/v1', clusterrolebindings: 'rbac.authorization.k8s.io/v1',
  poddisruptionbudgets: 'policy/v1', horizontalpodautoscalers: 'autoscaling/v2',
  jobs: 'batch/v1', cronjobs: 'batch/v1', storageclasses: 'storage.k8s.io/v1',
  priorityclasses: 'scheduling.k8s.io/v1', 'events.k8s.io': 'events.k8s.io/v1',
}
const clusterScoped = new Set([
  'namespaces', 'nodes', 'ingressclasses', 'servicecidrs', 'ipaddresses', 'clusterroles',
  'clusterrolebindings', 'persistentvolumes', 'storageclasses', 'priorityclasses',
])

/** The path of a resource in the group's namespace (or of the cluster), and what is under it. */
export function at(resource: string, ...rest: readonly string[]): string {
  const version = groups[resource]
  const base = version === undefined ? core : `/apis/${version}`
  const name = resource === 'events.k8s.io' ? 'events' : resource
  const scope = clusterScoped.has(resource) ? '' : '/namespaces/<<ns>>'
  return [`${base}${scope}/${name}`, ...rest].join('/')
}

export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
export const metadataAccept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
export const metadataListAccept =
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'

import { type ResourceSpec, StatusError, type SubresourceSpec } from '@slicewise/kube'
import type { ResourcePath } from './target.ts'

export type RouteVerb =
  | 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch'

/** A request whose path names something served and whose method may be used on it. */
export interface Route {
  readonly verb: RouteVerb
  readonly spec: ResourceSpec
  readonly namespace: string
  /** '' on a collection; the fieldSelector's name for the old single-object watch. */
  readonly name: string
  readonly subresource: SubresourceSpec | undefined
}

/** Answered by the plain text `404 page not found`: no such group at all. */
export class NoSuchPath extends Error {
  override readonly name = 'NoSuchPath'
}

export const notServed = (): StatusError => new StatusError(
  'NotFound', 'the server could not find the requested resource', { details: {} })

export const methodNotAllowed = (): StatusError => new StatusError(
  'MethodNotAllowed', 'the server does not allow this method on the requested resource',
  { details: {} })

/** Every served resource by group, version and name, for requests and for discovery. */
export class Routes {
  readonly #groups = new Map<string, Map<string, Map<string, ResourceSpec>>>()

  constructor(resources: readonly ResourceSpec[]) {
    for (const spec of resources) {
      const versions = this.#groups.get(spec.group) ?? new Map<string, Map<string, ResourceSpec>>()
      this.#groups.set(spec.group, versions)
      const byName = versions.get(spec.version) ?? new Map<string, ResourceSpec>()
      versions.set(spec.version, byName)
      byName.set(spec.resource, spec)
    }
  }

  /** Versions of a group with their resources; undefined when the group is not served. */
  group(group: string): ReadonlyMap<string, ReadonlyMap<string, ResourceSpec>> | undefined {
    return this.#groups.get(group)
  }

  groups(): Iterable<string> {
    return this.#groups.keys()
  }

  find(group: string, version: string, resource: string): ResourceSpec | undefined {
    return this.#groups.get(group)?.get(version)?.get(resource)
  }

  /** Throws NoSuchPath, or the 404 or 405 that answers the request. */
  route(method: string, path: ResourcePath, query: URLSearchParams): Route {
    if (path.group !== '' && this.#groups.get(path.group) === undefined) throw new NoSuchPath()
    const spec = this.find(path.group, path.version, path.resource)
    if (spec === undefined || !scopeFits(spec, path)) throw notServed()
    if (path.watchPrefix) return watchRoute(method, path, spec)
    if (path.subresource !== '') return subresourceRoute(method, path, spec)
    const verb = verbOf(method, path, query)
    if (verb === undefined || !(spec.verbs as readonly string[]).includes(verb)) {
      throw methodNotAllowed()
    }
    const everywhere = spec.namespaced && path.namespace === ''
    if (everywhere && verb !== 'list' && verb !== 'watch') throw methodNotAllowed()
    return { verb, spec, namespace: path.namespace, name: path.name, subresource: undefined }
  }
}

function scopeFits(spec: ResourceSpec, path: ResourcePath): boolean {
  if (!spec.namespaced) return path.namespace === ''
  return path.namespace !== '' || path.name === ''
}

/** The verb of a request on an object or a collection. */
export function verbOf(
  method: string, path: ResourcePath, query: URLSearchParams,
): RouteVerb | undefined {
  const item = path.name !== ''
  switch (method) {
    case 'GET':
      return item ? 'get' : isWatch(query) ? 'watch' : 'list'
    case 'POST':
      return item ? undefined : 'create'
    case 'PUT':
      return item ? 'update' : undefined
    case 'PATCH':
      return item ? 'patch' : undefined
    case 'DELETE':
      return item ? 'delete' : 'deletecollection'
    default:
      return undefined
  }
}

function isWatch(query: URLSearchParams): boolean {
  const watch = query.get('watch')
  return watch !== null && watch !== '0' && watch.toLowerCase() !== 'false'
}

function watchRoute(method: string, path: ResourcePath, spec: ResourceSpec): Route {
  if (path.subresource !== '') throw notServed()
  if (method !== 'GET' || !spec.verbs.includes('watch')) throw methodNotAllowed()
  return { verb: 'watch', spec, namespace: path.namespace, name: path.name, subresource: undefined }
}

const subresourceVerbs: Readonly<Record<string, 'create' | 'get' | 'patch' | 'update'>> = {
  GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch',
}

function subresourceRoute(method: string, path: ResourcePath, spec: ResourceSpec): Route {
  refuseStreaming(path)
  const subresource = spec.subresources?.find((one) => one.name === path.subresource)
  if (subresource === undefined || path.rest.length > 0) throw notServed()
  const verb = Object.hasOwn(subresourceVerbs, method) ? subresourceVerbs[method] : undefined
  if (verb === undefined || !subresource.verbs.includes(verb)) throw methodNotAllowed()
  return { verb, spec, namespace: path.namespace, name: path.name, subresource }
}

/** What is refused by name, because people will try it: there are no containers behind a Pod. */
const streaming: Readonly<Record<string, string>> = {
  'pods/log': 'logs are not available: no container runs behind a simulated Pod',
  'pods/exec': 'exec is not available: no container runs behind a simulated Pod',
  'pods/attach': 'attach is not available: no container runs behind a simulated Pod',
  'pods/portforward': 'port-forward is not available: no container runs behind a simulated Pod',
  'pods/proxy': 'proxying to Pods is not available: this server does not forward traffic',
  'services/proxy': 'proxying to Services is not available: this server does not forward traffic',
  'nodes/proxy': 'proxying to Nodes is not available: this server does not forward traffic',
}

function refuseStreaming(path: ResourcePath): void {
  const what = path.group === '' ? `${path.resource}/${path.subresource}` : ''
  if (!Object.hasOwn(streaming, what)) return
  throw new StatusError('MethodNotAllowed', streaming[what] as string, {
    details: { name: path.name, kind: path.resource },
  })
}

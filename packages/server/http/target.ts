/**
 * What a request path names. The shapes are those of k8s.io/apiserver's request info: a resource
 * below `/api/v1` or `/apis/{group}/{version}`, or a path that is not about resources.
 */
export interface ResourcePath {
  readonly about: 'resource'
  readonly group: string
  readonly version: string
  /** '' for cluster scope and for all namespaces. */
  readonly namespace: string
  readonly resource: string
  readonly name: string
  readonly subresource: string
  /** Segments after the subresource (of `proxy`). */
  readonly rest: readonly string[]
  /** The deprecated `/watch/` prefix. */
  readonly watchPrefix: boolean
}
export interface OtherPath {
  readonly about: 'other'
  readonly segments: readonly string[]
}
export type TargetPath = ResourcePath | OtherPath

export interface Target {
  /** Decoded, without the query; as it came but for percent signs. */
  readonly path: string
  readonly query: URLSearchParams
  readonly names: TargetPath
}

const noQuery = new URLSearchParams()

/** Undefined when the path is not properly percent-encoded. */
export function parseTarget(target: string): Target | undefined {
  const from = pathStart(target)
  const mark = target.indexOf('?', from)
  const raw = mark < 0 ? target.slice(from) : target.slice(from, mark)
  const query = mark < 0 ? noQuery : new URLSearchParams(target.slice(mark + 1))
  const segments = trimSlashes(raw).split('/')
  if (raw.includes('%')) {
    try {
      for (let i = 0; i < segments.length; i++) {
        segments[i] = decodeURIComponent(segments[i] as string)
      }
    } catch {
      return undefined
    }
    return { path: `/${segments.join('/')}`, query, names: namesOf(segments) }
  }
  return { path: raw === '' ? '/' : raw, query, names: namesOf(segments) }
}

/** Proxies may send the absolute form `https://host/path`. */
function pathStart(target: string): number {
  if (target.startsWith('/')) return 0
  const scheme = target.indexOf('://')
  if (scheme < 0) return 0
  const slash = target.indexOf('/', scheme + 3)
  return slash < 0 ? target.length : slash
}

function trimSlashes(path: string): string {
  let from = 0
  let to = path.length
  while (from < to && path[from] === '/') from++
  while (to > from && path[to - 1] === '/') to--
  return path.slice(from, to)
}

function namesOf(segments: readonly string[]): TargetPath {
  if (segments[0] === 'api' && segments.length > 2) {
    return resourcePath('', segments[1] as string, segments.slice(2)) ?? other(segments)
  }
  if (segments[0] === 'apis' && segments.length > 3) {
    return resourcePath(segments[1] as string, segments[2] as string, segments.slice(3))
      ?? other(segments)
  }
  return other(segments)
}

const other = (segments: readonly string[]): OtherPath => ({ about: 'other', segments })

const namespaceSubresources = new Set(['status', 'finalize'])

function resourcePath(
  group: string, version: string, parts: readonly string[],
): ResourcePath | undefined {
  const watchPrefix = parts[0] === 'watch'
  let at = watchPrefix ? 1 : 0
  let namespace = ''
  if (parts[at] === 'namespaces' && parts.length > at + 2
    && !namespaceSubresources.has(parts[at + 2] as string)) {
    namespace = parts[at + 1] as string
    at += 2
    if (namespace === '') return undefined
  }
  const resource = parts[at]
  if (resource === undefined || resource === '') return undefined
  return {
    about: 'resource',
    group,
    version,
    namespace,
    resource,
    name: parts[at + 1] ?? '',
    subresource: parts[at + 2] ?? '',
    rest: parts.slice(at + 3),
    watchPrefix,
  }
}

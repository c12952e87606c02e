import { StatusError } from '@slicewise/kube'
import type { User } from '../contract.ts'
import { anonymous } from './authenticate.ts'
import type { Exchange } from './exchange.ts'
import { verbOf } from './routes.ts'
import type { Target } from './target.ts'

/** Paths that answer without credentials; those below the health endpoints too. */
const publicPaths = new Set(['healthz', 'livez', 'readyz', 'version'])

const verbsOfMethod: Readonly<Record<string, string>> = {
  GET: 'get', HEAD: 'head', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete',
}

/**
 * Who has credentials may do everything; RBAC objects are stored, and nothing enforces them. Who
 * has none may see the health and version endpoints only.
 */
export function authorize(user: User, method: string, target: Target): void {
  if (user !== anonymous) return
  const names = target.names
  if (names.about === 'other') {
    if (publicPaths.has(names.segments[0] ?? '')) return
    const verb = verbsOfMethod[method] ?? method.toLowerCase()
    throw forbidden(
      `forbidden: User "${user.name}" cannot ${verb} path ${JSON.stringify(target.path)}`, {})
  }
  const { resource, subresource, name, namespace, group } = names
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const qualified = group === '' ? resource : `${resource}.${group}`
  const subject = name === '' ? qualified : `${qualified} ${JSON.stringify(name)}`
  const verb = verbOf(method, names, target.query) ?? verbsOfMethod[method] ?? method.toLowerCase()
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  throw forbidden(
    `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" ` +
    `in API group "${group}" ${where}`,
    {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: resource,
    })
}

const forbidden = (
  message: string, details: { name?: string; group?: string; kind?: string },
): StatusError => new StatusError('Forbidden', message, { details })

/** Acting as somebody else would promise a check of permissions that does not exist here. */
export function refuseImpersonation(headerNames: readonly string[]): void {
  const found = headerNames.find((name) => name.startsWith('impersonate-'))
  if (found === undefined) return
  throw new StatusError('Forbidden',
    `impersonation is not supported by this server: send the request without ${found}`)
}

/**
 * A browser that has the administrator's certificate presents it for whatever page asks, also
 * where it then hides the answer from the page. Nothing is done for pages of other sites.
 */
export function refuseOtherSites(exchange: Exchange): void {
  if (typeof exchange.certificate !== 'object') return
  if (exchange.header('sec-fetch-site') !== 'cross-site') return
  throw new StatusError('Forbidden',
    'pages of other sites may not use this server with the certificate of a browser')
}

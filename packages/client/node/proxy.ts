import { isIP } from 'node:net'
import { cidrContains, parseCidr, parseIp } from '@slicewise/base'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for a server that names none itself, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY in upper
 * or lower case, read as Go's net/http reads them: never one for this machine itself.
 */
export function proxyFromEnvironment(server: string, environ: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(server)
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const read = (name: string): string => environ[name] || environ[name.toLowerCase()] || ''
  const proxy = read(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  if (proxy === '' || isThisMachine(host)) return undefined
  const exceptions = read('NO_PROXY').split(',').map((one) => one.trim().toLowerCase())
  const defaultPort = protocol === 'https:' ? '443' : '80'
  if (exceptions.some((one) => excepts(one, host, port || defaultPort))) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** `*`, an address, a range, a name with everything below it, `.name` for only that; with port. */
function excepts(exception: string, host: string, port: string): boolean {
  if (exception === '') return false
  if (exception === '*') return true
  const range = exception.includes('/') ? parseCidr(exception) : undefined
  const address = isIP(host) === 0 ? undefined : parseIp(host)
  if (range !== undefined) return address !== undefined && cidrContains(range, address)
  const match = /^(?:\[(.*)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(exception)
  const name = match?.[1] ?? match?.[2] ?? exception
  if (match?.[3] !== undefined && match[3] !== port) return false
  if (isIP(name) !== 0 || address !== undefined) return name === host
  const below = name.startsWith('.') ? name : `.${name}`
  return host === name || host.endsWith(below)
}

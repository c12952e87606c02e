import type { Agent, ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { ClusterAccess } from './access.ts'
import { openTunnel } from './tunnel.ts'

/** TLS as `access` says, for an agent of Node's client. */
export function tlsOf(access: ClusterAccess): ConnectionOptions {
  return {
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(access.clientCertificate === undefined ? {} : { cert: access.clientCertificate }),
    ...(access.clientKey === undefined ? {} : { key: access.clientKey }),
    ...(access.tlsServerName === undefined ? {} : { servername: access.tlsServerName }),
    rejectUnauthorized: access.insecure !== true,
  }
}

type Connected = (error: Error | null, stream?: Duplex) => void

/** The agent itself; its connections go through the proxy of `access` if that has one. */
export function throughProxy<A extends Agent>(agent: A, { server, proxyUrl }: ClusterAccess): A {
  if (proxyUrl === undefined) return agent
  const proxy = new URL(proxyUrl)
  const { protocol, hostname, port } = new URL(server)
  const at = Number(port || (protocol === 'https:' ? 443 : 80))
  const open = async (options: ConnectionOptions, connected: Connected): Promise<void> => {
    try {
      const socket = await openTunnel(proxy, hostname, at)
      connected(null, protocol === 'http:' ? socket : connectTls({ ...options, socket }))
    } catch (error) {
      connected(error as Error)
    }
  }
  agent.createConnection = (options: ClientRequestArgs, connected?: unknown) => {
    void open(options as ConnectionOptions, connected as Connected)
    return undefined
  }
  return agent
}

/** Headers that go with every request: who asks, and as whom. Never logged. */
export function fixedHeaders(access: ClusterAccess): Record<string, string | string[]> {
  return { ...authorization(access), ...impersonation(access) }
}

export function authorization({ token, username, password = '' }: ClusterAccess) {
  if (token !== undefined) return { authorization: `Bearer ${token}` }
  if (username === undefined) return {}
  const pair = Buffer.from(`${username}:${password}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}

function impersonation({ impersonate }: ClusterAccess): Record<string, string | string[]> {
  if (impersonate === undefined) return {}
  const { user, uid, groups, extra } = impersonate
  const headers: Record<string, string | string[]> = { 'impersonate-user': user }
  if (uid !== undefined) headers['impersonate-uid'] = uid
  if (groups !== undefined) headers['impersonate-group'] = [...groups]
  for (const [key, values] of Object.entries(extra ?? {})) {
    headers[`impersonate-extra-${escapedHeader(key)}`] = [...values]
  }
  return headers
}

/** A key of extra facts may have signs that no header name has; servers read them %-encoded. */
const escapedHeader = (key: string): string =>
  [...Buffer.from(key)].map((byte) => {
    const sign = String.fromCharCode(byte)
    return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(sign)
      ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

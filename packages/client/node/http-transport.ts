import http from 'node:http'
import https from 'node:https'
import { limits } from '../limits.ts'
import type { Transport } from '../transport.ts'
import { Exchange } from './exchange.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** HTTP/1.1 over Node's own client: TLS by the cluster's CA, a client certificate or a token. */
export function httpTransport(access: ClusterAccess): Transport {
  const { protocol, hostname, port, pathname } = new URL(access.server)
  const { Agent, request: open } = protocol === 'http:' ? http : https
  const prefix = pathname.replace(/\/$/, '')
  const host = hostname.replace(/^\[|\]$/g, '')
  const options = {
    keepAlive: true, scheduling: 'lifo', noDelay: true,
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(access.clientCertificate === undefined ? {} : { cert: access.clientCertificate }),
    ...(access.clientKey === undefined ? {} : { key: access.clientKey }),
    rejectUnauthorized: access.insecure !== true,
  } as const
  const requests = new Agent({ ...options, maxSockets: limits.connectionsMax })
  const streams = new Agent(options)
  const authorization = access.token === undefined
    ? {}
    : { authorization: `Bearer ${access.token}` }
  return {
    request: (request) => Exchange.run(open as typeof http.request, {
      agent: request.stream === true ? streams : requests,
      host, ...(port === '' ? {} : { port }),
      path: prefix + request.path,
      method: request.method,
      headers: { ...authorization, ...request.headers },
    }, request),
    close: async () => {
      requests.destroy()
      streams.destroy()
    },
  }
}

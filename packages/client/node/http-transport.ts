import http from 'node:http'
import https from 'node:https'
import { limits } from '../limits.ts'
import type { Transport } from '../transport.ts'
import type { ClusterAccess } from './access.ts'
import { fixedHeaders, throughProxy, tlsOf } from './connection.ts'
import { Exchange } from './exchange.ts'

/** HTTP/1.1 over Node's own client: TLS by the cluster's CA, a client certificate or a token. */
export function httpTransport(access: ClusterAccess): Transport {
  const { protocol, hostname, port, pathname } = new URL(access.server)
  const { Agent, request: open } = protocol === 'http:' ? http : https
  const prefix = pathname.replace(/\/$/, '')
  const host = hostname.replace(/^\[|\]$/g, '')
  const options = {
    keepAlive: true, scheduling: 'lifo', noDelay: true,
    ...tlsOf(access),
  } as const
  const most = { ...options, maxSockets: limits.connectionsMax }
  const requests = throughProxy(new Agent(most), access)
  const streams = throughProxy(new Agent(options), access)
  const fixed = fixedHeaders(access)
  return {
    request: (request) => Exchange.run(open as typeof http.request, {
      agent: request.stream === true ? streams : requests,
      host, ...(port === '' ? {} : { port }),
      path: prefix + request.path,
      method: request.method,
      headers: { ...fixed, ...request.headers },
    }, request),
    close: async () => {
      requests.destroy()
      streams.destroy()
    },
  }
}

import { Pool } from 'undici'
import { limits } from '../limits.ts'
import type { Transport } from '../transport.ts'
import { Exchange } from './exchange.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** HTTP over undici: TLS by the cluster's CA, a client certificate or a token. */
export function httpTransport(access: ClusterAccess): Transport {
  const { origin, pathname } = new URL(access.server)
  const prefix = pathname.replace(/\/$/, '')
  const options = {
    // A watch may be silent as long as its server likes.
    bodyTimeout: 0,
    headersTimeout: 60_000,
    keepAliveTimeout: 60_000,
    connect: {
      ...(access.ca === undefined ? {} : { ca: access.ca }),
      ...(access.clientCertificate === undefined ? {} : { cert: access.clientCertificate }),
      ...(access.clientKey === undefined ? {} : { key: access.clientKey }),
      rejectUnauthorized: access.insecure !== true,
    },
  }
  const requests = new Pool(origin, { ...options, connections: limits.connectionsMax })
  const streams = new Pool(origin, options)
  const authorization = access.token === undefined
    ? {}
    : { authorization: `Bearer ${access.token}` }
  return {
    request: (request) => Exchange.send(request.stream === true ? streams : requests, {
      path: prefix + request.path,
      method: request.method,
      headers: { ...authorization, ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
    }, request),
    close: async () => {
      await Promise.all([requests.destroy(), streams.destroy()])
    },
  }
}

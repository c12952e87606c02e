import { Agent, request as send } from 'undici'
import { type Transport, type TransportRequest, type TransportResponse, splitLines }
  from '../transport.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** HTTP over undici: TLS by the cluster's CA, a client certificate or a token. */
export function httpTransport(access: ClusterAccess): Transport {
  const agent = new Agent({
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
  })
  const authorization = access.token === undefined
    ? {}
    : { authorization: `Bearer ${access.token}` }
  return {
    request: (request) => exchange(agent, access.server, authorization, request),
    close: () => agent.destroy(),
  }
}

async function exchange(
  agent: Agent, server: string, authorization: Record<string, string>, request: TransportRequest,
): Promise<TransportResponse> {
  const { statusCode, headers, body } = await send(server.replace(/\/$/, '') + request.path, {
    dispatcher: agent,
    method: request.method,
    headers: { ...authorization, ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  return {
    status: statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]),
    ),
    text: () => body.text(),
    lines: () => splitLines(body),
  }
}

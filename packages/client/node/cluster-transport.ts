import type { Env } from '@slicewise/base'
import { limits } from '../limits.ts'
import type { Transport, TransportRequest, TransportResponse } from '../transport.ts'
import type { ClusterAccess } from './access.ts'
import { Credentials } from './credentials.ts'
import { authorization } from './connection.ts'
import { httpTransport } from './http-transport.ts'

/**
 * HTTP to a cluster with credentials that may change: each request goes out with the newest, and
 * once more when the server refuses one (401) that could be renewed. New certificates open new
 * connections; what runs over the old ones may end by itself.
 */
export function clusterTransport(access: ClusterAccess, env: Env): Transport {
  return Credentials.mayChange(access)
    ? new RenewingTransport(access, env) : httpTransport(access)
}

interface Opened {
  readonly transport: Transport
  readonly keys: string
}

class RenewingTransport implements Transport {
  readonly #env: Env
  readonly #credentials: Credentials
  #opened: Opened | undefined
  readonly #retired = new Set<Transport>()
  readonly #cancels = new Set<() => void>()

  constructor(access: ClusterAccess, env: Env) {
    this.#env = env
    this.#credentials = new Credentials(access, env)
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const access = await this.#credentials.current()
    const response = await this.#send(access, request)
    if (response.status !== 401) return response
    const fresh = await this.#credentials.afterRefusal(access)
    if (fresh === undefined) return response
    await response.text()
    return this.#send(fresh, request)
  }

  async close(): Promise<void> {
    for (const cancel of this.#cancels) cancel()
    const all = [...this.#retired, ...(this.#opened ? [this.#opened.transport] : [])]
    await Promise.all(all.map((transport) => transport.close()))
  }

  #send(access: ClusterAccess, request: TransportRequest): Promise<TransportResponse> {
    const headers = { ...authorization(access), ...request.headers }
    return this.#transportOf(access).request({ ...request, headers })
  }

  #transportOf(access: ClusterAccess): Transport {
    const { ca = '', clientCertificate = '', clientKey = '' } = access
    const keys = `${ca}\n${clientCertificate}\n${clientKey}`
    const opened = this.#opened
    if (opened?.keys === keys) return opened.transport
    if (opened !== undefined) this.#retire(opened.transport)
    // The token goes with each request, as it changes oftener than connections should.
    const { token: _, ...lasting } = access
    const transport = httpTransport(lasting)
    this.#opened = { transport, keys }
    return transport
  }

  #retire(transport: Transport): void {
    this.#retired.add(transport)
    const cancel = this.#env.after(limits.retiredMs, () => {
      this.#cancels.delete(cancel)
      this.#retired.delete(transport)
      void transport.close()
    })
    this.#cancels.add(cancel)
  }
}

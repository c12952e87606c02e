import { type Server, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type ServingCredentials, prepareCredentials } from '@slicewise/server/http'
import { nodeEnv } from '@slicewise/system/node'

/** What a request showed of the one who asked. */
export interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  /** Common name of the client certificate. */
  readonly subject: string | readonly string[] | undefined
  /** The name that the connection was opened for. */
  readonly servername: string | false | null
  /** Names and values as they were sent, one pair after the other. */
  readonly raw: readonly string[]
}

/** An HTTPS server for tests of credentials: it takes certificates and the tokens it is told. */
export class AskingServer {
  readonly keys: ServingCredentials
  readonly asked: Asked[] = []
  /** Values of `authorization` that are accepted; empty: everybody is. */
  readonly accepted = new Set<string>()
  readonly #server: Server

  constructor(keys: ServingCredentials) {
    this.keys = keys
    this.#server = createServer({
      cert: keys.servingCertificate, key: keys.servingKey, ca: keys.authority,
      requestCert: true, rejectUnauthorized: false,
    }, (request, response) => {
      const socket = request.socket as TLSSocket
      const { authorization } = request.headers
      this.asked.push({
        path: request.url ?? '', authorization, servername: socket.servername as string | false,
        subject: socket.getPeerCertificate().subject?.CN, raw: request.rawHeaders,
      })
      const known = this.accepted.size === 0 || this.accepted.has(authorization ?? '')
      response.writeHead(known ? 200 : 401)
      response.end(known ? 'fine' : 'who?')
    })
  }

  static async open(): Promise<AskingServer> {
    const server = new AskingServer(
      await prepareCredentials({ env: nodeEnv(), hosts: ['api.example'] }))
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', () => done()))
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`
  }

  get last(): Asked {
    const last = this.asked.at(-1)
    if (last === undefined) throw new Error('nobody asked')
    return last
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/** A kubeconfig of one cluster and one user, in JSON, which is YAML. */
export function configText(cluster: object, user: object): string {
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'one',
    contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
  })
}

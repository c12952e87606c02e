import { type Server, createServer } from 'node:http'
import { Agent, request as ask } from 'node:https'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClusterAccess } from '@slicewise/client/node'
import { Command } from './test-command.ts'

/** What the candidates of one election did, as the server answered it. */
export class Observer {
  /** The candidate whose lease the server keeps. */
  holder = ''
  /** Writes of somebody who did not hold the lease when they were sent or answered. */
  readonly wrong: string[] = []
  /** Writes that were taken, by candidate. */
  readonly writes = new Map<string, number>()

  sent(name: string, path: string): void {
    if (this.holder !== name) this.wrong.push(`${name} sent ${path} while ${this.holder} led`)
  }

  answered(name: string, path: string, code: number, body: string): void {
    if (code >= 300) return
    if (isLease(path)) {
      const { spec } = JSON.parse(body) as { spec?: { holderIdentity?: string } }
      this.holder = spec?.holderIdentity ? name : ''
    } else {
      if (this.holder !== name) this.wrong.push(`${name} wrote ${path} while ${this.holder} led`)
      this.writes.set(name, (this.writes.get(name) ?? 0) + 1)
    }
  }
}

const isLease = (path: string): boolean => path.includes('/leases')
/** Events are told by those who lose, too. */
const isEvent = (path: string): boolean => path.includes('/events')

/** Plain HTTP to the server, with its credential; what passes is observed. */
async function openWay(name: string, to: ClusterAccess, observer: Observer): Promise<Server> {
  const agent = new Agent({ keepAlive: true, ...(to.ca === undefined ? {} : { ca: to.ca }) })
  const { hostname, port } = new URL(to.server)
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '' } = incoming
    const counts = method !== 'GET' && !isEvent(url)
    if (counts && !isLease(url)) observer.sent(name, `${method} ${url}`)
    const headers = { ...incoming.headers, authorization: `Bearer ${to.token}` }
    const onward = ask({ agent, hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      let body = ''
      answer.on('data', (chunk: Buffer) => {
        if (counts) body += chunk.toString()
        outgoing.write(chunk)
      })
      answer.on('end', () => {
        if (counts) observer.answered(name, `${method} ${url}`, answer.statusCode ?? 0, body)
        outgoing.end()
      })
      answer.on('error', () => outgoing.destroy())
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
  return server
}

/** One candidate: a process with a way to the server of its own, on which it is observed. */
export class ObservedProcess {
  readonly name: string
  readonly command: Command
  readonly #way: Server

  static async start(
    name: string, options: {
      readonly cli: string
      readonly folder: string
      readonly to: ClusterAccess
      readonly observer: Observer
      readonly flags: readonly string[]
    },
  ): Promise<ObservedProcess> {
    const { cli, folder, to, observer, flags } = options
    const way = await openWay(name, to, observer)
    const { port } = way.address() as AddressInfo
    const kubeconfig = join(folder, `${name}.kubeconfig`)
    writeFileSync(kubeconfig, JSON.stringify({
      'current-context': 'a', contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'u', user: {} }],
    }))
    const args = ['controllers', '--kubeconfig', kubeconfig, ...flags]
    return new ObservedProcess(name, new Command(cli, args, { cwd: folder }), way)
  }

  constructor(name: string, command: Command, way: Server) {
    this.name = name
    this.command = command
    this.#way = way
    void command.ended.then(() => this.#close())
  }

  get runs(): boolean {
    return this.command.child.exitCode === null && this.command.child.signalCode === null
  }

  kill(signal: NodeJS.Signals): void {
    this.command.child.kill(signal)
  }

  #close(): void {
    this.#way.closeAllConnections()
    this.#way.close()
  }
}

import { readdirSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { Env } from '@slicewise/base'
import { oneLine } from './fault.ts'
import { version } from './version.ts'

export interface MetricsOptions {
  readonly env: Env
  readonly host: string
  readonly port: number
  /** What the component counts itself, as Prometheus text. */
  readonly more?: () => string
  /** Why it is not ready; undefined when it is. */
  readonly unready?: () => string | undefined
}

/**
 * Serves `/metrics`, `/healthz`, `/livez` and `/readyz` over plain HTTP. Resolves with the address;
 * rejects with one line. Like the reference's components it asks for no credentials, so it belongs
 * on a loopback address or a network of its own.
 */
export function serveMetrics({ env, host, port, more, unready }: MetricsOptions): Promise<string> {
  const startedMs = env.nowMs()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [path] = (request.url ?? '/').split('?')
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const because = path === '/readyz' ? unready?.() : undefined
    const isHealth = path === '/healthz' || path === '/livez' || path === '/readyz'
    const text = !isRead ? undefined : isHealth ? because ?? 'ok'
      : path === '/metrics' ? allMetrics(startedMs, more?.() ?? '') : undefined
    const code = !isRead ? 405 : text === undefined ? 404 : because === undefined ? 200 : 503
    response.writeHead(code, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      ...(isRead ? {} : { allow: 'GET, HEAD', connection: 'close' }),
    })
    response.end(text ?? (isRead ? '404 page not found\n' : 'only GET is answered here\n'))
  }
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, answer)
  server.maxConnections = 100
  // It never keeps the program from ending.
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(
      `cannot serve metrics at ${host}:${port}: ${oneLine(error)}`, { cause: error })))
    server.listen({ host, port }, () => {
      const at = server.address()
      const taken = typeof at === 'object' && at !== null ? at.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`)
    })
  })
}

type Family = readonly [string, 'counter' | 'gauge', string, number, string?]

/** Linux tells how many files are open; other systems do not. */
function openFiles(): Family[] {
  try {
    const { length } = readdirSync('/proc/self/fd')
    return [['process_open_fds', 'gauge', 'Number of open file descriptors.', length]]
  } catch {
    return []
  }
}

/** Those of the process, but for what the component counts under the same name. */
function allMetrics(startedMs: number, ofComponent: string): string {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const families: readonly Family[] = [
    ['slicewise_build_info', 'gauge', 'The release that runs.', 1,
      `{version="${version}",node="${process.version}"}`],
    ['process_cpu_seconds_total', 'counter', 'User and system time.', (user + system) / 1e6],
    ['process_start_time_seconds', 'gauge', 'When it was started.', startedMs / 1000],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', rss],
    ...openFiles(),
    ['nodejs_heap_used_bytes', 'gauge', 'Heap in use.', heapUsed],
  ]
  return families.filter(([name]) => !ofComponent.includes(`# TYPE ${name} `))
    .map(([name, type, help, value, labels = '']) =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${labels} ${value}\n`)
    .join('') + ofComponent
}

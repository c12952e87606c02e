import type { Registry } from '../contract.ts'
import type { Reply } from './reply.ts'

export type HealthEndpoint = 'healthz' | 'livez' | 'readyz'

interface Check {
  readonly name: string
  readonly ok: boolean
}

/** Alive means that the process answers; ready that the registry and its store do. */
function checksOf(endpoint: HealthEndpoint, registry: Registry, closing: boolean): Check[] {
  const alive: Check[] = [{ name: 'ping', ok: true }]
  if (endpoint === 'livez') return alive
  const checks = [...alive, ...registry.checks()]
  return endpoint === 'readyz' ? [...checks, { name: 'shutdown', ok: !closing }] : checks
}

/** `/readyz`, `/readyz?verbose&exclude=a` and `/readyz/{check}`, as the reference prints them. */
export function answerHealth(
  reply: Reply, registry: Registry, endpoint: HealthEndpoint, check: string | undefined,
  query: URLSearchParams, closing: boolean,
): void {
  const checks = checksOf(endpoint, registry, closing)
  if (check !== undefined) {
    const one = checks.find((candidate) => candidate.name === check)
    if (one === undefined) return reply.text(404, '404 page not found\n')
    return one.ok ? reply.text(200, 'ok')
      : reply.text(500, `internal server error: ${check} is not ready\n`)
  }
  const excluded = new Set(query.getAll('exclude'))
  const lines: string[] = []
  const failed: string[] = []
  for (const { name, ok } of checks) {
    if (excluded.delete(name)) lines.push(`[+]${name} excluded: ok`)
    else if (ok) lines.push(`[+]${name} ok`)
    else {
      lines.push(`[-]${name} failed: reason withheld`)
      failed.push(name)
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => JSON.stringify(name)).join(',')
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`)
  }
  if (failed.length > 0) return reply.text(500, `${lines.join('\n')}\n${endpoint} check failed\n`)
  if (!query.has('verbose')) return reply.text(200, 'ok')
  reply.text(200, `${lines.join('\n')}\n${endpoint} check passed\n`)
}

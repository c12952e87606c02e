import type { Registry } from '../contract.ts'
import type { WatchGauge } from './watch-stream.ts'

interface Observed {
  readonly registry: Registry
  readonly watches: WatchGauge
  readonly inFlight: number
}

/** Counts what the front does and prints it as Prometheus text, under the reference's names. */
export class Metrics {
  readonly #observed: Observed
  readonly #requests = new Map<string, number>()

  constructor(observed: Observed) {
    this.#observed = observed
  }

  count(method: string, code: number): void {
    const verb = knownMethods.has(method) ? method : 'other'
    const key = `verb="${verb}",code="${code}"`
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1)
  }

  text(): string {
    const { watches, inFlight } = this.#observed
    return [
      '# HELP apiserver_request_total Requests answered, by method and code.',
      '# TYPE apiserver_request_total counter',
      ...[...this.#requests].sort().map(([key, n]) => `apiserver_request_total{${key}} ${n}`),
      '# HELP apiserver_current_inflight_requests Requests being worked on, without watches.',
      '# TYPE apiserver_current_inflight_requests gauge',
      `apiserver_current_inflight_requests ${inFlight}`,
      '# HELP apiserver_longrunning_requests Open watches.',
      '# TYPE apiserver_longrunning_requests gauge',
      `apiserver_longrunning_requests{verb="WATCH"} ${watches.open.size}`,
      '# HELP process_resident_memory_bytes Resident memory size in bytes.',
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      '',
    ].join('\n')
  }
}

const knownMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])

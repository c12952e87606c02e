import { type Env, Histogram, Labelled, type MetricFamily } from '@slicewise/base'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

/** client-go's bounds of the latency of requests, s. */
const latencyBounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]

/** Counts requests as client-go does: code and method, the latency of each verb, one host. */
export class CountingTransport implements Transport {
  readonly #inner: Transport
  readonly #env: Env
  readonly #host: string
  readonly #codes: Labelled<number>
  readonly #latencies: Labelled<Histogram>

  constructor(inner: Transport, options: { readonly env: Env; readonly server: string }) {
    this.#inner = inner
    this.#env = options.env
    this.#host = new URL(options.server).host
    this.#codes = new Labelled(['code', 'method', 'host'], () => 0)
    this.#latencies = new Labelled(['verb', 'host'], () => new Histogram(latencyBounds))
  }

  async request(request: TransportRequest): Promise<TransportResponse> {
    const sinceMs = this.#env.elapsedMs()
    let code = '<error>'
    try {
      const response = await this.#inner.request(request)
      code = String(response.status)
      return response
    } finally {
      this.#codes.update((before) => before + 1, code, request.method, this.#host)
      this.#latencies.of(request.method, this.#host)
        .observe((this.#env.elapsedMs() - sinceMs) / 1_000)
    }
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  families(): MetricFamily[] {
    return [
      {
        name: 'rest_client_requests_total', type: 'counter',
        help: 'Number of HTTP requests, partitioned by status code, method, and host.',
        samples: this.#codes.entries(),
      },
      {
        name: 'rest_client_request_duration_seconds', type: 'histogram',
        help: 'Request latency in seconds. Broken down by verb, and host.',
        samples: this.#latencies.entries(),
      },
    ]
  }
}

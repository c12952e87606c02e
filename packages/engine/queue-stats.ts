import { Histogram, type MetricFamily, exponentialBounds } from '@slicewise/base'

/** client-go's bounds of the durations of work queues, s. */
const workBounds = exponentialBounds(1e-8, 10, 10)
/** From 1 ms to 65 s: what is far below is good, what is above is an outage. */
const triggerBounds = exponentialBounds(0.001, 2, 17)

/** What a queue counts, in client-go's terms; times are of the clock that never jumps, ms. */
export class QueueStats {
  adds = 0
  retries = 0
  readonly waited = new Histogram(workBounds)
  readonly worked = new Histogram(workBounds)
  /** From the first change that a look was about to the answers of what it wrote. */
  readonly written = new Histogram(triggerBounds)
  /** Looks under way: when each began, and when what it is about did. */
  readonly #running = new Map<string, { readonly takenMs: number; readonly sinceMs: number }>()

  /** As client-go's, the wait begins when a window or a pause has ended. */
  taken(key: string, sinceMs: number, readyMs: number, nowMs: number): void {
    this.waited.observe((nowMs - readyMs) / 1_000)
    this.#running.set(key, { takenMs: nowMs, sinceMs })
  }

  ended(key: string, nowMs: number): void {
    const look = this.#running.get(key)
    if (look === undefined) return
    this.#running.delete(key)
    this.worked.observe((nowMs - look.takenMs) / 1_000)
  }

  wrote(key: string, nowMs: number): void {
    const look = this.#running.get(key)
    if (look !== undefined) this.written.observe((nowMs - look.sinceMs) / 1_000)
  }

  /** Families with the queue's name as a label. */
  families(name: string, depth: number, nowMs: number): MetricFamily[] {
    const labels = { name }
    const ages = [...this.#running.values()].map(({ takenMs }) => (nowMs - takenMs) / 1_000)
    const one = (
      own: string, type: MetricFamily['type'], help: string, value: number | Histogram,
    ): MetricFamily => ({ name: own, type, help, samples: [{ labels, value }] })
    return [
      one('workqueue_adds_total', 'counter', 'Total number of adds handled by workqueue',
        this.adds),
      one('workqueue_depth', 'gauge', 'Current depth of workqueue', depth),
      one('workqueue_retries_total', 'counter', 'Total number of retries handled by workqueue',
        this.retries),
      one('workqueue_queue_duration_seconds', 'histogram',
        'How long in seconds an item stays in workqueue before being requested.', this.waited),
      one('workqueue_work_duration_seconds', 'histogram',
        'How long in seconds processing an item from workqueue takes.', this.worked),
      one('workqueue_unfinished_work_seconds', 'gauge',
        'How many seconds of work is in progress and not yet in work_duration.',
        ages.reduce((sum, age) => sum + age, 0)),
      one('workqueue_longest_running_processor_seconds', 'gauge',
        'How many seconds has the longest running processor for workqueue been running.',
        Math.max(0, ...ages)),
      one('slicewise_trigger_to_write_seconds', 'histogram',
        'From the first change seen of a key to the answers of the writes that it brought about.',
        this.written),
    ]
  }
}

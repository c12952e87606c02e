import type { SliceOutlook } from './plan.ts'

/** Upper bounds of the histograms per sync; what is above the last counts in `+Inf` only. */
export const perSyncBuckets: readonly number[] =
  Array.from({ length: 15 }, (_, index) => 2 ** (index + 1))

/** A histogram as plain numbers: `buckets[i]` counts values up to `perSyncBuckets[i]`. */
export class Histogram {
  readonly buckets: number[] = perSyncBuckets.map(() => 0)
  count = 0
  sum = 0

  observe(value: number): void {
    this.count++
    this.sum += value
    for (const [index, bound] of perSyncBuckets.entries()) {
      if (value <= bound) this.buckets[index] = (this.buckets[index] ?? 0) + 1
    }
  }
}

/**
 * Counts under the names that kube-controller-manager gives them (prefix
 * `endpoint_slice_controller_`). Gauges add up all families of a Service.
 */
export class SliceMetrics {
  readonly changes = { create: 0, update: 0, delete: 0 }
  readonly syncs = { success: 0, stale: 0, error: 0 }
  readonly endpointsAddedPerSync = new Histogram()
  readonly endpointsRemovedPerSync = new Histogram()
  readonly endpointSlicesChangedPerSync = new Histogram()
  endpointsDesired = 0
  numEndpointSlices = 0
  desiredEndpointSlices = 0
  readonly #services = new Map<string, SliceOutlook>()

  /** Takes the outlook of one look, in place of the Service's earlier one. */
  planned(key: string, outlook: SliceOutlook): void {
    this.#count(this.#services.get(key), -1)
    this.#count(outlook, 1)
    this.#services.set(key, outlook)
    for (const added of outlook.added) this.endpointsAddedPerSync.observe(added)
    for (const removed of outlook.removed) this.endpointsRemovedPerSync.observe(removed)
  }

  forget(key: string): void {
    this.#count(this.#services.get(key), -1)
    this.#services.delete(key)
  }

  #count(outlook: SliceOutlook | undefined, sign: 1 | -1): void {
    if (outlook === undefined) return
    this.endpointsDesired += sign * outlook.endpoints
    this.numEndpointSlices += sign * outlook.slices
    this.desiredEndpointSlices += sign * outlook.slicesIdeal
  }
}

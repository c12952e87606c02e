import { Histogram, type MetricFamily, exponentialBounds } from '@slicewise/base'
import { perSyncBuckets, sharedFamilies } from '../endpointslice/metrics.ts'

/** Counts of one Endpoints object as they will be when its plan is done. */
export interface MirrorOutlook {
  readonly endpoints: number
  readonly slices: number
  /** The fewest slices that could hold the endpoints. */
  readonly slicesIdeal: number
  readonly added: number
  readonly updated: number
  readonly removed: number
  readonly skipped: number
}

/**
 * Counts under the names that kube-controller-manager gives them (prefix
 * `endpoint_slice_mirroring_controller_`).
 */
export class MirrorMetrics {
  readonly changes = { create: 0, update: 0, delete: 0 }
  readonly endpointsAddedPerSync = new Histogram(perSyncBuckets)
  readonly endpointsUpdatedPerSync = new Histogram(perSyncBuckets)
  readonly endpointsRemovedPerSync = new Histogram(perSyncBuckets)
  readonly addressesSkippedPerSync = new Histogram(perSyncBuckets)
  /** From taking a name off the queue to the answers of its writes, s. */
  readonly syncSeconds = new Histogram(exponentialBounds(0.001, 2, 15))
  endpointsDesired = 0
  numEndpointSlices = 0
  desiredEndpointSlices = 0
  readonly #names = new Map<string, MirrorOutlook>()

  /** Takes the outlook of one look, in place of the name's earlier one. */
  planned(key: string, outlook: MirrorOutlook): void {
    this.#count(this.#names.get(key), -1)
    this.#count(outlook, 1)
    this.#names.set(key, outlook)
    this.endpointsAddedPerSync.observe(outlook.added)
    this.endpointsUpdatedPerSync.observe(outlook.updated)
    this.endpointsRemovedPerSync.observe(outlook.removed)
    this.addressesSkippedPerSync.observe(outlook.skipped)
  }

  forget(key: string): void {
    this.#count(this.#names.get(key), -1)
    this.#names.delete(key)
  }

  #count(outlook: MirrorOutlook | undefined, sign: 1 | -1): void {
    if (outlook === undefined) return
    this.endpointsDesired += sign * outlook.endpoints
    this.numEndpointSlices += sign * outlook.slices
    this.desiredEndpointSlices += sign * outlook.slicesIdeal
  }

  families(): MetricFamily[] {
    const prefix = 'endpoint_slice_mirroring_controller'
    const histogram = (own: string, help: string, value: Histogram): MetricFamily =>
      ({ name: `${prefix}_${own}`, help, type: 'histogram', samples: [{ value }] })
    return [
      ...sharedFamilies(prefix, 'Endpoints', this),
      histogram('endpoints_updated_per_sync', 'Number of endpoints updated on each Endpoints sync',
        this.endpointsUpdatedPerSync),
      histogram('addresses_skipped_per_sync', 'Number of addresses skipped on each Endpoints ' +
        'sync due to being invalid or exceeding MaxEndpointsPerSubset',
      this.addressesSkippedPerSync),
      histogram('endpoints_sync_duration', 'Duration of syncEndpoints() in seconds',
        this.syncSeconds),
    ]
  }
}

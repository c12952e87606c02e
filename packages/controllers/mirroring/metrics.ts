import { Histogram } from '../endpointslice/metrics.ts'

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
  readonly endpointsAddedPerSync = new Histogram()
  readonly endpointsUpdatedPerSync = new Histogram()
  readonly endpointsRemovedPerSync = new Histogram()
  readonly addressesSkippedPerSync = new Histogram()
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
}

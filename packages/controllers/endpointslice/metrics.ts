import { Histogram, Labelled, type MetricFamily, exponentialBounds } from '@slicewise/base'
import type { SliceOutlook } from './plan.ts'

/** Upper bounds of the histograms per sync; what is above the last counts in `+Inf` only. */
export const perSyncBuckets: readonly number[] = exponentialBounds(2, 2, 15)
/** Prometheus' default bounds, which the reference takes for want of better ones. */
const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** How the hints of a Service come about; the words of the reference. */
export interface Routing {
  readonly topology: 'Auto' | 'Disabled'
  /** A valid `trafficDistribution` that is in force, else empty. */
  readonly distribution: string
}

const plain: Routing = { topology: 'Disabled', distribution: '' }
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

export function routingOf(asksForTopology: boolean, distribution: string | undefined): Routing {
  if (asksForTopology) return { topology: 'Auto', distribution: '' }
  const isValid = distribution !== undefined && distributions.includes(distribution)
  return isValid ? { ...plain, distribution } : plain
}

/**
 * Counts under the names that kube-controller-manager gives them (prefix
 * `endpoint_slice_controller_`). Gauges add up all families of a Service.
 */
export class SliceMetrics {
  readonly changes = { create: 0, update: 0, delete: 0 }
  readonly syncs = { success: 0, stale: 0, error: 0 }
  readonly endpointsAddedPerSync = new Histogram(perSyncBuckets)
  readonly endpointsRemovedPerSync = new Histogram(perSyncBuckets)
  readonly endpointSlicesChangedPerSync =
    new Labelled(['topology', 'traffic_distribution'], () => new Histogram(defaultBuckets))
  endpointsDesired = 0
  numEndpointSlices = 0
  desiredEndpointSlices = 0
  readonly #services = new Map<string, SliceOutlook>()
  readonly #routings = new Map<string, Routing>()

  /** Takes the outlook of one look, in place of the Service's earlier one. */
  planned(key: string, outlook: SliceOutlook, routing = plain): void {
    this.#count(this.#services.get(key), -1)
    this.#count(outlook, 1)
    this.#services.set(key, outlook)
    this.#routings.set(key, routing)
    for (const added of outlook.added) this.endpointsAddedPerSync.observe(added)
    for (const removed of outlook.removed) this.endpointsRemovedPerSync.observe(removed)
  }

  /** So many slices were planned to be written for a Service. */
  changed(key: string, slices: number): void {
    const { topology, distribution } = this.#routings.get(key) ?? plain
    this.endpointSlicesChangedPerSync.of(topology, distribution).observe(slices)
  }

  forget(key: string): void {
    this.#count(this.#services.get(key), -1)
    this.#services.delete(key)
    this.#routings.delete(key)
  }

  #count(outlook: SliceOutlook | undefined, sign: 1 | -1): void {
    if (outlook === undefined) return
    this.endpointsDesired += sign * outlook.endpoints
    this.numEndpointSlices += sign * outlook.slices
    this.desiredEndpointSlices += sign * outlook.slicesIdeal
  }

  families(): MetricFamily[] {
    const name = (own: string): string => `endpoint_slice_controller_${own}`
    const counts = new Map<string, number>()
    for (const { distribution } of this.#routings.values()) {
      if (distribution !== '') counts.set(distribution, (counts.get(distribution) ?? 0) + 1)
    }
    return [
      ...sharedFamilies('endpoint_slice_controller', 'Service', this),
      {
        name: name('endpointslices_changed_per_sync'), type: 'histogram',
        help: 'Number of EndpointSlices changed on each Service sync',
        samples: this.endpointSlicesChangedPerSync.entries(),
      },
      {
        name: name('syncs'), type: 'counter', help: 'Number of EndpointSlice syncs',
        samples: Object.entries(this.syncs)
          .map(([result, value]) => ({ labels: { result }, value })),
      },
      {
        name: name('services_count_by_traffic_distribution'), type: 'gauge',
        help: 'Number of Services using some specific trafficDistribution',
        samples: [...counts].map(([distribution, value]) =>
          ({ labels: { traffic_distribution: distribution }, value })),
      },
    ]
  }
}

/** What both controllers of slices count. */
export interface SharedCounts {
  readonly changes: Readonly<Record<'create' | 'update' | 'delete', number>>
  readonly endpointsAddedPerSync: Histogram
  readonly endpointsRemovedPerSync: Histogram
  readonly endpointsDesired: number
  readonly numEndpointSlices: number
  readonly desiredEndpointSlices: number
}

export function sharedFamilies(
  prefix: string, what: 'Service' | 'Endpoints', counts: SharedCounts,
): MetricFamily[] {
  const one = (own: string, help: string, type: 'gauge' | 'histogram',
    value: number | Histogram): MetricFamily =>
    ({ name: `${prefix}_${own}`, help, type, samples: [{ value }] })
  return [
    one('endpoints_added_per_sync', `Number of endpoints added on each ${what} sync`,
      'histogram', counts.endpointsAddedPerSync),
    one('endpoints_removed_per_sync', `Number of endpoints removed on each ${what} sync`,
      'histogram', counts.endpointsRemovedPerSync),
    one('endpoints_desired', 'Number of endpoints desired', 'gauge', counts.endpointsDesired),
    one('num_endpoint_slices', 'Number of EndpointSlices', 'gauge', counts.numEndpointSlices),
    one('desired_endpoint_slices',
      'Number of EndpointSlices that would exist with perfect endpoint allocation',
      'gauge', counts.desiredEndpointSlices),
    {
      name: `${prefix}_changes`, help: 'Number of EndpointSlice changes', type: 'counter',
      samples: Object.entries(counts.changes)
        .map(([operation, value]) => ({ labels: { operation }, value })),
    },
  ]
}

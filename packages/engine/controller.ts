import type { CacheSet } from '@slicewise/client'
import type { Env, Metrics } from '@slicewise/base'
import type { Api } from '@slicewise/kube'

/** What a running system hands to each of its controllers. */
export interface ControllerContext {
  readonly env: Env
  /** Writes as this controller; reads outside caches are for recovery only. */
  readonly api: Api
  /** Shared caches; a controller adds its listeners before it awaits anything. */
  readonly caches: CacheSet
  readonly signal: AbortSignal
  readonly options: ControllerOptions
  /** Where controllers say what they count, if anybody asks. */
  readonly metrics?: Metrics
}

/** Flags of kube-controller-manager that controllers read; periods in milliseconds. */
export interface ControllerOptions {
  readonly maxEndpointsPerSlice: number
  readonly endpointSliceBatchMs: number
  readonly endpointsBatchMs: number
  readonly mirroringBatchMs: number
  readonly mirroringMaxEndpointsPerSubset: number
  /** Services, Endpoints and mirrored names that are worked on at once. */
  readonly serviceEndpointSyncs: number
  readonly endpointSyncs: number
  readonly mirroringSyncs: number
  /** Divides every duration that a simulated cluster waits for; 1 is real time. */
  readonly speed: number
}

export const defaultControllerOptions: ControllerOptions = {
  maxEndpointsPerSlice: 100,
  endpointSliceBatchMs: 0,
  endpointsBatchMs: 0,
  mirroringBatchMs: 0,
  mirroringMaxEndpointsPerSubset: 1000,
  serviceEndpointSyncs: 5,
  endpointSyncs: 5,
  mirroringSyncs: 5,
  speed: 1,
}

/** One row of the table of controllers. */
export interface ControllerSpec {
  /** kube-controller-manager's name, such as `endpointslice-controller`. */
  readonly name: string
  /** Runs until the context's signal aborts; rejects only on a bug. */
  run(context: ControllerContext): Promise<void>
}

import { type SystemConfig, defaultConfig } from '@slicewise/system'

/** Flags of the controllers as commander hands them over; periods in milliseconds. */
export interface ControllerFlags {
  readonly maxEndpointsPerSlice?: number
  readonly endpointsliceUpdatesBatchPeriod?: number
  readonly endpointUpdatesBatchPeriod?: number
  readonly mirroringEndpointsliceUpdatesBatchPeriod?: number
  readonly mirroringMaxEndpointsPerSubset?: number
  readonly concurrentServiceEndpointSyncs?: number
  readonly concurrentEndpointSyncs?: number
  readonly mirroringConcurrentServiceEndpointSyncs?: number
  readonly speed?: number
}

export function controllerOptionsOf(flags: ControllerFlags): SystemConfig['options'] {
  const { options } = defaultConfig
  return {
    maxEndpointsPerSlice: flags.maxEndpointsPerSlice ?? options.maxEndpointsPerSlice,
    endpointSliceBatchMs: flags.endpointsliceUpdatesBatchPeriod ?? options.endpointSliceBatchMs,
    endpointsBatchMs: flags.endpointUpdatesBatchPeriod ?? options.endpointsBatchMs,
    mirroringBatchMs: flags.mirroringEndpointsliceUpdatesBatchPeriod ?? options.mirroringBatchMs,
    mirroringMaxEndpointsPerSubset:
      flags.mirroringMaxEndpointsPerSubset ?? options.mirroringMaxEndpointsPerSubset,
    serviceEndpointSyncs: flags.concurrentServiceEndpointSyncs ?? options.serviceEndpointSyncs,
    endpointSyncs: flags.concurrentEndpointSyncs ?? options.endpointSyncs,
    mirroringSyncs: flags.mirroringConcurrentServiceEndpointSyncs ?? options.mirroringSyncs,
    speed: flags.speed ?? options.speed,
  }
}

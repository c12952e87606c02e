/** Sizes that this package promises, each with the reason for it. */
export const limits = {
  /** Default of `--max-endpoints-per-slice`: one slice stays near 20 KB, one change one slice. */
  endpointsPerSlice: 100,
  /** The API refuses a slice with more endpoints (discovery/v1 validation). */
  endpointsPerSliceMax: 1000,
  /** A slice of fewer than one endpoint could never hold anything. */
  endpointsPerSliceMin: 1,
  /** Longest DNS subdomain; a `generateName` prefix has to be the beginning of one. */
  subdomainBytesMax: 253,
} as const

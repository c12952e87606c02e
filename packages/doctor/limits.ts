/** Bounds of this package, each with its reason. */
export const limits = {
  /** Near misses told for one Service: the cause is among the nearest, or it is none of them. */
  nearMissesMax: 8,
  /** Names written out before `and n more`: a line of a terminal. */
  namesMax: 3,
  /** Reasons on a person's screen; the JSON has all. */
  reasonsMax: 12,
  /** Default of `--mirroring-max-endpoints-per-subset`: more are not mirrored. */
  mirroredAddressesMax: 1000,
  /** The classic Endpoints object holds so many addresses at most. */
  endpointsAddressesMax: 1000,
  /** Slices on a person's screen. */
  slicesMax: 6,
  /** So long a live controller has to write what follows from a change; it may wait 1 s itself. */
  graceMs: 3_000,
  /** A cluster that never rests is compared as it is. */
  settleMsMax: 60_000,
  /** How often it is looked whether things have come to rest. */
  lookMs: 250,
  /** Objects that are read to see who wrote them. */
  writersMax: 100,
  /** Nodes read one by one; more are listed at once. */
  nodesSingly: 20,
  /** Objects asked for in one page of a list. */
  listPage: 500,
} as const

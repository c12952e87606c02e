/** Limits that the controllers of Services share, each with the reason for its size. */
export const limits = {
  /** After a lost race the cache shows the winner within a watch's delay; then it is tried anew. */
  lostRaceMsMax: 5_000,
} as const

/** Times of the disruption controller, each with its reason. */
export const limits = {
  /** So long an eviction may take to be seen, and a condition announce one; before `--speed`. */
  timeoutMs: 120_000,
  /** However high the speed: servers write these times in whole seconds, and may be slow. */
  timeoutMsMin: 5_000,
  /** The longest that changes of Pods gather: whoever drains a Node waits for them. */
  gatherMsMax: 50,
} as const

/** Sizes of the node lifecycle controller. Its times follow from `heartbeatMs` of the engine. */
export const limits = {
  /** Silence is looked for so often in one grace: 50 s and `--node-monitor-period` of 5 s. */
  looksPerGrace: 10,
  /** Silent for this part of the grace (two heartbeats), a Node is in doubt. */
  doubt: 2 / 5,
  /** Pods of one Node written before the Node is looked at again: it may be back meanwhile. */
  podsAtOnce: 100,
} as const

/** Limits of the engine, each with the reason for its size. */
export const limits = {
  /** Keys in flight at once; kube-controller-manager's default for Service syncs. */
  concurrency: 5,
  /** Gathering window after a first change: nobody waits, but a burst is merged. */
  gatherMsMin: 20,
  /** Window under lasting churn: bounds the writes of one key to two a second. */
  gatherMsMax: 500,
  /** A key without a change for this long is quiet again. */
  quietMs: 1_000,
  /** Calls of one plan under way at once: enough to fill one group commit. */
  batchMax: 64,
  /** First and longest pause before a failed key is tried again. */
  retryMsMin: 1_000,
  retryMsMax: 60_000,
  /** A lost race is looked at again after this, when the cache has caught up. */
  conflictMs: 20,
  /** How long a key waits for the echo of its own write before it reads live. */
  echoMsMax: 5_000,
  /** Caches that seem to stand still are given so long, and some turns, to show otherwise. */
  doubtMs: 1_000,
  /** Objects of a live read in one turn: some 50 ms. */
  livePage: 500,
  /** Keys kept before quiet ones are forgotten. */
  sweepKeysMin: 1_024,
  /** Events kept to be counted up instead of repeated; client-go's correlator keeps 4096. */
  eventKeys: 4_096,
  /** Events of one object equal but for the message before they are combined; client-go's. */
  similarEvents: 10,
  /** Similar Events that come further apart are not combined; client-go's. */
  similarMsMax: 10 * 60_000,
  /** Events of one object at once, and the time until one more may be told; client-go's. */
  eventBurst: 25,
  eventRefillMs: 300_000,
  /** Lease renewal of a kubelet, before `--speed`. */
  heartbeatMs: 10_000,
  /** However high the speed, a turn of a busy event loop must be much shorter than this. */
  heartbeatMsMin: 400,
  /** However many Nodes there are, their heartbeats cost 100 writes a second at most. */
  heartbeatMsPerNode: 10,
} as const

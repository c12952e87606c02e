/** Sizes of this controller, each with the reason for it. */
export const limits = {
  /** More addresses than this are cut, as in kube-controller-manager: one object carries all. */
  addressesMax: 1_000,
  /** First pause after a failure, as in kube-controller-manager. */
  retryMsMin: 5,
  /** The reference gives up after 15 attempts and an hour; here a key is never dropped. */
  retryMsMax: 100_000,
  /** A deletion waits this long for that of its Service: a watch's delay, and soon to a person. */
  deletedMs: 50,
  /** How long an object without a Service waits for the cache of Services to be as new as it is. */
  orphanMs: 1_000,
} as const

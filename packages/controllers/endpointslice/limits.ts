/** Sizes of this controller, each with the reason for it. */
export const limits = {
  /** Services written at once: kube-controller-manager's `--concurrent-service-endpoint-syncs`. */
  concurrentSyncs: 5,
} as const

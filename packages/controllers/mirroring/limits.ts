/** Sizes of this controller, each with the reason for it. */
export const limits = {
  /** The API refuses larger slices, and a slice of none could hold nothing. */
  endpointsPerSubsetMin: 1,
  endpointsPerSubsetMax: 1_000,
  /** Longest pause after failures, as in kube-controller-manager; a key is never dropped here. */
  retryMsMax: 100_000,
} as const

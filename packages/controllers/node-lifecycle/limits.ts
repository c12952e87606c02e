/** Times of the node lifecycle, before `--speed`; defaults of kube-controller-manager. */
export const limits = {
  /** Five heartbeats of ten seconds: `--node-monitor-grace-period`. */
  graceMs: 50_000,
  /** Agreed with the simulated kubelets: with many Nodes heartbeats come less often. */
  graceMsPerNode: 50,
  /** How often silence is looked for: `--node-monitor-period`. */
  monitorMs: 5_000,
} as const

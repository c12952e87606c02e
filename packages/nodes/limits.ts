/** Limits and times of the simulated kubelets, each with its reason. Times are before `--speed`. */
export const limits = {
  /** A Node takes so many Pods where its range allows. */
  podsPerNodeMax: 50_000,
  /** Addresses of a Pod range that are never given: network, gateway and broadcast. */
  reservedAddresses: 3,
  /** kubelet's first status write after it saw the Pod. */
  admitMs: 50,
  /** Sandbox, network and image of a cached image: a second, as on a warm node. */
  startMs: 1_000,
  /** Each init container runs this long. */
  initMs: 500,
  /** How long a process needs to end after SIGTERM, when nothing else is said. */
  endMs: 1_000,
  /** kubelet's crash back-off: 10 s, doubled up to 5 minutes. */
  backoffMsMin: 10_000,
  backoffMsMax: 300_000,
  /** A heartbeat under way for longer than this part of its interval stops all work on Pods. */
  lateHeartbeat: 1 / 4,
  /** Status writes under way at once. */
  concurrency: 64,
  /** Node registrations under way at once. */
  registrations: 32,
} as const

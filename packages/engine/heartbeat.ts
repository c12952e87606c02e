import { limits } from './limits.ts'

/**
 * What simulated kubelets and the node lifecycle controller agree on, ms of real time. A Node
 * renews its Lease every `heartbeatMs`; one that is not heard for five of them has fallen silent
 * (kube-controller-manager's `--node-monitor-grace-period` of 50 s and kubelet's 10 s).
 */
export function heartbeatMs(speed: number, nodes: number): number {
  return Math.max(
    limits.heartbeatMs / speed, limits.heartbeatMsMin, limits.heartbeatMsPerNode * nodes)
}

export function heartbeatGraceMs(speed: number, nodes: number): number {
  return 5 * heartbeatMs(speed, nodes)
}

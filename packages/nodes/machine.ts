import { type Node, type NodeCondition, type Stored, conditionOf } from '@slicewise/kube'
import { annotations } from './steering.ts'
import { seconds } from '@slicewise/base'

/** What a simulated Node is made of. */
export interface Machine {
  readonly name: string
  readonly zone: string
  readonly podCIDRs: readonly string[]
  /** Pods it takes. */
  readonly capacity: number
  /** Its own addresses, one of each family. */
  readonly addresses: readonly string[]
}

/** The Node object that a kubelet of this machine registers. */
export function nodeObject(machine: Machine, nowMs: number): Node {
  const podCIDR = machine.podCIDRs[0]
  return {
    metadata: {
      name: machine.name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': machine.name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'region-1',
        'topology.kubernetes.io/zone': machine.zone,
      },
      annotations: { [annotations.simulated]: 'true' },
    },
    spec: podCIDR === undefined ? {} : { podCIDR, podCIDRs: [...machine.podCIDRs] },
    status: machineStatus(machine, undefined, nowMs),
  }
}

/** The status that its kubelet reports: everything is fine. */
export function machineStatus(
  machine: Machine, node: Stored<Node> | undefined, nowMs: number,
): NonNullable<Node['status']> {
  const offered = {
    cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: String(machine.capacity),
  }
  return {
    capacity: offered,
    allocatable: offered,
    conditions: healthy.map(([type, status, reason, message]) =>
      nodeCondition(node, { type, status, reason, message }, nowMs)),
    addresses: [
      ...machine.addresses.map((address) => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: machine.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: {
      machineID: machine.name, systemUUID: machine.name, bootID: machine.name,
      kernelVersion: '0.0.0-simulated', osImage: 'Slicewise simulated Node',
      containerRuntimeVersion: 'simulated://1.0.0', kubeletVersion: 'v1.36.3',
      kubeProxyVersion: '', operatingSystem: 'linux', architecture: 'amd64',
    },
  }
}

const healthy: readonly (readonly [type: string, status: string, reason: string, say: string])[] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'the simulated Node has enough memory'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'the simulated Node has enough disk'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'the simulated Node has enough process ids'],
  ['Ready', 'True', 'KubeletReady', 'the simulated kubelet is running'],
]

function nodeCondition(
  node: Stored<Node> | undefined,
  wanted: { type: string; status: string; reason: string; message: string }, nowMs: number,
): NodeCondition {
  const known = node?.status?.conditions?.find((one) => one.type === wanted.type)
  const now = seconds(nowMs)
  return {
    ...wanted, lastHeartbeatTime: now,
    lastTransitionTime: known?.status === wanted.status ? known.lastTransitionTime : now,
  }
}

export function isSimulated(node: Node): boolean {
  return node.metadata?.annotations?.[annotations.simulated] === 'true'
}

/** Its kubelet is switched off by a person: no heartbeat, no Pod moves. */
export function isStopped(node: Node): boolean {
  return node.metadata?.annotations?.[annotations.stopped] === 'true'
}

export function isReady(node: Node): boolean {
  return conditionOf(node, 'Ready')?.status === 'True'
}

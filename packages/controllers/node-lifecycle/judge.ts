import {
  type Node, type NodeCondition, type Stored, type Taint, conditionOf,
} from '@slicewise/kube'
import { seconds } from '@slicewise/base'

/** Decisions about one Node; pure. */

export const notReadyTaint = 'node.kubernetes.io/not-ready'
export const unreachableTaint = 'node.kubernetes.io/unreachable'
const unschedulableTaint = 'node.kubernetes.io/unschedulable'
const managed: ReadonlySet<string> = new Set([notReadyTaint, unreachableTaint, unschedulableTaint])

export function readyStatus(node: Stored<Node> | undefined): string | undefined {
  return conditionOf(node, 'Ready')?.status
}

/** Conditions of a Node whose kubelet fell silent; undefined when they say so already. */
export function silentConditions(
  node: Stored<Node>, nowMs: number,
): NodeCondition[] | undefined {
  const kinds = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']
  const known = node.status?.conditions ?? []
  if (readyStatus(node) === 'Unknown') return undefined
  const now = seconds(nowMs)
  const others = known.filter((one) => !kinds.includes(one.type))
  return [...others, ...kinds.map((type) => {
    const before = known.find((one) => one.type === type)
    const reported = before !== undefined
    return {
      type, status: 'Unknown',
      lastHeartbeatTime: before?.lastHeartbeatTime ?? node.metadata.creationTimestamp,
      lastTransitionTime: now,
      reason: reported ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated',
      message: reported
        ? 'Kubelet stopped posting node status.' : 'Kubelet never posted node status.',
    }
  })]
}

/** The taints that the Node's state asks for; undefined when they stand there already. */
export function wantedTaints(node: Stored<Node>, nowMs: number): Taint[] | undefined {
  const known = node.spec?.taints ?? []
  const wanted: Taint[] = []
  const add = (key: string, effect: Taint['effect'], timed: boolean): void => {
    const before = known.find((one) => one.key === key && one.effect === effect)
    wanted.push(before ?? { key, effect, ...(timed ? { timeAdded: seconds(nowMs) } : {}) })
  }
  const ready = readyStatus(node)
  if (ready !== undefined && ready !== 'True') {
    const key = ready === 'False' ? notReadyTaint : unreachableTaint
    add(key, 'NoSchedule', true)
    add(key, 'NoExecute', true)
  } else if (ready === undefined) {
    add(notReadyTaint, 'NoSchedule', true)
  }
  if (node.spec?.unschedulable === true) add(unschedulableTaint, 'NoSchedule', true)
  const others = known.filter((one) => !managed.has(one.key))
  const kept = known.filter((one) => managed.has(one.key))
  const same = kept.length === wanted.length && wanted.every((one) => kept.includes(one))
  return same ? undefined : [...others, ...wanted]
}

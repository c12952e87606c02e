import { type Node, conditionOf, parseQuantity } from '@slicewise/kube'
import { zoneOf } from '../endpoint.ts'

/** The share of the cluster's CPU that each zone has; the shares sum up to 1. */
export type ZoneRatios = ReadonlyMap<string, number>

const excludedLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']
const nanoPerMilli = 1_000_000n

/**
 * The shares of the zones by the allocatable CPU of ready Nodes that take ordinary Pods. Undefined
 * when they cannot be known: one such Node without zone or CPU spoils all, and so do fewer than two
 * zones.
 */
export function zoneRatios(nodes: Iterable<Node>): ZoneRatios | undefined {
  const nanoByZone = new Map<string, bigint>()
  let total = 0n
  for (const node of nodes) {
    if (isExcluded(node) || !isNodeReady(node)) continue
    const zone = zoneOf(node)
    const nano = parseQuantity(node.status?.allocatable?.['cpu'] ?? '0')?.nano ?? 0n
    if (zone === undefined || nano === 0n) return undefined
    nanoByZone.set(zone, (nanoByZone.get(zone) ?? 0n) + nano)
    total += nano
  }
  if (total === 0n || nanoByZone.size < 2) return undefined
  return new Map([...nanoByZone].map(([zone, nano]) => [zone, milli(nano) / milli(total)]))
}

/** Whether a change of a Node is one after which the reference counts capacity anew. */
export function changesCapacity(before: Node | undefined, after: Node | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after
  return isNodeReady(before) !== isNodeReady(after) || zoneOf(before) !== zoneOf(after)
}

/** Whole milli units, rounded up. */
function milli(nano: bigint): number {
  return Number((nano + nanoPerMilli - 1n) / nanoPerMilli)
}

function isExcluded(node: Node): boolean {
  const labels = node.metadata?.labels ?? {}
  return excludedLabels.some((label) => Object.hasOwn(labels, label))
}

function isNodeReady(node: Node): boolean {
  return conditionOf(node, 'Ready')?.status === 'True'
}

import { addQuantities, compareQuantities } from '../../quantity.ts'
import type { Container } from './container.ts'
import type { PodSpec } from './spec.ts'

const computeResources = ['cpu', 'memory'] as const

/** Guaranteed, Burstable or BestEffort, from the resources of all containers. */
export function qosClass(spec: PodSpec): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const all: Pick<Container, 'resources'>[] = spec.resources === undefined
    ? [...(spec.containers ?? []), ...(spec.initContainers ?? [])] : [{ resources: spec.resources }]
  const requests: Record<string, string> = {}
  const limits: Record<string, string> = {}
  let guaranteed = true
  for (const { resources } of all) {
    sumInto(requests, resources?.requests)
    if (sumInto(limits, resources?.limits) < computeResources.length) guaranteed = false
  }
  const asked = Object.keys(requests)
  if (asked.length === 0 && Object.keys(limits).length === 0) return 'BestEffort'
  const matched = asked.length === Object.keys(limits).length && asked.every((name) =>
    limits[name] !== undefined && compareQuantities(requests[name] ?? '0', limits[name]) === 0)
  return guaranteed && matched ? 'Guaranteed' : 'Burstable'
}

/** Adds CPU and memory to the sums; returns how many of the two are set. */
function sumInto(
  sums: Record<string, string>, amounts: Readonly<Record<string, string>> | undefined,
): number {
  let seen = 0
  for (const name of computeResources) {
    const amount = amounts?.[name]
    if (amount === undefined || compareQuantities(amount, '0') <= 0) continue
    seen++
    sums[name] = sums[name] === undefined ? amount : addQuantities(sums[name], amount)
  }
  return seen
}

import type { Service } from '@slicewise/kube'
import { hasNoClusterIP } from './families.ts'

/** Joins a slice to its Service; what every consumer looks for. */
export const serviceNameLabel = 'kubernetes.io/service-name'
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
export const headlessLabel = 'service.kubernetes.io/headless'
/** Value of the managed-by label of slices that come from selectors. */
export const managedByController = 'endpointslice-controller.k8s.io'

const reserved = new Set([serviceNameLabel, managedByLabel, headlessLabel])

export type Labels = Readonly<Record<string, string>>

/** The labels of a Service's slices: its own, less the three reserved keys, plus those as due. */
export function sliceLabels(service: Service): Record<string, string> {
  const labels: Record<string, string> = {}
  const own = service.metadata?.labels ?? {}
  for (const key of Object.keys(own).sort()) {
    if (!reserved.has(key)) labels[key] = own[key] as string
  }
  labels[serviceNameLabel] = service.metadata?.name ?? ''
  labels[managedByLabel] = managedByController
  if (hasNoClusterIP(service)) labels[headlessLabel] = ''
  return labels
}

/**
 * Whether labels of a slice have to be written. Reserved keys alone never cause a write: a stale
 * headless label stays until the slice is written for another reason.
 */
export function labelsDiffer(found: Labels | undefined, expected: Labels): boolean {
  let left = 0
  for (const key in expected) {
    if (reserved.has(key)) continue
    if (found?.[key] !== expected[key]) return true
    left++
  }
  for (const key in found) if (!reserved.has(key)) left--
  return left !== 0
}

/** Equal in every key, reserved ones too. */
export function labelsEqual(found: Labels | undefined, expected: Labels): boolean {
  const keys = Object.keys(expected)
  return keys.length === Object.keys(found ?? {}).length
    && keys.every((key) => found?.[key] === expected[key])
}

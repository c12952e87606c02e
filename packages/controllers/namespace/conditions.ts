import type { NamespaceCondition, ResourceRef, Stored } from '@slicewise/kube'
import { seconds } from '@slicewise/base'

/** Objects of one resource that a namespace still holds. */
export interface Left {
  readonly row: Pick<ResourceRef, 'group' | 'resource'>
  readonly items: readonly Stored[]
}

type Verdict = Pick<NamespaceCondition, 'type' | 'status'> &
  { readonly reason: string; readonly message: string }

/** Conditions of a namespace that is being emptied; undefined when they stand there already. */
export function deletionConditions(
  known: readonly NamespaceCondition[], left: readonly Left[], nowMs: number,
): NamespaceCondition[] | undefined {
  const verdicts: Verdict[] = [
    verdict('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered',
      'All resources successfully discovered'),
    verdict('NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions',
      'All legacy kube types successfully parsed'),
    verdict('NamespaceDeletionContentFailure', 'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization'),
    remaining(left),
    finalizers(left),
  ]
  const same = verdicts.every((one) => known.some((other) => other.type === one.type &&
    other.status === one.status && other.reason === one.reason && other.message === one.message))
  if (same) return undefined
  return verdicts.map((one) => {
    const before = known.find((other) => other.type === one.type && other.status === one.status)
    return { ...one, lastTransitionTime: before?.lastTransitionTime ?? seconds(nowMs) }
  })
}

function verdict(type: string, reason: string, message: string): Verdict {
  return { type, status: 'False', reason, message } as Verdict
}

function remaining(left: readonly Left[]): Verdict {
  const type = 'NamespaceContentRemaining'
  if (left.length === 0) return verdict(type, 'ContentRemoved', 'All content successfully removed')
  const parts = left.map(({ row, items }) =>
    `${row.resource}.${row.group} has ${items.length} resource instances`).sort()
  return {
    type, status: 'True', reason: 'SomeResourcesRemain',
    message: `Some resources are remaining: ${parts.join(', ')}`,
  }
}

function finalizers(left: readonly Left[]): Verdict {
  const type = 'NamespaceFinalizersRemaining'
  const counts = new Map<string, number>()
  for (const { metadata } of left.flatMap((one) => one.items)) {
    for (const one of metadata.finalizers ?? []) counts.set(one, (counts.get(one) ?? 0) + 1)
  }
  if (counts.size === 0) {
    return verdict(type, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
  }
  const parts = [...counts].map(([one, count]) => `${one} in ${count} resource instances`).sort()
  return {
    type, status: 'True', reason: 'SomeFinalizersRemain',
    message: `Some content in the namespace has finalizers remaining: ${parts.join(', ')}`,
  }
}

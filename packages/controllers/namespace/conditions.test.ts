import type { NamespaceCondition, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { type Left, deletionConditions } from './conditions.ts'

const nowMs = Date.UTC(2026, 0, 1)
const earlier = '2025-12-31T00:00:00Z'
const now = '2026-01-01T00:00:00Z'

/** `pods 2 a.io/x`: so many objects of a resource, each with these finalizers. */
function left(text: string): Left {
  const [resource = '', count, ...finalizers] = text.split(' ')
  const metadata = finalizers.length === 0 ? {} : { finalizers }
  const items = Array.from({ length: Number(count) }, () => ({ metadata }) as unknown as Stored)
  return { row: { group: resource === 'jobs' ? 'batch' : '', resource }, items }
}

const remaining = 'NamespaceContentRemaining'
const finalizing = 'NamespaceFinalizersRemaining'
const told = (texts: readonly string[]): readonly NamespaceCondition[] =>
  (deletionConditions([], texts.map(left), nowMs) ?? [])
const messageOf = (conditions: readonly NamespaceCondition[], type: string): string => {
  const found = conditions.find((one) => one.type === type)
  return `${found?.status} ${found?.reason}: ${found?.message}`
}

test.each<[string, string[], string, string]>([
  ['nothing', [], 'False ContentRemoved: All content successfully removed',
    'False ContentHasNoFinalizers: All content-preserving finalizers finished'],
  ['objects, by name of the resource', ['pods 2', 'configmaps 1', 'jobs 3'],
    'True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource ' +
      'instances, jobs.batch has 3 resource instances, pods. has 2 resource instances',
    'False ContentHasNoFinalizers: All content-preserving finalizers finished'],
  ['finalizers, counted over all', ['pods 2 b/x', 'jobs 1 a/y b/x'],
    'True SomeResourcesRemain: Some resources are remaining: jobs.batch has 1 resource ' +
      'instances, pods. has 2 resource instances',
    'True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: ' +
      'a/y in 1 resource instances, b/x in 3 resource instances'],
])('left: %s', (_, texts, content, finalizers) => {
  const conditions = told(texts)
  expect(messageOf(conditions, remaining)).toBe(content)
  expect(messageOf(conditions, finalizing)).toBe(finalizers)
  expect(conditions.map((one) => one.type)).toEqual([
    'NamespaceDeletionDiscoveryFailure', 'NamespaceDeletionGroupVersionParsingFailure',
    'NamespaceDeletionContentFailure', remaining, finalizing,
  ])
})

test('what stands there already is not written, and times change with the status alone', () => {
  const first = told(['pods 2']).map((one) => ({ ...one, lastTransitionTime: earlier }))
  expect(deletionConditions(first, [left('pods 2')], nowMs)).toBeUndefined()
  const times = (texts: string[]): string[] =>
    (deletionConditions(first, texts.map(left), nowMs) ?? [])
      .filter((one) => one.lastTransitionTime === now).map((one) => one.type)
  expect(times(['pods 1'])).toEqual([])
  expect(times([])).toEqual([remaining])
  expect(times(['pods 2 a/x'])).toEqual([finalizing])
})

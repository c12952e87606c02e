import { seededRandom } from '@slicewise/base'
import type { LabelSelector, Pod, PodDisruptionBudget, Stored } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { ownedBy, testPod } from '../workloads/test-pods.ts'
import { Budgets } from './budgets.ts'

const budgetOf = (name: string, selector?: LabelSelector): Stored<PodDisruptionBudget> => ({
  metadata: { name, namespace: 'default', uid: name, resourceVersion: '1', creationTimestamp: '' },
  ...(selector === undefined ? {} : { spec: { selector } }),
})
const labelled = (name: string, labels: object, state = '+', owner = 'web'): Stored<Pod> =>
  testPod(name, state, { metadata: { labels, ...ownedBy('ReplicaSet', owner) } })

test.each<[string, LabelSelector | undefined, string]>([
  ['absent: nothing', undefined, ''],
  ['empty: all of the namespace', {}, 'a b c'],
  ['labels', { matchLabels: { app: 'web' } }, 'a b'],
  ['expressions alone', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, 'b'],
  ['both', {
    matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }],
  }, 'a'],
  ['nothing like it', { matchLabels: { app: 'none' } }, ''],
])('a selector that is %s', (_, selector, expected) => {
  const pods = [
    labelled('a', { app: 'web' }), labelled('b', { app: 'web', tier: 'x' }), labelled('c', {}),
  ]
  const early = new Budgets(() => pods)
  early.set(budgetOf('pdb', selector))
  const late = new Budgets(() => [])
  late.set(budgetOf('pdb', selector))
  for (const after of pods) late.applyPod({ key: '', before: undefined, after, revision: '1' })
  for (const budgets of [early, late]) {
    const members = budgets.get(budgetOf('pdb'))?.members
    const names = pods.map((pod) => pod.metadata.name).filter((name) => members?.staying(name))
    expect(names.join(' ')).toBe(expected)
  }
})

test('a selector that cannot be read selects nothing and says why', () => {
  const budgets = new Budgets(() => [labelled('a', {})])
  budgets.set(budgetOf('pdb', { matchExpressions: [{ key: 'a', operator: 'Like' }] }))
  expect(budgets.get(budgetOf('pdb'))).toMatchObject({
    problem: '"Like" is not a valid label selector operator', members: { size: 0 },
  })
})

/** Each row: how a Pod changes, and whose budgets have to be looked at. */
test.each<[string, Stored<Pod> | undefined, Stored<Pod> | undefined, string]>([
  ['comes', undefined, labelled('a', { app: 'web' }), 'all web'],
  ['comes to nobody but all', undefined, labelled('a', { app: 'x' }), 'all'],
  ['goes', labelled('a', { app: 'web' }), undefined, 'all web'],
  ['turns ready', labelled('a', { app: 'web' }, '-'), labelled('a', { app: 'web' }), 'all web'],
  ['starts to end', labelled('a', { app: 'web' }), labelled('a', { app: 'web' }, '+x'), 'all web'],
  ['changes its labels', labelled('a', { app: 'web' }), labelled('a', { app: 'db' }), 'db web'],
  ['changes its owner', labelled('a', { app: 'db' }),
    labelled('a', { app: 'db' }, '+', 'other'), 'all db'],
  ['changes its phase alone', labelled('a', { app: 'web' }, '.'),
    labelled('a', { app: 'web' }, 'f'), ''],
  ['changes a label that nobody asks for', labelled('a', { app: 'web' }),
    labelled('a', { app: 'web', more: 'x' }), ''],
])('a Pod %s', (_, before, after, expected) => {
  const budgets = new Budgets(() => before === undefined ? [] : [before])
  budgets.set(budgetOf('all', {}))
  budgets.set(budgetOf('web', { matchLabels: { app: 'web' } }))
  budgets.set(budgetOf('db', { matchLabels: { app: 'db' } }))
  budgets.set(budgetOf('none'))
  const touched = budgets.applyPod({ key: '', before, after, revision: '1' })
  expect(touched.map((key) => key.split('/')[1]).sort().join(' ')).toBe(expected)
})

test('applied equals rebuilt, whatever comes in whatever order', () => {
  const selectors: (LabelSelector | undefined)[] = [
    undefined, {}, { matchLabels: { app: 'web' } }, { matchLabels: { app: 'db', tier: 'x' } },
    { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] },
  ]
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const pods = new Map<string, Stored<Pod>>()
    const standing = new Map<string, Stored<PodDisruptionBudget>>()
    const live = new Budgets(() => [...pods.values()])
    for (let n = 0; n < 60; n++) {
      const name = pick(['a', 'b', 'c', 'd', 'e'])
      const [before, budget] = [pods.get(name), standing.get(name)]
      if (random() < 0.25) {
        const next = budgetOf(name, pick(selectors))
        if (budget !== undefined && random() < 0.3) {
          live.delete(budget)
          standing.delete(name)
        } else {
          live.set(next)
          standing.set(name, next)
        }
      } else {
        const labels = { app: pick(['web', 'db']), ...(random() < 0.5 ? { tier: 'x' } : {}) }
        const made = labelled(name, labels, pick(['+', '-', '+x']), pick(['r', 's']))
        const after = random() < 0.2 ? undefined : made
        if (before === undefined && after === undefined) continue
        if (after === undefined) pods.delete(name)
        else pods.set(name, after)
        live.applyPod({ key: name, before, after, revision: '1' })
      }
      const rebuilt = new Budgets(() => [...pods.values()])
      for (const one of standing.values()) rebuilt.set(one)
      for (const one of standing.values()) expect(shown(live, one)).toEqual(shown(rebuilt, one))
    }
  }
})

function shown(budgets: Budgets, budget: Stored<PodDisruptionBudget>): unknown {
  const members = budgets.get(budget)?.members
  const owners = members?.owners.map(({ owner }) => owner.uid).sort()
  return [members?.size, members?.healthy, members?.unmanaged, owners]
}

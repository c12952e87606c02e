import { type OwnerReference, resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { Graph, type Item } from './graph.ts'

/**
 * A graph as text, one object a line: `name [deleting] [finalizer…] [<- owner, owner!]`; `!` blocks
 * the owner's deletion. Owners that have no line are not in the graph.
 */
function graphOf(lines: readonly string[]): Graph {
  const graph = new Graph()
  for (const line of lines) graph.set(itemOf(line))
  return graph
}

function itemOf(line: string): Item {
  const [left = '', right = ''] = line.split('<-').map((one) => one.trim())
  const [name = '', ...marks] = left.split(' ')
  return {
    uid: `uid-${name}`,
    ref: resources.configmaps,
    namespace: 'default',
    name,
    revision: '7',
    owners: right === '' ? [] : right.split(',').map((one) => ownerOf(one.trim())),
    finalizers: marks.filter((mark) => mark !== 'deleting'),
    deleting: marks.includes('deleting'),
  }
}

function ownerOf(text: string): OwnerReference {
  const name = text.replace('!', '')
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    uid: `uid-${name}`,
    blockOwnerDeletion: text.endsWith('!'),
  }
}

/** What is decided about the first object, in words. */
function decided(lines: readonly string[], absent: readonly string[] = []): string[] {
  const graph = graphOf(lines)
  const item = graph.get(`uid-${(lines[0] ?? '').split(' ')[0]}`) as Item
  const { plan, lookUp } = decide(item, graph, (owner) => absent.includes(owner.name))
  const steps = plan.steps.map((step) => {
    if (step.verb === 'delete') {
      expect(step.options?.preconditions?.uid).toBe(step.uid)
      return `delete ${step.item.name} ${step.options?.propagationPolicy}`
    }
    if (step.verb !== 'patch') return step.verb
    const { metadata } = step.patch.patch as { metadata: Record<string, unknown> }
    expect(metadata['uid']).toBe(`uid-${step.item.name}`)
    const owners = metadata['ownerReferences'] as OwnerReference[] | undefined
    return owners === undefined
      ? `finalizers of ${step.item.name}: ${(metadata['finalizers'] as string[]).join(' ')}`
      : `owners of ${step.item.name}: ${owners.map((one) => one.name).join(' ')}`
  })
  return [...lookUp.map((owner) => `look up ${owner.name}`), ...steps]
}

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['nobody owns it', ['a'], [], []],
  ['its owner is there', ['a <- o', 'o'], [], []],
  ['its owner has not been seen', ['a <- o'], [], ['look up o']],
  ['its owner is gone', ['a <- o'], ['o'], ['delete a Background']],
  ['one of two owners is gone', ['a <- o, p', 'p'], ['o'], ['owners of a: p']],
  ['both owners are gone', ['a <- o, p'], ['o', 'p'], ['delete a Background']],
  ['one is gone, the other not yet seen', ['a <- o, p'], ['o'], ['look up p']],
  ['it is being deleted already', ['a deleting x/y <- o'], ['o'], []],
  [
    'its owner waits for it',
    ['a <- o!', 'o deleting foregroundDeletion'],
    [],
    ['delete a Background'],
  ],
  [
    'its owner waits and others hang on it',
    ['a <- o!', 'o deleting foregroundDeletion', 'b <- a!'],
    [],
    ['delete a Foreground'],
  ],
  [
    'one owner waits, the other stays',
    ['a <- o!, p', 'o deleting foregroundDeletion', 'p'],
    [],
    ['owners of a: p'],
  ],
  ['its owner is being deleted in the background', ['a <- o', 'o deleting x/y'], [], []],
  ['it asks for its own to be orphaned', ['a orphan <- o'], ['o'], ['delete a Orphan']],
  [
    'foreground: nothing hangs on it',
    ['a deleting foregroundDeletion x/y'],
    [],
    ['finalizers of a: x/y'],
  ],
  ['foreground: something blocks', ['a deleting foregroundDeletion', 'b <- a!'], [], []],
  [
    'foreground: what hangs on it does not block',
    ['a deleting foregroundDeletion', 'b <- a'],
    [],
    ['finalizers of a: '],
  ],
  [
    'orphaning',
    ['a deleting orphan', 'b <- a', 'c <- a, d'],
    [],
    ['owners of b: ', 'owners of c: d', 'finalizers of a: '],
  ],
])('%s', (_, lines, absent, expected) => {
  expect(decided(lines, absent)).toEqual(expected)
})

test('an owner in another namespace does not count', () => {
  const graph = new Graph()
  graph.set({ ...itemOf('o'), namespace: 'other' })
  const item = itemOf('a <- o')
  graph.set(item)
  expect(decide(item, graph, () => false).plan.steps).toMatchObject([{ verb: 'delete' }])
})

test('a successor of the same name is another owner', () => {
  const graph = new Graph()
  graph.set({ ...itemOf('o'), uid: 'uid-new' })
  const item = itemOf('a <- o')
  graph.set(item)
  expect(decide(item, graph, () => false).lookUp).toHaveLength(1)
  expect(decide(item, graph, () => true).plan.steps).toMatchObject([{ verb: 'delete' }])
})

test('the graph forgets who hung on whom', () => {
  const graph = graphOf(['a <- o', 'b <- o, p', 'o'])
  expect([...graph.dependentsOf('uid-o')].map((one) => one.name)).toEqual(['a', 'b'])
  graph.set(itemOf('b <- p'))
  graph.remove('uid-a')
  expect([...graph.dependentsOf('uid-o')]).toEqual([])
  expect([...graph.dependentsOf('uid-p')].map((one) => one.name)).toEqual(['b'])
  expect([...graph.uidsOf(resources.configmaps)].sort()).toEqual(['uid-b', 'uid-o'])
})

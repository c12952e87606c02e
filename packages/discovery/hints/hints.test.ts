import { expect, test } from 'vitest'
import type { Node } from '@slicewise/kube'
import { isOverloaded, zoneShares } from './auto.ts'
import { changesCapacity, zoneRatios } from './zone-capacity.ts'

const equal = new Map([['a', 0.5], ['b', 0.5]])

function node(options: {
  zone?: string; cpu?: string; ready?: string; label?: string; pods?: string
}): Node {
  const { zone, cpu, ready = 'True', label } = options
  const never = { lastHeartbeatTime: null, lastTransitionTime: null }
  const condition = { type: 'Ready', status: ready, ...never }
  return {
    metadata: {
      labels: {
        ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }),
        ...(label === undefined ? {} : { [label]: 'x' }),
      },
    },
    status: { conditions: [condition], ...(cpu === undefined ? {} : { allocatable: { cpu } }) },
  }
}

// H6: which numbers of endpoints are refused in equal zones.
const refused: [zones: number, endpoints: number[]][] = [
  [2, [3, 5]], [3, [4, 5, 8, 11]], [4, [5, 6, 7, 10, 11, 15]],
]
for (const [zones, endpoints] of refused) {
  test(`${zones} equal zones cannot share ${endpoints.join(', ')} endpoints`, () => {
    const ratios = new Map(Array.from({ length: zones }, (_, n) => [`z${n}`, 1 / zones]))
    const found = Array.from({ length: 6 * zones + 5 }, (_, n) => n)
      .filter((n) => zoneShares(n, ratios) === 'Overload')
    expect(found).toEqual(endpoints)
  })
}

test('six endpoints for each zone are always enough', () => {
  for (let share = 1; share < 100; share++) {
    const ratios = new Map([['a', share / 100], ['b', 1 - share / 100]])
    for (let n = 12; n < 200; n++) expect(zoneShares(n, ratios)).not.toBe('Overload')
  }
})

// H19
type Overload = [given: Record<string, number>, ratios: typeof equal | undefined, is: boolean]
const overloads: Overload[] = [
  [{ a: 7, b: 5 }, equal, false], [{ a: 6, b: 5 }, equal, false], [{ a: 3, b: 2 }, equal, true],
  [{ a: 4 }, equal, true], [{ a: 6, b: 4, c: 3 }, equal, true], [{ a: 1, b: 1 }, undefined, true],
  [{}, undefined, false],
]
for (const [given, ratios, is] of overloads) {
  test(`hints ${JSON.stringify(given)} overload a zone: ${is}`, () => {
    expect(isOverloaded(new Map(Object.entries(given)), ratios)).toBe(is)
  })
}

const master = 'node-role.kubernetes.io/master'
const capacities: [title: string, nodes: Node[], ratios: Record<string, number> | undefined][] = [
  ['cores and milli', [node({ zone: 'a', cpu: '3' }), node({ zone: 'b', cpu: '1000m' })],
    { a: 0.75, b: 0.25 }],
  ['several of a zone',
    [node({ zone: 'a', cpu: '1' }), node({ zone: 'a', cpu: '500m' }),
      node({ zone: 'b', cpu: '0.5' })],
    { a: 0.75, b: 0.25 }],
  ['one zone', [node({ zone: 'a', cpu: '3' })], undefined],
  ['none', [], undefined],
  ['no CPU known', [node({ zone: 'a', cpu: '3' }), node({ zone: 'b' })], undefined],
  ['no number', [node({ zone: 'a', cpu: '3' }), node({ zone: 'b', cpu: 'many' })], undefined],
  ['empty zone', [node({ zone: 'a', cpu: '3' }), node({ zone: '', cpu: '1' })], undefined],
  ['not ready does not count',
    [node({ zone: 'a', cpu: '1' }), node({ zone: 'b', cpu: '1' }), node({ ready: 'Unknown' })],
    { a: 0.5, b: 0.5 }],
  ['a master does not count',
    [node({ zone: 'a', cpu: '1' }), node({ zone: 'b', cpu: '1' }), node({ label: master })],
    { a: 0.5, b: 0.5 }],
]
for (const [title, nodes, ratios] of capacities) {
  test(`capacity: ${title}`, () => {
    const found = zoneRatios(nodes)
    expect(found && Object.fromEntries(found)).toEqual(ratios)
  })
}

// H20
test('capacity is counted anew when a Node comes, goes, turns ready or moves', () => {
  const one = node({ zone: 'a', cpu: '1' })
  expect(changesCapacity(undefined, one)).toBe(true)
  expect(changesCapacity(one, undefined)).toBe(true)
  expect(changesCapacity(one, node({ zone: 'b', cpu: '1' }))).toBe(true)
  expect(changesCapacity(node({ cpu: '1' }), one)).toBe(true)
  expect(changesCapacity(one, node({ zone: 'a', cpu: '1', ready: 'False' }))).toBe(true)
  expect(changesCapacity(one, node({ zone: 'a', cpu: '2' }))).toBe(false)
  expect(changesCapacity(one, node({ zone: 'a', cpu: '1', label: master }))).toBe(false)
})

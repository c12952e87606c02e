import { expect, test } from 'vitest'
import { TestBed } from '../workloads/test-bed.ts'

type Scenario = readonly [name: string, run: (bed: TestBed) => Promise<void>, counts: string]

/** Pods that are bound by hand, or by the scheduler when `node` is absent. */
async function pods(bed: TestBed, prefix: string, count: number, node?: string): Promise<void> {
  for (let n = 0; n < count; n++) await bed.pod(`${prefix}${n}`, node)
  await bed.env.advance(1_000)
}

const nodes = async (bed: TestBed, ...names: string[]): Promise<void> => {
  for (const name of names) await bed.node(name)
  await bed.env.advance(100)
}

test.each<Scenario>([
  ['evenly', async (bed) => {
    await nodes(bed, 'a', 'b')
    await pods(bed, 'p', 4)
  }, 'a2 b2'],
  ['Pods bound by others count', async (bed) => {
    await nodes(bed, 'a', 'b')
    await pods(bed, 'x', 3, 'a')
    await pods(bed, 'p', 3)
  }, 'a3 b3'],
  ['Pods of a Node that comes later count', async (bed) => {
    await pods(bed, 'x', 3, 'b')
    await nodes(bed, 'a', 'b')
    await pods(bed, 'p', 3)
  }, 'a3 b3'],
  ['and when it went and came back', async (bed) => {
    await nodes(bed, 'a', 'b')
    await pods(bed, 'x', 3, 'b')
    await bed.remove('b')
    await nodes(bed, 'b')
    await pods(bed, 'p', 3)
  }, 'a3 b3'],
  ['a Node that is gone takes none', async (bed) => {
    await nodes(bed, 'a', 'b')
    await bed.remove('b')
    await bed.env.advance(100)
    await pods(bed, 'p', 3)
  }, 'a3'],
  ['no Node: Pods wait for one', async (bed) => {
    await pods(bed, 'p', 2)
    await nodes(bed, 'a')
    await bed.env.advance(2_000)
  }, 'a2'],
])('where Pods go: %s', async (_, run, counts) => {
  const bed = await TestBed.open(['default-scheduler'])
  try {
    await run(bed)
    const found = new Map<string, number>()
    for (const { spec } of await bed.pods()) {
      const node = spec?.nodeName ?? '?'
      found.set(node, (found.get(node) ?? 0) + 1)
    }
    expect([...found].map(([node, count]) => `${node}${count}`).sort().join(' ')).toBe(counts)
  } finally {
    await bed.close()
  }
})

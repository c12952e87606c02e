import { expect, test } from 'vitest'
import { TestBed } from '../workloads/test-bed.ts'

const second = 1_000

test.each<[string, number, (bed: TestBed) => Promise<void>, string]>([
  ['Pods on a Node and without one stay', 1, async (bed) => {
    await bed.pod('a', 'here')
    await bed.pod('b')
    await bed.env.advance(300 * second)
  }, 'a b'],
  ['a Node that never was: before 40 seconds', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(39 * second)
  }, 'a'],
  ['a Node that never was: after them', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(41 * second)
  }, ''],
  ['faster with the speed', 10, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(5 * second)
  }, ''],
  ['a Node that goes, before its time', 1, async (bed) => {
    await bed.pod('a', 'here')
    await bed.remove('here')
    await bed.env.advance(39 * second)
  }, 'a'],
  ['a Node that goes, and only its Pods', 1, async (bed) => {
    await bed.node('other')
    await bed.pod('a', 'here')
    await bed.pod('b', 'other')
    await bed.remove('here')
    await bed.env.advance(41 * second)
  }, 'b'],
  ['a Node that comes in time', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(30 * second)
    await bed.node('there')
    await bed.env.advance(300 * second)
  }, 'a'],
  ['a Node that comes and goes counts anew', 1, async (bed) => {
    await bed.pod('a', 'there')
    await bed.env.advance(30 * second)
    await bed.node('there')
    await bed.env.advance(second)
    await bed.remove('there')
    await bed.env.advance(30 * second)
  }, 'a'],
])('%s', async (_, speed, run, left) => {
  const bed = await TestBed.open(['pod-garbage-collector-controller'], speed)
  try {
    await bed.node('here')
    await run(bed)
    expect((await bed.pods()).map((one) => one.metadata.name).join(' ')).toBe(left)
  } finally {
    await bed.close()
  }
})

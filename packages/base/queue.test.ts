import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from './queue.ts'

type Step = { do: 'push'; item: number } | { do: 'take' } | { do: 'clear' }

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('push' as const), item: fc.nat() }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  ),
  { maxLength: 300 },
)

test('a queue behaves as an array that is pushed and shifted', () => {
  fc.assert(
    fc.property(steps, (run: Step[]) => {
      const queue = new Queue<number>()
      const model: number[] = []
      for (const step of run) {
        if (step.do === 'push') {
          queue.push(step.item)
          model.push(step.item)
        } else if (step.do === 'take') expect(queue.take()).toBe(model.shift())
        else {
          queue.clear()
          model.length = 0
        }
        expect(queue.size).toBe(model.length)
        expect(queue.peek()).toBe(model[0])
        expect(queue.peek(2)).toBe(model[2])
      }
      expect([...queue]).toEqual(model)
      expect(queue.slice(1, 3)).toEqual(model.slice(1, 4))
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('draining 200,000 items keeps their order over the moves of the rest', () => {
  const queue = new Queue<number>()
  for (let item = 0; item < 200_000; item++) queue.push(item)
  for (let item = 0; item < 150_000; item++) if (queue.take() !== item) throw new Error(`${item}`)
  for (let item = 200_000; item < 250_000; item++) queue.push(item)
  for (let item = 150_000; item < 250_000; item++)
    if (queue.take() !== item) throw new Error(`${item}`)
  expect(queue.take()).toBeUndefined()
})

test('outside the queue there is nothing to peek at', () => {
  const queue = new Queue<string>()
  queue.push('a')
  queue.push('b')
  queue.take()
  expect(queue.peek(-1)).toBeUndefined()
  expect(queue.peek(1)).toBeUndefined()
})
